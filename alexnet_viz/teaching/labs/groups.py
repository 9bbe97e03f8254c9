"""Groups: which maps a kernel reads, and what that saves (Krizhevsky et al. 2012, section 3.5)."""

from collections.abc import Mapping
from typing import Any

from alexnet_viz.network.layers import Conv
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.render.diagrams.graph.connections import Block, connections
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.variants import VARIANTS

LAYERS = ("conv2", "conv3", "conv4", "conv5")
GROUPS = ("1", "2", "3", "4")
# one LRN over all maps: its windows do not change a count, and any number of kernels is allowed
PAPER = VARIANTS["alexnet_2012_227"].edited(id="groups", norm1={"groups": 1}, norm2={"groups": 1})


def _conv(name: str) -> Conv:
    layer = PAPER[name]
    assert isinstance(layer, Conv)
    return layer


PAPERS = {name: _conv(name).groups for name in LAYERS}
"""The groups of the paper's layers."""


def grouped(groups: Mapping[str, int], kernels: Mapping[str, int] | None = None) -> Trace:
    """The paper's network with other groups, and other numbers of kernels, by layer.

    >>> grouped({}).params, grouped(dict.fromkeys(LAYERS, 1)).params
    (60965224, 62378344)
    """
    edits: dict[str, Any] = {
        name: {"groups": groups.get(name, PAPERS[name])}
        | ({"out_channels": kernels[name]} if kernels and name in kernels else {})
        for name in LAYERS
    }
    return trace(PAPER.edited(id="groups", **edits).refitted())


def _chosen(values: Values) -> dict[str, int]:
    return {name: int(values[name]) for name in LAYERS}


def _kernels(values: Values) -> dict[str, int]:
    name = values["layer"]
    return {name: _conv(name).out_channels + values["more"]}


def look(values: Values, say: Say) -> Look:
    """The connections of one layer, its cost against one group, and the network's totals."""
    name, groups, kernels = values["layer"], _chosen(values), _kernels(values)
    result = grouped(groups, kernels)
    whole = grouped(dict.fromkeys(LAYERS, 1), kernels)
    at_one = whole[name]
    maps, outputs, count = at_one.input_shape[0], at_one.output_shape[0], groups[name]
    if maps % count or outputs % count:
        blocks = []
        said = [say("indivisible", layer=name, groups=count, maps=maps, kernels=outputs)]
    else:
        blocks = _blocks(outputs, maps, count, say)
        row = grouped({**dict.fromkeys(LAYERS, 1), name: count}, kernels)[name]
        said = [_cost(row, at_one, say)]
    said.append(_totals(result, whole, say))
    title = say("drawing", layer=name, blocks=len(blocks))
    drawn = connections(
        outputs, maps, blocks, title=title, row_label=say("rows", layer=name),
        column_label=say("columns"), missing=say("missing"),
    )  # fmt: skip
    return Look((Drawing(drawn, "groups", say("caption", layer=name)),), tuple(said))


def _blocks(outputs: int, maps: int, count: int, say: Say) -> list[Block]:
    each, depth = outputs // count, maps // count
    words = say("block", kernels=each, maps=depth)
    return [
        Block(range(n * each, (n + 1) * each), range(n * depth, (n + 1) * depth), words)
        for n in range(count)
    ]


def _cost(row: Row, at_one: Row, say: Say) -> str:
    assert row.weight_shape
    _, depth, size, _ = row.weight_shape
    return say(
        "cost", layer=row.name, groups=row.layer.groups, kernels=row.output_shape[0], size=size,
        depth=depth, maps=row.input_shape[0], params=row.params, one=at_one.params, macs=row.macs,
        one_macs=at_one.macs,
    )  # fmt: skip


def _totals(result: Trace, whole: Trace, say: Say) -> str:
    if result.failure:
        return say("no_network", layer=result.failure.layer)
    fewer, quicker = (100 * (1 - a / b) for a, b in (
        (result.params, whole.params), (result.macs, whole.macs)
    ))  # fmt: skip
    return say(
        "totals", params=result.params, one=whole.params, fewer=f"{fewer:.1f}", macs=result.macs,
        one_macs=whole.macs, quicker=f"{quicker:.0f}",
    )  # fmt: skip


def _depth(values: Values, answer: int, say: Say) -> Outcome:
    """The text says 5×5×48 after 96 maps: what must groups be?"""
    row = grouped({})["conv2"]
    maps, depth = row.input_shape[0], row.layer.kernel_depth(row.input_shape)
    if maps % answer:
        return Outcome(False, say("not_divided", maps=maps, answer=answer))
    if maps // answer != depth:
        return Outcome(False, say("other_depth", maps=maps, answer=answer, read=maps // answer))
    return Outcome(True, say("depth_right", maps=maps, answer=answer, depth=depth))


def _total(values: Values, answer: int, say: Say) -> Outcome:
    """The paper's network with conv3 in two groups: how many parameters?"""
    before, after = grouped({}), grouped({"conv3": 2})
    one, two = before["conv3"], after["conv3"]
    saved = before.params - after.params
    words = {"saved": saved, "total": before.params, "left": after.params, "biases": one.biases}
    if answer == after.params:
        return Outcome(True, say("total_right", **words))
    slips = {
        "only_saved": saved,
        "only_layer": two.params,
        "halved_biases": before.params - one.params // 2,
        "unchanged": before.params,
        "added": before.params + saved,
    }
    for name, value in slips.items():
        if answer == value:
            return Outcome(False, say(name, **words))
    return Outcome(False, say("total_wrong", answer=answer, weights=one.weights, **words))


LAB = Lab(
    id="groups",
    concepts=("groups",),
    controls=(
        Pick("layer", LAYERS, "conv2"),
        Number("more", -64, 64, 0),
        *(Pick(name, GROUPS, str(PAPERS[name])) for name in LAYERS),
    ),
    look=look,
    tasks={
        "depth": Task(_depth, Number("answer", 1, 96, 1)),
        "total": Task(_total, Number("params", 0, 100_000_000, 0)),
    },
    see=("layer?layer=conv2", "towers", "experiments?experiment=towers"),
)
