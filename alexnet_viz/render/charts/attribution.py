"""The colours of an attribution map.

Signed maps use the diverging colours with zero in the middle, so that a pixel that counts against
the unit never looks like a neutral one.  Gradients have a few very large values, so the scale ends
at the 99.5th percentile, and the share of pixels beyond it is reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.render.charts.colour_limits import Limits, limits_of, share_outside
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST, indices, sheet_colours

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

OVER = 0.75
"""Opacity of a map over its picture."""
ZOOM, GAP = 3, 12
"""Pixels of a file for a pixel of the picture, and between two pictures in it."""
PERCENTILE = 99.5
"""Percentile of the absolute values at which the scale ends."""


@dataclass(frozen=True)
class Layer:
    """A map as indices into a colour scale, to be drawn over a picture."""

    steps: Bytes = field(repr=False)
    """uint8 (height, width), indices into ``colours``."""
    colours: Bytes = field(repr=False)
    """uint8 (steps, 3), RGB from the lower to the upper limit of the scale."""
    limits: Limits
    outside: float
    """Share of pixels outside the limits, 0 to 1."""


def layer(values: Floats, signed: bool) -> Layer:
    """A map, float32 (height, width), in the colours of its own scale."""
    limits = scale(values, signed)
    return Layer(
        steps=indices(values, limits) - np.uint8(FIRST),
        colours=sheet_colours(signed)[FIRST : LAST + 1],
        limits=limits,
        outside=share_outside(values, limits),
    )


def scale(values: Floats, signed: bool) -> Limits:
    """Limits that contain all but the largest 0.5 % of the absolute values.

    >>> scale(np.array([[-2.0, 1.0]], dtype=np.float32), signed=True)[0] < -1.9
    True
    """
    top = float(np.percentile(np.abs(values), PERCENTILE))
    if not top:  # nearly all pixels are exactly 0
        return limits_of([values], signed)
    return (-top, top) if signed else (0.0, top)


def over_picture(seen: Bytes, layers: Sequence[Layer]) -> bytes:
    """A PNG of a picture, uint8 (height, width, 3), and to its right of every map over it."""
    height, width = seen.shape[:2]
    sheet = np.full((ZOOM * height, (1 + len(layers)) * (ZOOM * width + GAP) - GAP, 3), 255)
    maps = [(1 - OVER) * seen + OVER * each.colours[each.steps] for each in layers]
    for place, pixels in enumerate((seen, *maps)):
        left = place * (ZOOM * width + GAP)
        enlarged = pixels.round().repeat(ZOOM, axis=0).repeat(ZOOM, axis=1)
        sheet[:, left : left + ZOOM * width] = enlarged
    buffer = BytesIO()
    Image.fromarray(sheet.astype(np.uint8)).save(buffer, format="PNG")
    return buffer.getvalue()
