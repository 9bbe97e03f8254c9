"""Bar charts of parameters and multiply-accumulates by layer."""

import plotly.graph_objects as go

from alexnet_viz.network.trace import Trace
from alexnet_viz.render.theme import BLUE, FIGURE, GRID, ORANGE, VARIANT_COLOURS
from alexnet_viz.text import Language, t


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


def compared_bars(
    traces: list[Trace], titles: list[str], key: str, language: Language = "en"
) -> go.Figure:
    """``params`` or ``macs`` of the learned layers of several networks, in millions."""
    figure = _empty(t(f"cost.{key}_millions", language))
    names = list(dict.fromkeys(row.name for each in traces for row in each.rows if row.params))
    for trace, title, colour in zip(traces, titles, VARIANT_COLOURS, strict=False):
        counts = [getattr(trace.by_name[n], key) if n in trace.by_name else None for n in names]
        figure.add_bar(
            x=names,
            y=[None if count is None else count / 1e6 for count in counts],
            customdata=counts,
            name=title,
            marker_color=colour,
            hovertemplate="%{x}: %{customdata:,}<extra>%{fullData.name}</extra>",
        )
    return figure


def _empty(axis: str) -> go.Figure:
    return go.Figure(layout=FIGURE).update_layout(
        barmode="group",
        bargap=0.25,
        height=320,
        legend={"orientation": "h", "y": 1.12, "x": 0},
        yaxis={"title": axis, "gridcolor": GRID},
    )
