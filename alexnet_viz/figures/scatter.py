"""Parameters against multiply-accumulates: one point for all networks of equal cost.

Both axes are logarithmic.  Names are put where they overlap neither each other nor a point, the
networks that are compared first; whoever finds no room is named by the pointer alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

import plotly.graph_objects as go

from alexnet_viz.text import Language, t
from alexnet_viz.theme import FONT, GREY, QUIET

GRID = "rgba(128,128,128,0.25)"
WIDTH, HEIGHT = 760, 480
"""Pixels inside the axes that names are placed for: a projector's; more room does no harm."""
LETTER, LINE = 6.6, 17.0
NEAR = ((4e7, 1e8), (2.2e8, 1.6e9))
"""Most of them: parameters, then MACs."""
ALL = ((1.5e6, 1.2e9), (1.8e8, 5e10))


@dataclass(frozen=True)
class Point:
    """A network, what it costs, and what its colour says."""

    id: str
    title: str
    params: int
    macs: int
    group: str


def scatter(
    points: Sequence[Point],
    colours: Mapping[str, str],
    compared: Sequence[str] = (),
    language: Language = "en",
    *,
    near: bool = False,
) -> go.Figure:
    """A marker for each cost, in the colour of its group; grey where groups share a cost.

    ``compared`` are ringed and named first; ``near`` shows only where most of them are.
    """
    ranges = NEAR if near else ALL
    stacks = [stack for stack in _stacks(points, compared) if _inside(stack[0], ranges)]
    places = _named(stacks, ranges)
    figure = go.Figure()
    shown = {group: [s for s in stacks if _group(s) == group] for group in [*colours, ""]}
    for group, mine in shown.items():
        if not mine:
            continue
        ringed = [any(point.id in compared for point in stack) for stack in mine]
        figure.add_scatter(
            x=[stack[0].params for stack in mine],
            y=[stack[0].macs for stack in mine],
            mode="markers+text",
            name=group or t("scatter.several", language),
            text=[_label(stack) if id(stack) in places else "" for stack in mine],
            textposition=[places.get(id(stack), "top center") for stack in mine],
            customdata=[
                [",".join(point.id for point in stack), "<br>".join(p.title for p in stack)]
                for stack in mine
            ],
            marker={
                "color": colours.get(group, QUIET),
                "size": [9 + 3 * min(len(stack), 5) ** 0.5 for stack in mine],
                "line": {"width": [3 if ring else 0.5 for ring in ringed], "color": GREY},
                "symbol": ["diamond" if ring else "circle" for ring in ringed],
            },
            hovertemplate=t("scatter.hover", language) + "<extra></extra>",
            # a click tells Python; nobody else fades then
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    axis = {"type": "log", "gridcolor": GRID, "fixedrange": True, "tickfont": {"size": 14}}
    for name, update, (low, high) in zip(
        ("params", "macs"), (figure.update_xaxes, figure.update_yaxes), ranges, strict=True
    ):
        ticks = [t for t in _TICKS if low <= t <= high]
        update(**axis, title=t(f"scatter.{name}", language), range=[log10(low), log10(high)],
               tickvals=ticks, ticktext=[_short(tick) for tick in ticks])  # fmt: skip
    figure.update_layout(
        height=600,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 14, "family": FONT},
        clickmode="event+select",
        dragmode=False,
    )
    return figure


_TICKS = [n * 10**e for e in range(6, 11) for n in (1, 2, 4, 6, 8)]


def _short(tick: int) -> str:
    return f"{tick / 1e9:g} G" if tick >= 1e9 else f"{tick / 1e6:g} M"


def _stacks(points: Sequence[Point], compared: Sequence[str]) -> list[list[Point]]:
    """Networks of equal cost together; those with a compared one first, then the largest."""
    stacks: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        stacks.setdefault((point.params, point.macs), []).append(point)
    found = [sorted(stack, key=lambda point: point.id not in compared) for stack in stacks.values()]
    return sorted(found, key=lambda stack: (stack[0].id not in compared, -len(stack)))


def _group(stack: Sequence[Point]) -> str:
    groups = {point.group for point in stack}
    return groups.pop() if len(groups) == 1 else ""


def _label(stack: Sequence[Point]) -> str:
    return stack[0].title + (f" +{len(stack) - 1}" if len(stack) > 1 else "")


Ranges = tuple[tuple[float, float], tuple[float, float]]
Box = tuple[float, float, float, float]


def _inside(point: Point, ranges: Ranges) -> bool:
    (left, right), (low, high) = ranges
    return left <= point.params <= right and low <= point.macs <= high


def _named(stacks: Sequence[list[Point]], ranges: Ranges) -> dict[int, str]:
    """Where each stack's name stands, for those that have room for it."""
    middles = [_pixels(stack[0], ranges) for stack in stacks]
    taken: list[Box] = [(x - 7, y - 7, x + 7, y + 7) for x, y in middles]
    places = {}
    for stack, (x, y) in zip(stacks, middles, strict=True):
        wide = LETTER * sum(2 if ord(letter) >= 0x2E80 else 1 for letter in _label(stack))
        boxes: dict[str, Box] = {
            "middle right": (x + 9, y - LINE / 2, x + 12 + wide, y + LINE / 2),
            "middle left": (x - 12 - wide, y - LINE / 2, x - 9, y + LINE / 2),
            "top center": (x - wide / 2, y + 8, x + wide / 2, y + 8 + LINE),
            "bottom center": (x - wide / 2, y - 8 - LINE, x + wide / 2, y - 8),
        }
        for place, box in boxes.items():
            if _within(box) and not any(_overlap(box, other) for other in taken):
                places[id(stack)] = place
                taken.append(box)
                break
    return places


def _pixels(point: Point, ranges: Ranges) -> tuple[float, float]:
    (left, right), (low, high) = ranges
    return (
        WIDTH * log10(point.params / left) / log10(right / left),
        HEIGHT * log10(point.macs / low) / log10(high / low),
    )


def _within(box: Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
