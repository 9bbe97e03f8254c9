"""Kernels as pictures.

Each kernel is scaled by its own largest absolute weight, symmetric about zero, and the scale is
shown beside every picture.  A kernel that reads red, green and blue is drawn in these colours, with
zero as mid-grey; slices of other kernels are drawn in the diverging scale of ``colour_maps``.
"""

from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_maps import palette

Numbers = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]

ASPECT = 2.0
"""Approximate width of a sheet of slices divided by its height."""


def largest(kernel: Numbers) -> float:
    """The largest absolute weight, at which the colour scale ends on both sides."""
    return float(np.abs(kernel).max(initial=0.0))


def in_colour(kernel: Numbers, *, bgr: bool = False) -> Pixels:
    """A kernel (3, height, width) as an RGB picture, uint8 (height, width, 3).

    Weight 0 is mid-grey; plus and minus the largest absolute weight are 255 and 0.  ``bgr``: the
    network's first channel is blue.

    >>> in_colour(np.array([[[1.0]], [[0.0]], [[-1.0]]])).tolist()
    [[[255, 128, 0]]]
    """
    steps = _steps(kernel).transpose(1, 2, 0)
    return np.ascontiguousarray(steps[..., ::-1] if bgr else steps)


def _steps(kernel: Numbers) -> Pixels:
    """Weights as uint8 of the same shape, 0 in the middle."""
    share = kernel.astype(np.float64) / (largest(kernel) or 1.0)
    steps: Pixels = np.rint(127.5 + 127.5 * share).astype(np.uint8)
    return steps


def slices(kernel: Numbers, *, columns: int | None = None) -> Pixels:
    """All slices of a kernel (channels, height, width) on one sheet, RGBA uint8 (rows, columns, 4).

    All slices share one scale; the gaps between them are transparent.
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
    """A picture (height, width, bands) enlarged by the largest integer to fit ``width``."""
    times = max(1, width // picture.shape[1])
    return picture.repeat(times, axis=0).repeat(times, axis=1)
