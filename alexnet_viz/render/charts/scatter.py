"""Scatter plot of parameters and multiply-accumulates: one point for all networks of equal cost.

Both axes are logarithmic.  Labels overlap neither each other nor a point; the compared networks are
labelled first, and a label for which there is no room appears under the pointer only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

import plotly.graph_objects as go

from alexnet_viz.render.charts.label_placement import Spot, places
from alexnet_viz.render.theme import FIGURE, GREY, GRID, QUIET, TEXT, VERMILION
from alexnet_viz.text import Language, t

WIDTH, HEIGHT = 760, 380
"""Size of the plot in pixels for which labels are placed: a projector's; it may be larger."""
NEAR = ((4e7, 1e8), (2.2e8, 1.6e9))
"""Ranges that contain most networks: parameters, then MACs."""
ALL = ((1.5e6, 1.2e9), (1.8e8, 5e10))


@dataclass(frozen=True)
class Point:
    """A network, its cost, and the group that decides its colour."""

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
    """One marker per cost, in the colour of its group; dark grey where several groups share it.

    Of two groups with the same colour the second has diamonds.

    ``compared`` networks are ringed and labelled first; ``near`` limits the axes to ``NEAR``.
    """
    ranges = NEAR if near else ALL
    stacks = [stack for stack in _stacks(points, compared) if _inside(stack[0], ranges)]
    spots = [
        Spot(*_pixels(stack[0], ranges), _label(stack), stack[0].id in compared) for stack in stacks
    ]
    named = dict(zip(map(id, stacks), places(spots, (WIDTH, HEIGHT)), strict=True))
    figure = go.Figure(layout=FIGURE)
    ringed = [stack[0] for stack in stacks if stack[0].id in compared]
    if ringed:
        figure.add_scatter(
            x=[point.params for point in ringed],
            y=[point.macs for point in ringed],
            mode="markers",
            name=t("scatter.compared", language),
            marker={
                "symbol": "circle-open",
                "size": 26,
                "line": {"width": 2},
                "color": VERMILION,
                "opacity": 1,
            },
            hoverinfo="skip",
        )
    shown = {group: [s for s in stacks if _group(s) == group] for group in [*colours, ""]}
    first_of = {colour: group for group, colour in reversed(list(colours.items()))}
    for group, mine in shown.items():
        if not mine:
            continue
        repeated = group in colours and first_of[colours[group]] != group
        figure.add_scatter(
            x=[stack[0].params for stack in mine],
            y=[stack[0].macs for stack in mine],
            mode="markers+text",
            name=group or t("scatter.several", language),
            text=[_label(stack) if isinstance(named[id(stack)], str) else "" for stack in mine],
            textposition=[
                where if isinstance(where := named[id(stack)], str) else "top center"
                for stack in mine
            ],
            customdata=[
                [",".join(point.id for point in stack), "<br>".join(p.title for p in stack)]
                for stack in mine
            ],
            marker={
                "color": colours.get(group, QUIET),
                "symbol": "diamond" if repeated else "circle",
                "size": [9 + 3 * min(len(stack), 5) ** 0.5 for stack in mine],
                "opacity": 1,
                "line": {"width": 0.5, "color": GREY},
            },
            hovertemplate=t("scatter.hover", language) + "<extra></extra>",
            # a click selects a point for Python; the others do not fade
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    axis = {
        "type": "log",
        "gridcolor": GRID,
        "fixedrange": True,
        "tickfont": TEXT,
        "tickangle": 0,
    }
    for name, update, (low, high) in zip(
        ("params", "macs"), (figure.update_xaxes, figure.update_yaxes), ranges, strict=True
    ):
        digits = (1, 1.5, 2, 3, 4, 5, 6, 8) if high < 10 * low else (1, 2, 5)
        ticks = [n * 10**e for e in range(6, 12) for n in digits if low <= n * 10**e <= high]
        update(**axis, title=t(f"scatter.{name}", language), range=[log10(low), log10(high)],
               tickvals=ticks, ticktext=[_short(tick) for tick in ticks])  # fmt: skip
    for stack in stacks:
        if isinstance(away := named[id(stack)], tuple):
            across, up = away
            figure.add_annotation(
                x=log10(stack[0].params),
                y=log10(stack[0].macs),
                ax=across,
                ay=-up,
                text=_label(stack),
                showarrow=True,
                arrowhead=0,
                arrowwidth=1,
                arrowcolor=QUIET,
                standoff=8,
            )
    return figure.update_layout(
        height=500,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": TEXT},
        clickmode="event+select",
        dragmode=False,
    )


def _short(tick: float) -> str:
    return f"{tick / 1e9:g} G" if tick >= 1e9 else f"{tick / 1e6:g} M"


def _stacks(points: Sequence[Point], compared: Sequence[str]) -> list[list[Point]]:
    """Networks grouped by equal cost; groups with a compared network first, then the largest."""
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


def beyond(points: Sequence[Point], *, near: bool) -> int:
    """The number of points outside the axes."""
    return sum(not _inside(point, NEAR if near else ALL) for point in points)


def _inside(point: Point, ranges: Ranges) -> bool:
    (left, right), (low, high) = ranges
    return left <= point.params <= right and low <= point.macs <= high


def _pixels(point: Point, ranges: Ranges) -> tuple[float, float]:
    (left, right), (low, high) = ranges
    return (
        WIDTH * log10(point.params / left) / log10(right / left),
        HEIGHT * log10(point.macs / low) / log10(high / low),
    )
