"""The gain in accuracy of each idea of the paper, in 2012 and in the re-test of 2017."""

import plotly.graph_objects as go

from alexnet_viz.analysis.history import IDEAS, NOISE, RUNS, Idea, gain
from alexnet_viz.render.tables.history import signed
from alexnet_viz.render.theme import BLUE, FIGURE, GRID, LEGEND_BELOW, NAMES, TEXT, VERMILION
from alexnet_viz.text import Language, t

TICKS = [half / 2 for half in range(-4, 5)]
LINE_PX = 78
"""Height of a row in pixels."""


def gains(language: Language = "en") -> go.Figure:
    """One row per idea: its gain in top-1 accuracy (points) in 2012 and in 2017, connected.

    The band in the middle is the difference that two runs may show by chance.
    """
    names = [idea.title.of(language) for idea in IDEAS]
    figure = go.Figure(layout=FIGURE)
    for name, idea in zip(names, IDEAS, strict=True):
        if idea.retest:
            figure.add_scatter(
                x=[gain(idea), idea.retest.gain],
                y=[name, name],
                mode="lines",
                line={"color": "rgba(128,128,128,0.55)", "width": 5},
                hoverinfo="skip",
                showlegend=False,
            )
    tested = [idea for idea in IDEAS if idea.retest]
    _dots(figure, "2012", list(IDEAS), BLUE, "circle", language)
    _dots(figure, "2017", tested, VERMILION, "diamond", language)
    figure.add_vrect(
        x0=-NOISE,
        x1=NOISE,
        fillcolor="rgba(128,128,128,0.16)",
        line_width=0,
        layer="below",
        annotation={"text": t("history.noise", language), "yanchor": "bottom", "y": 1},
        annotation_position="top",
    )
    figure.add_vline(x=0, line={"color": "rgba(128,128,128,0.9)", "width": 1})
    figure.update_xaxes(
        title=t("history.axis", language),
        gridcolor=GRID,
        range=[TICKS[0] - 0.1, TICKS[-1] + 0.4],
        tickvals=TICKS,
        ticktext=[signed(value, 1) if value else "0" for value in TICKS],
        tickfont=TEXT,
        fixedrange=True,
        zeroline=False,
    )
    figure.update_yaxes(NAMES, categoryorder="array", categoryarray=names, tickfont_size=15)
    return figure.update_layout(
        height=130 + LINE_PX * len(IDEAS), legend={**LEGEND_BELOW, "font": TEXT}, margin_t=34
    )


def _dots(
    figure: go.Figure, year: str, ideas: list[Idea], colour: str, symbol: str, language: Language
) -> None:
    values = [_gain(idea, year) for idea in ideas]
    figure.add_scatter(
        x=values,
        y=[idea.title.of(language) for idea in ideas],
        mode="markers+text",
        name=t(f"history.year_{year}", language),
        marker={"color": colour, "size": 15, "symbol": symbol},
        text=[signed(value, 2 if year == "2012" else 1) for value in values],
        textfont=TEXT,
        textposition="top center" if year == "2012" else "bottom center",
        customdata=[_said(idea, year, language) for idea in ideas],
        hovertemplate="%{y}<br>%{customdata}<extra>" + year + "</extra>",
        cliponaxis=False,
    )


def _gain(idea: Idea, year: str) -> float:
    if year == "2012":
        return gain(idea)
    assert idea.retest is not None
    return idea.retest.gain


def _said(idea: Idea, year: str, language: Language) -> str:
    """The two accuracies whose difference a dot shows."""
    if year == "2017" and idea.retest:
        return t(
            "history.hover_2017",
            language,
            with_it=idea.retest.with_it,
            without=idea.retest.without,
        )
    run = RUNS[idea.without]
    base = RUNS[run.against or run.id]
    return t(
        "history.hover_2012",
        language,
        run=run.id,
        base=base.id,
        with_it=100 * base.top1,
        without=100 * run.top1,
    )
