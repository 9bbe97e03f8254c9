"""The values of a layer in bins, as ``histogram`` draws them.

Zeros are counted by themselves, and 0 is an edge between two bins, so that no bin mixes negative
and positive values.
"""

from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]

BINS = 60


def edges(values: Floats, bins: int = BINS) -> NDArray[np.float64]:
    """Edges of about ``bins`` equal bins that contain all values; 0 is one of the edges."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    if low == high:
        return np.array([0.0, 1.0])
    width = (high - low) / bins
    steps = np.arange(-ceil(-low / width), ceil(high / width) + 1, dtype=np.float64)
    return steps * np.float64(width)


def counted(values: Floats, bins: NDArray[np.float64]) -> tuple[Counts, int]:
    """The number of nonzero values in each bin, and the number of zeros."""
    other = values[values != 0]
    return np.histogram(other, bins)[0], int(values.size - other.size)


class Binned(NamedTuple):
    """How many values of a layer, and of one of its channels, are in each bin."""

    bins: NDArray[np.float64]
    """The edges."""
    counts: tuple[tuple[Counts, int], tuple[Counts, int]]
    """Of the layer and of the channel, as ``counted`` returns them."""
    size: int
    """The number of the layer's values."""


def binned(layer: Floats, channel: Floats) -> Binned:
    """The values of a layer and of one channel in the layer's bins."""
    bins = edges(layer)
    return Binned(bins, (counted(layer, bins), counted(channel, bins)), layer.size)
