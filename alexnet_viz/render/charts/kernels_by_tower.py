"""The kernels of the first layer by tower, as pictures and as distributions of their measures.

Both figures take the towers as arrays of kernel numbers in drawing order, and a hover text for
every kernel; a click on a kernel returns its number as ``customdata``.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.render.charts.filters import Floats, Pixels, filter_sheet
from alexnet_viz.render.theme import FIGURE, GREY, TEXT, TOWER_COLOURS

Numbers = NDArray[np.floating[Any]]
Towers = Sequence[NDArray[np.intp]]

ROWS, ZOOM = 4, 6
"""Rows of a sheet, and pixels per weight."""
BETWEEN = 0.03
"""Gap between two sheets, as a share of the width."""
BINS = 40
"""Number of stacks of dots between 0 and 1."""
ROW, STACK, DOT = 138, 100, 9
"""Pixels: distance between towers' rows, height of the highest stack, size of a dot if it fits."""
TITLE = 0.75
"""Height of a sheet's title, in kernels."""
LINE = "rgba(128,128,128,0.5)"


def sheet(kernels: Floats, numbers: NDArray[np.intp]) -> Pixels:
    """The kernels (n, 3, h, w) with these numbers on one sheet, RGBA uint8, in that order."""
    return filter_sheet(kernels[numbers], towers=1, columns=_columns(numbers), zoom=ZOOM)


def sheets_png(kernels: Floats, towers: Towers) -> bytes:
    """A PNG of all towers' sheets one below the other, as in Figure 3 of the paper."""
    sheets = [sheet(kernels, numbers) for numbers in towers]
    width, apart = max(each.shape[1] for each in sheets), 4 * ZOOM
    padded = [np.pad(each, ((0, apart), (0, width - each.shape[1]), (0, 0))) for each in sheets]
    return _png(np.concatenate(padded)[:-apart])


def kernel_sheets(
    kernels: Floats, towers: Towers, titles: Sequence[str], hover: Sequence[str]
) -> go.Figure:
    """One sheet per tower side by side; every kernel can be hovered and clicked."""
    figure = go.Figure(layout=FIGURE)
    share = (1 + BETWEEN) / len(towers)
    for tower, numbers in enumerate(towers):
        across, name = _columns(numbers), str(tower + 1) if tower else ""
        start = tower * share
        places = np.arange(len(numbers))
        figure.add_scatter(
            x=places % across + 0.5,
            y=places // across + 0.5,
            mode="markers",
            marker={"symbol": "square", "size": 26, "opacity": 0},
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
            customdata=numbers,
            text=[hover[number] for number in numbers],
            hovertemplate="%{text}<extra></extra>",
            xaxis=f"x{name}",
            yaxis=f"y{name}",
        )
        hidden = {"visible": False, "fixedrange": True}
        figure.layout[f"xaxis{name}"] = hidden | {
            "domain": [start, start + share - BETWEEN],
            "range": [0, across],
            "constrain": "domain",
            "constraintoward": "left",
        }
        figure.layout[f"yaxis{name}"] = hidden | {
            "range": [ROWS, -TITLE],
            "scaleanchor": f"x{name}",
            "anchor": f"x{name}",
            "constrain": "domain",
            "constraintoward": "top",
        }
        place = {"xref": f"x{name}", "yref": f"y{name}"}
        figure.add_layout_image(
            source="data:image/png;base64," + b64encode(_png(sheet(kernels, numbers))).decode(),
            **place,
            x=0,
            y=0,
            sizex=across,
            sizey=ceil(len(numbers) / across),
            sizing="stretch",
            layer="below",
        )
        figure.add_shape(
            type="line", **place, x0=0, x1=across, y0=-0.1, y1=-0.1,
            line={"color": colour_of(tower, towers), "width": 3},
        )  # fmt: skip
        figure.add_annotation(
            **place, x=0, y=-0.14, xanchor="left", yanchor="bottom", showarrow=False,
            text=titles[tower], font={"size": 15},
        )  # fmt: skip
    return figure.update_layout(
        height=250,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        hoverdistance=40,
        dragmode=False,
    )


def dot_rows(
    panels: Mapping[str, Numbers],
    towers: Towers,
    names: Sequence[str],
    hover: Sequence[str],
    mean: str,
) -> go.Figure:
    """A dot plot: one panel per measure, one row per tower, one dot per kernel, stacked by value.

    ``panels`` maps titles to the values of all kernels, 0 to 1; ``mean`` is the label of the line
    at a row's mean, with ``{value}`` in it.
    """
    figure = go.Figure(layout=FIGURE).set_subplots(
        cols=len(panels),
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=list(panels),
    )
    for panel, values in enumerate(panels.values(), 1):
        stacks = [_stacked(values[numbers]) for numbers in towers]
        highest = 1 + max(int(levels.max(initial=0)) for _, levels in stacks)
        step = min(DOT, STACK / highest)
        for tower, (numbers, (bins, levels)) in enumerate(zip(towers, stacks, strict=True)):
            ground, colour = -tower * ROW, colour_of(tower, towers)
            average, at = float(values[numbers].mean()), {"row": 1, "col": panel}
            figure.add_scatter(
                x=(bins + 0.5) / BINS,
                y=ground + (levels + 0.6) * step,
                mode="markers",
                marker={"color": colour, "size": max(4.0, step - 1)},
                customdata=numbers,
                text=[hover[number] for number in numbers],
                hovertemplate="%{text}<extra></extra>",
                **at,
            )
            line = {"type": "line", "layer": "below", **at}
            figure.add_shape(
                **line, x0=0, x1=1, y0=ground, y1=ground, line={"color": LINE, "width": 1}
            )
            figure.add_shape(
                **line, x0=average, x1=average, y0=ground, y1=ground + STACK + 12,
                line={"color": colour, "width": 1.5, "dash": "dot"},
            )  # fmt: skip
            figure.add_annotation(
                **at, text=mean.format(value=f"{average:.3f}"), x=average, y=ground + STACK + 9,
                xanchor="left" if average < 0.5 else "right", showarrow=False, font={"size": 13},
            )  # fmt: skip
    low, high = -ROW * (len(towers) - 1) - 6, STACK + 20
    figure.update_xaxes(
        range=[-0.02, 1.02], tickvals=[0, 0.5, 1], showgrid=False, zeroline=False, fixedrange=True
    )
    figure.update_yaxes(
        range=[low, high],
        tickvals=[-tower * ROW for tower in range(len(towers))],
        ticktext=[f"{name}  " for name in names],
        tickfont=TEXT,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure.update_layout(
        height=high - low + 70,
        margin={"l": 0, "r": 0, "t": 36, "b": 34},
        showlegend=False,
        dragmode=False,
    )


def colour_of(tower: int, towers: Towers) -> str:
    """A tower's colour; grey if there is only one."""
    return TOWER_COLOURS[tower % len(TOWER_COLOURS)] if len(towers) > 1 else GREY


def _columns(numbers: NDArray[np.intp]) -> int:
    return ceil(len(numbers) / ROWS)


def _stacked(values: Numbers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each value's stack and its level on it, the smallest value of a stack at the bottom."""
    bins = np.clip((values * BINS).astype(np.intp), 0, BINS - 1)
    levels = np.empty_like(bins)
    for stack in np.unique(bins):
        members = np.flatnonzero(bins == stack)
        levels[members[np.argsort(values[members], kind="stable")]] = np.arange(len(members))
    return bins, levels


def _png(pixels: Pixels) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()
