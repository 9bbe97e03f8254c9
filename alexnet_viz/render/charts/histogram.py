"""Histogram of the values of a layer.

Counts are on a logarithmic axis: after a ReLU most values are 0, and the few large ones, which the
next layer depends on, would be too small to see.  Zeros have a bar of their own.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from alexnet_viz.render.charts.bin_counts import Binned
from alexnet_viz.render.charts.colour_limits import Limits
from alexnet_viz.render.theme import BLUE, FIGURE, GREY, VERMILION


def histogram(
    found: Binned, limits: Limits, names: tuple[str, str], words: Mapping[str, str]
) -> go.Figure:
    """Histogram of a layer's values and, in front, of one channel's, with the colour limits.

    ``names`` are the legend's for layer and channel; ``words`` has ``zero`` (the bar of zeros),
    ``value`` and ``count`` (the axes), ``limit``, and ``hover`` and ``hover_zero``, in which
    Plotly replaces ``%{customdata[0]}``, ``%{customdata[1]}`` (the bin) and ``%{y}``.
    """
    bins = found.bins
    bars = []
    for (counts, zeros), name, colour in zip(found.counts, names, (GREY, BLUE), strict=True):
        look = {"type": "bar", "name": name, "marker": {"color": colour}, "legendgroup": name}
        bars += [
            look | {"x": (bins[:-1] + bins[1:]) / 2, "y": counts, "width": np.diff(bins),
                    "customdata": np.stack([bins[:-1], bins[1:]], axis=1).astype(np.float32),
                    "hovertemplate": words["hover"]},
            look | {"x": [words["zero"]], "y": [zeros], "xaxis": "x2", "showlegend": False,
                    "hovertemplate": words["hover_zero"]},
        ]  # fmt: skip
    return go.Figure(
        {
            "data": bars,
            "layout": FIGURE
            | {
                "barmode": "overlay",
                "bargap": 0,
                "height": 330,
                "margin": FIGURE["margin"] | {"t": 30},
                "xaxis": {"domain": [0.1, 1], "title": {"text": words["value"]}},
                "xaxis2": {"domain": [0, 0.06], "anchor": "y", "type": "category"},
                "yaxis": {
                    "type": "log",
                    "title": {"text": words["count"]},
                    "anchor": "x2",
                    "dtick": 1,
                    "exponentformat": "power",
                    "range": [-0.3, np.log10(max(found.size, 2)) + 0.1],
                },
                "legend": {"orientation": "h", "y": 1.12, "x": 1, "xanchor": "right"},
                "shapes": [_line(limit) for limit in limits],
                "annotations": [
                    _label(f"{words['limit']} {limit:.4g}", limit, upper)
                    for upper, limit in enumerate(limits)
                ],
            },
        }
    )


def _line(limit: float) -> dict[str, Any]:
    """A vertical line at a limit of the colour scale."""
    line = {"color": VERMILION, "width": 1.5, "dash": "dash"}
    place = {"x0": limit, "x1": limit, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "line", "line": line, **place}


def _label(text: str, limit: float, upper: int) -> dict[str, Any]:
    """The label of a limit, inside the scale; the upper one is a line lower, if both are near."""
    return {
        "text": text,
        "x": limit,
        "y": 1,
        "yref": "paper",
        "yshift": -14 * upper,
        "xanchor": "right" if upper else "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"color": VERMILION, "size": 12},
    }
