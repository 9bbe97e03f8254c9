"""Which inputs each output reads, as a matrix of filled and missing blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from alexnet_viz.render.diagrams.graph.axes import (
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    hatch,
    number_text,
    pieces,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import GREY

LARGEST = 300.0
"""Longer side of the matrix."""


@dataclass(frozen=True)
class Block:
    """Outputs (rows) and inputs (columns) that are connected, as ranges, with words on it."""

    rows: range
    columns: range
    words: str = ""


def connections(
    rows: int,
    columns: int,
    blocks: Sequence[Block],
    *,
    title: str,
    row_label: str = "",
    column_label: str = "",
    missing: str = "",
) -> str:
    """An SVG of ``rows`` outputs by ``columns`` inputs; what no block fills is dashed and grey.

    ``missing`` is written on each missing part that has room for it; sizes of the blocks stand at
    the edges.  Both sides have one scale, unless one is more than four times the other.
    """
    sheet = Sheet()
    rows, columns = max(rows, 1), max(columns, 1)
    longer = max(rows, columns)
    high, wide = (max(LARGEST * side / longer, LARGEST / 4) for side in (rows, columns))
    side_label = wrapped(row_label, 120)
    cuts_down = sorted({0, rows, *(edge for b in blocks for edge in (b.rows.start, b.rows.stop))})
    cuts_across = sorted(
        {0, columns, *(edge for b in blocks for edge in (b.columns.start, b.columns.stop))}
    )
    counts = [number_text(b - a) for a, b in pairwise(cuts_down)]
    room = max((text_width(count, SIZE) for count in counts), default=0)
    label = max((text_width(line, SIZE) for line in side_label), default=0)
    left = (WIDTH - wide - label - room - 24) / 2 + label + room + 24
    aside = 2 * min(left + wide / 2, WIDTH - left - wide / 2) - 10
    head = wrapped(column_label, aside) if column_label else []
    top = 6 + LINE * len(head) + 26
    sx, sy = wide / columns, high / rows
    write(sheet, left + wide / 2, 18, head, quiet=True)
    _edge(sheet, cuts_across, left, sx, top, across=True)
    _edge(sheet, cuts_down, top, sy, left, across=False)
    write(sheet, left - room - 20, top + high / 2 - LINE * len(side_label) / 2 + 14, side_label,
          anchor="end", quiet=True)  # fmt: skip
    written, lacking = False, False
    for a, b in pairwise(cuts_down):
        for c, d in pairwise(cuts_across):
            if not any(_holds(block, a, c) for block in blocks):
                said = f"{missing}: {b - a:,} × {d - c:,}".lstrip(": ")
                place = (left + c * sx, top + a * sy, (d - c) * sx, (b - a) * sy)
                written |= _missing(sheet, *place, said, missing)
                lacking = True
    for n, block in enumerate(blocks):
        x, y = left + block.columns.start * sx, top + block.rows.start * sy
        across, down = len(block.columns) * sx, len(block.rows) * sy
        size = f"{len(block.rows):,} × {len(block.columns):,}"
        with sheet.group(title=f"{block.words}: {size}".lstrip(": "), kind="block"):
            colour = SERIES[n % 4]
            sheet.rectangle(x, y, across, down, fill=colour, opacity=0.35, stroke=colour, width=1.6)
            _inside(sheet, x, y, across, down, block.words or size, bold=True)
    bottom = top + high + 10
    if lacking and missing and not written:
        lines = wrapped(missing, WIDTH - left - 40)
        _missing(sheet, left, bottom + 4, 20, 14, "", "")
        write(sheet, left + 28, bottom + 16, lines, anchor="start", quiet=True)
        bottom += LINE * len(lines) + 4
    return sheet.document(WIDTH, bottom + 2, title=title)


def _holds(block: Block, row: int, column: int) -> bool:
    return row in block.rows and column in block.columns


def _edge(
    sheet: Sheet, cuts: Sequence[int], start: float, scale: float, at: float, *, across: bool
) -> None:
    free = -1e9
    for a, b in pairwise(cuts):
        middle, words = start + (a + b) / 2 * scale, number_text(b - a)
        half = text_width(words, SIZE) / 2 if across else 8
        if middle - half < free:
            continue
        free = middle + half + 4
        if across:
            sheet.text(middle, at - 8, words, size=SIZE)
        else:
            sheet.text(at - 8, middle + 5, words, size=SIZE, anchor="end")


def _missing(
    sheet: Sheet, x: float, y: float, across: float, down: float, said: str, words: str
) -> bool:
    """Draw a missing part; returns whether the words are written on it."""
    with sheet.group(title=said, kind="missing"):
        sheet.rectangle(x, y, across, down, fill=GREY, opacity=0.1, stroke=GREY, width=1,
                        dash="4 4")  # fmt: skip
        written = _inside(sheet, x, y, across, down, words)
        if not written:
            hatch(sheet, x, y, across, down, stroke=GREY, step=10)
    return written


def _inside(
    sheet: Sheet, x: float, y: float, across: float, down: float, words: str, *, bold: bool = False
) -> bool:
    """Write words in the middle of a rectangle if they have room; returns whether they did."""
    if not words or any(text_width(word, SIZE) > across - 10 for word in pieces(words)):
        return False
    lines = wrapped(words, across - 10)
    if LINE * len(lines) > down - 4 or any(text_width(line, SIZE) > across - 8 for line in lines):
        return False
    write(sheet, x + across / 2, y + down / 2 - LINE * len(lines) / 2 + 14, lines, bold=bold,
          quiet=not bold)  # fmt: skip
    return True
