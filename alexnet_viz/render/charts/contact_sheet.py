"""Feature maps as pictures: all channels of a layer on one sheet.

A sheet is one palette PNG at the maps' own resolution; the browser enlarges it without blurring,
and reads the values back from the colours.  As 96 heatmap traces the same maps would be 2 MB and
five seconds.

A channel that is 0 everywhere looks like one that is merely weak, so it is crossed out.
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

ASPECT = 2.6
"""Width of a sheet over its height, about."""
STEPS = 253
"""Colours of a scale: an odd number, so that 0 has the very middle of a symmetric one."""
GAP, FIRST, LAST, CROSS = 0, 1, STEPS, 255
"""Steps of the palette: between the tiles, the scale's first and last, the mark of silence."""


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


def contact_sheet(maps: Floats, order: NDArray[np.intp], limits: Limits | None) -> Contact:
    """Draw the maps [C, H, W] (or units [C]) in the given order on one sheet.

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
        rows=rows,
        tile=tile,
        size=(canvas.shape[1], canvas.shape[0]),
    )


def indices(values: Floats, limits: Limits) -> Bytes:
    """Values as steps of the scale; those beyond the limits get the first or the last."""
    low, high = limits
    share = (values - low) / ((high - low) or 1.0)
    steps: Bytes = (FIRST + np.rint((LAST - FIRST) * np.clip(share, 0, 1))).astype(np.uint8)
    return steps


def sheet_colours(signed: bool) -> Bytes:
    """The colour of every step, (256, 3)."""
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[FIRST : LAST + 1] = palette(signed, STEPS)
    colours[CROSS] = [int(GREY[at : at + 2], 16) for at in (1, 3, 5)]
    return colours


def _cross(height: int, width: int) -> NDArray[np.bool_]:
    """Both diagonals of a tile; a single cell is all of it."""
    marked = np.zeros((height, width), dtype=bool)
    longer = max(height, width)
    rows = np.rint(np.linspace(0, height - 1, longer)).astype(int)
    columns = np.rint(np.linspace(0, width - 1, longer)).astype(int)
    marked[rows, columns] = marked[rows, width - 1 - columns] = True
    return marked
