"""Rows of shares, as of the answers of a network to several pictures, and their mean under them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.graph.axes import LINE, SIZE, WIDTH, bar, wrapped, write
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, GREY, VERMILION

HIGH, THUMB, LABELS = 29.0, 26.0, 150.0
PERCENT = 58.0
"""Units that a written percentage takes."""


@dataclass(frozen=True)
class Row:
    """One picture: its name, its shares by column from 0 to 1, and a data URI of it."""

    name: str
    shares: Sequence[float]
    uri: str = ""


def share_rows(rows: Sequence[Row], last: Row, columns: Sequence[str], *, title: str) -> str:
    """An SVG of bars by row and column, of which there are at most four.

    The ``last`` row is set apart, its bars hatched.
    """
    sheet = Sheet()
    across = (WIDTH - LABELS) / max(len(columns), 1)
    heads = [wrapped(name, across - 8, most=2) for name in columns]
    top = 8 + LINE * max(map(len, heads), default=0)
    for n, head in enumerate(heads):
        write(sheet, LABELS + n * across, 18, head, anchor="start", bold=True)
    y = top + 6
    for row in (*rows, last):
        mean = row is last
        if mean:
            sheet.line((4, y + 3), (WIDTH - 4, y + 3), stroke=GREY, width=1)
            y += 8
        if row.uri:
            sheet.image(4, y + (HIGH - THUMB) / 2, THUMB, THUMB, row.uri)
        start = 4 + (THUMB + 8 if row.uri else 0)
        words = wrapped(row.name, LABELS - start - 6, most=1)
        write(sheet, start, y + 19, words, anchor="start", bold=mean)
        for n, share in enumerate(row.shares):
            if math.isfinite(share):
                said = f"{row.name}, {columns[n]}: {100 * share:.1f} %"
                with sheet.group(title=said, kind="share"):
                    _share(sheet, LABELS + n * across, y, across, share, mean)
        y += HIGH
    return sheet.document(WIDTH, y + 4, title=title)


def _share(sheet: Sheet, x: float, y: float, across: float, share: float, mean: bool) -> None:
    long = max(across - PERCENT - 10, 10) * min(max(share, 0), 1)
    bar(sheet, x, y + 7, long, 15, VERMILION if mean else BLUE, second=mean)
    words = f"{100 * share:.1f} %"
    sheet.text(x + long + 5, y + 19, words, size=SIZE, anchor="start", bold=mean)
