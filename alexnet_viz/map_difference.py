"""The maps of two networks on one picture, held against each other layer by layer.

Layers are joined by name.  Float32 sums in another order differ in their last digits, so that
differences below ``ROUNDING`` of a layer's largest value count as none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ROUNDING = 1e-5


@dataclass(frozen=True)
class LayerDifference:
    """How far one layer's outputs lie apart."""

    layer: str
    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    largest: float | None
    """Of the absolute differences; None where the shapes differ, as all that follow."""
    mean: float | None
    relative: float | None
    """The mean difference over the mean absolute value of the first network."""
    channels: tuple[int, ...] | None
    """Maps, or units, that differ at all."""

    @property
    def equal(self) -> bool:
        """Whether both put out the same."""
        return self.channels == ()


def layer_differences(
    one: Mapping[str, Floats], other: Mapping[str, Floats]
) -> list[LayerDifference]:
    """One entry a layer that both have, in the order of the first."""
    return [_between(name, one[name], other[name]) for name in one if name in other]


def difference(one: Floats, other: Floats) -> Floats:
    """``other`` less ``one``, with 0 where only the last digits of the sums differ."""
    apart = other - one
    largest = max(float(np.abs(one).max(initial=0)), float(np.abs(other).max(initial=0)))
    return np.where(np.abs(apart) > ROUNDING * largest, apart, np.float32(0))


def _between(name: str, one: Floats, other: Floats) -> LayerDifference:
    shapes = (one.shape, other.shape)
    if one.shape != other.shape:
        return LayerDifference(name, shapes, None, None, None, None)
    apart = np.abs(difference(one, other))
    usual = float(np.abs(one).mean())
    differ = apart.reshape(len(apart), -1).any(axis=1)
    mean = float(apart.mean())
    return LayerDifference(
        layer=name,
        shapes=shapes,
        largest=float(apart.max(initial=0)),
        mean=mean,
        relative=mean / usual if usual else 0.0,
        channels=tuple(int(channel) for channel in np.flatnonzero(differ)),
    )
