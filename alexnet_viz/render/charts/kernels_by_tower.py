"""Whose kernels are whose: the first layer's kernels tower by tower, as pictures and as numbers.

Both figures take the towers as arrays of kernel numbers, in the order in which they are drawn, and
what the pointer is told as a text for every kernel; a click on a kernel brings its number as
``customdata``.
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
from alexnet_viz.render.theme import FONT, GREY, TOWER_COLOURS

Numbers = NDArray[np.floating[Any]]
Towers = Sequence[NDArray[np.intp]]

ROWS, ZOOM = 4, 6
"""Of a sheet; pixels a weight."""
BETWEEN = 0.03
"""Share of the width between two sheets."""
BINS = 40
"""Stacks of dots between 0 and 1."""
ROW, STACK, DOT = 138, 100, 9
"""Pixels: from one tower's row to the next, the highest stack, and a dot where there is room."""
TITLE = 0.75
"""Kernels' heights that a sheet's title takes."""
LINE = "rgba(128,128,128,0.5)"


def sheet(kernels: Floats, numbers: NDArray[np.intp]) -> Pixels:
    """The kernels of these numbers (of all, (n, 3, h, w)) on one sheet of RGBA, in that order."""
    return filter_sheet(kernels[numbers], towers=1, columns=_columns(numbers), zoom=ZOOM)


def sheets_png(kernels: Floats, towers: Towers) -> bytes:
    """All towers' sheets one below the other, as the paper's Figure 3 has them."""
    sheets = [sheet(kernels, numbers) for numbers in towers]
    width, apart = max(each.shape[1] for each in sheets), 4 * ZOOM
    padded = [np.pad(each, ((0, apart), (0, width - each.shape[1]), (0, 0))) for each in sheets]
    return _png(np.concatenate(padded)[:-apart])


def kernel_sheets(
    kernels: Floats, towers: Towers, titles: Sequence[str], hover: Sequence[str]
) -> go.Figure:
    """A sheet a tower, side by side, with something to point at and to click on every kernel."""
    figure = go.Figure()
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
        font={"family": FONT},
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
    """A panel a measure, a row a tower: every kernel a dot above its value, 0 to 1, stacked.

    ``panels`` are titles with the values of all kernels; ``mean`` is the word on the line that
    stands at a row's mean, with ``{value}`` in it.
    """
    figure = go.Figure().set_subplots(
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
        tickfont={"size": 14},
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure.update_layout(
        height=high - low + 70,
        font={"family": FONT},
        margin={"l": 0, "r": 0, "t": 36, "b": 34},
        showlegend=False,
        dragmode=False,
    )


def colour_of(tower: int, towers: Towers) -> str:
    """A tower's colour; grey where there is only one, and so nothing to tell apart."""
    return TOWER_COLOURS[tower % len(TOWER_COLOURS)] if len(towers) > 1 else GREY


def _columns(numbers: NDArray[np.intp]) -> int:
    return ceil(len(numbers) / ROWS)


def _stacked(values: Numbers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each value's stack and its place on it, the smallest value of a stack at the bottom."""
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
