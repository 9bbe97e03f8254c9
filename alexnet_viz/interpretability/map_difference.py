"""The maps of two networks on one picture, held against each other layer by layer.

Layers are joined by name.  Where the layers between two learned ones stand in another order, what
the second of these reads is held against each other too, under its name and ``INPUT``: of a stage
that normalises before it pools and one that pools before it normalises, only the ends compare.

Float32 sums in another order differ in their last digits, so that
differences below ``ROUNDING`` of a layer's largest value count as none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ROUNDING = 1e-5
INPUT = "_input"


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


def with_inputs(
    one: Mapping[str, Floats], other: Mapping[str, Floats], learned: Collection[str]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The outputs of both, and what a ``learned`` layer reads where another layer puts it out."""
    before = [dict(zip(list(run)[1:], run, strict=False)) for run in (one, other)]
    turned = {
        name
        for name in learned
        if name in before[0] and name in before[1] and before[0][name] != before[1][name]
    }
    kept: tuple[dict[str, Floats], dict[str, Floats]] = ({}, {})
    for into, run, previous in zip(kept, (one, other), before, strict=True):
        for name, output in run.items():
            if name in turned:
                into[name + INPUT] = run[previous[name]]
            into[name] = output
    return kept


def layer_differences(
    one: Mapping[str, Floats], other: Mapping[str, Floats]
) -> list[LayerDifference]:
    """One entry a layer that both have, in the order of the first."""
    return [_between(name, one[name], other[name]) for name in one if name in other]


def telling(apart: list[LayerDifference]) -> str:
    """The layer to look at first.

    Where the two meet again, that is where; else what is read behind the first stage that differs,
    or the first layer that differs.
    """
    if apart[-1].equal:
        parted = [place for place, each in enumerate(apart) if not each.equal]
        return apart[parted[-1] + 1 if parted else 0].layer
    found = [each.layer for each in apart if not each.equal and each.largest is not None]
    stage = next((name for name in found if name.endswith(INPUT)), None)
    return stage or next(iter(found), apart[0].layer)


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
