"""Which values get the first and the last colour: the limits of a colour scale.

How bright a value is depends on the limits, and that is the most frequent misreading of feature
maps, so whoever draws maps says them.  Where a layer has negative values its limits are symmetric
about 0, so that zero always has the colour in the middle; elsewhere a scale for several maps begins
at 0, and one map's own at its least value.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Limits = tuple[float, float]

PERCENTILES = (1, 99)


def is_signed(maps: Floats) -> bool:
    """Whether any value is negative, so that zero needs a colour of its own."""
    return bool(maps.min(initial=0) < 0)


def diverges(maps: Floats, limits: Limits | None) -> bool:
    """Whether these maps on this scale take the diverging colours; None is each map's own scale."""
    return limits[0] < 0 if limits else is_signed(maps)


def limits_of(maps: Iterable[Floats], signed: bool) -> Limits:
    """The scale that fits all of these maps: from 0, or symmetric about 0."""
    top = max((float(np.abs(each).max(initial=0)) for each in maps), default=0.0) or 1.0
    return (-top, top) if signed else (0.0, top)


def own_limits(plane: Floats, signed: bool) -> Limits:
    """A map's own: from its least to its largest value, or symmetric about 0."""
    if signed:
        return limits_of([plane], signed)
    return float(plane.min()), float(plane.max())


def percentile_limits(maps: Iterable[Floats], signed: bool) -> Limits:
    """From the 1st to the 99th percentile of all values, or symmetric about 0 so as to hold both.

    Where both are the same value, as in a layer that is 0 nearly everywhere, the scale fits all.
    """
    arrays = [each.ravel() for each in maps]
    low, high = (float(each) for each in np.percentile(np.concatenate(arrays), PERCENTILES))
    if low == high:
        return limits_of(arrays, signed)
    top = max(-low, high)
    return (-top, top) if signed else (low, high)


def share_outside(maps: Floats, limits: Limits) -> float:
    """The share of values beyond the limits, 0 to 1: they are drawn in the first or last colour."""
    return float(((maps < limits[0]) | (maps > limits[1])).mean())
