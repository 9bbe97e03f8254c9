"""A block of maps and the row of values it becomes, in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.graph.axes import (
    DASHES,
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    number_text,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import GREY

SHEETS = 5
"""Most maps of the block that are drawn."""
LEAST = 26.0
"""Least units of a segment."""


@dataclass(frozen=True)
class Segment:
    """A run of values of the strip: how many, what they are, and the map they come from."""

    count: int
    words: str = ""
    colour: int = 0
    """Which of the four colours; those of one map have one colour."""


def strip(
    segments: Sequence[Segment],
    *,
    title: str,
    block: tuple[int, int, int] | None = None,
    block_words: str = "",
    caption: str = "",
) -> str:
    """An SVG of a strip of values in segments, under the block (channels, height, width) it is of.

    A segment is as wide as its share of the values, but never too narrow to see; its number and
    words stand under it, in the next free row.
    """
    sheet = Sheet()
    y = 8.0
    if block:
        y = _block(sheet, block, block_words or " × ".join(f"{n:,}" for n in block), y)
    whole = sum(max(one.count, 0) for one in segments) or 1
    spare = WIDTH - 16 - LEAST * len(segments)
    least = LEAST if spare > 0 else (WIDTH - 16) / max(len(segments), 1)
    spare = max(spare, 0.0)
    x = 8.0
    free: list[float] = []
    deepest = y + 34
    for segment in segments:
        across = least + spare * max(segment.count, 0) / whole
        colour = SERIES[segment.colour % 4]
        number = number_text(segment.count)
        said = f"{segment.words}: {number}".lstrip(": ")
        with sheet.group(title=said, kind="segment"):
            sheet.rectangle(x, y, across, 30, fill=colour, opacity=0.35, stroke=colour, width=1.6,
                            dash=DASHES[segment.colour % 4])  # fmt: skip
        middle = x + across / 2
        inside = text_width(number, SIZE) <= across - 6
        if inside:
            sheet.text(middle, y + 20, number, size=SIZE, bold=True)
        text = wrapped(segment.words if inside else f"{number} {segment.words}".strip(),
                       max(across - 4, 110))  # fmt: skip
        if any(text):
            wide = max(text_width(line, SIZE) for line in text)
            at = min(max(middle, wide / 2 + 4), WIDTH - wide / 2 - 4)
            rows = len(text)
            row = 0
            while any(n < len(free) and free[n] > at - wide / 2 for n in range(row, row + rows)):
                row += 1
            free += [0.0] * (row + rows - len(free))
            for n in range(row, row + rows):
                free[n] = at + wide / 2 + 10
            if row:
                sheet.line((middle, y + 32), (middle, y + 36 + LINE * row), width=0.8, dash="1 3")
            write(sheet, at, y + 48 + LINE * row, text)
            deepest = max(deepest, y + 38 + LINE * (row + rows))
        x += across
    lines = wrapped(caption, WIDTH - 16) if caption else []
    write(sheet, WIDTH / 2, deepest + 20, lines, quiet=True)
    return sheet.document(WIDTH, deepest + 12 + LINE * len(lines), title=title)


def _block(sheet: Sheet, block: tuple[int, int, int], words: str, y: float) -> float:
    """Draw up to ``SHEETS`` maps one behind the other, an arrow down; returns the strip's y."""
    channels, height, width = (max(n, 1) for n in block)
    shown = min(channels, SHEETS)
    longer = max(height, width)
    across, down = max(96 * width / longer, 8), max(96 * height / longer, 8)
    left, offset = WIDTH / 2 - across / 2 - 6 * (shown - 1), 12.0
    with sheet.group(title=words, kind="block"):
        for n in reversed(range(shown)):
            x, top = left + offset * n, y + offset * (shown - 1 - n)
            sheet.ground(x, top, across, down)
            sheet.rectangle(x, top, across, down, fill=SERIES[n % 4], opacity=0.3,
                            stroke=SERIES[n % 4], dash=DASHES[n % 4], width=1.4)  # fmt: skip
            cells = max(height, width)
            if n == 0 and cells <= 16:
                for c in range(1, width):
                    sheet.line((x + across * c / width, top), (x + across * c / width, top + down),
                               width=0.6, opacity=0.5)  # fmt: skip
                for r in range(1, height):
                    sheet.line((x, top + down * r / height), (x + across, top + down * r / height),
                               width=0.6, opacity=0.5)  # fmt: skip
    foot = y + down + offset * (shown - 1)
    lines = wrapped(words, WIDTH - 20)
    write(sheet, WIDTH / 2, foot + 20, lines)
    foot += LINE * len(lines) + 10
    sheet.line((WIDTH / 2, foot), (WIDTH / 2, foot + 14), width=1.6)
    sheet.polygon([(WIDTH / 2 - 5, foot + 12), (WIDTH / 2 + 5, foot + 12), (WIDTH / 2, foot + 20)],
                  fill=GREY)  # fmt: skip
    return foot + 28
