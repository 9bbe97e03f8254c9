"""Memory on each GPU compared with the size of its card, and memory as a function of the batch."""

from collections.abc import Sequence

import plotly.graph_objects as go

from alexnet_viz.analysis.memory import KINDS, MIB, Memory
from alexnet_viz.render.theme import (
    FAILURE,
    FIGURE,
    GRID,
    LEGEND_BELOW,
    MEMORY_COLOURS,
    MEMORY_HATCHES,
    NAMES,
    TEXT,
    TOWER_COLOURS,
)
from alexnet_viz.text import Language, t

BAR_PX = 62
POINTS = 60
ROOM = 1.06
"""Length of the axis, relative to the longest bar or the card."""

Bar = tuple[str, Memory, int]
"""A bar's name, and the GPU of the ``Memory`` that it shows."""


def memory_bars(bars: Sequence[Bar], batch: int, card: int, language: Language = "en") -> go.Figure:
    """One stacked bar per GPU, in MiB by kind, for this batch; a line marks ``card``, in bytes."""
    names = [_with_total(name, used.bytes(gpu, batch), card) for name, used, gpu in bars]
    figure = go.Figure(layout=FIGURE)
    for kind in KINDS:
        sizes = [used.of(gpu, kind).bytes(batch) / MIB for _, used, gpu in bars]
        if any(sizes):
            figure.add_bar(
                x=sizes,
                y=names,
                orientation="h",
                name=t(f"memory.kind_{kind}", language),
                marker={
                    "color": MEMORY_COLOURS[kind],
                    "pattern": {
                        "shape": MEMORY_HATCHES.get(kind, ""),
                        "size": 6,
                        "fillmode": "overlay",
                        "fgcolor": "rgba(255,255,255,0.8)",
                    },
                    "line": {"width": 0},
                },
                hovertemplate="%{fullData.name}: %{x:,.1f} MiB<extra>%{y}</extra>",
            )
    totals = [used.bytes(gpu, batch) / MIB for _, used, gpu in bars]
    figure.update_yaxes(NAMES)
    top = ROOM * max(*totals, card / MIB)
    figure.update_xaxes(
        title="MiB", range=[0, top], gridcolor=GRID, fixedrange=True, tickformat=",d", tickfont=TEXT
    )
    figure.update_layout(
        barmode="stack",
        bargap=0.35,
        height=150 + BAR_PX * len(bars),
        legend={**LEGEND_BELOW, "traceorder": "normal", "font": TEXT},
        margin_t=34,
    )
    _mark(figure, card, language, vertical=True, end=top)
    return figure


def memory_curve(
    bars: Sequence[Bar], batch: int, card: int, language: Language = "en"
) -> go.Figure:
    """MiB by batch size, one line per GPU; marks the chosen batch and the largest that fits."""
    fits = [used.largest_batch(card) for _, used, _ in bars]
    last = max(2 * batch, *(int(1.2 * most) for most in fits), 4)
    steps = sorted({*range(0, last + 1, max(1, last // POINTS)), batch, *fits, last})
    figure = go.Figure(layout=FIGURE)
    for number, (name, used, gpu) in enumerate(bars):
        part = used.of(gpu)
        figure.add_scatter(
            x=steps,
            y=[part.bytes(step) / MIB for step in steps],
            name=name,
            mode="lines",
            line={
                "color": TOWER_COLOURS[number % len(TOWER_COLOURS)],
                "width": 2.5,
                "dash": "dash" if 0 < number == len(bars) - 1 else "solid",
            },
            hovertemplate="%{x:,} → %{y:,.0f} MiB<extra>%{fullData.name}</extra>",
        )
    for most in sorted(set(fits) - {0}):
        figure.add_scatter(
            x=[most],
            y=[card / MIB],
            mode="markers+text",
            text=[f"{most:,}"],
            textposition="top left",
            marker={"color": FAILURE, "size": 9},
            showlegend=False,
            hovertemplate=t("memory.largest_hover", language) + "<extra></extra>",
        )
    _mark(figure, card, language, vertical=False)
    figure.add_vline(x=batch, line={"dash": "dot", "width": 1.5, "color": "rgba(128,128,128,0.9)"})
    figure.update_xaxes(
        title=t("memory.batch", language),
        range=[0, last],
        gridcolor=GRID,
        fixedrange=True,
        tickfont=TEXT,
    )
    tops = [used.of(gpu).bytes(last) / MIB for _, used, gpu in bars]
    figure.update_yaxes(
        title="MiB",
        range=[0, min(max(*tops, card / MIB), 2.2 * card / MIB)],
        gridcolor=GRID,
        fixedrange=True,
        tickformat=",d",
        tickfont=TEXT,
    )
    legend = {"orientation": "h", "y": 1.14, "x": 0, "font": TEXT}
    return figure.update_layout(height=340, legend=legend, margin_t=34)


def _with_total(name: str, size: int, card: int) -> str:
    """A bar's label: its name and, below, its total, coloured if it exceeds the card."""
    total = f"{size / MIB:,.0f} MiB"
    return f"{name}<br><b>" + (
        f"<span style='color:{FAILURE}'>{total}</span></b>" if size > card else f"{total}</b>"
    )


def _mark(
    figure: go.Figure, card: int, language: Language, *, vertical: bool, end: float = 0
) -> None:
    """Draw a line at the size of the card; ``end`` is where a horizontal axis ends."""
    line = {"color": FAILURE, "width": 2}
    words = t("memory.card_line", language, card=card / MIB)
    side = "right" if 2 * card / MIB > end else "left"
    if vertical:
        figure.add_vline(
            x=card / MIB,
            line=line,
            # beside the line, on the side where there is more room
            annotation={"text": words, "y": 1, "yanchor": "bottom", "xanchor": side},
            annotation_position="top",
        )
    else:
        figure.add_hline(
            y=card / MIB, line=line, annotation={"text": words}, annotation_position="bottom right"
        )
