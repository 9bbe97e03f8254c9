"""One axis of the input as a ruler with all windows of a layer.

Padding is grey, cells that no window reads are orange.  Windows are staggered so that overlapping
ones stay apart; where there are more of them than paper, the first and the last are drawn.  Below
the whole axis stands its far end enlarged, where rounding decides: the last windows, the unread
cells or the overhang.
"""

from itertools import groupby

from alexnet_viz.network.geometry import Slide
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, PADDING, QUIET, UNREAD
from alexnet_viz.text import Language, t

WIDTH, MARGIN = 1360.0, 16.0
CELL_HEIGHT, STEP = 26.0, 9.0
CLOSE_UP = 34
"""Most cells shown at the enlarged end."""
LEAST = 25.0
"""Least units of an enlarged cell, which has its number below it."""
MARKS = 0.0221
"""Labelled cells of the whole axis for each unit of width: thirty at full width."""
MOST_ROWS, MOST_WINDOWS, MOST_RUNS = 30, 300, 2000
"""Bounds of what is drawn of one axis; only windows far from any AlexNet reach them."""


def ruler(window: Slide, language: Language = "en", width: float = WIDTH) -> str:
    """An SVG of the windows of one axis, ``width`` units wide."""
    sheet = Sheet()
    low = window.starts[0]
    high = max(window.input_size, window.end)
    title = t("drawing.ruler", language, count=window.output_size, size=window.input_size)
    sheet.text(MARGIN, 22, t("drawing.whole_axis", language), size=14, bold=True, anchor="start")
    most = int(width * MARKS)
    bottom = _axis(sheet, window, low, high, top=34, numbers=_marks(low, high, most), width=width)
    cells = min(CLOSE_UP, int((width - 2 * MARGIN) / LEAST))
    if high - low > 1.5 * cells:
        first = high - cells
        top = bottom + 36
        sheet.text(MARGIN, top, t("drawing.far_end", language), size=14, bold=True, anchor="start")
        bottom = _axis(
            sheet, window, first, high, top=top + 12, numbers=range(first, high), width=width
        )
    return sheet.document(width, bottom + 12, title=title)


def _marks(low: int, high: int, most: int) -> range:
    """The labelled cells: at most about ``most``, 1, 2 or 5 times a power of ten apart."""
    steps = (s * 10**k for k in range(9) for s in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= most)
    return range(-(-low // step) * step, high, step)


def _axis(
    sheet: Sheet, window: Slide, low: int, high: int, *, top: float, numbers: range, width: float
) -> float:
    """Draw cells ``low`` to ``high`` and the windows on them; returns the lower end."""
    unit = (width - 2 * MARGIN) / (high - low)

    def x(cell: float) -> float:
        return MARGIN + (min(max(cell, low), high) - low) * unit

    spans = [(low, 0, PADDING, 0.45), (window.input_size, high, PADDING, 0.45)]
    spans += _runs(window, max(low, 0))
    for start, end, colour, opacity in spans:
        if end > start and end > low:
            sheet.rectangle(x(start), top, x(end) - x(start), CELL_HEIGHT, fill=colour,
                            opacity=opacity)  # fmt: skip
    if unit >= 4:
        for cell in range(low, high + 1):
            sheet.line((x(cell), top), (x(cell), top + CELL_HEIGHT), width=0.6, opacity=0.5)
    sheet.rectangle(x(0), top, x(window.input_size) - x(0), CELL_HEIGHT, stroke=QUIET, width=1.6)
    for number in numbers:
        sheet.text(x(number + 0.5), top + CELL_HEIGHT + 17, str(number), size=14, quiet=True)
    rows = min(-(-window.extent // window.stride) + 1, MOST_ROWS)
    first_row = top + CELL_HEIGHT + 29
    for index, start in enumerate(window.starts):
        end = start + window.extent
        drawn = index < MOST_WINDOWS or index >= window.output_size - MOST_WINDOWS
        if end <= low or start >= high or not drawn:
            continue
        y = first_row + index % rows * STEP
        last = index == window.output_size - 1
        sheet.line((x(start) + 1, y), (x(end) - 1, y), stroke=BLUE, width=4 if last else 2.4,
                   opacity=1.0 if last or index % rows == 0 else 0.8)  # fmt: skip
    return first_row + rows * STEP


def _runs(window: Slide, low: int) -> list[tuple[int, int, str, float]]:
    """Runs of input cells from ``low`` on that are read, or are not, with their colours."""
    runs, start = [], low
    for read, cells in groupby(window.read[low:]):
        end = start + sum(1 for _ in cells)
        runs.append((start, end, *((BLUE, 0.10) if read else (UNREAD, 0.85))))
        start = end
    return runs if len(runs) <= MOST_RUNS else [(low, window.input_size, BLUE, 0.10)]
