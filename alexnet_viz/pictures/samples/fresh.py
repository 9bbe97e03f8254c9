"""New drawings of the classes of the bundled weights, determined by class and seed."""

import numpy as np

from alexnet_viz.pictures.images import Picture, Pixels
from alexnet_viz.pictures.preprocessing import shorter_side
from alexnet_viz.pictures.synthetic.scene import draw

SIZE = 227
"""Side of the drawings in the training of the bundled weights, in pixels."""


def drawing(kind: str, seed: int) -> Picture:
    """A drawing of one class, ``framed``."""
    return framed(draw(kind, np.random.default_rng(seed), SIZE))


def framed(pixels: Pixels) -> Picture:
    """Pixels, uint8 (side, side, 3), padded by the border that preprocessing crops again.

    A network of ``side`` x ``side`` pixels therefore reads them without rescaling, as in training.
    """
    side = len(pixels)
    before = (shorter_side(side) - side) // 2
    after = shorter_side(side) - side - before
    padded = np.pad(pixels, ((before, after), (before, after), (0, 0)), mode="reflect")
    return Picture(padded, width=padded.shape[1], height=padded.shape[0])
