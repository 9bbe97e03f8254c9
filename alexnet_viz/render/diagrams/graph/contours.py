"""Levels of a function of two variables as bands, with a path over them."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from alexnet_viz.render.diagrams.graph.axes import (
    LINE,
    SERIES,
    SIZE,
    WIDTH,
    Scale,
    axis_room,
    grid_lines,
    number_text,
    wrapped,
    write,
)
from alexnet_viz.render.diagrams.svg import Point, Sheet, text_width
from alexnet_viz.render.theme import GREY, GROUND, INK

Corner = tuple[float, float, float]
"""x, y and the value there."""
HEIGHT = 360.0
DARKEST = 0.75
"""Opacity of the lowest band."""


def contour(
    values: Sequence[Sequence[float]],
    paths: Sequence[tuple[str, Sequence[Point]]] = (),
    *,
    title: str,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    x_label: str = "",
    y_label: str = "",
    levels: int | Sequence[float] = 8,
    goal: tuple[float, float, str] | None = None,
) -> str:
    """An SVG of ``values`` at the corners of a grid and of paths (name, points) over it.

    Row 0 is at the lower limit of ``y_range``, column 0 at that of ``x_range``.  Lower is darker.
    A path begins in a ring and ends in a square, with arrows between; ``goal`` is a point (x, y,
    words).  ``levels`` are values, or how many quantiles of ``values`` to take.  A corner that is
    NaN leaves its cells empty.
    """
    sheet = Sheet()
    low_y, high_y = y_range
    left = max(axis_room(Scale(low_y, high_y, 1, 0)), 24)
    right = WIDTH - 16
    head = wrapped(y_label, WIDTH - 20) if y_label else []
    write(sheet, 4, 18, head, anchor="start", quiet=True)
    y = 8 + LINE * len(head)
    names = [(name, n) for n, (name, _) in enumerate(paths) if name]
    x = left
    for name, n in names:
        text = wrapped(name, WIDTH - left - 50)
        wide = max(text_width(line, SIZE) for line in text) + 46
        if x > left and x + wide > WIDTH:
            x, y = left, y + LINE
        sheet.polyline([(x, y + 9), (x + 20, y + 9)], stroke=_colour(n), width=3,
                       dash=_DASHES[n % len(_DASHES)])  # fmt: skip
        write(sheet, x + 26, y + 14, text, anchor="start")
        x += wide
        y += LINE * (len(text) - 1)
    y += LINE if names else 0
    top = y + 8
    bottom = top + HEIGHT
    across = Scale(x_range[0], x_range[1], left, right)
    down = Scale(low_y, high_y, bottom, top)
    steps = _levels(values, levels)
    finest = [v for row in values for v in row if math.isfinite(v)]
    if finest:
        grid = _corners(values, across, down)
        for n, level in enumerate([math.inf, *reversed(steps)]):
            with sheet.group(title="" if n == 0 else f"< {number_text(level, 3)}", kind="level"):
                share = 0.1 if n == 0 else DARKEST / (len(steps) + 1)
                sheet.region(
                    below(grid, level), fill=SERIES[0], opacity=share, stroke=GREY if n else ""
                )
    grid_lines(sheet, across, down)
    for n, (name, points) in enumerate(paths):
        _path(sheet, n, name, points, across, down)
    if goal:
        gx, gy = across(goal[0]), down(goal[1])
        if left <= gx <= right and top <= gy <= bottom:
            with sheet.group(title=f"{goal[2]}: {number_text(goal[0])}; {number_text(goal[1])}",
                             kind="goal"):  # fmt: skip
                sheet.polygon(_star(gx, gy), fill=INK)
                _beside(sheet, gx, gy, goal[2], across, down)
    foot = wrapped(x_label, right - left) if x_label else []
    write(sheet, (left + right) / 2, bottom + 40, foot, quiet=True)
    return sheet.document(WIDTH, bottom + 28 + LINE * len(foot), title=title)


_DASHES = ("", "8 3", "2 4")


def _colour(n: int) -> str:
    return (INK, SERIES[1], SERIES[2])[n % 3]


def _levels(values: Sequence[Sequence[float]], levels: int | Sequence[float]) -> list[float]:
    if not isinstance(levels, int):
        return sorted(levels)
    good = sorted(v for row in values for v in row if math.isfinite(v))
    if not good:
        return []
    wanted = [good[min(len(good) - 1, len(good) * n // (levels + 1))] for n in range(1, levels + 1)]
    return sorted(set(wanted))


def _corners(values: Sequence[Sequence[float]], across: Scale, down: Scale) -> list[list[Corner]]:
    rows = len(values) - 1 or 1
    grid = []
    for r, row in enumerate(values):
        y = down(down.low + (down.high - down.low) * r / rows)
        columns = len(row) - 1 or 1
        grid.append([
            (across(across.low + (across.high - across.low) * c / columns), y, value)
            for c, value in enumerate(row)
        ])  # fmt: skip
    return grid


def below(grid: Sequence[Sequence[Corner]], level: float) -> list[list[Point]]:
    """The rings around the area whose value is below ``level``, linear between the corners.

    Each cell is cut into two triangles (a variant of marching squares without its saddle cases);
    edges that two pieces share cancel, and what is left is the area's boundary.
    """
    edges: dict[Point, list[Point]] = {}
    for piece in _pieces(grid, level):
        for start, end in zip(piece, (*piece[1:], piece[0]), strict=True):
            if start == end:
                continue
            if start in edges.get(end, ()):
                edges[end].remove(start)
            else:
                edges.setdefault(start, []).append(end)
    rings = []
    while edges:
        start, ends = next(iter(edges.items()))
        if not ends:
            del edges[start]
            continue
        ring = [start]
        while edges.get(ring[-1]):
            ring.append(edges[ring[-1]].pop())
        rings.append(_without_straight(ring[:-1]))
    return [ring for ring in rings if len(ring) > 2]


def _without_straight(ring: list[Point]) -> list[Point]:
    """The ring without points in the middle of a horizontal or vertical side."""
    kept = []
    for n, (x, y) in enumerate(ring):
        (a, b), (c, d) = ring[n - 1], ring[(n + 1) % len(ring)]
        if not (a == x == c or b == y == d):
            kept.append((x, y))
    return kept


def _pieces(grid: Sequence[Sequence[Corner]], level: float) -> Iterator[list[Point]]:
    """The parts of the cells that lie below the level, all in one direction of turn."""
    for upper, lower in pairwise(grid):
        for c in range(min(len(upper), len(lower)) - 1):
            cell = (upper[c], upper[c + 1], lower[c + 1], lower[c])
            if not all(math.isfinite(corner[2]) for corner in cell):
                continue
            if all(corner[2] < level for corner in cell):
                yield [_rounded(corner) for corner in cell]
            elif any(corner[2] < level for corner in cell):
                for triangle in (cell[:3], (cell[0], *cell[2:])):
                    piece = _cut(triangle, level)
                    if piece:
                        yield piece


def _cut(triangle: Sequence[Corner], level: float) -> list[Point]:
    piece: list[Point] = []
    for a, b in zip(triangle, (*triangle[1:], triangle[0]), strict=True):
        if a[2] < level:
            piece.append(_rounded(a))
        if (a[2] < level) != (b[2] < level):
            first, last = sorted((a, b))
            t = (level - first[2]) / (last[2] - first[2])
            piece.append(_rounded([u + t * (v - u) for u, v in zip(first, last, strict=True)]))
    return piece


def _rounded(corner: Sequence[float]) -> Point:
    return round(corner[0], 1), round(corner[1], 1)


def _path(
    sheet: Sheet, n: int, name: str, points: Sequence[Point], across: Scale, down: Scale
) -> None:
    places = [(across(x), down(y)) for x, y in points]
    kept: list[tuple[int, Point]] = []
    for step, (x, y) in enumerate(places):
        inside = across.start <= x <= across.end and down.end <= y <= down.start
        if not inside:
            break
        kept.append((step, (x, y)))
    if not kept:
        return
    colour = _colour(n)
    with sheet.group(title=name, kind="path"):
        for (_, a), (_, b) in pairwise(kept):
            if colour == INK:
                sheet.line(a, b, width=2.2)
            else:
                sheet.line(a, b, stroke=colour, width=2.2, dash=_DASHES[n % 3])
            length = math.dist(a, b)
            if length > 22:
                _head(sheet, a, b, colour)
        for place, (step, (x, y)) in enumerate(kept):
            at = points[step]
            where = f"{name} {step}: {number_text(at[0])}; {number_text(at[1])}".strip()
            with sheet.group(title=where, kind="step"):
                if place == 0:
                    sheet.circle(x, y, 6, fill=GROUND, stroke=GREY, width=2.4)
                elif place == len(kept) - 1:
                    sheet.rectangle(x - 5, y - 5, 10, 10, fill=colour)
                else:
                    sheet.circle(x, y, 2.6, fill=colour)


def _head(sheet: Sheet, a: Point, b: Point, colour: str) -> None:
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    corners = [(x + 6 * math.cos(angle), y + 6 * math.sin(angle))]
    corners += [
        (x + 6 * math.cos(angle + turn), y + 6 * math.sin(angle + turn)) for turn in (2.5, -2.5)
    ]
    sheet.polygon(corners, fill=colour)


def _star(x: float, y: float) -> list[Point]:
    return [
        (
            x + (8 if n % 2 == 0 else 3.4) * math.sin(n * math.pi / 5),
            y - (8 if n % 2 == 0 else 3.4) * math.cos(n * math.pi / 5),
        )
        for n in range(10)
    ]


def _beside(sheet: Sheet, x: float, y: float, words: str, across: Scale, down: Scale) -> None:
    """Write words at the side of a place where they have more room."""
    if not words:
        return
    before, after = x - 14 - across.start, across.end - x - 14
    left = text_width(words, SIZE) > after and before > after
    lines = wrapped(words, max(before if left else after, 60))
    first = y + 5 - LINE * (len(lines) - 1) / 2
    first = max(min(first, down.start - 6 - LINE * (len(lines) - 1)), down.end + 16)
    write(sheet, x - 12 if left else x + 12, first, lines, bold=True,
          anchor="end" if left else "start")  # fmt: skip
