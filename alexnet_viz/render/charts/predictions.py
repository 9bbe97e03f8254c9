"""Bar charts of predictions, before and after an ablation, and of the effects of channels."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from alexnet_viz.render.theme import BLUE, FIGURE, GRID, NAMES, ORANGE, TEXT, VERMILION

LINE_PX = 30
"""Height of a class's bar in pixels."""
AXIS_PX, TITLE_PX = 80, 24
"""Height of the axis below the bars, margins included, and of the panels' titles, in pixels."""
ROOM = 0.3
"""Share of the axis that is left for the numbers at the ends of the bars."""


def answer_bars(
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float] | None,
    texts: Sequence[Sequence[str]],
    words: Mapping[str, str],
    ticks: Sequence[float] | None = None,
) -> go.Figure:
    """One bar per class: of the intact network, and beside it of the changed one, if there is one.

    ``names`` are the classes from the top down, ``texts`` the labels at the ends of the bars, one
    sequence per panel.  Two panels have the same axis and the titles ``intact`` and ``without`` of
    ``words``, which also has the ``axis``; ``ticks`` are the numbers on it, if they are known.
    """
    panels = [(before, BLUE)] if after is None else [(before, BLUE), (after, ORANGE)]
    titles = (words["intact"], words["without"]) if after is not None else None
    figure = go.Figure(layout=FIGURE).set_subplots(
        cols=len(panels), shared_yaxes=True, horizontal_spacing=0.04, subplot_titles=titles
    )
    for panel, (values, colour) in enumerate(panels, 1):
        figure.add_bar(
            x=list(values),
            y=list(names),
            text=list(texts[panel - 1]),
            orientation="h",
            marker_color=colour,
            textposition="outside",
            textfont=TEXT,
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
            row=1,
            col=panel,
        )
    figure.update_xaxes(
        range=_range([*before, *(after or ())]),
        title=words["axis"],
        fixedrange=True,
        tickvals=ticks,
    )
    figure.update_xaxes(gridcolor=GRID, zerolinecolor="rgba(128,128,128,0.7)")
    figure.update_yaxes(NAMES)
    return figure.update_layout(
        height=AXIS_PX + LINE_PX * len(names) + (TITLE_PX if titles else 0),
        bargap=0.3,
        showlegend=False,
        margin_t=10 + (TITLE_PX if titles else 0),
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    """The axis from 0 to the values, with room for a number at each end that a bar reaches."""
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        return 0.0, 1.0
    room = ROOM * (high - low)
    return (low - room if low < 0 else 0.0), (high + room if high > 0 else 0.0)


def effect_bars(
    channels: Sequence[int], drops: Sequence[float], words: Mapping[str, str]
) -> go.Figure:
    """How much a class's logit drops without each channel, in the given order.

    ``words`` has the axes ``channel`` and ``axis``, and ``hover``, in which Plotly replaces
    ``%{customdata}``, the channel, and ``%{y}``.
    """
    figure = go.Figure(layout=FIGURE)
    figure.add_bar(
        x=[str(channel) for channel in channels],
        y=list(drops),
        customdata=list(channels),
        marker_color=[BLUE if drop >= 0 else VERMILION for drop in drops],
        hovertemplate=words["hover"],
        # a click chooses a bar: the others keep their colour
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    return figure.update_layout(
        height=260,
        bargap=0.25,
        margin_t=30,
        xaxis={"type": "category", "title": words["channel"], "fixedrange": True},
        yaxis={"title": words["axis"], "gridcolor": GRID, "fixedrange": True},
    )
