"""Events in order down a line, each with a value."""

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
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import BLUE, GROUND, VERMILION

Event = tuple[str, str, float | None]
"""When, what, and a value or None."""


def timeline(
    events: Sequence[Event],
    *,
    title: str,
    unit: str = "",
    log: bool = False,
    lit: Collection[int] = (),
    value_label: str = "",
) -> str:
    """An SVG of events from the top down, in the order given; a value is a bar at the right.

    Those at the places ``lit`` are bold with a filled square instead of a ring.
    """
    sheet = Sheet()
    values = [value for *_, value in events if value is not None]
    texts = ["" if v is None else number_text(v) + (f" {unit}" if unit else "") for *_, v in events]
    when = min(max((text_width(one[0], SIZE) * 1.06 for one in events), default=0), 150.0) + 4
    line = when + 16
    written = max((text_width(text, SIZE) for text in texts), default=0)
    start = WIDTH - 14 - written - (130 if values else 0)
    longest = max((text_width(words, SIZE) for _, words, _ in events), default=0) * 1.06
    start = max(min(start, line + longest + 50), line + 160)
    scale = scale_of(values, start, max(WIDTH - written - 14, start + 30), log=log, zero=True)
    head = wrapped(value_label, WIDTH - start - 4) if value_label else []
    write(sheet, start, 18, head, anchor="start", quiet=True)
    y = 10.0 + LINE * len(head)
    top = y
    marks: list[tuple[float, int]] = []
    room = (start if values else WIDTH) - line - 30
    for n, (date, words, value) in enumerate(events):
        bold = n in lit
        left, text = wrapped(date, when / 1.06), wrapped(words, room / (1.06 if bold else 1))
        high = LINE * max(len(left), len(text)) + 12
        write(sheet, when, y + 18, left, anchor="end", bold=True)
        write(sheet, line + 18, y + 18, text, anchor="start", bold=bold)
        marks.append((y + 13, n))
        if value is not None:
            with sheet.group(title=f"{date} · {words}: {texts[n]}", kind="value"):
                end = scale(value)
                zero = start if log else scale(0)
                if math.isfinite(end) and end != zero:
                    a, b = sorted((zero, end))
                    bar(sheet, a, y + 5, b - a, 16, SERIES[0])
                at = max(end, zero) if math.isfinite(end) else zero
                sheet.text(at + 6, y + 18, texts[n], size=SIZE, anchor="start", bold=bold)
        y += high
    sheet.line((line, top), (line, max(y - 6, top)), width=2)
    for at, n in marks:
        date, words, _ = events[n]
        with sheet.group(title=f"{date} · {words} {texts[n]}".strip(), kind="event"):
            if n in lit:
                sheet.rectangle(line - 6, at - 6, 12, 12, fill=VERMILION)
            else:
                sheet.circle(line, at, 5.5, fill=GROUND, stroke=BLUE, width=2.4)
    return sheet.document(WIDTH, max(y, 20), title=title)
