"""The difference between two networks' activations of one picture, layer by layer."""

from collections.abc import Sequence

import plotly.graph_objects as go

from alexnet_viz.render.theme import BLUE, FIGURE, GRID, TEXT, VERMILION
from alexnet_viz.text import Language, t


def difference_curve(
    layers: Sequence[str],
    relative: Sequence[float | None],
    selected: str,
    language: Language = "en",
) -> go.Figure:
    """The relative difference of every layer in percent; a gap where shapes differ."""
    percent = [None if share is None else 100 * share for share in relative]
    figure = go.Figure(layout=FIGURE)
    figure.add_scatter(
        x=list(layers),
        y=percent,
        mode="lines+markers",
        line={"color": BLUE, "width": 2},
        marker={
            "size": [12 if name == selected else 7 for name in layers],
            "color": [VERMILION if name == selected else BLUE for name in layers],
        },
        hovertemplate="%{x}: %{y:.3g} %<extra></extra>",
        showlegend=False,
    )
    top = max((share for share in percent if share is not None), default=0.0)
    figure.update_yaxes(
        title=t("apart.axis", language),
        range=[-0.03 * (top or 1), 1.12 * (top or 1)],
        gridcolor=GRID,
        fixedrange=True,
        tickfont=TEXT,
    )
    figure.update_xaxes(
        fixedrange=True, tickfont={"size": 13}, tickangle=-45, tickmode="linear", type="category"
    )
    return figure.update_layout(height=290)
