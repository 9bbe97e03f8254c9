"""Curves over two axes, each with its name at its end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from alexnet_viz.render.diagrams.graph.axes import (
    DASHES,
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    Scale,
    axis_room,
    grid_lines,
    number_text,
    scale_of,
    spread,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Point, Sheet, text_width
from alexnet_viz.render.theme import GREY, GROUND, QUIET

Series = tuple[str, Sequence[Point]]
HEIGHT = 280.0
"""Of the plot, without its labels."""
NAMES = 170.0
"""Most units that the names at the right take."""
FEW = 24
"""A curve of at most as many points shows each as a dot."""


@dataclass(frozen=True)
class Mark:
    """A dashed line across the plot at ``at`` of the axis "x" or "y", with its words."""

    axis: str
    at: float
    words: str


@dataclass(frozen=True)
class Band:
    """A shaded band from ``low`` to ``high`` of the axis "x" or "y", with its words."""

    axis: str
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Spot:
    """A point that is pointed out, with its words."""

    x: float
    y: float
    words: str


def curves(
    series: Sequence[Series],
    *,
    title: str,
    x_label: str = "",
    y_label: str = "",
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    log_x: bool = False,
    log_y: bool = False,
    marks: Sequence[Mark] = (),
    bands: Sequence[Band] = (),
    points: Sequence[Spot] = (),
    steps: bool = False,
) -> str:
    """An SVG of curves through points (x, y); NaN, and what a log scale lacks, is a gap.

    Without ``x_range`` and ``y_range`` everything has room.  With ``steps`` a value holds until the
    next point, as a learning rate does.
    """
    across_plot: list[Mark | Band] = [*marks, *bands]
    level = [one for one in across_plot if one.axis == "y"]
    xs = [x for _, line in series for x, _ in line] + [spot.x for spot in points]
    ys = [y for _, line in series for _, y in line] + [spot.y for spot in points]
    xs += [mark.at for mark in marks if mark.axis == "x"]
    ys += [mark.at for mark in marks if mark.axis == "y"]
    names = [name for name, _ in series] + [one.words for one in level]
    names += [spot.words for spot in points]
    width = min(NAMES, max((text_width(name, SIZE) for name in names), default=0) + 2)
    right = WIDTH - (width + 40 if any(names) else 14)
    y_scale = scale_of(ys, 1, 0, limits=y_range, log=log_y)
    left = max(axis_room(y_scale), 24)
    across = scale_of(xs, left, right, limits=x_range, log=log_x)

    head = wrapped(y_label, WIDTH - 20) if y_label else []
    heads, rows = tags(across, marks, bands)
    top = 12 + LINE * (len(head) + rows) + 6
    lines = [wrapped(name, width) for name in names]
    height = max(HEIGHT, LINE * sum(map(len, lines)))
    bottom = top + height
    down = Scale(y_scale.low, y_scale.high, bottom, top, log_y)

    sheet = Sheet()
    write(sheet, 4, 18, head, anchor="start", quiet=True)
    for band in bands:
        _band(sheet, band, across, down)
    grid_lines(sheet, across, down)
    wanted: list[float] = []
    ends: list[Point | None] = []
    for n, (name, line) in enumerate(series):
        end = _curve(sheet, n, name, line, across, down, steps)
        ends.append(end)
    for mark in marks:
        draw_mark(sheet, mark, across, down)
    for one in level:
        y = down(one.at if isinstance(one, Mark) else (one.low + one.high) / 2)
        ends.append((right, min(max(y, top), bottom)) if math.isfinite(y) else None)
    for words, x, row in heads:
        sheet.text(x, 18 + LINE * (len(head) + row), words, size=SIZE)
    for spot in points:
        x, y = across(spot.x), down(spot.y)
        seen = math.isfinite(x) and math.isfinite(y) and _inside(x, y, across, down)
        ends.append((x, y) if seen else None)
        if seen:
            where = f"{spot.words}: {number_text(spot.x)}; {number_text(spot.y)}"
            with sheet.group(title=where, kind="spot"):
                sheet.circle(x, y, 6, fill=GROUND, stroke=QUIET, width=2)
                sheet.circle(x, y, 2.5, fill=SERIES[0])
    for end, text in zip(ends, lines, strict=True):
        wanted.append((end[1] if end else bottom) - LINE * len(text) / 2)
    tops = spread(wanted, [LINE * len(text) for text in lines], top - 4, bottom + 4)
    for n, (text, end, y) in enumerate(zip(lines, ends, tops, strict=True)):
        if not any(text):
            continue
        middle = y + LINE * len(text) / 2
        if end:
            sheet.polyline([end, (right + 8, middle)], stroke=GREY, width=0.8, dash="1 3")
        if n < len(series):
            sheet.polyline([(right + 9, middle), (right + 30, middle)],
                           stroke=SERIES[n % 4], width=2.4, dash=DASHES[n % 4])  # fmt: skip
        write(sheet, right + 35, y + 14, text, anchor="start", bold=n < len(series))
    foot = wrapped(x_label, right - left) if x_label else []
    write(sheet, (left + right) / 2, bottom + 40, foot, quiet=True)
    return sheet.document(WIDTH, bottom + 28 + LINE * len(foot), title=title)


def _inside(x: float, y: float, across: Scale, down: Scale) -> bool:
    return across.start - 0.1 <= x <= across.end + 0.1 and down.end - 0.1 <= y <= down.start + 0.1


def tags(
    across: Scale, marks: Sequence[Mark], bands: Sequence[Band]
) -> tuple[list[tuple[str, float, int]], int]:
    """Words over the plot as (line, x, row), and the number of rows."""
    items = [(one.at, one.words) for one in marks if one.axis == "x"]
    items += [((one.low + one.high) / 2, one.words) for one in bands if one.axis == "x"]
    placed: list[tuple[str, float, int]] = []
    taken: list[tuple[float, float, int]] = []
    for at, words in sorted((item for item in items if item[1]), key=lambda item: item[0]):
        x = across(at)
        if not math.isfinite(x):
            continue
        text = wrapped(words, 240)
        half = max(text_width(line, SIZE) for line in text) / 2
        x = min(max(x, half + 4), WIDTH - half - 4)
        row = 0
        while any(
            low < x + half + 6 and x - half - 6 < high and row <= used < row + len(text)
            for low, high, used in taken
        ):
            row += 1
        for n, line in enumerate(text):
            placed.append((line, x, row + n))
            taken.append((x - half, x + half, row + n))
    return placed, max((row for *_, row in placed), default=-1) + 1


def _band(sheet: Sheet, band: Band, across: Scale, down: Scale) -> None:
    scale = across if band.axis == "x" else down
    limits = sorted((scale.start, scale.end))
    a, b = (min(max(scale(v), limits[0]), limits[1]) for v in (band.low, band.high))
    if not (math.isfinite(a) and math.isfinite(b)):
        return
    words = f"{band.words}: {number_text(band.low)} – {number_text(band.high)}"
    a, b = sorted((a, b))
    with sheet.group(title=words, kind="band"):
        if band.axis == "x":
            sheet.rectangle(a, down.end, b - a, down.start - down.end, fill=GREY, opacity=0.18)
        else:
            sheet.rectangle(across.start, a, across.end - across.start, b - a, fill=GREY,
                            opacity=0.18)  # fmt: skip


def draw_mark(sheet: Sheet, mark: Mark, across: Scale, down: Scale) -> None:
    """Draw a marked line; its words stand elsewhere (``tags``)."""
    place = (across if mark.axis == "x" else down)(mark.at)
    inside = (
        _inside(place, down.end, across, down)
        if mark.axis == "x"
        else _inside(across.start, place, across, down)
    )
    if not inside:
        return
    with sheet.group(title=f"{mark.words}: {number_text(mark.at)}", kind="mark"):
        if mark.axis == "x":
            sheet.line((place, down.end - 5), (place, down.start), width=1.4, dash="5 4")
        else:
            sheet.line((across.start, place), (across.end, place), width=1.4, dash="5 4")


def _curve(
    sheet: Sheet, n: int, name: str, line: Sequence[Point], across: Scale, down: Scale, steps: bool
) -> Point | None:
    """Draw one curve; returns its last visible point."""
    colour, dash = SERIES[n % 4], DASHES[n % 4]
    if steps:
        held = [one for a, b in pairwise(line) for one in (a, (b[0], a[1]))]
        drawn = [*held, *line[-1:]]
    else:
        drawn = list(line)
    pieces: list[list[Point]] = [[]]
    places = [(across(x), down(y)) for x, y in drawn]
    for a, b in pairwise(places):
        part = _clipped(a, b, across, down)
        if part is None:
            pieces.append([])
        elif pieces[-1] and pieces[-1][-1] == part[0]:
            pieces[-1].append(part[1])
        else:
            pieces.append(list(part))
    with sheet.group(title=name, kind="curve"):
        for piece in pieces:
            if piece:
                sheet.polyline(piece, stroke=colour, width=2.4, dash=dash)
    end = next((piece[-1] for piece in reversed(pieces) if piece), None)
    seen = [
        (x, y, across(x), down(y)) for x, y in line
        if math.isfinite(across(x)) and math.isfinite(down(y))
        and _inside(across(x), down(y), across, down)
    ]  # fmt: skip
    for x, y, at, height in seen:
        if len(line) <= FEW:
            words = f"{name}: {number_text(x)}; {number_text(y)}"
            with sheet.group(title=words, kind="point"):
                sheet.circle(at, height, 3.4, fill=colour)
    return end or (seen[-1][2:] if seen else None)


def _clipped(a: Point, b: Point, across: Scale, down: Scale) -> tuple[Point, Point] | None:
    """The part of a segment inside the plot (Liang and Barsky 1984), or None."""
    if not all(map(math.isfinite, (*a, *b))):
        return None
    low, high = 0.0, 1.0
    dx, dy = b[0] - a[0], b[1] - a[1]
    for step, room in (
        (-dx, a[0] - across.start), (dx, across.end - a[0]),
        (-dy, a[1] - down.end), (dy, down.start - a[1]),
    ):  # fmt: skip
        if step == 0:
            if room < -1e-9:
                return None
            continue
        t = room / step
        if step < 0:
            low = max(low, t)
        else:
            high = min(high, t)
    if low > high:
        return None
    first = a if low == 0 else (a[0] + low * dx, a[1] + low * dy)
    last = b if high == 1 else (a[0] + high * dx, a[1] + high * dy)
    return first, last
