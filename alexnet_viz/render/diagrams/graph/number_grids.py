"""Grids of numbers, one or several with signs between: an input, a kernel, a product."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.graph.axes import (
    LINE,
    SIZE,
    WIDTH,
    number_text,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.graph.cell_png import cell_png, strength
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import BLUE, GREY, QUIET, VERMILION

Cell = tuple[int, int]
Box = tuple[int, int, int, int]
"""First row, first column, height, width, in cells."""
LARGEST, SMALLEST = 46.0, 26.0
"""Sides of a cell with a number."""
MOST = 16
"""A grid with more rows or columns shows no numbers."""
PALE = 0.55
"""Opacity of the largest value's cell, so that ink stays readable on it in both themes."""
SIGN = 34.0
OUTLINES = (VERMILION, BLUE)
OUTLINE_DASHES = ("", "6 3")


@dataclass(frozen=True)
class NumberGrid:
    """One grid: rows of numbers; NaN is an empty cell."""

    values: Sequence[Sequence[float]]
    caption: str = ""
    outline: Box | Sequence[Box] | None = None
    """Windows: the first vermilion, the second blue and dashed, and so on."""
    circled: Collection[Cell] = ()
    """Cells (row, column) whose number has a ring, as the winners of a maximum."""
    faded: Collection[Cell] = ()
    """Cells whose number is quiet and that are dashed, as padding."""
    shade: str = ""
    """"" or "sequential" (from 0 to the largest) or "diverging" (limits symmetric)."""
    limits: tuple[float, float] | None = None
    """Of the shades; without them the values' own."""
    numbers: bool | None = None
    """Whether numbers are written; by default where they have room."""

    @property
    def shape(self) -> Cell:
        """Rows and columns."""
        return len(self.values), max((len(row) for row in self.values), default=0)

    @property
    def shades(self) -> tuple[float, float]:
        """The limits of the shades."""
        if self.limits:
            return self.limits
        good = [v for row in self.values for v in row if math.isfinite(v)]
        if self.shade == "diverging":
            largest = max(map(abs, good), default=0.0)
            return -largest, largest
        return 0.0, max(good, default=0.0)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The windows."""
        if not self.outline:
            return ()
        first = self.outline[0]
        one = isinstance(first, int)
        return (self.outline,) if one else tuple(self.outline)  # type: ignore[arg-type,return-value]


def number_grid(
    values: Sequence[Sequence[float]],
    *,
    title: str,
    caption: str = "",
    outline: Box | Sequence[Box] | None = None,
    circled: Collection[Cell] = (),
    faded: Collection[Cell] = (),
    shade: str = "",
    limits: tuple[float, float] | None = None,
    numbers: bool | None = None,
) -> str:
    """An SVG of one ``NumberGrid``."""
    grid = NumberGrid(values, caption, outline, circled, faded, shade, limits, numbers)
    return grids([grid], title=title)


def grids(parts: Sequence[NumberGrid | str], *, title: str) -> str:
    """An SVG of grids side by side with the signs between them ("×", "=", "+", "→").

    What has no room goes to the next line; a product, and the "+" before it, stay together.  A
    shaded grid without numbers has a scale under it.
    """
    rows: list[list[tuple[float, NumberGrid | str, float]]] = [[]]
    x = 0.0
    for at, part in enumerate(parts):
        side, wide = _measured(part)
        if rows[-1] and x + _together(parts[at:]) > WIDTH - 4:
            rows.append([])
            x = 0.0
        rows[-1].append((x, part, side))
        x += wide + (0 if isinstance(part, str) else 6)
    sheet = Sheet()
    y = 6.0
    for row in rows:
        tallest = max((p.shape[0] * s for _, p, s in row if not isinstance(p, str)), default=LINE)
        last_x, last, side = row[-1] if row else (0.0, "", 0.0)
        used = last_x + (_sign_width(last) if isinstance(last, str) else _width(last, side))
        shift = max(2.0, (WIDTH - used) / 2)
        foot = y + tallest
        for x, part, side in row:
            if isinstance(part, str):
                sheet.text(x + shift + _sign_width(part) / 2, y + tallest / 2 + 8, part, size=22)
            else:
                below = _grid(sheet, part, x + shift, y, tallest, side, alone=len(parts) == 1)
                foot = max(foot, below)
        y = foot + 14
    return sheet.document(WIDTH, y - 6, title=title)


def _measured(part: NumberGrid | str) -> tuple[float, float]:
    """The side of a part's cells and its width."""
    side = 0.0 if isinstance(part, str) else _side(part)
    return side, _sign_width(part) if isinstance(part, str) else _width(part, side)


def _together(parts: Sequence[NumberGrid | str]) -> float:
    """The width of the first part with what stands in its line: a product, the "+" before it."""
    wide = 0.0
    for part, following in zip(parts, (*parts[1:], ""), strict=True):
        wide += _measured(part)[1]
        if part not in ("×", "+") and following != "×":
            return wide
        wide += 0 if isinstance(part, str) else 6
    return wide


def _sign_width(sign: str) -> float:
    return max(SIGN, text_width(sign, 22) + 10)


def _side(grid: NumberGrid) -> float:
    down, across = grid.shape
    if not down or not across:
        return SMALLEST
    most = min(LARGEST, (WIDTH - 12) / across)
    if not _has_numbers(grid):
        return max(1.0, min(most, 260 / max(down, across)))
    written = texts(grid, 80.0)
    widest = max((text_width(text, SIZE) for row in written for text in row), default=0)
    room = 84.0 if across <= 4 else 56.0
    side = max(widest + (10 if grid.circled else 8), SMALLEST)
    return max(min(side, room, (WIDTH - 12) / across), SMALLEST)


def _has_numbers(grid: NumberGrid) -> bool:
    if grid.numbers is not None and not grid.numbers:
        return False
    return max(grid.shape) <= MOST


def _short(value: float) -> str:
    return "" if math.isnan(value) else number_text(value, 3)


def texts(grid: NumberGrid, side: float) -> list[list[str]]:
    """The numbers as they are written in cells of this side.

    Fractions have one number of decimal places in the whole grid where that has room and hides
    none of them; otherwise each number has as many digits as have room, or is "…".
    """
    good = [v for row in grid.values for v in row if math.isfinite(v)]
    fractions = [abs(v) for v in good if v != int(v)]
    if fractions and max(map(abs, good)) < 1000:
        for places in (3, 2, 1):
            rows = [[_fixed(v, places) for v in row] for row in grid.values]
            fits = all(text_width(text, SIZE) <= side - 2 for row in rows for text in row)
            if fits and min(fractions) >= 0.5 * 0.1**places:
                exact = all(round(v, places - 1) == v for v in good)
                if not exact:
                    return rows
    return [[_fitted(value, side) for value in row] for row in grid.values]


def _fixed(value: float, places: int) -> str:
    if not math.isfinite(value) or value == int(value):
        return _short(value)
    return f"{value:.{places}f}".replace("-", "−")


def _fitted(value: float, side: float) -> str:
    if math.isnan(value):
        return ""
    for digits in (4, 3, 2, 1):
        for text in (
            number_text(value, digits),
            number_text(value, digits).replace("0.", ".", 1) if abs(value) < 1 else "",
            _power(value, digits) if digits < 4 else "",
        ):
            if text and text_width(text, SIZE) <= side - 2:
                return text
    return "…"


def _power(value: float, digits: int) -> str:
    """A large number as mantissa and power of ten."""
    if not math.isfinite(value) or abs(value) < 1e4:
        return ""
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}e{int(power)}".replace("-", "−")


def _width(grid: NumberGrid, side: float) -> float:
    """Of the grid with its caption and its scale."""
    inside = grid.shape[1] * side
    longest = max((text_width(word, SIZE) for word in grid.caption.split(" ")), default=0)
    least = min(longest, 150.0) + 4 if grid.caption else 0.0
    scale = 0.0
    if grid.shade and not _has_numbers(grid):
        scale = max(150.0, text_width(_ends(grid.shades), SIZE) + 8)
    return max(inside + 4, least, scale)


def _grid(
    sheet: Sheet, grid: NumberGrid, x: float, y: float, tallest: float, side: float, *,
    alone: bool,
) -> float:  # fmt: skip
    """Draw one grid, centred in its width and height; returns the y of its lower end."""
    down, across = grid.shape
    whole = _width(grid, side)
    left, top = x + (whole - across * side) / 2, y + (tallest - down * side) / 2
    limits = grid.shades
    numbers = _has_numbers(grid)
    if not numbers and grid.shade and across:
        sheet.image(left, top, across * side, down * side, cell_png(grid.values, limits),
                    smooth=False)  # fmt: skip
        sheet.rectangle(left, top, across * side, down * side, stroke=GREY)
    for r, row in enumerate(texts(grid, side) if numbers else ()):
        for c, text in enumerate(row):
            _cell(sheet, grid, (r, c), text, left + c * side, top + r * side, side, limits)
    if not numbers and not grid.shade:
        sheet.rectangle(left, top, across * side, down * side, stroke=GREY)
    for n, (r, c, high, wide) in enumerate(grid.boxes):
        with sheet.group(title=f"({r}, {c}) {high}×{wide}", kind="window", passive=True):
            sheet.rectangle(
                left + c * side, top + r * side, wide * side, high * side,
                stroke=OUTLINES[n % 2], width=3, dash=OUTLINE_DASHES[n % 2],
            )  # fmt: skip
    foot = y + tallest + 4
    if grid.shade and not numbers:
        foot = _scale(sheet, limits, x + whole / 2, foot + 4)
    if grid.caption:
        lines = wrapped(grid.caption, WIDTH - 20 if alone else whole)
        write(sheet, x + whole / 2, foot + 15, lines, quiet=True)
        foot += LINE * len(lines) + 4
    return foot


def _cell(
    sheet: Sheet, grid: NumberGrid, cell: Cell, text: str, x: float, y: float, side: float,
    limits: tuple[float, float],
) -> None:  # fmt: skip
    faded = cell in grid.faded
    value = grid.values[cell[0]][cell[1]]
    with sheet.group(title=f"({cell[0]}, {cell[1]}): {number_text(value, 8)}", kind="cell"):
        share = strength(value, limits) if grid.shade else 0.0
        if share:
            sheet.rectangle(x, y, side, side, fill=BLUE if share > 0 else VERMILION,
                            opacity=round(PALE * abs(share), 3))  # fmt: skip
        sheet.rectangle(
            x, y, side, side, fill=GREY if faded else "none", opacity=0.16,
            stroke=GREY, width=0.8, dash="3 3" if faded else "",
        )  # fmt: skip
        ringed = cell in grid.circled
        if ringed:
            radius = max(side / 2 - 2, 9)
            sheet.circle(x + side / 2, y + side / 2, radius, stroke=VERMILION, width=2.2)
        if text:
            sheet.text(x + side / 2, y + side / 2 + 5, text, size=SIZE, bold=ringed, quiet=faded)


def _scale(sheet: Sheet, limits: tuple[float, float], middle: float, y: float) -> float:
    low, high = limits
    steps = [[low + (high - low) * n / 63 for n in range(64)]]
    sheet.image(middle - 40, y, 80, 9, cell_png(steps, limits), smooth=False)
    sheet.rectangle(middle - 40, y, 80, 9, stroke=QUIET, width=0.6)
    first, last = number_text(low, 3), number_text(high, 3)
    if max(text_width(first, SIZE), text_width(last, SIZE)) <= 30:
        sheet.text(middle - 44, y + 10, first, size=SIZE, anchor="end", quiet=True)
        sheet.text(middle + 44, y + 10, last, size=SIZE, anchor="start", quiet=True)
        return y + 14
    sheet.text(middle, y + 24, _ends(limits), size=SIZE, quiet=True)
    return y + 30


def _ends(limits: tuple[float, float]) -> str:
    return " … ".join(number_text(limit, 3) for limit in limits)
