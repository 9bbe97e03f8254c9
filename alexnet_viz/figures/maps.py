"""Feature maps as pictures: all channels of a layer on one sheet, or one of them enlarged.

A sheet is one palette PNG at the maps' own resolution; the browser enlarges it without blurring.
As 96 heatmap traces the same maps would be 2 MB and five seconds.

How bright a value is depends on the scope of the scale, and that is the most frequent misreading
of such sheets, so every sheet carries its limits: ``map`` (each map from its own least to its own
largest value), ``layer`` (one for all maps of the layer) or ``shared`` (one for all layers).  The
last two begin at 0, or are symmetric about 0 where any value is negative.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from math import ceil, sqrt

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.figures.colour_maps import palette, plotly_scale

Floats = NDArray[np.float32]
Limits = tuple[float, float]

ASPECT = 2.6
"""Width of a sheet over its height, about."""


@dataclass(frozen=True)
class Contact:
    """A contact sheet: all channels of a layer in one picture."""

    png: bytes
    columns: int
    rows: int
    tile: tuple[int, int]
    """Width and height of one tile in the picture's own pixels, the gap included."""
    size: tuple[int, int]
    """Width and height of the picture."""


def is_signed(maps: Floats) -> bool:
    """Whether any value is negative, so that zero needs a colour of its own."""
    return bool(maps.min(initial=0) < 0)


def limits_of(maps: Iterable[Floats], signed: bool) -> Limits:
    """The scale that fits all of these maps: from 0, or symmetric about 0."""
    arrays = list(maps)
    top = max((float(np.abs(each).max(initial=0)) for each in arrays), default=0.0) or 1.0
    return (-top, top) if signed else (0.0, top)


def own_limits(plane: Floats) -> Limits:
    """A map's own least and largest value."""
    return float(plane.min()), float(plane.max())


def contact_sheet(maps: Floats, order: NDArray[np.intp], limits: Limits | None) -> Contact:
    """Draw the maps [C, H, W] (or units [C]) in the given order on one sheet.

    ``limits`` None scales each map from its own least to its own largest value.
    """
    signed = limits is not None and is_signed(maps)
    planes = maps if maps.ndim == 3 else maps.reshape(-1, 1, 1)
    count, height, width = planes.shape
    gap = 1 if height > 1 else 0
    columns = min(count, max(1, ceil(sqrt(count * ASPECT * height / width))))
    rows = ceil(count / columns)
    tile = (width + gap, height + gap)
    canvas = np.zeros((rows * tile[1], columns * tile[0]), dtype=np.uint8)  # all gap
    for place, channel in enumerate(order):
        top, left = place // columns * tile[1], place % columns * tile[0]
        plane = planes[channel]
        own = limits or own_limits(plane)
        canvas[top : top + height, left : left + width] = indices(plane, own)
    return Contact(
        png=_png(canvas, signed),
        columns=columns,
        rows=rows,
        tile=tile,
        size=(canvas.shape[1], canvas.shape[0]),
    )


def indices(values: Floats, limits: Limits) -> NDArray[np.uint8]:
    """Values as steps 1 to 255 of a palette; 0 is kept for the gaps."""
    low, high = limits
    share = (values - low) / ((high - low) or 1.0)
    steps: NDArray[np.uint8] = (1 + np.rint(254 * np.clip(share, 0, 1))).astype(np.uint8)
    return steps


def _png(canvas: NDArray[np.uint8], signed: bool) -> bytes:
    """A palette PNG whose step 0 is transparent, so that the page's ground shows in the gaps."""
    image = Image.fromarray(canvas, mode="P")
    image.putpalette(palette(signed).tobytes())
    buffer = BytesIO()
    image.save(buffer, format="PNG", transparency=0, optimize=False, compress_level=6)
    return buffer.getvalue()


def enlarged(plane: Floats, limits: Limits, signed: bool, hover: str) -> go.Figure:
    """One map [H, W] as a heatmap whose hover shows row, column and exact value."""
    figure = go.Figure(
        go.Heatmap(
            z=plane.astype(np.float32),
            zmin=limits[0],
            zmax=limits[1],
            colorscale=plotly_scale(signed),
            hovertemplate=hover,
            colorbar={"thickness": 14, "outlinewidth": 0},
        )
    )
    figure.update_yaxes(autorange="reversed", scaleanchor="x", constrain="domain", showgrid=False)
    figure.update_xaxes(constrain="domain", showgrid=False, side="top")
    figure.update_layout(
        height=420,
        width=490,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure
