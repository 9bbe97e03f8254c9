"""One axis of the input as a ruler, with every window stamped on it.

Cells of the input are white, padding is grey, cells that no window reads are red.  Windows are
staggered so that overlapping ones stay apart.  Below the whole axis stands its far end enlarged,
where rounding decides: the last windows, the unread cells or the overhang.
"""

from alexnet_viz.drawings.svg import Sheet
from alexnet_viz.geometry import Slide
from alexnet_viz.text import Language, t
from alexnet_viz.theme import BLUE, PADDING, QUIET, UNREAD

WIDTH, MARGIN = 1360.0, 16.0
CELL_HEIGHT, STEP = 26.0, 9.0
CLOSE_UP = 34
"""Cells shown at the enlarged end."""


def ruler(window: Slide, language: Language = "en") -> str:
    """The windows of one axis as an SVG."""
    sheet = Sheet()
    low = window.starts[0]
    high = max(window.input_size, window.end)
    title = t("drawing.ruler", language, count=window.output_size, size=window.input_size)
    sheet.text(MARGIN, 22, t("drawing.whole_axis", language), size=14, bold=True, anchor="start")
    bottom = _axis(sheet, window, low, high, top=34, numbers=_marks(low, high))
    if high - low > 1.5 * CLOSE_UP:
        first = high - CLOSE_UP
        top = bottom + 46
        sheet.text(MARGIN, top, t("drawing.far_end", language), size=14, bold=True, anchor="start")
        bottom = _axis(sheet, window, first, high, top=top + 12, numbers=range(first, high))
    return sheet.document(WIDTH, bottom + 34, title=title)


def _marks(low: int, high: int) -> range:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if (high - low) / s <= 30)
    return range(-(-low // step) * step, high, step)


def _axis(sheet: Sheet, window: Slide, low: int, high: int, *, top: float, numbers: range) -> float:
    """Draw cells ``low`` to ``high`` and the windows on them; returns the lower end."""
    unit = (WIDTH - 2 * MARGIN) / (high - low)

    def x(cell: float) -> float:
        return MARGIN + (min(max(cell, low), high) - low) * unit

    last_read = window.input_size - window.unread
    spans = (
        (low, 0, PADDING, 0.45),
        (max(low, 0), last_read, BLUE, 0.10),
        (max(low, last_read), window.input_size, UNREAD, 0.85),
        (window.input_size, high, PADDING, 0.45),
    )
    for start, end, colour, opacity in spans:
        if end > start and end > low:
            sheet.rectangle(x(start), top, x(end) - x(start), CELL_HEIGHT, fill=colour,
                            opacity=opacity)  # fmt: skip
    if unit >= 4:
        for cell in range(low, high + 1):
            sheet.line((x(cell), top), (x(cell), top + CELL_HEIGHT), width=0.6, opacity=0.5)
    sheet.rectangle(x(0), top, x(window.input_size) - x(0), CELL_HEIGHT, stroke=QUIET, width=1.6)
    for number in numbers:
        sheet.text(x(number + 0.5), top + CELL_HEIGHT + 17, str(number), size=13, quiet=True)
    rows = -(-window.extent // window.stride) + 1
    first_row = top + CELL_HEIGHT + 29
    for index, start in enumerate(window.starts):
        end = start + window.extent
        if end <= low or start >= high:
            continue
        y = first_row + index % rows * STEP
        last = index == window.output_size - 1
        sheet.line((x(start) + 1, y), (x(end) - 1, y), stroke=BLUE, width=4 if last else 2.4,
                   opacity=1.0 if last or index % rows == 0 else 0.8)  # fmt: skip
    return first_row + rows * STEP
