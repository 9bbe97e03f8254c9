"""All feature maps of a layer in one picture, a contact sheet.

A sheet is one palette PNG at the maps' own resolution; the browser enlarges it without blurring,
and reads the values back from the colours.  The same maps as 96 Plotly heatmaps would take 2 MB and
five seconds.

A channel that is 0 everywhere is crossed out, because it would look like a weak one.
"""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_limits import Limits, diverges, own_limits
from alexnet_viz.render.charts.colour_maps import palette
from alexnet_viz.render.charts.palette_png import palette_png
from alexnet_viz.render.theme import GREY

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

ASPECT = 1.75
"""Approximate width of a sheet divided by its height."""
STEPS = 253
"""Colours of a scale; an odd number, so that 0 is exactly the middle one of a symmetric scale."""
GAP, FIRST, LAST, CROSS = 0, 1, STEPS, 255
"""Palette indices: gap between tiles, first and last colour of the scale, cross of zeros."""


@dataclass(frozen=True)
class Contact:
    """A contact sheet as a palette PNG, ``columns`` tiles wide."""

    png: bytes
    columns: int
    tile: tuple[int, int]
    """Width and height of a tile in pixels of the picture, including the gap."""
    size: tuple[int, int]
    """Width and height of the picture in pixels."""


def contact_sheet(maps: Floats, order: NDArray[np.intp], limits: Limits | None) -> Contact:
    """The sheet of maps (C, H, W), or units (C,), float32, in the given order of channels.

    ``limits`` None scales each map by its own limits.
    """
    signed = diverges(maps, limits)
    planes = maps if maps.ndim == 3 else maps.reshape(-1, 1, 1)
    count, height, width = planes.shape
    gap = 1 if height > 1 else 0
    columns = min(count, max(1, ceil(sqrt(count * ASPECT * height / width))))
    rows = ceil(count / columns)
    tile = (width + gap, height + gap)
    crossed = _cross(height, width)
    silent = (planes == 0).all(axis=(1, 2))
    canvas = np.full((rows * tile[1], columns * tile[0]), GAP, dtype=np.uint8)
    for place, channel in enumerate(order):
        top, left = place // columns * tile[1], place % columns * tile[0]
        plane = planes[channel]
        steps = indices(plane, limits or own_limits(plane, signed))
        if silent[channel]:
            steps[crossed] = CROSS
        canvas[top : top + height, left : left + width] = steps
    return Contact(
        png=palette_png(canvas, sheet_colours(signed)),
        columns=columns,
        tile=tile,
        size=(canvas.shape[1], canvas.shape[0]),
    )


def indices(values: Floats, limits: Limits) -> Bytes:
    """Palette indices of values, uint8 of the same shape; values outside the limits are clipped."""
    low, high = limits
    share = (values - low) / ((high - low) or 1.0)
    steps: Bytes = (FIRST + np.rint((LAST - FIRST) * np.clip(share, 0, 1))).astype(np.uint8)
    return steps


def sheet_colours(signed: bool) -> Bytes:
    """The palette of a sheet, uint8 (256, 3)."""
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[FIRST : LAST + 1] = palette(signed, STEPS)
    colours[CROSS] = [int(GREY[at : at + 2], 16) for at in (1, 3, 5)]
    return colours


def _cross(height: int, width: int) -> NDArray[np.bool_]:
    """Mask (height, width) of both diagonals of a tile."""
    marked = np.zeros((height, width), dtype=bool)
    longer = max(height, width)
    rows = np.rint(np.linspace(0, height - 1, longer)).astype(int)
    columns = np.rint(np.linspace(0, width - 1, longer)).astype(int)
    marked[rows, columns] = marked[rows, width - 1 - columns] = True
    return marked
