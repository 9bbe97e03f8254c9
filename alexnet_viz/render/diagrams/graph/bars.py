"""Horizontal bars with their numbers written, in one or two series."""

import math
from collections.abc import Collection, Sequence

from alexnet_viz.render.diagrams.graph.axes import (
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    bar,
    number_text,
    scale_of,
    swatch,
    tick_text,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import GREY

Group = tuple[str, float | Sequence[float]]
LABELS = 200.0
"""Most units that the labels take."""
THICK = 20.0


def bars(
    groups: Sequence[Group],
    *,
    title: str,
    unit: str = "",
    series: Sequence[str] = (),
    log: bool = False,
    shares: bool = False,
    truth: tuple[float, str] | None = None,
    lit: Collection[int] = (),
    hatched: Collection[int] = (),
) -> str:
    """An SVG of bars by label: one value each, or two, of which the second is hatched.

    ``series`` names the two; ``shares`` adds each value's percentage of its series; ``truth`` is a
    value to compare with, a dashed line and its words; groups at the places ``lit`` are bold, the
    bars of those at ``hatched`` are as the second series'.  On a ``log`` scale the axis is written,
    and 0 and negative numbers have no bar.
    """
    rows = [(name, _values(value)) for name, value in groups]
    sums = [math.fsum(v[n] for _, v in rows if n < len(v) and math.isfinite(v[n])) for n in (0, 1)]
    words = {
        (row, n): _number(value, unit, sums[n] if shares else 0)
        for row, (_, values) in enumerate(rows) for n, value in enumerate(values)
    }  # fmt: skip
    every = [value for _, values in rows for value in values] + ([truth[0]] if truth else [])
    room = max((text_width(text, SIZE) for text in words.values()), default=0) + 10
    label = max((text_width(name, SIZE) * 1.06 for name, _ in rows), default=0)
    label = max(min(LABELS, label, WIDTH - 2 * room - 90), 20) + 4
    below = any(value < 0 for value in every) and not log
    start = label + 12 + (room if below else 0)
    positive = [v for v in every if v > 0]
    limits = None
    if log and positive:
        low = 10.0 ** math.floor(math.log10(min(positive)))
        low = low / 10 if low == min(positive) else low
        limits = (low, max(max(positive), low * 10))
    scale = scale_of(every, start, max(WIDTH - room - 4, start + 60), limits=limits, log=log,
                     zero=True)  # fmt: skip
    zero = start if log else scale(0)

    sheet = Sheet()
    y = 8.0
    if any(series):
        x = start
        for n, name in enumerate(series[:2]):
            text = wrapped(name, WIDTH - start - 30, most=1)
            wide = text_width(text[0], SIZE) + 30
            if x > start and x + wide > WIDTH:
                x, y = start, y + LINE
            swatch(sheet, x, y + 1, SERIES[n], second=n == 1)
            write(sheet, x + 24, y + 12, text, anchor="start")
            x += wide + 16
        y += 26
    if truth:
        text = wrapped(truth[1], WIDTH - 20)
        half = max(text_width(line, SIZE) for line in text) / 2
        place = scale(truth[0])
        x = min(max(place, half + 4), WIDTH - half - 4) if math.isfinite(place) else half + 4
        write(sheet, x, y + 12, text, bold=True)
        y += LINE * len(text) + 4
    top = y
    y += 4
    written: list[tuple[float, float, float, str, bool]] = []
    for row, (name, values) in enumerate(rows):
        text = wrapped(name, label)
        bold = row in lit
        if bold:
            text = wrapped(name, label / 1.06)
        high = max(LINE * len(text), (THICK + 3) * len(values))
        write(sheet, label, y + (high - LINE * len(text)) / 2 + 14, text, anchor="end", bold=bold)
        at = y + (high - (THICK + 3) * len(values)) / 2
        for n, value in enumerate(values):
            end = scale(value)
            which = f" · {series[n]}" if n < len(series) and series[n] else ""
            with sheet.group(title=f"{name}{which}: {words[row, n]}", kind="bar"):
                if math.isfinite(end) and end != zero:
                    a, b = sorted((zero, end))
                    style = 1 if row in hatched else n
                    bar(sheet, a, at, b - a, THICK, SERIES[style], second=style == 1)
                end = end if math.isfinite(end) else zero
                written.append((end, zero, at + 15, words[row, n], bold))
            at += THICK + 3
        y += high + 7
    sheet.line((zero, top), (zero, y))
    if truth and math.isfinite(scale(truth[0])):
        with sheet.group(title=f"{truth[1]}: {number_text(truth[0], 6)}", kind="truth"):
            sheet.line((scale(truth[0]), top), (scale(truth[0]), y), width=1.6, dash="5 4")
    for end, from_, at, text_, bold in written:
        wide = text_width(text_, SIZE)
        left = end - 6 - wide if end < from_ else end + 6
        sheet.ground(left - 2, at - 13, wide + 4, 17)
        sheet.text(left if end >= from_ else end - 6, at, text_, size=SIZE, bold=bold,
                   anchor="start" if end >= from_ else "end")  # fmt: skip
    if log:
        free = -math.inf
        for value in scale.ticks(5):
            x, text_ = scale(value), tick_text(value, scale)
            half = text_width(text_, SIZE) / 2
            sheet.line((x, top), (x, y), stroke=GREY, width=0.8, opacity=0.35)
            place = min(max(x, half + 1), WIDTH - half - 1)
            if place - half > free:
                sheet.text(place, y + 17, text_, size=SIZE, quiet=True)
                free = place + half + 8
        y += 22
    return sheet.document(WIDTH, y + 6, title=title)


def _values(value: float | Sequence[float]) -> tuple[float, ...]:
    return (float(value),) if isinstance(value, int | float) else tuple(map(float, value))[:2]


def _number(value: float, unit: str, total: float) -> str:
    text = number_text(value) + (f" {unit}" if unit and not math.isnan(value) else "")
    if total > 0 and math.isfinite(value):
        text += f" · {number_text(100 * value / total, 3)} %"
    return text
