"""What can be taken away from a network to see what it was for.

An ``Ablation`` names one thing; ``ABLATIONS`` says of each kind where it can be done, and
``edits.ablated`` does it on a private copy.  A layer's name left empty means everywhere the kind
applies.

channel  one map, or one unit of a dense layer, is 0 behind its layer, bias and all
tower    the same for all channels that one GPU holds; without a layer in every layer up to where
         the towers first read each other, so that nothing of it crosses
lrn      local response normalisation passes on what it gets
bias     the biases of a layer are 0
average  every map is its own mean at every position: how much is there stays, where is gone
shuffle  the positions of a layer are mixed, all maps alike: what is there stays, where is gone
"""

from collections.abc import Callable
from dataclasses import dataclass

from alexnet_viz.analysis.towers.split import Stage, split
from alexnet_viz.network.layers import LRN, Softmax
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.text.problem import Problem, shown


@dataclass(frozen=True)
class Ablation:
    """One thing taken away."""

    kind: str
    layer: str = ""
    """Where; empty for everywhere the kind applies."""
    index: int | None = None
    """Which channel or tower."""

    def __str__(self) -> str:
        """As a link spells it: channel.conv1.5, tower.1, lrn, bias.conv2."""
        index = "" if self.index is None else str(self.index)
        return ".".join(filter(None, (self.kind, self.layer, index)))


def parse(text: str) -> Ablation:
    """The ablation that a link spells; whether a network has the layer is seen later.

    >>> parse("channel.conv1.5"), parse("lrn")
    (Ablation(kind='channel', layer='conv1', index=5), Ablation(kind='lrn', layer='', index=None))

    Raises:
        ValueError: no such kind, or not what this kind needs.
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
    """One kind of ablation: the layers of a network where it can be done, and what it asks for."""

    layers: Callable[[Trace], list[str]]
    indexed: bool = False
    """Whether it takes one channel or tower of several."""
    everywhere: bool = False
    """Whether it can be done without naming a layer."""


def _hidden(result: Trace) -> list[Row]:
    """The layers before the one that says the classes: the last learned one and what follows."""
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
    """The hidden layers that are cut over the towers: from the first learned one on."""
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
    """The layers of a network that an ablation changes, in order.

    Raises:
        Problem: the network has none of it, or no such layer, channel or tower.
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
    """How many channels, or towers, of a layer can be taken away; 0 where there is no choice."""
    if kind == "tower":
        return result.network.towers
    return result[layer].output_shape[0] if ABLATIONS[kind].indexed else 0


def before_crossing(result: Trace) -> list[str]:
    """The layers of the towers before one first reads all of them, the paper's conv1 to pool2."""
    stages = _stages(result)
    crossing = next((i for i, stage in enumerate(stages) if stage.reads == "all"), len(stages))
    return [stage.name for stage in stages[:crossing]]


def silenced(result: Trace, ablation: Ablation, layer: str) -> range:
    """The channels of a layer that an ablation of one channel, or of a tower, sets to 0."""
    assert ablation.index is not None
    if ablation.kind == "channel":
        return range(ablation.index, ablation.index + 1)
    held = next(stage.channels for stage in _stages(result) if stage.name == layer)
    start = sum(held[: ablation.index])
    return range(start, start + held[ablation.index])
