"""The colours of an attribution map.

Signed maps use the diverging colours with zero in the middle, so that a pixel that counts against
the unit never looks like a neutral one.  Gradients have a few very large values, so the scale ends
at the 99.5th percentile, and the share of pixels beyond it is reported.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_limits import Limits, limits_of, share_outside
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST, indices, sheet_colours

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

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
