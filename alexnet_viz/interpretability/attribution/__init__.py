"""Where in a picture an answer comes from: one number a pixel, for one unit of a live network.

``METHODS`` says which methods there are; ``methods.attribute`` computes such a map,
``sanity.sanity_check`` computes it again with random weights.  captum does the work, and captum
hooks layers, so everything runs on a private copy: the shared model is never hooked, edited or
switched.

The unit of a class is its logit, the value before the softmax (``class_layer``).  A softmax
output rises also when other logits fall, and where it is close to 0 or 1 its gradient vanishes
(dp/dz = p (1 - p)), so it would explain the other classes, or nothing at all (Simonyan, Vedaldi,
Zisserman 2014, section 2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, prod

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.network.trace import Trace

Floats = NDArray[np.float32]

Progress = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""
Stop = Callable[[], bool]
"""Is asked every few images whether to stop."""


class Stopped(Exception):
    """``stop`` said so; nothing was kept."""


@dataclass(frozen=True)
class Unit:
    """What is explained: one output value of a layer.

    Of a layer with maps, the cell at ``row`` and ``column`` of the map ``channel``, or without them
    the mean over the map; of a dense layer, the unit number ``channel``.
    """

    layer: str
    channel: int
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Attribution:
    """A map of what mattered, as large as the input."""

    values: Floats = field(repr=False)
    """(height, width), read-only; positive where the picture speaks for the unit.  The saliency
    of a pixel has no sign."""
    output: float
    """The unit's value on this picture."""
    seconds: float
    notes: Mapping[str, float]
    """What else the method found, by name: see ``methods``."""


@dataclass(frozen=True)
class Method:
    """What a user of a method must know; ``methods.RUNS`` has the functions, which need captum."""

    signed: bool = True
    """Whether negative values mean something: against the unit."""
    long: bool = False
    """Whether it runs the network more than a few times."""
    layered: bool = False
    """Whether it asks for a ``layer``."""


METHODS: dict[str, Method] = {
    "grad_cam": Method(layered=True),
    "saliency": Method(signed=False),
    "integrated_gradients": Method(long=True),
    "guided_backpropagation": Method(),
    "occlusion": Method(long=True),
}
"""In the order of the menu."""

STEPS = 50
"""Gradients of ``integrated_gradients``, at the points of a Gauss-Legendre rule."""
WINDOWS_ACROSS = 8
"""Number of occluding squares side by side; each is moved by half its side."""


def usual_window(height: int, width: int) -> int:
    """The default side of the occluding square for an image, in pixels.

    >>> usual_window(227, 227)
    28
    """
    return max(1, round(min(height, width) / WINDOWS_ACROSS))


def passes(method: str, height: int, width: int, window: int | None = None) -> int:
    """The number of images that a method runs through the network.

    >>> passes("occlusion", 227, 227), passes("integrated_gradients", 227, 227)
    (257, 50)
    """
    if method != "occlusion":
        return STEPS if METHODS[method].long else 1
    side = window or usual_window(height, width)
    down, across = (ceil((size - side) / max(1, side // 2)) + 1 for size in (height, width))
    return down * across + 1


def class_layer(result: Trace) -> str:
    """The layer whose units are the classes: the last that learns, a norm included.

    Empty where the network stops on the way or ends in maps, so that no unit is a class.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> [class_layer(trace(VARIANTS[id])) for id in ("alexnet_2012_paper", "keras_eweill_bn")]
    ['fc8', 'norm8']
    """
    if result.failure or prod(result.rows[-1].output_shape[1:]) > 1:
        return ""
    return next((row.name for row in reversed(result.rows) if row.params), "")
