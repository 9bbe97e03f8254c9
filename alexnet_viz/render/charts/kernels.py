"""Kernels as pictures: numbers in, pixels out.

A kernel has no colours of its own, so zero and the scale are chosen here and said beside every
picture: each kernel is scaled by its own largest weight in size, symmetric about zero.  One that
reads red, green and blue is drawn in them, with zero in the middle grey; a slice of any other is
drawn in the diverging scale of ``colour_maps``.
"""

from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_maps import palette

Numbers = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]

ASPECT = 2.0
"""Width of a sheet of slices over its height, about."""


def largest(kernel: Numbers) -> float:
    """The largest weight in size: where the colour scale ends on both sides."""
    return float(np.abs(kernel).max(initial=0.0))


def in_colour(kernel: Numbers, *, bgr: bool = False) -> Pixels:
    """A kernel (3, height, width) in its own three colours: (height, width, 3).

    Zero is the middle grey, the largest weight of the three channels full or no light.  ``bgr``
    says that the network reads blue first.

    >>> in_colour(np.array([[[1.0]], [[0.0]], [[-1.0]]])).tolist()
    [[[255, 128, 0]]]
    """
    steps = _steps(kernel).transpose(1, 2, 0)
    return np.ascontiguousarray(steps[..., ::-1] if bgr else steps)


def _steps(kernel: Numbers) -> Pixels:
    """Weights as 0 to 255, zero in the middle."""
    share = kernel.astype(np.float64) / (largest(kernel) or 1.0)
    steps: Pixels = np.rint(127.5 + 127.5 * share).astype(np.uint8)
    return steps


def slices(kernel: Numbers, *, columns: int | None = None) -> Pixels:
    """All slices of a kernel (channels, height, width) on one sheet, (rows, columns, 4).

    One scale for the whole kernel; the gaps between the slices are transparent.
    """
    count, height, width = kernel.shape
    across = columns or min(count, max(1, ceil(sqrt(count * ASPECT * height / width))))
    down = ceil(count / across)
    gap = 1 if height > 1 or width > 1 else 0
    sheet = np.zeros((down * (height + gap) - gap, across * (width + gap) - gap, 4), np.uint8)
    colours = palette(True)[_steps(kernel)]
    for place in range(count):
        top, left = place // across * (height + gap), place % across * (width + gap)
        tile = sheet[top : top + height, left : left + width]
        tile[..., :3], tile[..., 3] = colours[place], 255
    return sheet


def enlarged(picture: Pixels, width: int) -> Pixels:
    """Pixels repeated a whole number of times, to at most ``width`` and at least once."""
    times = max(1, width // picture.shape[1])
    return picture.repeat(times, axis=0).repeat(times, axis=1)
