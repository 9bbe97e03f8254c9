"""Differences between the activations of two networks for one picture, layer by layer.

Layers are joined by name.  If the layers between two learned layers are in another order, the
inputs of the second learned layer are compared too, under its name followed by ``INPUT``: after
norm and pool in one network and pool and norm in the other, only the result of both is comparable.

Float32 sums in another order differ in their last digits, so differences below ``ROUNDING`` times a
layer's largest absolute value count as 0.
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
    """The differences between the outputs of one layer in two networks."""

    layer: str
    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    largest: float | None
    """The largest absolute difference; this and all fields below are None if the shapes differ."""
    mean: float | None
    """The mean absolute difference."""
    relative: float | None
    """``mean`` divided by the mean absolute value in the first network."""
    channels: tuple[int, ...] | None
    """Indices of the maps, or units, that differ."""

    @property
    def equal(self) -> bool:
        """Whether both outputs are equal, apart from rounding."""
        return self.channels == ()


def with_inputs(
    one: Mapping[str, Floats], other: Mapping[str, Floats], learned: Collection[str]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Both networks' outputs, and the inputs of ``learned`` layers that follow different layers.

    ``one`` and ``other`` map layer names to float32 outputs, in order.  The inputs of a learned
    layer are added before it, under its name followed by ``INPUT``, if the layer that computes them
    has another name in the other network.
    """
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
    """The differences of each layer that both networks have, in the order of the first.

    Both map layer names to float32 outputs, (channels, …).
    """
    return [_between(name, one[name], other[name]) for name in one if name in other]


def telling(apart: list[LayerDifference]) -> str:
    """The name of the entry to show first.

    If the last entry is equal, the one after the last entry that differs.  Otherwise the first
    differing input of a layer (``INPUT``), else the first differing layer of equal shape.
    """
    if apart[-1].equal:
        parted = [place for place, each in enumerate(apart) if not each.equal]
        return apart[parted[-1] + 1 if parted else 0].layer
    found = [each.layer for each in apart if not each.equal and each.largest is not None]
    stage = next((name for name in found if name.endswith(INPUT)), None)
    return stage or next(iter(found), apart[0].layer)


def difference(one: Floats, other: Floats) -> Floats:
    """``other`` - ``one``, float32 of the same shape, with 0 for differences by rounding."""
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
