"""The two colour scales of maps.

``viridis`` (van der Walt, Smith, Firing 2015, CC0) for maps without negative values; a diverging
scale from blue through white to orange, symmetric about zero, for signed ones.  Both stay monotonic
in grey and for people with colour-blindness.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Palette = NDArray[np.uint8]

_VIRIDIS = (
    (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137),
    (53, 183, 121), (110, 206, 88), (181, 222, 43), (253, 231, 37),
)  # fmt: skip
_DIVERGING = (
    (5, 48, 97), (33, 102, 172), (67, 147, 195), (146, 197, 222), (247, 247, 247),
    (253, 184, 99), (224, 130, 20), (179, 88, 6), (127, 59, 8),
)  # fmt: skip


@cache
def palette(signed: bool, count: int = 256) -> Palette:
    """RGB steps of a scale, uint8 (count, 3): diverging if ``signed``, else viridis."""
    anchors = np.array(_DIVERGING if signed else _VIRIDIS, dtype=float)
    place = np.linspace(0, len(anchors) - 1, count)
    steps = [np.interp(place, np.arange(len(anchors)), anchors[:, band]) for band in range(3)]
    steps_of_rgb: Palette = np.rint(np.stack(steps, axis=1)).astype(np.uint8)
    return steps_of_rgb
