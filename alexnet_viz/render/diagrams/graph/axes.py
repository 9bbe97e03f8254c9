"""Scales, ticks, hatchings, numbers as text and labels kept apart, for the drawings of a lab."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.svg import Point, Sheet, text_width
from alexnet_viz.render.theme import BLUE, GREEN, GREY, PINK, VERMILION

WIDTH = 640.0
SIZE = 14.0
LINE = 18.0
"""Distance of two baselines."""
SERIES = (BLUE, VERMILION, GREEN, PINK)
DASHES = ("", "7 4", "2 4", "9 3 2 3")
"""Of the series, so that they differ in grey too."""
OPENING, CLOSING = "（《“", "，。；：、）》”！？"
"""Marks that do not end, and that do not begin, a line."""
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number_text(value: float, digits: int = 4) -> str:
    """A number as people read it; "–" where there is none.

    >>> number_text(44_892_064_800), number_text(-0.25), number_text(1.5e-7), number_text(2 / 3, 2)
    ('44,892,064,800', '−0.25', '1.5×10⁻⁷', '0.67')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and not 1e-4 <= size < 1e15:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{short}×10{str(int(power)).translate(_SUPERSCRIPT)}".removeprefix("1×")
    elif value == int(value):
        text = f"{int(value):,}"
    else:
        places = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


@dataclass(frozen=True)
class Scale:
    """From values ``low`` to ``high`` onto units ``start`` to ``end``; logarithmic if ``log``."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Where a value lies; one that has no place, as 0 on a logarithmic scale, is NaN."""
        if not self.has(value):
            return math.nan
        low, high = self._along(self.low), self._along(self.high)
        return self.start + (self._along(value) - low) / (high - low) * (self.end - self.start)

    def has(self, value: float) -> bool:
        """Whether the value is finite and, on a logarithmic scale, positive."""
        return math.isfinite(value) and (value > 0 or not self.log)

    def _along(self, value: float) -> float:
        return math.log10(value) if self.log else value

    def ticks(self, count: int = 6) -> list[float]:
        """About ``count`` round values between the limits, in order."""
        if not self.log:
            return _round_values(self.low, self.high, count)
        first, last = (
            math.ceil(self._along(self.low) - 1e-9),
            math.floor(self._along(self.high) + 1e-9),
        )
        if last <= first:
            return [v for v in _round_values(self.low, self.high, count) if v > 0]
        step = max(1, math.ceil((last - first) / count))
        return [10.0**power for power in range(first, last + 1, step)]


def scale_of(
    values: Iterable[float],
    start: float,
    end: float,
    *,
    limits: tuple[float, float] | None = None,
    log: bool = False,
    zero: bool = False,
) -> Scale:
    """A scale on which all values have room, or one from ``limits``; ``zero`` includes 0."""
    if limits:
        low, high = limits
    else:
        good = [v for v in values if math.isfinite(v) and (v > 0 or not log)]
        low, high = (min(good), max(good)) if good else (1.0, 10.0) if log else (0.0, 1.0)
        if log:
            low, high = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))
        elif zero:
            low, high = min(low, 0.0), max(high, 0.0)
    if not (math.isfinite(low) and math.isfinite(high)) or (log and low <= 0):
        low, high = (1.0, 10.0) if log else (0.0, 1.0)
    if high <= low:
        low, high = (low / 10, low * 10) if log else _around(low)
    return Scale(low, high, start, end, log)


def _around(value: float) -> tuple[float, float]:
    room = abs(value) / 2 or 1.0
    return value - room, value + room


def _round_values(low: float, high: float, count: int) -> list[float]:
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * part for part in (1, 2, 5, 10) if power * part >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [
        round(n * step, 12) if abs(n * step) < 1e6 else n * step for n in range(first, last + 1)
    ]


def wrapped(words: str, width: float, size: float = SIZE, most: int = 0) -> list[str]:
    """The words as lines no wider than ``width``, broken at spaces and between Chinese characters.

    A word that is too long is broken inside; with ``most`` the last line is cut with "…".

    >>> wrapped("local response normalisation", 110), wrapped("局部响应归一化", 60)
    (['local response', 'normalisation'], ['局部响应', '归一化'])
    """
    lines = [""]
    for piece in pieces(words):
        if text_width((lines[-1] + piece).rstrip(), size) <= width:
            lines[-1] += piece
            continue
        if lines[-1].strip():
            lines.append("")
        for letter in piece.lstrip():
            if lines[-1] and text_width((lines[-1] + letter).rstrip(), size) > width:
                lines.append("")
            lines[-1] += letter
    lines = [line.strip() for line in lines if line.strip()] or [""]
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and text_width(last + "…", size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return lines


def pieces(words: str) -> list[str]:
    """The parts of words between which a line may end, each with the space after it."""
    parts = [""]
    for letter in words:
        last = parts[-1][-1:]
        chinese = any(ord(one) >= 0x2E80 for one in (letter, last) if one)
        ends = last == " " or (chinese and last not in OPENING and letter not in CLOSING)
        if last and ends and letter != " ":
            parts.append("")
        parts[-1] += letter
    return parts


def write(
    sheet: Sheet, x: float, y: float, lines: Sequence[str], *, anchor: str = "middle",
    bold: bool = False, quiet: bool = False,
) -> None:  # fmt: skip
    """Lines of text, the first with its baseline at ``y``."""
    for row, line in enumerate(lines):
        sheet.text(x, y + LINE * row, line, size=SIZE, anchor=anchor, bold=bold, quiet=quiet)


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Tops of labels near those wanted, which do not overlap; from ``low`` to ``high`` if they fit.

    >>> spread([10, 12], [18, 18], 0, 100)
    [10, 28]
    """
    order = sorted(range(len(wanted)), key=lambda one: wanted[one])
    tops = [0.0] * len(wanted)
    free = low
    for one in order:
        tops[one] = free = max(wanted[one], free)
        free += heights[one]
    limit = high
    for one in reversed(order):
        tops[one] = min(tops[one], limit - heights[one])
        limit = tops[one]
    free = low
    for one in order:
        tops[one] = free = max(tops[one], free)
        free += heights[one]
    return tops


def hatch(
    sheet: Sheet, x: float, y: float, across: float, down: float, *, stroke: str, step: float = 6
) -> None:
    """Slanted lines over an upright rectangle."""
    segments: list[tuple[Point, Point]] = []
    along = step
    while along < across + down:
        a = (x + min(along, across), y + max(0.0, along - across))
        b = (x + max(0.0, along - down), y + min(along, down))
        segments.append((a, b))
        along += step
    sheet.strokes(segments, stroke=stroke, width=1.4)


def swatch(sheet: Sheet, x: float, y: float, colour: str, *, second: bool = False) -> None:
    """A sample of the first or the second series of bars, its upper left corner at (x, y)."""
    bar(sheet, x, y, 18, 12, colour, second=second)


def bar(
    sheet: Sheet, x: float, y: float, across: float, down: float, colour: str, *,
    second: bool = False,
) -> None:  # fmt: skip
    """A bar: filled, or of the second series hatched."""
    sheet.rectangle(x, y, across, down, fill=colour, opacity=0.12 if second else 0.85,
                    stroke=colour, width=1.2)  # fmt: skip
    if second:
        hatch(sheet, x, y, across, down, stroke=colour)


def grid_lines(
    sheet: Sheet, across: Scale, down: Scale, *, x_ticks: Sequence[float] | None = None
) -> None:
    """Fine lines and numbers of both axes; numbers that would touch are left out."""
    left, right, top, bottom = across.start, across.end, down.end, down.start
    for value in down.ticks(5):
        y = down(value)
        sheet.line((left, y), (right, y), stroke=GREY, width=0.8, opacity=0.35)
        sheet.text(left - 7, y + 5, tick_text(value, down), size=SIZE, anchor="end", quiet=True)
    free = -math.inf
    for value in across.ticks(6) if x_ticks is None else x_ticks:
        x, words = across(value), tick_text(value, across)
        sheet.line((x, top), (x, bottom), stroke=GREY, width=0.8, opacity=0.2)
        half = text_width(words, SIZE) / 2
        place = max(min(x, WIDTH - half - 1), half + 1)
        if place - half >= free:
            sheet.text(place, bottom + 19, words, size=SIZE, quiet=True)
            free = place + half + 8
    sheet.line((left, bottom), (right, bottom))


def tick_text(value: float, scale: Scale) -> str:
    """The number at a tick; powers of ten from 10⁴ on a logarithmic scale."""
    if scale.log and value > 0 and not 1e-3 <= value < 1e4:
        return f"10{str(round(math.log10(value))).translate(_SUPERSCRIPT)}"
    if value and not 1e-4 <= abs(value) < 1e6:
        return number_text(value, 3) if abs(value) < 1e15 and value != int(value) else _short(value)
    return number_text(value)


def _short(value: float) -> str:
    mantissa, _, power = f"{value:.2e}".partition("e")
    text = f"{mantissa.rstrip('0').rstrip('.')}×10{str(int(power)).translate(_SUPERSCRIPT)}"
    return text.replace("-", "−")


def axis_room(scale: Scale, count: int = 5) -> float:
    """Units that the numbers of a vertical axis take, with their distance from it."""
    return max((text_width(tick_text(v, scale), SIZE) for v in scale.ticks(count)), default=0) + 14
