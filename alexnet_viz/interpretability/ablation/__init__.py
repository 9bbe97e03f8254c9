"""Ablations: parts of a network that can be removed to measure their effect.

An ``Ablation`` names one part; ``ABLATIONS`` lists for each kind the layers to which it applies,
and ``edits.ablated`` applies it to a private copy.  An empty layer name means every layer to which
the kind applies.

channel  the output of one map, or of one dense unit, is 0, its bias included
tower    the same for all channels that one GPU holds; without a layer, in every layer before the
         first one that reads all towers
lrn      local response normalisation is replaced by the identity
bias     the biases of a layer are 0
average  every value of a map is replaced by the map's mean: removes positions, keeps the mean
shuffle  the positions of a layer are permuted, all maps alike: removes positions, keeps the values
"""

from collections.abc import Callable
from dataclasses import dataclass

from alexnet_viz.analysis.towers.split import Stage, split
from alexnet_viz.network.layers import LRN, Softmax
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.text.problem import Problem, shown


@dataclass(frozen=True)
class Ablation:
    """One removed part of a network."""

    kind: str
    layer: str = ""
    """Name of the layer; empty for every layer to which the kind applies."""
    index: int | None = None
    """Index of the channel or tower; None for the other kinds."""

    def __str__(self) -> str:
        """The spelling in links: channel.conv1.5, tower.1, lrn, bias.conv2."""
        index = "" if self.index is None else str(self.index)
        return ".".join(filter(None, (self.kind, self.layer, index)))


def parse(text: str) -> Ablation:
    """The ablation with this spelling in links; ``places`` checks its layer and index.

    >>> parse("channel.conv1.5"), parse("lrn")
    (Ablation(kind='channel', layer='conv1', index=5), Ablation(kind='lrn', layer='', index=None))

    Raises:
        ValueError: unknown kind, or a layer or index missing, unexpected or malformed.
    """
    kind, *rest = text.split(".")
    index = int(rest.pop()) if rest and rest[-1].isdecimal() and len(rest[-1]) < 10 else None
    layer = rest.pop() if rest else ""
    read, known = Ablation(kind, layer, index), ABLATIONS.get(kind)
    named = layer.isidentifier() if layer else known is not None and known.everywhere
    if not known or not named or known.indexed == (index is None) or str(read) != text:
        raise ValueError(text)
    return read


@dataclass(frozen=True)
class Kind:
    """One kind of ablation: the layers to which it applies, and the fields that it needs."""

    layers: Callable[[Trace], list[str]]
    indexed: bool = False
    """Whether it needs the index of a channel or tower."""
    everywhere: bool = False
    """Whether the layer may be omitted."""


def _hidden(result: Trace) -> list[Row]:
    """The layers before the classifier, which is the last learned layer."""
    last = max((i for i, row in enumerate(result.rows) if row.macs), default=0)
    return list(result.rows[:last])


def _with_channels(result: Trace) -> list[str]:
    return [row.name for row in _hidden(result) if not isinstance(row.layer, Softmax)]


def _with_maps(result: Trace) -> list[str]:
    """Layers whose maps have more than one position."""
    return [row.name for row in _hidden(result) if row.output_shape[1:] not in ((), (1, 1))]


def _with_biases(result: Trace) -> list[str]:
    return [row.name for row in result.rows if row.biases]


def _with_lrn(result: Trace) -> list[str]:
    return [row.name for row in result.rows if isinstance(row.layer, LRN)]


def _in_towers(result: Trace) -> list[str]:
    return [stage.name for stage in _stages(result)]


def _stages(result: Trace) -> list[Stage]:
    """The hidden layers that are split into towers: from the first learned one on."""
    towers = split(result)
    if towers is None:
        return []
    hidden = {row.name for row in _hidden(result)}
    stages = [stage for stage in towers.stages if stage.name in hidden]
    first = next((i for i, s in enumerate(stages) if s.row.layer.weighted), 0)
    return stages[first:]


ABLATIONS: dict[str, Kind] = {
    "channel": Kind(_with_channels, indexed=True),
    "tower": Kind(_in_towers, indexed=True, everywhere=True),
    "lrn": Kind(_with_lrn, everywhere=True),
    "bias": Kind(_with_biases, everywhere=True),
    "average": Kind(_with_maps),
    "shuffle": Kind(_with_maps),
}


def places(result: Trace, ablation: Ablation) -> list[str]:
    """The names of the layers that an ablation changes, in order.

    Raises:
        Problem: the kind applies to no layer, or the network has no such layer, channel or tower.
    """
    offered = ABLATIONS[ablation.kind].layers(result)
    network = result.network.id
    if not offered:
        raise Problem(f"ablation_no_{ablation.kind}", network=network)
    if ablation.layer and ablation.layer not in offered:
        raise Problem(
            "ablation_layer", layer=shown(ablation.layer), network=network, names=", ".join(offered)
        )
    chosen = [ablation.layer] if ablation.layer else offered
    if ablation.kind == "tower" and not ablation.layer:
        chosen = before_crossing(result)
    if ablation.index is not None:
        last = choices(result, ablation.kind, chosen[0]) - 1
        if not 0 <= ablation.index <= last:
            raise Problem(
                "ablation_index", layer=chosen[0], network=network, index=ablation.index, last=last
            )
    return chosen


def choices(result: Trace, kind: str, layer: str) -> int:
    """The number of channels or towers that can be removed; 0 if the kind takes no index."""
    if kind == "tower":
        return result.network.towers
    return result[layer].output_shape[0] if ABLATIONS[kind].indexed else 0


def before_crossing(result: Trace) -> list[str]:
    """The names of the layers before the first that reads all towers; conv1 to pool2 in 2012."""
    stages = _stages(result)
    crossing = next((i for i, stage in enumerate(stages) if stage.reads == "all"), len(stages))
    return [stage.name for stage in stages[:crossing]]


def silenced(result: Trace, ablation: Ablation, layer: str) -> range:
    """The indices of the channels of a layer that a channel or tower ablation sets to 0."""
    assert ablation.index is not None
    if ablation.kind == "channel":
        return range(ablation.index, ablation.index + 1)
    held = next(stage.channels for stage in _stages(result) if stage.name == layer)
    start = sum(held[: ablation.index])
    return range(start, start + held[ablation.index])
