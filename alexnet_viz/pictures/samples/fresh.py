"""New drawings of the classes of the bundled weights, determined by class and seed."""

import numpy as np

from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import shorter_side
from alexnet_viz.pictures.synthetic.scene import draw

SIZE = 227
"""Side of the drawings in the training of the bundled weights, in pixels."""


def drawing(kind: str, seed: int) -> Picture:
    """A drawing of one class, padded to 256 x 256 by the border that preprocessing crops again.

    A network of 227 x 227 pixels therefore reads the drawing without rescaling, as in training.
    """
    before = (shorter_side(SIZE) - SIZE) // 2
    after = shorter_side(SIZE) - SIZE - before
    pixels = draw(kind, np.random.default_rng(seed), SIZE)
    framed = np.pad(pixels, ((before, after), (before, after), (0, 0)), mode="reflect")
    return Picture(framed, width=framed.shape[1], height=framed.shape[0])
