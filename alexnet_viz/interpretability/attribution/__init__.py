"""Attribution: how much each input pixel contributes to one unit of a torch model.

``METHODS`` lists the methods; ``methods.attribute`` computes an attribution map,
``sanity.sanity_check`` computes it again with random weights.  The methods are captum's.  captum
registers hooks, so everything runs on a private copy: the shared model is never hooked, edited or
switched to another mode.

The unit of a class is its logit, the value before the softmax (``class_layer``).  A softmax
output also rises when other logits fall, and near 0 or 1 its gradient vanishes (dp/dz = p (1 - p)),
so its attribution would be about the other classes, or about nothing (Simonyan, Vedaldi, Zisserman
2014, section 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, prod

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.network.trace import Trace

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Unit:
    """One output value of a layer, the target of an attribution.

    In a layer with feature maps, the cell at ``row`` and ``column`` of the map ``channel``, or the
    mean of the map if both are None; in a dense layer, the unit with the index ``channel``.
    """

    layer: str
    channel: int
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Attribution:
    """An attribution map, as large as the input."""

    values: Floats = field(repr=False)
    """(height, width), read-only; positive where the pixel raises the unit's value.  Saliency is
    unsigned."""
    output: float
    """The unit's value for this picture."""
    seconds: float
    notes: Mapping[str, float]
    """Further results of the method, by name: see ``methods``."""


@dataclass(frozen=True)
class Method:
    """Properties of a method; its function is in ``methods.RUNS``, which imports captum."""

    signed: bool = True
    """Whether negative values are possible: pixels that lower the unit's value."""
    long: bool = False
    """Whether the method runs the network more than a few times."""
    layered: bool = False
    """Whether the method takes a ``layer``."""


METHODS: dict[str, Method] = {
    "grad_cam": Method(layered=True),
    "saliency": Method(signed=False),
    "integrated_gradients": Method(long=True),
    "guided_backpropagation": Method(),
    "occlusion": Method(long=True),
}
"""The methods by name, in the order of the menu."""

STEPS = 50
"""Number of gradients in ``integrated_gradients``, at the nodes of a Gauss-Legendre rule."""
WINDOWS_ACROSS = 8
"""Number of occluding squares side by side; the stride is half the side of a square."""


def usual_window(height: int, width: int) -> int:
    """The default side of the occluding square, in pixels, for an image of this size in pixels.

    >>> usual_window(227, 227)
    28
    """
    return max(1, round(min(height, width) / WINDOWS_ACROSS))


def passes(method: str, height: int, width: int, window: int | None = None) -> int:
    """The number of images that a method runs through the network; ``window`` is in pixels.

    >>> passes("occlusion", 227, 227), passes("integrated_gradients", 227, 227)
    (257, 50)
    """
    if method != "occlusion":
        return STEPS if METHODS[method].long else 1
    side = window or usual_window(height, width)
    down, across = (ceil((size - side) / max(1, side // 2)) + 1 for size in (height, width))
    return down * across + 1


def least_window(height: int, width: int, most: int) -> int:
    """The smallest side of the occluding square, in pixels, that takes at most ``most`` passes.

    >>> least_window(227, 227, 4000), passes("occlusion", 227, 227, 8)
    (8, 3137)
    """
    largest = min(height, width)
    sides = (side for side in range(1, largest) if passes("occlusion", height, width, side) <= most)
    return next(sides, largest)


def class_layer(result: Trace) -> str:
    """The name of the layer whose units are the class logits: the last one with parameters.

    That may be a normalisation.  Empty if the trace fails or the network ends in feature maps, so
    that no unit is a class.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> [class_layer(trace(VARIANTS[id])) for id in ("alexnet_2012_paper", "keras_eweill_bn")]
    ['fc8', 'norm8']
    """
    if result.failure or prod(result.rows[-1].output_shape[1:]) > 1:
        return ""
    return next((row.name for row in reversed(result.rows) if row.params), "")
