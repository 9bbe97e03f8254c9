"""Photographs of Fashion-MNIST's test part, determined by class and number."""

import numpy as np

from alexnet_viz.pictures.fashion import NAMES, subset
from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.samples.fresh import framed


def photograph(kind: str, number: int) -> Picture:
    """The test picture ``number`` of a class, in the order of the data set, ``framed``.

    A network therefore reads all of it, as in training.  After the last one comes the first.
    """
    pixels, labels = subset("test")
    of_kind = np.flatnonzero(labels == NAMES.index(kind))
    grey = pixels[of_kind[number % len(of_kind)]]
    return framed(np.repeat(grey[..., None], 3, axis=2))
