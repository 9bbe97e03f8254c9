"""Bar charts of parameters and multiply-accumulates by layer."""

from typing import Any

import plotly.graph_objects as go

from alexnet_viz.network.trace import Trace
from alexnet_viz.render.theme import (
    BLUE,
    FIGURE,
    GRID,
    ORANGE,
    TEXT,
    VARIANT_COLOURS,
    VARIANT_HATCHES,
)
from alexnet_viz.text import Language, t

PANELS, LEGEND_LINE = 360, 21
"""Height of the two panels of a comparison, and of a network's line in its legend, in pixels."""


def cost_bars(trace: Trace, language: Language = "en") -> go.Figure:
    """Each learned layer's share of all parameters and of all MACs, in percent."""
    rows = [row for row in trace.rows if row.params]
    figure = _empty(t("cost.share", language))
    for key, colour, whole in (("params", BLUE, trace.params), ("macs", ORANGE, trace.macs)):
        counts = [getattr(row, key) for row in rows]
        figure.add_bar(
            x=[row.name for row in rows],
            y=[100 * count / whole if whole else 0 for count in counts],
            customdata=counts,
            name=t(f"cost.{key}", language),
            marker_color=colour,
            texttemplate="%{y:.1f}",
            textposition="outside",
            hovertemplate="%{x}: %{customdata:,} (%{y:.2f} %)<extra>%{fullData.name}</extra>",
        )
    return figure


def compared_bars(traces: list[Trace], titles: list[str], language: Language = "en") -> go.Figure:
    """Parameters, above, and MACs of the learned layers of several networks, in millions.

    The legend has a line of its own for each network, above the bars.
    """
    figure = go.Figure(layout=FIGURE)
    names = list(dict.fromkeys(row.name for each in traces for row in each.rows if row.params))
    for place, (trace, title) in enumerate(zip(traces, titles, strict=True)):
        colour = VARIANT_COLOURS[place % len(VARIANT_COLOURS)]
        hatch = VARIANT_HATCHES[place % len(VARIANT_HATCHES)]
        for key, axis in (("params", "y2"), ("macs", "y")):
            counts = [getattr(trace.by_name[n], key) if n in trace.by_name else None for n in names]
            figure.add_bar(
                x=names,
                y=[None if count is None else count / 1e6 for count in counts],
                yaxis=axis,
                customdata=counts,
                name=title,
                legendgroup=title,
                showlegend=key == "params",
                marker={
                    "color": colour,
                    "pattern": {"shape": hatch, "solidity": 0.4},
                },
                hovertemplate="%{x}: %{customdata:,}<extra>%{fullData.name}</extra>",
            )
    above = LEGEND_LINE * len(traces) + 8
    shared: dict[str, Any] = {"gridcolor": GRID, "fixedrange": True, "tickfont": TEXT}
    return figure.update_layout(
        barmode="group",
        bargap=0.25,
        height=PANELS + above,
        margin_t=above,
        legend={"yref": "container", "y": 1, "yanchor": "top", "x": 0, "font": TEXT,
                "traceorder": "normal"},
        xaxis={"tickfont": TEXT, "fixedrange": True, "anchor": "y"},
        yaxis={"title": t("cost.macs_millions", language), "domain": [0, 0.46], **shared},
        yaxis2={"title": t("cost.params_millions", language), "domain": [0.54, 1], **shared},
    )  # fmt: skip


def _empty(axis: str) -> go.Figure:
    return go.Figure(layout=FIGURE).update_layout(
        barmode="group",
        bargap=0.25,
        height=320,
        legend={"orientation": "h", "y": 1.12, "x": 0},
        yaxis={"title": axis, "gridcolor": GRID},
    )
