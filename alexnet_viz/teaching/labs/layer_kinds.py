"""Convolution, pooling, full connection and dropout side by side, every cell tried out."""

from typing import Any

from alexnet_viz.network.layers import shape_text
from alexnet_viz.render.diagrams.graph.axes import number_text, write
from alexnet_viz.render.diagrams.graph.cell_png import cell_png
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import FAMILY_COLOURS
from alexnet_viz.teaching.control import Number, Sort
from alexnet_viz.teaching.labs.lab import Backing, Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.teaching.toys.layer_trials import KINDS, Setting, Trial, tried

FAMILIES = ("convolution", "pooling", "dense", "dropout")
COLUMN, PICTURE, TOP, ROW = 164, 48, 62, 60
ROWS = ("shape", "params", "doubled", "along", "slope", "read")


def _trials(values: Values) -> dict[str, Trial]:
    setting = Setting(
        int(values["channels"]),
        int(values["side"]),
        int(values["outputs"]),
        int(values["moved"]),
        int(values["seed"]),
    )
    return {kind: tried(kind, setting) for kind in KINDS}


def look(values: Values, say: Say) -> Look:
    """The four layers on one input, and the table that their runs fill."""
    trials = _trials(values)
    sheet = Sheet()
    write(sheet, 0, 16, [say("maps")], anchor="start", quiet=True)
    for column, kind in enumerate(KINDS):
        _pictures(sheet, column * COLUMN, trials[kind], FAMILIES[column], say)
    y = TOP + PICTURE + 34
    for row in ROWS:
        sheet.line((0, y - 22), (640, y - 22), width=0.8, opacity=0.5)
        write(sheet, 0, y, [say(f"row.{row}")], anchor="start", quiet=True)
        for column, kind in enumerate(KINDS):
            write(sheet, column * COLUMN, y + 29, [_cell(trials[kind], row, say)], anchor="start")
        y += ROW
    svg = sheet.document(640, y - 12, title=say("drawing"))
    fc, conv, pool, drop = (trials[kind] for kind in ("fc", "conv", "pool", "dropout"))
    return Look(
        drawings=(Drawing(svg, "layer_kinds"),),
        sentences=(
            say("doubled", conv=conv.params, fc=fc.params, more=fc.params_doubled,
                times=fc.params_doubled / fc.params),
            say("gradient", pool=100 * pool.read, drop=100 * drop.read),
            say("toy"),
        ),
    )  # fmt: skip


def _pictures(sheet: Sheet, x: float, trial: Trial, family: str, say: Say) -> None:
    colour = FAMILY_COLOURS[family]
    sheet.rectangle(x, TOP - 24, 14, 14, fill=colour, opacity=0.85)
    write(sheet, x + 20, TOP - 12, [say(f"kind.{trial.kind}")], anchor="start", bold=True)
    for place, values in ((x, trial.input), (x + PICTURE + 10, trial.output)):
        rows, columns = values.shape
        unit = PICTURE / max(rows, columns, 6)
        most = float(abs(values).max()) or 1.0
        wide, high = unit * columns, unit * rows
        sheet.image(place, TOP, wide, high, cell_png(values.tolist(), (-most, most)), smooth=False)
        sheet.rectangle(place, TOP, wide, high, stroke=colour, width=1)


def _cell(trial: Trial, row: str, say: Say) -> str:
    match row:
        case "shape":
            return shape_text(trial.output_shape)
        case "params":
            return f"{trial.params:,}"
        case "doubled":
            return f"{trial.params_doubled:,}"
        case "along":
            return say("of", n=trial.along[0], all=trial.along[1])
        case "slope":
            return say("no_weights") if trial.slope is None else number_text(trial.slope, 3)
    return f"{100 * trial.read:.0f}%"


STATEMENTS = (
    *("conv_shared", "pool_params", "conv_shape", "fc_shape"),
    *("drop_flattens", "fc_update", "drop_update"),
)
"""Cells of the article's table, ids as in the texts."""


UNSORTED, RIGHT, WRONG = range(3)
"""The bins into which the cells are sorted."""


def holds(statement: str, trials: dict[str, Trial]) -> bool:
    """Whether a cell of the article's table agrees with what was tried out."""
    conv, pool, fc, drop = (trials[kind] for kind in KINDS)
    match statement:
        case "conv_shared":
            return conv.params == conv.params_doubled and conv.along[0] == conv.along[1]
        case "pool_params":
            return pool.params == 0 and pool.slope is None
        case "conv_shape":
            return len(conv.output_shape) == len(pool.output_shape) == 3
        case "fc_shape":
            return fc.params == fc.params_doubled
        case "drop_flattens":
            return len(drop.output_shape) == 1
        case "fc_update":
            return bool(conv.slope) and bool(fc.slope)
    return drop.params == 0 and drop.slope is None


def _wrong_cells(values: Values, answer: Any, say: Say) -> Outcome:
    trials = _trials(values)
    wrong = {each for each in STATEMENTS if not holds(each, trials)}
    if unsorted := answer.count(UNSORTED):
        return Outcome(False, say("unsorted", n=unsorted, all=len(STATEMENTS)))
    given = {each for each, bin in zip(STATEMENTS, answer, strict=True) if bin == WRONG}
    fc, drop = trials["fc"], trials["dropout"]
    numbers = {
        "params": fc.params,
        "more": fc.params_doubled,
        "shape": shape_text(drop.output_shape),
    }
    if given == wrong:
        return Outcome(True, say("found", **numbers))
    if accused := [each for each in STATEMENTS if each in given - wrong]:
        return Outcome(False, say("accused", cell=say(f"option.cells.{accused[0]}")))
    return Outcome(False, say("missing", n=len(wrong & given), all=len(wrong)))


LAB = Lab(
    id="layer_kinds",
    concepts=("layer_kinds",),
    controls=(
        Number("side", 8, 12, 12, 2),
        Number("channels", 1, 3, 2),
        Number("outputs", 1, 6, 3),
        Number("moved", 1, 4, 2),
        Number("seed", 0, 99, 0),
    ),
    look=look,
    tasks={
        "wrong": Task(
            _wrong_cells, Sort("cells", len(STATEMENTS), 3, (UNSORTED,) * len(STATEMENTS))
        )
    },
    backing=lambda name, values, say: Backing(
        labels=tuple(say(f"option.cells.{each}") for each in STATEMENTS),
        bins=tuple(say(f"bin.{each}") for each in ("unsorted", "right", "wrong")),
    ),
    see=("architecture?detail=1", "claims?claim_concept=layer_kinds"),
)
