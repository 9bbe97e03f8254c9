"""A Gantt chart of a model-parallel run: one row per GPU, one bar per layer, wait or exchange."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import plotly.graph_objects as go

from alexnet_viz.render.theme import (
    CROSSING,
    FIGURE,
    GREY,
    GRID,
    LEGEND_BELOW,
    NAMES,
    TEXT,
    TOWER_COLOURS,
)
from alexnet_viz.text import Language, t

ROW_PX = 74
LABELLED = 0.035
"""Share of the total time from which a bar shows its layer's name."""


class Bar(NamedTuple):
    """One activity of a GPU."""

    gpu: int
    layer: str
    direction: str
    """The direction in words: forward, backward …"""
    back: bool
    """Whether it belongs to the backward pass, which is drawn paler."""
    kind: Literal["compute", "wait", "exchange"]
    start: float
    """Milliseconds since the start of the pass."""
    milliseconds: float


def gantt(bars: Sequence[Bar], gpus: int, language: Language = "en") -> go.Figure:
    """The chart, time in milliseconds from left to right, GPU 0 in the top row."""
    figure = go.Figure(layout=FIGURE)
    end = max((bar.start + bar.milliseconds for bar in bars), default=1.0)
    for gpu in range(gpus):
        own = [bar for bar in bars if bar.gpu == gpu and bar.kind == "compute"]
        colour = TOWER_COLOURS[gpu % len(TOWER_COLOURS)]
        _add(figure, own, t("run.computes", language, n=gpu), colour, end, labelled=True)
    for kind, colour in (("wait", GREY), ("exchange", CROSSING)):
        some = [bar for bar in bars if bar.kind == kind]
        if some:
            _add(figure, some, t(f"run.kind_{kind}", language), colour, end)
    figure.update_xaxes(
        title=t("run.axis", language), range=[0, end], gridcolor=GRID, tickfont=TEXT, zeroline=False
    )
    order = [f"GPU {gpu}" for gpu in range(gpus)]
    figure.update_yaxes(NAMES, categoryorder="array", categoryarray=order, tickfont_size=15)
    return figure.update_layout(
        barmode="overlay",
        bargap=0.3,
        height=130 + ROW_PX * gpus,
        legend={**LEGEND_BELOW, "font": TEXT, "itemclick": False, "itemdoubleclick": False},
        dragmode="zoom",
    )


def _add(
    figure: go.Figure,
    bars: Sequence[Bar],
    name: str,
    colour: str,
    end: float,
    *,
    labelled: bool = False,
) -> None:
    figure.add_bar(
        orientation="h",
        y=[f"GPU {bar.gpu}" for bar in bars],
        base=[bar.start for bar in bars],
        x=[bar.milliseconds for bar in bars],
        name=name,
        marker={
            "color": colour,
            "opacity": [0.62 if bar.back else 1.0 for bar in bars],
            "line": {"width": 0.6, "color": "rgba(255,255,255,0.75)"},
        },
        text=[bar.layer if labelled and bar.milliseconds > LABELLED * end else "" for bar in bars],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"color": "white", "size": 13},
        textangle=0,
        constraintext="none",
        customdata=[(bar.layer, bar.direction, bar.start) for bar in bars],
        hovertemplate=(
            "%{customdata[0]}, %{customdata[1]}: %{x:.2f} ms"
            "<br>%{customdata[2]:.2f} → +%{x:.2f} ms<extra>%{fullData.name}</extra>"
        ),
    )
