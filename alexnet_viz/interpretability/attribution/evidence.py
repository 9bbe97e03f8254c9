"""Where the evidence of an attribution map lies: what its picture shows, in three numbers."""

from dataclasses import dataclass

import numpy as np

from alexnet_viz.interpretability.attribution import Floats

PARTS = 3
"""The picture is divided into so many parts down and across."""


@dataclass(frozen=True)
class Evidence:
    """Where the positive values of a map are: the pixels that raise the unit."""

    down: float
    """The middle of the part with most of it, as a share of the height."""
    across: float
    """The same, as a share of the width."""
    share: float
    """The share of all evidence in that part, 0 to 1; 1/9 if it is spread evenly."""
    half: float
    """The smallest share of the pixels that holds half of the evidence."""


def evidence(values: Floats) -> Evidence | None:
    """Where the evidence of a map, float32 (height, width), lies; None if no value is positive.

    >>> values = np.zeros((6, 6), dtype=np.float32)
    >>> values[0, 5], values[5, 0] = 3, 1
    >>> found = evidence(values)
    >>> bool(found.down < 0.34), bool(found.across > 0.66), found.share, round(found.half * 36)
    (True, True, 0.75, 1)
    """
    positive = np.maximum(values.astype(np.float64), 0)
    total = float(positive.sum())
    if not total:
        return None
    down, across = (_bounds(size) for size in positive.shape)
    sums = np.add.reduceat(np.add.reduceat(positive, down[:-1], axis=0), across[:-1], axis=1)
    row, column = np.unravel_index(sums.argmax(), sums.shape)
    descending = np.cumsum(np.sort(positive, axis=None)[::-1])
    count = int(np.searchsorted(descending, total / 2)) + 1
    return Evidence(
        down=(row + 0.5) / (len(down) - 1),
        across=(column + 0.5) / (len(across) - 1),
        share=float(sums.max()) / total,
        half=count / positive.size,
    )


def _bounds(size: int) -> list[int]:
    """The first pixel of every part along an axis, and its end."""
    parts = min(PARTS, size)
    return [round(part * size / parts) for part in range(parts + 1)]
