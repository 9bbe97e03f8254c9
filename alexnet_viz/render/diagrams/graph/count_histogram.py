"""Histograms of one or two series over the same bins."""

import math
from collections.abc import Sequence
from itertools import pairwise

from alexnet_viz.render.diagrams.graph.axes import (
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    Scale,
    axis_room,
    grid_lines,
    hatch,
    number_text,
    scale_of,
    swatch,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.graph.curves import Mark, draw_mark, tags
from alexnet_viz.render.diagrams.svg import Sheet, text_width

HEIGHT = 240.0


def histogram(
    counts: Sequence[tuple[str, Sequence[float]]],
    edges: Sequence[float],
    *,
    title: str,
    x_label: str = "",
    y_label: str = "",
    marks: Sequence[Mark] = (),
) -> str:
    """An SVG of the counts by series over bins between ``edges``, one more than the counts.

    The first series is filled, the second hatched over it; ``marks`` are on the axis "x".
    """
    sheet = Sheet()
    every = [value for _, series in counts for value in series]
    y_scale = scale_of(every, 1, 0, zero=True)
    left = max(axis_room(y_scale), 24)
    right = WIDTH - 16
    places = [*edges, *(mark.at for mark in marks)]
    across = scale_of(places, left, right)
    head = wrapped(y_label, WIDTH - 20) if y_label else []
    write(sheet, 4, 18, head, anchor="start", quiet=True)
    y = 8 + LINE * len(head)
    x = left
    for n, (name, _) in enumerate(counts[:2]):
        if not name:
            continue
        text = wrapped(name, WIDTH - left - 40)
        wide = max(text_width(line, SIZE) for line in text) + 40
        if x > left and x + wide > WIDTH:
            x, y = left, y + LINE
        swatch(sheet, x, y + 2, SERIES[n], second=n == 1)
        write(sheet, x + 24, y + 13, text, anchor="start")
        x += wide
        y += LINE * (len(text) - 1)
    y += LINE if any(name for name, _ in counts) else 0
    words, rows = tags(across, marks, ())
    for line, x, row in words:
        sheet.text(x, y + 14 + LINE * row, line, size=SIZE)
    top = y + LINE * rows + 10
    bottom = top + HEIGHT
    down = Scale(y_scale.low, y_scale.high, bottom, top)
    grid_lines(sheet, across, down)
    for n, (name, series) in enumerate(counts[:2]):
        for (low, high), count in zip(pairwise(edges), series, strict=False):
            a, b = across(low), across(high)
            if not math.isfinite(count) or not (math.isfinite(a) and math.isfinite(b)):
                continue
            height = down(count)
            said = f"{name} {number_text(low)} – {number_text(high)}: {number_text(count)}".strip()
            with sheet.group(title=said, kind="bin"):
                upper, lower = sorted((height, down(0)))
                if lower > upper:
                    sheet.rectangle(a, upper, b - a, lower - upper, fill=SERIES[n],
                                    opacity=0.0 if n else 0.55, stroke=SERIES[n])  # fmt: skip
                    if n:
                        hatch(sheet, a, upper, b - a, lower - upper, stroke=SERIES[n], step=7)
    for mark in marks:
        draw_mark(sheet, mark, across, down)
    foot = wrapped(x_label, right - left) if x_label else []
    write(sheet, (left + right) / 2, bottom + 40, foot, quiet=True)
    return sheet.document(WIDTH, bottom + 28 + LINE * len(foot), title=title)
