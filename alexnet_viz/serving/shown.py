"""What Feature maps and the Channel lens show of a layer, computed where its maps are.

Each class is an ``engine.Ask``: plain values that are sent to the model; called with the passes, it
returns what is shown.  A sheet of 96 maps takes 0.1 MB, the maps 1.2 MB, all layers' 3 MB.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.analysis.first_layer import first_kernels
from alexnet_viz.interpretability.kernels import colour_selectivity, kernels
from alexnet_viz.interpretability.lens import arriving
from alexnet_viz.model.activations import ChannelStatistics, answering, channel_statistics
from alexnet_viz.model.replay import Faithfulness, replay
from alexnet_viz.render.charts.bin_counts import Binned, binned
from alexnet_viz.render.charts.colour_limits import (
    Limits,
    diverges,
    is_signed,
    limits_of,
    percentile_limits,
    share_outside,
)
from alexnet_viz.render.charts.contact_sheet import Contact, contact_sheet
from alexnet_viz.serving.engine import Passes

Floats = NDArray[np.float32]


class LayerSheet(NamedTuple):
    """A layer for one picture: all its channels in one drawing, and numbers of each."""

    layer: str
    shape: tuple[int, ...]
    """(channels, height, width), or (units,)."""
    values: Floats | None
    """The units' values (units,); None of maps."""
    numbers: ChannelStatistics
    colour: NDArray[np.float64] | None
    """Colour selectivity of each channel's kernel, 0 to 1; None except for the first layer's."""
    strongest: NDArray[np.intp]
    """The cell with the largest value of each channel, (channels,): its number in the map."""
    limits: Limits | None
    """The colour scale; None: every map has its own."""
    signed: bool
    """Whether the maps are drawn in the diverging colours."""
    outside: float
    """Share of the values outside the limits."""
    order: NDArray[np.intp]
    contact: Contact

    @property
    def answering(self) -> NDArray[np.intp]:
        """The channels by the mean of their map, the largest first."""
        return np.argsort(-self.numbers.mean, kind="stable")

    @property
    def silent(self) -> NDArray[np.bool_]:
        """Which channels are 0 everywhere."""
        silent: NDArray[np.bool_] = (self.numbers.maximum == 0) & (self.numbers.minimum == 0)
        return silent

    @property
    def single(self) -> bool:
        """Whether the layer has units instead of maps."""
        return len(self.shape) == 1


def scale(
    runs: Sequence[Mapping[str, Floats]], layer: str, scope: str, channel: int | None = None
) -> Limits | None:
    """The limits of a colour scale over these runs; None: every map has its own.

    ``scope`` is one of the options of the choice ``scale``.  With a ``channel``, a map's own scale
    contains that channel of every run.
    """
    maps = [run[layer] for run in runs]
    signed = any(map(is_signed, maps))
    if scope == "percentile":
        return percentile_limits(maps, signed)
    if scope == "shared":
        return limits_of((each for run in runs for each in run.values()), signed)
    if scope == "map" and maps[0].ndim == 3:  # a single value has no scale of its own
        return None if channel is None else limits_of([each[channel] for each in maps], signed)
    return limits_of(maps, signed)


@dataclass(frozen=True)
class SheetOf:
    """Asks for the sheet of a layer for the first picture; the others are for the scale."""

    layer: str
    order: str
    scope: str

    def __call__(self, passes: Passes) -> LayerSheet:
        """See ``LayerSheet``."""
        maps = passes.kept[0][self.layer]
        limits = scale(passes.kept, self.layer, self.scope)
        reader = first_kernels(passes.result, self.layer)
        colour = None
        if reader:
            colour = colour_selectivity(kernels(passes.model.get_submodule(reader)))
        numbers = channel_statistics(maps)
        order = _ordered(numbers, colour, self.order)
        return LayerSheet(
            layer=self.layer,
            shape=maps.shape,
            values=maps if maps.ndim == 1 else None,
            numbers=numbers,
            colour=colour,
            strongest=maps.reshape(len(maps), -1).argmax(axis=1),
            limits=limits,
            signed=diverges(maps, limits),
            outside=share_outside(maps, limits) if limits else 0.0,
            order=order,
            contact=contact_sheet(maps, order, limits),
        )


def _ordered(
    numbers: ChannelStatistics, colour: NDArray[np.float64] | None, order: str
) -> NDArray[np.intp]:
    """Channel numbers in drawing order: ascending, or by a statistic, largest first."""
    by = {
        "mean": numbers.mean,
        "max": numbers.maximum,
        "variance": numbers.deviation,
        "zeros": numbers.zeros,
        "colour": colour,
    }.get(order)
    if by is None:
        return np.arange(len(numbers.mean))
    return np.argsort(-by, kind="stable")


class OneChannel(NamedTuple):
    """One channel of a layer for one picture."""

    channel: int
    plane: Floats
    """Its map (height, width); of a unit its value, ()."""
    values: Binned
    """The layer's values and the channel's."""


@dataclass(frozen=True)
class ChannelOf:
    """Asks for one channel of a layer for the first picture."""

    layer: str
    channel: int

    def __call__(self, passes: Passes) -> OneChannel:
        """See ``OneChannel``."""
        maps = passes.kept[0][self.layer]
        one = maps[self.channel : self.channel + 1]
        return OneChannel(self.channel, one[0].copy(), binned(maps, one))


class ChannelMap(NamedTuple):
    """The map of one channel for one picture."""

    channel: int
    plane: Floats
    """(height, width); of a unit (1, 1)."""
    rank: int
    """Of a unit: 1 + how many units of the layer have larger values.  Of a map 0."""


@dataclass(frozen=True)
class ChannelMapOf:
    """Asks for the map of a channel for the first picture; None: of the one that answers most."""

    layer: str
    channel: int | None

    def __call__(self, passes: Passes) -> ChannelMap:
        """See ``ChannelMap``."""
        maps = passes.kept[0][self.layer]
        channel = int(answering(maps)[0]) if self.channel is None else self.channel
        plane = np.atleast_2d(maps[channel]).copy()
        rank = 1 + int((maps > maps[channel]).sum()) if maps.ndim == 1 else 0
        return ChannelMap(channel, plane, rank)


@dataclass(frozen=True)
class ArrivingAt:
    """Asks for what a layer reads for the first picture, which its channels share.

    Where that is the picture, who asks has it already.
    """

    layer: str

    def __call__(self, passes: Passes) -> Floats:
        """(channels, height, width); see ``interpretability.lens.arriving``."""
        return arriving(passes.result, self.layer, passes.images[0], passes.kept[0])


class SideBySide(NamedTuple):
    """The same channel for several pictures."""

    planes: list[Floats]
    """Its map (height, width) for each; of a unit its value, ()."""
    limits: Limits
    """Of one colour scale for all."""
    signed: bool


@dataclass(frozen=True)
class ChannelBeside:
    """Asks for one channel of a layer for every picture."""

    layer: str
    channel: int
    scope: str

    def __call__(self, passes: Passes) -> SideBySide:
        """See ``SideBySide``."""
        limits = scale(passes.kept, self.layer, self.scope, self.channel)
        assert limits is not None
        maps = [kept[self.layer] for kept in passes.kept]
        planes = [each[self.channel].copy() for each in maps]
        return SideBySide(planes, limits, diverges(maps[0], limits))


@dataclass(frozen=True)
class Replay:
    """Asks for the comparison of the first picture's activations with an independent pass."""

    def __call__(self, passes: Passes) -> Faithfulness:
        """See ``model.replay``."""
        return replay(passes.result, passes.model, passes.images[0], passes.kept[0])
