"""Limits of a colour scale: the values that get its first and its last colour.

Brightness depends on the limits, and overlooking that is the most frequent misreading of feature
maps, so the limits are shown beside every map.  If a layer has negative values, its limits are
symmetric about 0, and zero has the middle colour; otherwise a scale for several maps begins at 0,
and a single map's own scale at its minimum.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Limits = tuple[float, float]

PERCENTILES = (1, 99)


def is_signed(maps: Floats) -> bool:
    """Whether any value is negative; maps are float32 arrays of any shape."""
    return bool(maps.min(initial=0) < 0)


def diverges(maps: Floats, limits: Limits | None) -> bool:
    """Whether maps are drawn in the diverging colours; ``limits`` None is each map's own scale."""
    return limits[0] < 0 if limits else is_signed(maps)


def limits_of(maps: Iterable[Floats], signed: bool) -> Limits:
    """Limits that contain all values of these maps: from 0, or symmetric about 0."""
    top = max((float(np.abs(each).max(initial=0)) for each in maps), default=0.0) or 1.0
    return (-top, top) if signed else (0.0, top)


def own_limits(plane: Floats, signed: bool) -> Limits:
    """A single map's own limits: minimum to maximum, or symmetric about 0."""
    if signed:
        return limits_of([plane], signed)
    return float(plane.min()), float(plane.max())


def percentile_limits(maps: Iterable[Floats], signed: bool) -> Limits:
    """The 1st and the 99th percentile of all values, or limits symmetric about 0 that contain both.

    If both are equal, as in a layer that is 0 nearly everywhere: limits that contain all values.
    """
    arrays = [each.ravel() for each in maps]
    low, high = (float(each) for each in np.percentile(np.concatenate(arrays), PERCENTILES))
    if low == high:
        return limits_of(arrays, signed)
    top = max(-low, high)
    return (-top, top) if signed else (low, high)


def share_outside(maps: Floats, limits: Limits) -> float:
    """Share of values outside the limits, 0 to 1; they are drawn in the first or last colour."""
    return float(((maps < limits[0]) | (maps > limits[1])).mean())
