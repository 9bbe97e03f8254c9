"""Bar charts of predictions, before and after an ablation, and of the effects of channels."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from alexnet_viz.render.theme import BLUE, FIGURE, GRID, NAMES, ORANGE, TEXT, VERMILION

LINE_PX = 30
"""Height of a class's bar in pixels."""
RIGHT_MIDDLE = 0.76
"""Centre of the right panel, as a share of the width."""
ROOM = 0.3
"""Share of the axis that is left for the numbers at the ends of the bars."""


def answer_bars(
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float] | None,
    texts: Sequence[Sequence[str]],
    words: Mapping[str, str],
) -> go.Figure:
    """One bar per class in two panels with the same axis: the intact network and the changed one.

    ``names`` are the classes from the top down, ``texts`` the labels at the ends of the bars, one
    sequence per panel.  ``words`` has the panels' titles ``intact`` and ``without``, the ``axis``,
    and ``nothing``, which is written into the right panel if ``after`` is None.
    """
    figure = go.Figure(layout=FIGURE).set_subplots(
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=(words["intact"], words["without"]),
    )
    for panel, (values, colour) in enumerate(((before, BLUE), (after, ORANGE)), 1):
        if values is not None:
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
    if after is None:
        figure.add_annotation(
            text=words["nothing"],
            x=RIGHT_MIDDLE,
            y=0.5,
            xref="paper",  # the right axes are not drawn while they are empty
            yref="paper",
            showarrow=False,
        )
    figure.update_xaxes(
        range=_range([*before, *(after or ())]), title=words["axis"], fixedrange=True
    )
    figure.update_xaxes(gridcolor=GRID, zerolinecolor="rgba(128,128,128,0.7)")
    figure.update_yaxes(NAMES)
    return figure.update_layout(
        height=110 + LINE_PX * len(names), bargap=0.3, showlegend=False, margin_t=30
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
