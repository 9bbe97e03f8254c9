"""Data augmentation of Krizhevsky, Sutskever, Hinton 2012, section 4.1.

Crops and mirror images of a square picture, and a shift of all its colours along the principal axes
of their variation.  The paper multiplies each axis by its eigenvalue and a random number; the
released code (convdata.py) multiplies it by the standard deviation, and so does this.  The paper
has no rotation; it is here for comparison.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


class Crop(NamedTuple):
    """A square of a picture: its left and top edge, its side, and whether it is mirrored."""

    left: int
    top: int
    size: int
    flipped: bool = False


def views(side: int, size: int) -> int:
    """How many crops of ``size`` pixels a square of ``side`` has, mirror images included.

    >>> views(256, 224)
    2178
    """
    return 2 * (side - size + 1) ** 2


def ten_crops(side: int, size: int) -> tuple[Crop, ...]:
    """The crops of the test: four corners and the centre, then their mirror images."""
    far, middle = side - size, (side - size) // 2
    places = ((0, 0), (far, 0), (0, far), (far, far), (middle, middle))
    return tuple(Crop(x, y, size, flipped) for flipped in (False, True) for x, y in places)


def taken(pixels: Pixels, crop: Crop) -> Pixels:
    """The crop of a picture: uint8, (size, size, 3)."""
    part = pixels[crop.top : crop.top + crop.size, crop.left : crop.left + crop.size]
    return part[:, ::-1] if crop.flipped else part


class ColourAxes(NamedTuple):
    """The principal axes of the colours of a picture."""

    deviations: Floats
    """Standard deviation along each axis, the largest first, in units of pixels' values: (3,)."""
    axes: Floats
    """The axes as columns, red, green, blue in rows: (3, 3)."""


def colour_axes(pixels: Pixels) -> ColourAxes:
    """The principal axes of the pixels of one picture, uint8 (height, width, 3).

    The paper takes those of all pixels of the training set.
    """
    covariance = np.cov(pixels.reshape(-1, 3).T.astype(np.float64))
    variances, axes = np.linalg.eigh(covariance)
    # an axis has two directions; the one taken here is that in which the colours grow
    signs = np.where(axes.sum(axis=0) < 0, -1.0, 1.0)
    return ColourAxes(np.sqrt(np.maximum(variances, 0))[::-1], (axes * signs)[:, ::-1])


def colour_shift(found: ColourAxes, alphas: tuple[float, float, float]) -> Floats:
    """What is added to red, green and blue of every pixel: (3,)."""
    shift: Floats = found.axes @ (np.array(alphas) * found.deviations)
    return shift


def shifted(pixels: Pixels, shift: Floats) -> Pixels:
    """The picture with ``shift`` (3,) added to every pixel, limited to 0 to 255."""
    return np.clip(np.rint(pixels + shift), 0, 255).astype(np.uint8)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """The picture turned about its centre, anticlockwise; corners without a pixel are black."""
    image = Image.fromarray(pixels)
    return np.asarray(image.rotate(degrees, Image.Resampling.BILINEAR))
