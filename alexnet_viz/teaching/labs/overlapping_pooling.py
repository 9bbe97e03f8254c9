"""Overlapping pooling: how many windows read each cell (Krizhevsky et al. 2012, section 3.4)."""

from typing import Any

from alexnet_viz.network.geometry import Slide, slide
from alexnet_viz.network.layers import MaxPool
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.graph.number_grids import NumberGrid, grids
from alexnet_viz.render.tables.grid import Cells, Grid
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Table, Task, Values
from alexnet_viz.variants import VARIANTS

MOST_SHOWN = 15
"""Most cells of a side of the part that is drawn, the upper left corner of the map."""
PAPER_WINDOW, PLAIN_WINDOW = 3, 2
"""The paper's z, and the one that it compares with; both with s = 2."""


def _window(values: Values) -> Slide:
    # a pooling window that hangs over the edge is clipped, as in Caffe and in torch
    rule = "caffe" if values["rule"] == "ceil" else "floor"
    return slide(values["w"], values["z"], values["s"], rounding=rule, clipped=True)


def reads(window: Slide) -> list[int]:
    """How many windows read each cell of one axis.

    >>> reads(slide(7, 3, stride=2))
    [1, 1, 2, 1, 2, 1, 1]
    """
    return [
        sum(start <= cell < start + window.kernel_size for start in window.starts)
        for cell in range(window.input_size)
    ]


def look(values: Values, say: Say) -> Look:
    """The map with the number of windows that read each cell, and two neighbouring windows."""
    window = _window(values)
    along = reads(window)
    counts = [[a * b for b in along] for a in along]
    cells = [count for row in counts for count in row]
    z, s = values["z"], values["s"]
    shown = min(window.input_size, MOST_SHOWN)
    boxes = [(0, start, z, min(z, shown - start)) for start in window.starts[:2] if start < shown]
    grid = NumberGrid(
        [[float(count) for count in row[:shown]] for row in counts[:shown]],
        outline=[(a, b, min(z, shown), c) for a, b, _, c in boxes],
        shade="sequential",
        limits=(0, max(4, *cells)),
        numbers=True,
    )
    once, more, never = (sum(test(n) for n in cells) for test in (_once, _more, _never))
    overlap = z - s
    words = {"z": z, "s": s, "n": window.output_size, "overlap": overlap, "gap": -overlap}
    key = "overlaps" if overlap > 0 else "gaps" if overlap < 0 else "touches"
    drawn = grids([grid], title=say("drawing", n=window.output_size))
    caption = say("caption") if shown == window.input_size else say("part", n=shown)
    return Look(
        drawings=(Drawing(drawn, "overlapping_pooling", caption),),
        sentences=(
            say(key, **words),
            say("counted", once=once, more=more, never=never, most=max(cells)),
        ),
        tables=(Table(_table(say), "overlapping_pooling_sizes", say("table_caption")),),
    )


def _once(reads: int) -> bool:
    return reads == 1


def _more(reads: int) -> bool:
    return reads > 1


def _never(reads: int) -> bool:
    return reads == 0


def _table(say: Say) -> Grid:
    """The sides of the paper's maps with z = 3 and with z = 2."""
    paper = VARIANTS["alexnet_2012_227"].refitted()
    pools = [layer.name for layer in paper.layers if isinstance(layer, MaxPool)]
    rows: list[Cells] = []
    for z in (PAPER_WINDOW, PLAIN_WINDOW):
        sizes: dict[str, Any] = {name: {"kernel_size": z} for name in pools}
        result = trace(paper.edited(id=paper.id, **sizes))
        sides = (result[name].output_shape[1] for name in ("conv1", *pools))
        rows.append((f"z = {z}, s = 2", *sides))
    header = (say("window"), "conv1", *pools)
    return Grid(title=say("table"), header=header, rows=tuple(rows), words=frozenset((0,)))


def _no_overlap(values: Values, answer: Any, say: Say) -> Outcome:
    z, s = values["z"], values["s"]
    if s == 1:
        return Outcome(False, say("still_default", s=s))
    if z > s:
        return Outcome(False, say("still_overlaps", z=z, s=s, overlap=z - s))
    return Outcome(True, say("no_overlap", z=z, s=s))


LAB = Lab(
    id="overlapping_pooling",
    concepts=("overlapping_pooling",),
    controls=(
        Number("w", 7, 55, 13),
        Number("z", 1, 7, 3),
        Number("s", 1, 7, 2),
        Pick("rule", ("floor", "ceil"), "floor"),
    ),
    look=look,
    tasks={"no_overlap": Task(_no_overlap)},
    see=("layer?layer=pool1", "experiments?experiment=overlapping_pooling"),
)
