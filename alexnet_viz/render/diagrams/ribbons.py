"""Two stacked bars of the same parts, each in its own order of size, and ribbons between them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from alexnet_viz.render.diagrams.graph.axes import LINE, spread
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import FAMILY_COLOURS, INK, QUIET

WIDTH, TOP, HEIGHT = 640.0, 30.0, 330.0
BARS, THICK = (226.0, 388.0), 26.0
"""Left ends of the bars, and their breadth."""


@dataclass(frozen=True)
class Part:
    """One part of both sums."""

    name: str
    values: tuple[float, float]
    family: str


def ribbons(
    parts: Sequence[Part],
    titles: tuple[str, str],
    *,
    title: str,
    lit: Collection[str] = (),
) -> str:
    """An SVG 640 units wide; each part has its number and its share of the sum beside it."""
    sheet = Sheet()
    spans = [_spans(parts, side) for side in (0, 1)]
    for part in parts:
        (a, b), (c, d) = (spans[side][part.name] for side in (0, 1))
        colour = FAMILY_COLOURS[part.family]
        left, right = BARS[0] + THICK, BARS[1]
        corners = ((left, a), (right, c), (right, d), (left, b))
        with sheet.group(title=part.name):
            sheet.polygon(corners, fill=colour, opacity=0.22, stroke=colour, width=0.6)
    for side in (0, 1):
        _bar(sheet, parts, side, spans[side], lit)
        sheet.text(BARS[side] + THICK / 2, 18, titles[side], bold=True)
    return sheet.document(WIDTH, TOP + HEIGHT + 14, title=title)


def _spans(parts: Sequence[Part], side: int) -> dict[str, tuple[float, float]]:
    """Upper and lower end of every part in one bar, the largest on top."""
    whole = sum(part.values[side] for part in parts) or 1
    spans, y = {}, TOP
    for part in sorted(parts, key=lambda each: -each.values[side]):
        end = y + HEIGHT * part.values[side] / whole
        spans[part.name] = (y, end)
        y = end
    return spans


def _bar(
    sheet: Sheet, parts: Sequence[Part], side: int, spans: dict[str, tuple[float, float]],
    lit: Collection[str],
) -> None:  # fmt: skip
    x, whole = BARS[side], sum(part.values[side] for part in parts) or 1
    order = sorted(parts, key=lambda each: -each.values[side])
    wanted = [sum(spans[part.name]) / 2 - LINE / 2 for part in order]
    tops = spread(wanted, [LINE] * len(order), TOP - 4, TOP + HEIGHT + 6)
    for part, top in zip(order, tops, strict=True):
        start, end = spans[part.name]
        colour = FAMILY_COLOURS[part.family]
        marked = part.name in lit
        edging: dict[str, Any] = {"stroke": INK if marked else colour}
        edging["width"] = 2.6 if marked else 0.8
        sheet.rectangle(x, start, THICK, end - start, fill=colour, opacity=0.75, **edging)
        edge, way, anchor = (x, -1, "end") if side == 0 else (x + THICK, 1, "start")
        sheet.line((edge, (start + end) / 2), (edge + 10 * way, top + LINE / 2), stroke=QUIET,
                   width=0.8)  # fmt: skip
        value = part.values[side]
        said = f"{value:,.0f}" if value < 1e9 else f"{value / 1e9:,.1f}·10⁹"
        words = f"{part.name}: {said} ({100 * value / whole:.1f} %)"
        sheet.text(edge + 13 * way, top + 14, words, size=14, anchor=anchor, bold=marked)
