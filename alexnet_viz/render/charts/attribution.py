"""An attribution as a picture: which colour every pixel gets.

Signed maps take the diverging colours with zero in the middle, so that a pixel that speaks against
the unit never looks like one that says nothing.  A gradient has a few huge values; the scale ends
where all but 0.5 % of the pixels are inside, and says so.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.render.charts.colour_limits import Limits, limits_of, share_outside
from alexnet_viz.render.charts.contact_sheet import FIRST, LAST, indices, sheet_colours

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

PERCENTILE = 99.5
"""Of the absolute values: the last colour."""


@dataclass(frozen=True)
class Layer:
    """A map ready to be laid over a picture."""

    steps: Bytes = field(repr=False)
    """(height, width), numbers of ``colours``"""
    colours: Bytes = field(repr=False)
    """(steps, 3), the scale from its lower to its upper limit"""
    limits: Limits
    outside: float
    """Share of pixels beyond the limits, 0 to 1."""


def layer(values: Floats, signed: bool) -> Layer:
    """A map (height, width) in the colours of its own scale: from 0, or symmetric about 0."""
    limits = scale(values, signed)
    return Layer(
        steps=indices(values, limits) - np.uint8(FIRST),
        colours=sheet_colours(signed)[FIRST : LAST + 1],
        limits=limits,
        outside=share_outside(values, limits),
    )


def scale(values: Floats, signed: bool) -> Limits:
    """The limits that hold all but the largest 0.5 % of the absolute values.

    >>> scale(np.array([[-2.0, 1.0]], dtype=np.float32), signed=True)[0] < -1.9
    True
    """
    top = float(np.percentile(np.abs(values), PERCENTILE))
    if not top:  # nearly all pixels are exactly 0
        return limits_of([values], signed)
    return (-top, top) if signed else (0.0, top)
