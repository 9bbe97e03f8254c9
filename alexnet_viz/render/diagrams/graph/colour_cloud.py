"""The colours of a picture as points of the cube of red, green and blue, with lines through them.

The cube is drawn obliquely, blue going back to the upper right, so that its grey diagonal, along
which most pictures vary most, is the longest line on the paper.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.graph.axes import DASHES, LINE, SERIES, WIDTH, wrapped, write
from alexnet_viz.render.diagrams.svg import Point, Sheet
from alexnet_viz.render.theme import GREY, GROUND, INK

Colour = tuple[float, float, float]
"""Red, green, blue, 0 to 255."""

MOST = 255.0
DEPTH = 0.45
"""Units that a step back goes right and up, by those of a step to the right."""
SIDE, LEFT, BOTTOM = 208.0, 50.0, 322.0
LEGEND = 384.0


@dataclass(frozen=True)
class Axis:
    """A line through the mean: its direction (of length 1), how far it goes, and its words."""

    direction: Colour
    reach: float
    words: str


def place(colour: Colour) -> Point:
    """Where a colour lies on the drawing."""
    red, green, blue = (SIDE * part / MOST for part in colour)
    return LEFT + red + DEPTH * blue, BOTTOM - green - DEPTH * blue


def cloud(
    colours: Sequence[Colour],
    mean: Colour,
    axes: Sequence[Axis],
    *,
    title: str,
    names: tuple[str, str, str],
    shift: tuple[Colour, str] | None = None,
) -> str:
    """An SVG of points in their own colours, of axes within the cube, and of a shifted mean."""
    sheet = Sheet()
    behind = ((0, 0, MOST), (MOST, 0, MOST), (0, MOST, MOST), (MOST, MOST, MOST))
    before = tuple((red, green, 0.0) for red, green, _ in behind)
    pairs = [(0, 1), (0, 2), (1, 3), (2, 3)]
    edges = [(behind[a], behind[b]) for a, b in pairs]
    edges += [(before[a], before[b]) for a, b in pairs]
    edges += list(zip(before, behind, strict=True))
    for a, b in edges:
        sheet.line(place(a), place(b), stroke=GREY, width=0.9, opacity=0.6)
    with sheet.group(title=title, kind="cloud"):
        for colour in sorted(colours, key=lambda each: -each[2]):
            red, green, blue = (round(part) for part in colour)
            sheet.circle(*place(colour), 2.6, fill=f"rgb({red},{green},{blue})", stroke=GREY,
                         width=0.4)  # fmt: skip
    x, y = place((MOST / 2, 0, 0))
    write(sheet, x, y + 20, wrapped(names[0], SIDE, most=1), quiet=True)
    x, y = place((0, MOST, 0))
    write(sheet, 4, y - 8, wrapped(names[1], x + 40, most=1), anchor="start", quiet=True)
    x, y = place((MOST, 0, MOST / 2))
    words = wrapped(names[2], LEGEND - x - 14, most=2)
    write(sheet, x + 8, y + 12, words, anchor="start", quiet=True)
    row = 60.0
    for n, axis in enumerate(axes):
        a, b = (_end(mean, axis, sign) for sign in (-1, 1))
        with sheet.group(title=axis.words, kind="axis"):
            sheet.polyline([place(a), place(b)], stroke=GROUND, width=6)
            sheet.polyline([place(a), place(b)], stroke=SERIES[n % 4], width=3, dash=DASHES[n % 4])
        sheet.polyline([(LEGEND, row - 5), (LEGEND + 30, row - 5)], stroke=SERIES[n % 4], width=3,
                       dash=DASHES[n % 4])  # fmt: skip
        lines = wrapped(axis.words, WIDTH - LEGEND - 42)
        write(sheet, LEGEND + 38, row, lines, anchor="start")
        row += LINE * len(lines) + 14
    if shift:
        there = tuple(min(max(a + b, 0.0), MOST) for a, b in zip(mean, shift[0], strict=True))
        with sheet.group(title=shift[1], kind="shift"):
            _arrow(sheet, place(mean), place(there))  # type: ignore[arg-type]
        _arrow(sheet, (LEGEND, row - 5), (LEGEND + 30, row - 5))
        lines = wrapped(shift[1], WIDTH - LEGEND - 42)
        write(sheet, LEGEND + 38, row, lines, anchor="start")
        row += LINE * len(lines)
    return sheet.document(WIDTH, max(BOTTOM + 30, row), title=title)


def _arrow(sheet: Sheet, a: Point, b: Point) -> None:
    """From a ring to a dot."""
    if math.dist(a, b) > 1:
        sheet.line(a, b, width=2.4)
    sheet.circle(*a, 5, fill=GROUND, stroke=GREY, width=2)
    sheet.circle(*b, 3.6, fill=INK)


def _end(mean: Colour, axis: Axis, sign: int) -> Colour:
    """Where the axis ends on one side of the mean: at its reach, or at the cube's face."""
    reach = axis.reach
    for at, step in zip(mean, axis.direction, strict=True):
        step *= sign
        if step:
            reach = min(reach, ((MOST if step > 0 else 0.0) - at) / step)
    red, green, blue = (
        at + sign * max(reach, 0.0) * step for at, step in zip(mean, axis.direction, strict=True)
    )
    return red, green, blue
