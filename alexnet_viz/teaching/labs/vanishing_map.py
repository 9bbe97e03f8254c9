"""Five pools: where the map vanishes, and what saves it (article 002, sections 3.1 and 3.2)."""

from dataclasses import replace
from typing import Any

from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.analysis.inputs.input_ranges import inputs_fitting
from alexnet_viz.network.geometry import Rounding, quotient
from alexnet_viz.network.layers import Layer, Window
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.graph.square_chains import SquareChain, squares
from alexnet_viz.teaching.control import Number, Pick, Several
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.text import running
from alexnet_viz.variants import VARIANTS

ARTICLE = VARIANTS["article_002_text"].refitted()
PAPER_POOLS = ("pool1", "pool2", "pool5")
POOLS = ("pool1", "pool2", "pool3", "pool4", "pool5")

PADDINGS = ("usual", "none", "same")
POOL_RULES: dict[str, Rounding] = {"floor": "floor", "ceil": "caffe", "same": "same"}
START = 227


def network(pools: tuple[str, ...], padding: str, rule: str) -> Network:
    """The article's network with some of its pools, and with other padding and rounding.

    ``padding`` is that of the convolutions: "usual" (0, 2, 1, 1, 1), "none" or "same".
    """

    def changed(layer: Layer) -> Layer:
        if layer.family == "pooling":
            return replace(layer, rounding=POOL_RULES[rule])  # type: ignore[call-arg]
        if layer.family == "convolution" and padding == "none":
            return replace(layer, padding=0)  # type: ignore[call-arg]
        if layer.family == "convolution" and padding == "same":
            return replace(layer, rounding="same")  # type: ignore[call-arg]
        return layer

    kept = tuple(changed(each) for each in ARTICLE.layers if each.name not in POOLS
                 or each.name in pools)  # fmt: skip
    return replace(ARTICLE, layers=kept)


def _network(values: Values) -> Network:
    return network(values["pools"], values["padding"], values["rule"])


def look(values: Values, say: Say) -> Look:
    """The maps' sides from layer to layer, and what becomes of the last."""
    built = _network(values)
    result = trace(built, values["w"])
    paper = trace(network(PAPER_POOLS, values["padding"], values["rule"]), values["w"])
    chains = _chain(paper, say("paper_chain"), ""), _chain(result, say("chain", w=values["w"]),
                                                          _formula(result, say))  # fmt: skip
    drawn = squares(chains, title=say("drawing", n=len(result.rows)))
    said = (_outcome(result, say), _smallest(built, values["w"], say))
    return Look((Drawing(drawn, "vanishing_map", say("caption")),), said)


def _chain(result: Trace, name: str, words: str) -> SquareChain:
    """The sides after every window, up to the one that does not fit."""
    windows = [layer for layer in result.network.layers if isinstance(layer, Window)]
    rows = [result[layer.name] for layer in windows if layer.name in result.by_name]
    sides = [row.output_shape[1] for row in rows]
    return SquareChain(
        sides=[*sides, 0] if result.failure else sides,
        name=name,
        labels=[layer.name for layer in windows][: len(sides) + bool(result.failure)],
        kinds=[layer.family for layer in windows],
        failed_at=len(sides) if result.failure else None,
        words=words,
    )


def _formula(result: Trace, say: Say) -> str:
    """How the window does not fit, with its numbers; nothing where all fit."""
    if not result.failure:
        return ""
    layer = result.network[result.failure.layer]
    assert isinstance(layer, Window)
    side, kernel, stride = result.failure.input_shape[1], layer.kernel_size[0], layer.stride[0]
    padding = layer.padding[0] + layer.padding[1]
    raw = quotient_text(quotient(side, kernel, stride, (padding, 0)))
    return say("formula", layer=layer.name, side=side, kernel=kernel, padding=padding,
               stride=stride, raw=raw)  # fmt: skip


def _outcome(result: Trace, say: Say) -> str:
    if result.failure:
        return say("vanishes", layer=result.failure.layer, side=result.failure.input_shape[1])
    row = result["flatten"]
    return say("survives", shape=f"{row.input_shape[1]}×{row.input_shape[2]}×{row.input_shape[0]}",
               n=row.output_shape[0], params=result.params)  # fmt: skip


def _smallest(built: Network, w: int, say: Say) -> str:
    fitting = inputs_fitting(built)
    key = "needs" if w < fitting.start else "suffices"
    return say(key, first=fitting.start, w=w)


def _save(values: Values, answer: Any, say: Say) -> Outcome:
    if values["pools"] != POOLS:
        return Outcome(False, say("removed", n=len(POOLS) - len(values["pools"])))
    result = trace(_network(values), values["w"])
    if result.failure:
        layer, side = result.failure.layer, result.failure.input_shape[1]
        return Outcome(False, say("still_vanishes", layer=layer, side=side))
    ways = {
        "by_input": values["w"] != START,
        "by_padding": values["padding"] != "usual",
        "by_rule": values["rule"] != "floor",
    }
    names = ", ".join(say(way) for way, used in ways.items() if used)
    cells, _, side = result["flatten"].output_shape[0], *result["flatten"].input_shape[:2]
    words = say("saved", names=names, side=side, n=cells)
    best = _others(say)
    return Outcome(True, running([words, best], say.language))


def _others(say: Say) -> str:
    """The ways that one change alone opens."""
    first = inputs_fitting(network(POOLS, "usual", "floor")).start
    alone = [rule for rule in POOL_RULES if not trace(network(POOLS, "usual", rule), START).failure]
    rules = ", ".join(say(f"option.rule.{rule}") for rule in alone)
    return say("ways", first=first, names=rules)


def _smallest_input(values: Values, answer: Any, say: Say) -> Outcome:
    if (values["pools"], values["padding"], values["rule"]) != (POOLS, "usual", "floor"):
        return Outcome(False, say("only_input"))
    built, w = _network(values), values["w"]
    first = inputs_fitting(built).start
    if w < first:
        failure = trace(built, w).failure
        assert failure
        return Outcome(False, say("too_small", w=w, layer=failure.layer,
                                  side=failure.input_shape[1]))  # fmt: skip
    if w > first:
        side = trace(built, w - 1)["pool5"].output_shape[1]
        return Outcome(False, say("smaller_works", w=w - 1, side=side))
    failure = trace(built, w - 1).failure
    assert failure
    return Outcome(True, say("smallest", w=w, less=w - 1, side=failure.input_shape[1]))


LAB = Lab(
    id="vanishing_map",
    concepts=("vanishing_map",),
    controls=(
        Several("pools", POOLS, POOLS),
        Pick("padding", PADDINGS, "usual"),
        Pick("rule", tuple(POOL_RULES), "floor"),
        Number("w", 11, 600, START),
    ),
    look=look,
    tasks={"save": Task(_save), "smallest_input": Task(_smallest_input)},
    see=("architecture?variant=article_002_text", "compare"),
)
