"""Parameters, MACs and memory of every layer after one change (the paper, section 3.5)."""

from functools import cache
from typing import Any

from alexnet_viz.network.layers import Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.render.diagrams.ribbons import Part, ribbons
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_227"].refitted()
LEARNED = tuple(layer.name for layer in PAPER.layers if layer.weighted)
FIELDS = ("out", "kernel", "stride", "groups")
ABOUT_HALF = (0.45, 0.55)
"""Shares of the paper's number that count as half."""


def changed(layer: str, field: str, value: int) -> Network:
    """The paper's network with one number of one layer changed; ``input`` is the picture's side.

    Another kernel of conv2 to conv5 has the padding that keeps the side of its map.

    Raises:
        KeyError: the layer has no such number.
    """
    if layer == "none":
        return PAPER
    if layer == "input":
        return PAPER.at(value)
    old = PAPER[layer]
    if isinstance(old, Linear):
        if field != "out":
            raise KeyError(field)
        width: dict[str, Any] = {layer: {"out_features": value}}
        return PAPER.edited(id=PAPER.id, **width)
    fields: dict[str, Any] = {"out": {"out_channels": value}, "groups": {"groups": value}}
    fields["stride"] = {"stride": value}
    fields["kernel"] = {"kernel_size": value}
    if any(old.padding):  # type: ignore[attr-defined]
        fields["kernel"]["padding"] = ((value - 1) // 2, value // 2)
    return PAPER.edited(id=PAPER.id, **{layer: fields[field]})


def _network(values: Values) -> Network:
    return changed(values["layer"], values["field"], values["value"])


@cache
def _paper() -> Trace:
    return trace(PAPER)


def look(values: Values, say: Say) -> Look:
    """Parameters and MACs of the learned layers, and the memory of the whole."""
    try:
        result = trace(_network(values))
    except KeyError:
        return _refused(say("no_such_field", layer=values["layer"]), say)
    if result.failure:
        why = result.failure.problem.message(say.language)
        return _refused(say("breaks", layer=result.failure.layer, why=why), say)
    rows = [row for row in result.rows if row.params]
    parts = [Part(row.name, (row.params, row.macs), row.layer.family) for row in rows]
    titles = say("params"), say("macs")
    drawn = ribbons(parts, titles, title=say("drawing"), lit=(values["layer"],))
    said = (_totals(result, say), _shares(result, say), _memory(result, values, say))
    table = Table(_table(rows, values, say), "cost_layers")
    return Look((Drawing(drawn, "cost", say("caption")),), said, (table,))


def _refused(words: str, say: Say) -> Look:
    """The paper's own numbers, under the words that say why there are no others."""
    parts = [Part(row.name, (row.params, row.macs), row.layer.family) for row in _paper().rows
             if row.params]  # fmt: skip
    drawn = ribbons(parts, (say("params"), say("macs")), title=say("drawing"))
    return Look((Drawing(drawn, "cost", say("caption")),), (words, say("unchanged")))


def _totals(result: Trace, say: Say) -> str:
    numbers = {"params": result.params, "macs": result.macs}
    if result.network == PAPER:
        return say("totals", **numbers)
    old = _paper()
    return say("against", **numbers, params_share=100 * result.params / old.params,
               macs_share=100 * result.macs / old.macs)  # fmt: skip


def _shares(result: Trace, say: Say) -> str:
    convolutions = [row for row in result.rows if row.layer.family == "convolution"]
    params, macs = (sum(getattr(row, key) for row in convolutions) for key in ("params", "macs"))
    return say("shares", params=100 * params / result.params, macs=100 * macs / result.macs)


def _memory(result: Trace, values: Values, say: Say) -> str:
    size = int(values["bits"]) // 8
    activations = size * values["batch"] * sum(row.elements for row in result.rows)
    return say("memory", bits=values["bits"], batch=values["batch"],
               weights=size * result.params / 2**20, maps=activations / 2**20)  # fmt: skip


def _table(rows: list[Row], values: Values, say: Say) -> Grid:
    size = int(values["bits"]) // 8
    cells = tuple(
        (row.name, _formula(row), row.params, row.macs, size * row.params,
         size * values["batch"] * row.elements)
        for row in rows
    )  # fmt: skip
    header = ("layer", "formula", "params", "macs", "weight_bytes", "map_bytes")
    total = tuple(sum(row[place] for row in cells) for place in range(2, 6))  # type: ignore[misc]
    return Grid(
        title=say("table"),
        header=tuple(say(f"column.{key}") for key in header),
        rows=cells,
        words=frozenset((0, 1)),
        totals=((say("sum"), None, *total),),
    )


def _formula(row: Row) -> str:
    """Weights + biases, times the positions at which each weight is used.

    >>> _formula(_paper()["conv2"])
    '(256·5·5·48 + 256), ×27·27'
    """
    out, depth, *kernel = row.weight_shape or ()
    weights = "·".join(map(str, (out, *kernel, depth)))
    positions = "·".join(map(str, row.output_shape[1:]))
    return f"({weights} + {row.biases})" + (f", ×{positions}" if positions else "")


@cache
def halving(what: str) -> tuple[tuple[str, str], ...]:
    """The numbers (layer, field) that alone can halve ``params`` or ``macs``."""
    found = []
    for layer in ("input", *LEARNED):
        for field in FIELDS if layer.startswith("conv") else FIELDS[:1]:
            if any(_halved(layer, field, value, what) for value in _tried(layer, field)):
                found.append((layer, field))
    return tuple(found)


def _tried(layer: str, field: str) -> range:
    if layer == "input":
        return range(63, 400, 4)
    if field == "out":
        row = _paper()[layer]
        step = max(2, row.output_shape[0] // 32 // 2 * 2)
        return range(step, row.output_shape[0], step)
    return range(1, 13)


def _halved(layer: str, field: str, value: int, what: str) -> bool:
    result = trace(changed(layer, field, value))
    return not result.failure and _share(result, what)


def _share(result: Trace, what: str) -> bool:
    low, high = ABOUT_HALF
    return bool(low <= getattr(result, what) / getattr(_paper(), what) <= high)


def _halve(what: str) -> Any:
    def judge(values: Values, answer: Any, say: Say) -> Outcome:
        if values["layer"] == "none":
            return Outcome(False, say("nothing_changed"))
        try:
            result = trace(_network(values))
        except KeyError:
            return Outcome(False, say("no_such_field", layer=values["layer"]))
        if result.failure:
            why = result.failure.problem.message(say.language)
            return Outcome(False, say("breaks", layer=result.failure.layer, why=why))
        share = 100 * getattr(result, what) / getattr(_paper(), what)
        if not _share(result, what):
            low, high = (100 * end for end in ABOUT_HALF)
            return Outcome(False, say("not_half", share=share, low=low, high=high))
        names = [_named(*each, say) for each in halving(what)]
        return Outcome(True, say("halved", share=share, n=len(names), names=", ".join(names)))

    return judge


def _named(layer: str, field: str, say: Say) -> str:
    if layer == "input":
        return say("option.layer.input")
    return f"{layer}: {say(f'option.field.{field}')}"


def _idle(values: Values) -> tuple[str, ...]:
    return {"none": ("field", "value"), "input": ("field",)}.get(values["layer"], ())


LAB = Lab(
    id="cost",
    concepts=("cost",),
    controls=(
        Pick("layer", ("none", "input", *LEARNED), "none"),
        Pick("field", FIELDS, "out"),
        Number("value", 1, 8192, 128),
        Number("batch", 1, 512, 128),
        Pick("bits", ("32", "16", "8"), "32"),
    ),
    look=look,
    idle=_idle,
    tasks={"halve_params": Task(_halve("params")), "halve_macs": Task(_halve("macs"))},
    see=("architecture", "towers?section=memory"),
)
