"""A row of gauges on a logarithmic scale around 1, as the factors of a product."""

import math
from collections.abc import Collection, Sequence

from alexnet_viz.render.diagrams.graph.axes import (
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    Scale,
    bar,
    number_text,
    tick_text,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import FAILURE, GREY

HEIGHT = 200.0


def gauges(
    values: Sequence[tuple[str, float]],
    *,
    title: str,
    y_label: str = "",
    unit_words: str = "",
    second: Collection[int] = (),
) -> str:
    """An SVG of columns that begin at 1 and go up above it, down below it, on a log scale.

    0 is an empty dashed column to the bottom; a negative number is drawn by its size.  Those at the
    places ``second`` are hatched, as the product of the others.  ``unit_words`` names the line 1.
    """
    sheet = Sheet()
    sizes = [abs(v) for _, v in values if math.isfinite(v) and v != 0]
    low = 10.0 ** math.floor(min([math.log10(v) for v in sizes] + [-1.0]))
    high = 10.0 ** math.ceil(max([math.log10(v) for v in sizes] + [1.0]))
    head = wrapped(y_label, WIDTH - 20) if y_label else []
    write(sheet, 4, 18, head, anchor="start", quiet=True)
    top = 30 + LINE * len(head)
    bottom = top + HEIGHT
    scale = Scale(low, high, bottom, top, log=True)
    ticks = scale.ticks(5)
    ticks = sorted({*ticks, 1.0}) if min(abs(scale(t) - scale(1)) for t in ticks) > LINE else ticks
    left = max(text_width(tick_text(v, scale), SIZE) for v in ticks) + 14
    one = scale(1)
    aside = wrapped(unit_words, 110) if unit_words else []
    right = WIDTH - (max(text_width(line, SIZE) for line in aside) + 12 if aside else 8)
    for value in ticks:
        y = scale(value)
        sheet.line((left, y), (right, y), stroke=GREY, width=0.8, opacity=0.35)
        sheet.text(left - 7, y + 5, tick_text(value, scale), size=SIZE, anchor="end", quiet=True)
    write(sheet, right + 6, one - LINE * len(aside) / 2 + 14, aside, anchor="start")
    column = (right - left) / max(len(values), 1)
    thick = min(34.0, column * 0.6)
    texts = [number_text(v, 3) for _, v in values]
    stagger = any(text_width(text, SIZE) > column - 4 for text in texts)
    labels = [wrapped(name, max(column - 6, 16)) for name, _ in values]
    deepest = max(map(len, labels), default=0)
    for n, ((name, value), text) in enumerate(zip(values, texts, strict=True)):
        middle = left + column * (n + 0.5)
        with sheet.group(title=f"{name}: {number_text(value, 8)}", kind="gauge"):
            if value == 0:
                sheet.rectangle(middle - thick / 2, one, thick, bottom - one, stroke=FAILURE,
                                width=1.4, dash="4 3")  # fmt: skip
                end = bottom
            elif math.isfinite(value):
                end = scale(abs(value))
                upper, lower = sorted((one, end))
                bar(sheet, middle - thick / 2, upper, thick, max(lower - upper, 1.5),
                    SERIES[1] if n in second else SERIES[0], second=n in second)  # fmt: skip
            else:
                end = one
            if not stagger:
                base, wide = (end + 17 if end > one else end - 7), text_width(text, SIZE)
                sheet.ground(middle - wide / 2, base - 12, wide, 14)
                sheet.text(middle, base, text, size=SIZE, bold=True)
        write(sheet, middle, bottom + 38, labels[n], quiet=True)
    sheet.line((left, one), (right, one), width=1.8)
    y = bottom + 38 + LINE * deepest
    if stagger and values:
        every = [f"{name} {text}" for (name, _), text in zip(values, texts, strict=True)]
        lines = wrapped(" · ".join(every), WIDTH - 16)
        write(sheet, WIDTH / 2, y + 4, lines)
        y += LINE * len(lines)
    return sheet.document(WIDTH, y + 2, title=title)
