"""A confusion matrix."""

import numpy as np
import plotly.graph_objects as go

from alexnet_viz.render.theme import BLUE, FIGURE


def confusion_matrix(
    counts: list[list[int]], names: list[str], *, true: str, answered: str
) -> go.Figure:
    """Drawings counted by true class (row) and predicted class (column).

    Colour is the square root of a cell's share of its row, so that one error in a hundred shows.
    """
    numbers = np.array(counts)
    share = numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1)
    figure = go.Figure(
        go.Heatmap(
            z=np.sqrt(share).astype(np.float32),
            x=names,
            y=names,
            customdata=np.stack([numbers, 100 * share], axis=-1),
            text=[[f"{n}" if n else "" for n in row] for row in counts],
            texttemplate="%{text}",
            colorscale=[[0, "rgba(128,128,128,0.06)"], [1, BLUE]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate=(
                f"{true}: %{{y}}<br>{answered}: %{{x}}<br>"
                "%{customdata[0]} (%{customdata[1]:.1f} %)<extra></extra>"
            ),
        ),
        layout=FIGURE,
    )
    figure.update_yaxes(autorange="reversed", title=true, showgrid=False)
    figure.update_xaxes(side="top", title=answered, tickangle=-40, showgrid=False)
    return figure.update_layout(height=640, font_size=13)
