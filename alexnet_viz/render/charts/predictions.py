"""What a network says, as bars: before and after something was taken away, on the same axes."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from alexnet_viz.render.theme import BLUE, CLEAR, FONT, GRID, ORANGE, VERMILION

LINE_PX = 30
"""Height of one class."""
RIGHT_MIDDLE = 0.76
"""Middle of the right panel, as a share of the width."""
ROOM = 0.3
"""Share of the axis that is left free for the numbers at the bars' ends."""


def answer_bars(
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float] | None,
    texts: Sequence[Sequence[str]],
    words: Mapping[str, str],
) -> go.Figure:
    """A bar a class, in two panels with one scale: the intact network's, and the changed one's.

    ``names`` are the classes from the top down, ``texts`` what stands at the bars' ends, one row a
    panel.  ``words`` has the panels' titles ``intact`` and ``without``, the ``axis``, and
    ``nothing``, which is written into the right panel where ``after`` is None.
    """
    figure = make_subplots(
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
                textfont={"size": 14},
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
            xref="paper",  # the right axes are not drawn while nothing is in them
            yref="paper",
            showarrow=False,
        )
    figure.update_xaxes(
        range=_range([*before, *(after or ())]), title=words["axis"], fixedrange=True
    )
    figure.update_xaxes(gridcolor=GRID, zerolinecolor="rgba(128,128,128,0.7)")
    figure.update_yaxes(
        autorange="reversed", ticksuffix="  ", tickfont={"size": 14}, fixedrange=True
    )
    figure.update_layout(height=110 + LINE_PX * len(names), bargap=0.3, showlegend=False)
    return _plain(figure)


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From 0 to the values, with room for a number at either end that bars reach."""
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        return 0.0, 1.0
    room = ROOM * (high - low)
    return (low - room if low < 0 else 0.0), (high + room if high > 0 else 0.0)


def effect_bars(
    channels: Sequence[int], drops: Sequence[float], words: Mapping[str, str]
) -> go.Figure:
    """By how much a class's logit falls without each channel, in the order given.

    ``words`` has the ``axis`` and the ``hover``, in which Plotly fills ``%{customdata}``, the
    channel, and ``%{y}``.
    """
    figure = go.Figure()
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
    figure.update_layout(
        height=260,
        bargap=0.25,
        xaxis={"type": "category", "title": words["channel"], "fixedrange": True},
        yaxis={"title": words["axis"], "gridcolor": GRID, "fixedrange": True},
    )
    return _plain(figure)


def _plain(figure: go.Figure) -> go.Figure:
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        **CLEAR,
        font={"size": 14, "family": FONT},
    )
    return figure
