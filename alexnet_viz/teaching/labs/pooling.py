"""Pooling an editable map: the winners, the pooled map, and where the gradient goes.

Krizhevsky et al. 2012, section 3.4.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from alexnet_viz.network.geometry import slide
from alexnet_viz.render.diagrams.graph.number_grids import NumberGrid, grids
from alexnet_viz.teaching.control import Cells, Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values

SIDE, HIGH = 8, 9
GRID = (
    1, 2, 0, 0, 3, 1, 0, 0,
    0, 7, 1, 0, 0, 4, 2, 0,
    2, 1, 5, 3, 0, 0, 1, 0,
    0, 0, 3, 9, 2, 0, 0, 6,
    1, 0, 0, 2, 8, 1, 0, 1,
    0, 3, 0, 0, 1, 5, 2, 0,
    4, 0, 1, 0, 0, 2, 0, 3,
    0, 1, 0, 6, 0, 0, 7, 1,
)  # fmt: skip
FIRST_MAP = 55
"""The side of conv1's map in the paper's network."""

Rows = tuple[tuple[float, ...], ...]
Exact = list[list[Fraction]]
Place = tuple[int, int]


def windows(z: int, s: int) -> list[list[list[Place]]]:
    """The cells (row, column) of every window, by its row and column; those that fit only."""
    starts = [s * n for n in range(slide(SIDE, z, s).output_size)]
    return [
        [[(top + r, left + c) for r in range(z) for c in range(z)] for left in starts]
        for top in starts
    ]


def shifted(grid: Sequence[float], by: int) -> Rows:
    """The map as rows, moved to the right by so many cells; zeros come in."""
    rows = [grid[SIDE * row : SIDE * (row + 1)] for row in range(SIDE)]
    return tuple((*[0.0] * by, *row[: SIDE - by]) for row in rows)


def winner(rows: Rows, window: list[Place]) -> Place:
    """The cell with the largest value; of equal ones the first, as torch takes it."""
    return max(window, key=lambda cell: rows[cell[0]][cell[1]])


def pooled(rows: Rows, kind: str, z: int, s: int) -> Exact:
    """The pooled map, exact."""
    found = []
    for line in windows(z, s):
        cells = [[Fraction(str(rows[r][c])) for r, c in window] for window in line]
        found.append(
            [max(each) if kind == "max" else sum(each, Fraction()) / z**2 for each in cells]
        )
    return found


def gradient(rows: Rows, kind: str, z: int, s: int) -> Exact:
    """What each cell receives when every pooled value sends back 1."""
    found = [[Fraction(0)] * SIDE for _ in range(SIDE)]
    for line in windows(z, s):
        for window in line:
            receivers = [winner(rows, window)] if kind == "max" else window
            for r, c in receivers:
                found[r][c] += Fraction(1, len(receivers))
    return found


def look(values: Values, say: Say) -> Look:
    """The map with its winners, the pooled map, and the gradient sent back."""
    kind, z, s, shift = (values[name] for name in ("kind", "z", "s", "shift"))
    rows = shifted(values["grid"], shift)
    small, back = pooled(rows, kind, z, s), gradient(rows, kind, z, s)
    winners = {winner(rows, window) for line in windows(z, s) for window in line}
    won = winners if kind == "max" else set()
    counted = _plain([[part * (1 if kind == "max" else z**2) for part in row] for row in back])
    picture = grids(
        [
            NumberGrid(rows, say("map"), (0, 0, z, z), won, shade="sequential", limits=(0, HIGH)),
            "→",
            NumberGrid(_plain(small), say("pooled"), (0, 0, 1, 1), shade="sequential",
                       limits=(0, HIGH)),
            NumberGrid(counted, say(f"back_{kind}", parts=z**2), None, won, shade="sequential"),
        ],
        title=say("drawing", kind=say(f"option.kind.{kind}"), z=z, s=s, n=len(small)),
    )  # fmt: skip
    nothing = sum(cell == 0 for row in back for cell in row)
    words = {"z": z, "s": s, "n": len(small), "cells": SIDE**2, "nothing": nothing}
    overlap = say("overlaps", overlap=z - s) if z > s else say("separate")
    sentences = [say(f"says_{kind}", **words), overlap]
    if shift:
        before = pooled(shifted(values["grid"], 0), kind, z, s)
        changed = sum(a != b for a, b in zip(_flat(before), _flat(small), strict=True))
        sentences.append(say("moved", shift=shift, changed=changed, all=len(small) ** 2))
    return Look((Drawing(picture, "pooling", say("caption")),), tuple(sentences))


def _plain(exact: Exact) -> list[list[float]]:
    return [[float(value) for value in row] for row in exact]


def _flat(exact: Exact) -> list[Fraction]:
    return [value for row in exact for value in row]


def _differs(values: Values, kind: str) -> bool:
    """Whether the student's map and the first one have different pooled maps."""
    z, s = values["z"], values["s"]
    return pooled(shifted(values["grid"], 0), kind, z, s) != pooled(shifted(GRID, 0), kind, z, s)


def edits(z: int, s: int, grid: Sequence[float] = GRID) -> int:
    """In how many cells of a map some other number leaves the max-pooled map as it is."""
    rows = shifted(grid, 0)
    others: dict[Place, list[float]] = {}
    for window in (window for line in windows(z, s) for window in line):
        for cell in window:
            largest = max(rows[r][c] for r, c in window if (r, c) != cell)
            others.setdefault(cell, []).append(largest)
    # the number is under another in every window, and can be raised to that one or lowered to 0
    return sum(0 < min(found) >= rows[r][c] for (r, c), found in others.items())


def _one_number(values: Values, answer: Any, say: Say) -> Outcome:
    """One number differs from the first map; the maximum does not see it, the mean does."""
    changed = sum(a != b for a, b in zip(values["grid"], GRID, strict=True))
    if changed != 1:
        return Outcome(False, say("changed_many", changed=changed))
    z, s = values["z"], values["s"]
    words = {"z": z, "s": s, "edits": edits(z, s), "cells": SIDE**2}
    if _differs(values, "max"):
        return Outcome(False, say("max_saw_it", **words))
    if not _differs(values, "mean"):
        return Outcome(False, say("nobody_saw_it", **words))
    return Outcome(True, say("mean_saw_it", **words))


def _sides(rule: Any) -> str:
    return ", ".join(
        str(slide(FIRST_MAP, z, s, rounding=rule).output_size) for z, s in ((3, 2), (2, 2))
    )


_DOWN, _UP = _sides("floor"), _sides("ceil")


def _first_pool(values: Values, answer: str, say: Say) -> Outcome:
    """The map that both pools make of conv1's, with the paper's sizes and rounding down."""
    if answer == _DOWN:
        return Outcome(True, say("sides_right", sides=_DOWN, up=_UP))
    return Outcome(False, say("sides_up" if answer == _UP else "sides_wrong", side=FIRST_MAP))


LAB = Lab(
    id="pooling",
    concepts=("pooling",),
    controls=(
        Pick("kind", ("max", "mean"), "max"),
        Number("z", 2, 3, 2),
        Number("s", 1, 3, 2),
        Number("shift", 0, 3, 0),
        Cells("grid", SIDE, SIDE, 0, HIGH, GRID),
    ),
    look=look,
    tasks={
        "one_number": Task(_one_number),
        "first_pool": Task(
            _first_pool, Pick("sides", (_DOWN, _UP, "28, 27", "26, 27"), "26, 27")
        ),
    },
    see=("layer?layer=pool1",),
)  # fmt: skip
