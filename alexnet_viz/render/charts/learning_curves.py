"""Errors and gradients of networks that train side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from alexnet_viz.render.theme import FIGURE, GREY, GRID, LEGEND_BELOW, TEXT, VARIANT_COLOURS

HEIGHT, GRADIENTS_HEIGHT = 380, 310
SYMBOLS = ("circle", "square", "diamond", "x")
"""Marks of the arms' gradients, so that they differ in grey too."""
BAND = 0.16
"""Opacity of the band of seeds."""
Floats = NDArray[np.float64]
Rows = Sequence[Sequence[float | None]]
"""One row a seed; None where there is no number."""


@dataclass(frozen=True)
class ArmErrors:
    """The errors of an arm, shares from 0 to 1, one row a seed and one column a moment."""

    name: str
    train: Rows
    validation: Rows


@dataclass(frozen=True)
class CurveWords:
    """What the chart says."""

    step: str
    error: str
    train: str
    validation: str
    guessing: str
    empty: str = ""
    """Said in the middle while there is no curve."""


def learning_curves(
    moments: Sequence[int],
    arms: Sequence[ArmErrors],
    *,
    steps: int,
    guessing: float,
    words: CurveWords,
) -> go.Figure:
    """The mean errors of the arms over the seeds, training solid, validation dashed.

    A band reaches from the lowest to the highest training error of the seeds.  The axes are those
    of the whole run, so that curves grow into them.
    """
    figure = go.Figure(layout=FIGURE)
    for number, arm in enumerate(arms):
        colour = VARIANT_COLOURS[number % len(VARIANT_COLOURS)]
        train, validation = (_rows(errors) for errors in (arm.train, arm.validation))
        if len(train) > 1:
            _band(figure, moments, train, colour)
        for errors, dash, part in (
            (train, "solid", words.train),
            (validation, "dash", words.validation),
        ):
            figure.add_scatter(
                x=list(moments),
                y=_mean(errors),
                name=f"{arm.name}, {part}",
                showlegend=False,
                mode="lines+markers" if len(moments) < 3 else "lines",
                line={"color": colour, "width": 2.5, "dash": dash},
                hovertemplate="%{x}: %{y:.1%}",
            )
        _legend(figure, arm.name, colour, "solid")
    _legend(figure, words.train, GREY, "solid")
    _legend(figure, words.validation, GREY, "dash")
    figure.add_hline(
        y=guessing,
        line={"color": GREY, "width": 1, "dash": "dot"},
        annotation={"text": words.guessing, "font": TEXT},
        annotation_position="top right",
    )
    if words.empty:
        figure.add_annotation(
            text=words.empty, showarrow=False, font_size=16,
            xref="paper", yref="paper", x=0.5, y=0.5,
        )  # fmt: skip
    axis = {"gridcolor": GRID, "fixedrange": True, "zeroline": False, "tickfont": TEXT}
    figure.update_xaxes(axis, title=words.step, range=[0, steps])
    figure.update_yaxes(axis, title=words.error, range=[0, 1.04], tickformat=".0%")
    return figure.update_layout(
        height=HEIGHT, margin_r=28, legend={**LEGEND_BELOW, "font": TEXT}, hovermode="x unified"
    )


def gradient_sizes(
    layers: Sequence[str], arms: Sequence[tuple[str, Rows]], *, size: str
) -> go.Figure:
    """The gradients' norms by layer on a logarithmic axis, one line an arm.

    An arm is its name and the norms, one row a seed and one column a layer; the line is their
    geometric mean.  A gradient of 0 has no place on the axis and is a gap.
    """
    figure = go.Figure(layout=FIGURE)
    for number, (name, sizes) in enumerate(arms):
        rows = _rows(sizes)
        logs = np.log(np.where(rows > 0, rows, np.nan))
        colour = VARIANT_COLOURS[number % len(VARIANT_COLOURS)]
        figure.add_scatter(
            x=list(layers),
            y=[None if each is None else float(np.exp(each)) for each in _mean(logs)],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 9, "symbol": SYMBOLS[number % len(SYMBOLS)]},
            hovertemplate="%{x}: %{y:.2g}",
        )
    axis = {"gridcolor": GRID, "fixedrange": True, "tickfont": TEXT}
    figure.update_xaxes(axis, showgrid=False, tickangle=-40)
    figure.update_yaxes(axis, title=size, type="log", exponentformat="power", nticks=5)
    drawn = [each for trace in figure.data for each in trace.y if each]
    if drawn and max(drawn) > 10 * min(drawn):
        figure.update_yaxes(dtick=1)  # powers of ten, without the small digits between them
    return figure.update_layout(
        height=GRADIENTS_HEIGHT, legend={**LEGEND_BELOW, "font": TEXT}, showlegend=True
    )


def _rows(values: Rows) -> Floats:
    """Numbers, one row a seed, None as NaN."""
    return np.atleast_2d(np.asarray(values, dtype=np.float64))


def _mean(rows: Floats) -> list[float | None]:
    """The mean of each column without its NaN; None where all are."""
    present = np.isfinite(rows)
    count = present.sum(axis=0)
    sums = np.where(present, rows, 0.0).sum(axis=0)
    return [float(s / n) if n else None for s, n in zip(sums, count, strict=True)]


def _legend(figure: go.Figure, name: str, colour: str, dash: str) -> None:
    """Add an entry to the legend: colours are the arms, dashes the pictures."""
    line = {"color": colour, "width": 2.5, "dash": dash}
    figure.add_scatter(x=[None], y=[None], mode="lines", name=name, line=line, hoverinfo="skip")


def _band(figure: go.Figure, moments: Sequence[int], rows: Floats, colour: str) -> None:
    whole = np.isfinite(rows).all(axis=0)
    steps = np.asarray(moments)[whole]
    low, high = rows[:, whole].min(axis=0), rows[:, whole].max(axis=0)
    red, green, blue = bytes.fromhex(colour[1:])
    figure.add_scatter(
        x=[*steps.tolist(), *steps[::-1].tolist()],
        y=[*high.tolist(), *low[::-1].tolist()],
        fill="toself",
        fillcolor=f"rgba({red},{green},{blue},{BAND})",
        mode="none",
        showlegend=False,
        hoverinfo="skip",
    )
