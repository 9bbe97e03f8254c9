"""A fresh drawing of a class that the embedded weights learned: the class and a seed say it all."""

import numpy as np

from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import shorter_side
from alexnet_viz.pictures.synthetic.scene import draw

SIZE = 227
"""Side of the drawings that the weights were trained on."""


def drawing(kind: str, seed: int) -> Picture:
    """One drawing of a class, with as much border as the paper's crop takes away again.

    So a network of 227 pixels sees the drawing pixel for pixel, as in training.
    """
    before = (shorter_side(SIZE) - SIZE) // 2
    after = shorter_side(SIZE) - SIZE - before
    pixels = draw(kind, np.random.default_rng(seed), SIZE)
    framed = np.pad(pixels, ((before, after), (before, after), (0, 0)), mode="reflect")
    return Picture(framed, width=framed.shape[1], height=framed.shape[0])
