"""When each GPU did what: a row a GPU, a bar a layer, gaps and waits in sight."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import plotly.graph_objects as go

from alexnet_viz.render.theme import CLEAR, CROSSING, FONT, GREY, GRID, TOWER_COLOURS
from alexnet_viz.text import Language, t

TEXT = {"size": 14}
ROW_PX = 74
LABELLED = 0.035
"""Share of the whole time above which a bar has room for its layer's name."""


class Bar(NamedTuple):
    """Something a GPU did."""

    gpu: int
    layer: str
    direction: str
    """In words: forward, backward …"""
    back: bool
    """Whether it belongs to the way back, which is drawn paler."""
    kind: Literal["compute", "wait", "exchange"]
    start: float
    """Milliseconds since the pass began."""
    milliseconds: float


def gantt(bars: Sequence[Bar], gpus: int, language: Language = "en") -> go.Figure:
    """Time from left to right; GPU 0 is the top row."""
    figure = go.Figure()
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
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[f"GPU {gpu}" for gpu in range(gpus)],
        autorange="reversed",
        ticksuffix="  ",
        tickfont={"size": 15},
        fixedrange=True,
    )
    figure.update_layout(
        barmode="overlay",
        bargap=0.3,
        height=130 + ROW_PX * gpus,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0,
                "font": TEXT, "itemclick": False, "itemdoubleclick": False},
        **CLEAR,
        font={"family": FONT, "size": 14},
        dragmode="zoom",
    )  # fmt: skip
    return figure


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
