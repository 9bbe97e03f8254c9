"""Frames on a drawing that are moved with the pointer or the arrow keys, and what each move sets.

The drawing itself only says where the frame may stand (``data-`` attributes); it is moved by
``ui/components/plate_grips.js``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, GROUND, VERMILION

SEEN = 1 / 40
"""Least side of a frame, as a share of what it moves on."""


@dataclass(frozen=True)
class Field:
    """What a cell sees on the first picture: ``size`` pixels from ``first`` + ``jump`` × cell."""

    first: int
    jump: int
    size: int


@dataclass(frozen=True)
class Grip:
    """A frame of ``size`` cells (rows, columns) on a grid of ``cells``, which begins at ``at``.

    Sizes may be fractions, of windows that move by more than one pixel.
    """

    sets: tuple[str, ...]
    """The controls that it sets: of row and column, or of one number counted row by row."""
    cells: tuple[float, float]
    at: tuple[int, int]
    name: str
    """What it is called, for a screen reader."""
    place: str
    """Where it is: a text with {row} and {column}, or with {number}."""
    size: tuple[float, float] = (1, 1)
    step: int = 1
    """What a control's value changes by from cell to cell."""
    first: int = 0
    """A control's value at the first cell."""
    field: Field | None = None
    fill: str = ""
    """The colour of what it covers; without it only a frame is seen."""


@contextmanager
def held(
    sheet: Sheet, grip: Grip, x: float, y: float, across: float, down: float
) -> Iterator[None]:
    """A group of what the grip moves on, in this rectangle; its frame is drawn over it."""
    rows, columns = grip.cells
    unit = across / columns, down / rows
    field = grip.field
    with sheet.grip(
        grip.name,
        sets=" ".join(grip.sets), cells=f"{rows:.5g} {columns:.5g}",
        at=f"{grip.at[0]} {grip.at[1]}", size=f"{grip.size[0]:.5g} {grip.size[1]:.5g}",
        first=grip.first, step=grip.step, place=grip.place,
        box=f"{x:.2f} {y:.2f} {unit[0]:.5f} {unit[1]:.5f}",
        field=f"{field.first} {field.jump} {field.size}" if field else "",
    ):  # fmt: skip
        yield
        wide = max(grip.size[1] * unit[0], SEEN * across)
        high = max(grip.size[0] * unit[1], SEEN * down)
        sides = (x + grip.at[1] * unit[0], y + grip.at[0] * unit[1], wide, high)
        with sheet.group(kind="held"):
            if grip.fill:
                sheet.rectangle(*sides, fill=grip.fill)
            colour, dash = (BLUE, "7 4") if grip.fill else (VERMILION, "")
            sheet.rectangle(*sides, stroke=GROUND, width=4.4)
            sheet.rectangle(*sides, stroke=colour, width=2.4, dash=dash)
