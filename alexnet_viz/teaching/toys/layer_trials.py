"""Four kinds of layer run on one small map: what each does is tried out, not looked up.

Convolution 3x3 with stride 1, max pooling 2x2 with stride 2, a fully connected layer, and dropout
with probability 0.5 and one fixed mask.  Shapes and parameters are those of ``network.trace``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from alexnet_viz.network.layers import Conv, Dropout, Flatten, Layer, Linear, MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace

KINDS = ("conv", "pool", "fc", "dropout")
MARGIN = 4
"""Cells at the edges left out when a moved output is compared: what comes in there is new."""
STEP = 1e-4
"""Of a numerical slope."""


@dataclass(frozen=True)
class Setting:
    """The input and the width of the layers."""

    channels: int = 2
    side: int = 12
    outputs: int = 3
    moved: int = 2
    seed: int = 0


@dataclass(frozen=True)
class Trial:
    """What one kind of layer did."""

    kind: str
    output_shape: tuple[int, ...]
    params: int
    params_doubled: int
    """With an input twice as high and twice as wide."""
    along: tuple[int, int]
    """Of the outputs compared, those that moved along when the input moved; and how many these
    are.  An output without a place on a map moves along if it keeps its value."""
    slope: float | None
    """Largest slope of the loss, half the squared outputs, along a weight; None without weights."""
    read: float
    """Share of the input's cells along which the loss has a slope."""
    input: Any
    output: Any
    """The first channel, (height, width), or a column of values."""


def layers(kind: str, outputs: int) -> tuple[Layer, ...]:
    """The layers of this kind, a dense one with what flattens its input."""
    match kind:
        case "conv":
            return (Conv(name="conv1", kernel_size=3, out_channels=outputs),)
        case "pool":
            return (MaxPool(name="pool1", kernel_size=2, stride=2),)
        case "fc":
            return (Flatten(name="flatten"), Linear(name="fc6", out_features=outputs))
    return (Dropout(name="drop6", p=0.5),)


def _network(shape: tuple[int, int, int], kind: str, outputs: int) -> Network:
    return Network(id="trial", input_shape=shape, layers=layers(kind, outputs))


def tried(kind: str, setting: Setting) -> Trial:
    """Run one kind of layer on the map of this setting."""
    import numpy as np

    rng = np.random.default_rng(setting.seed)
    shape = (setting.channels, setting.side, setting.side)
    small = trace(_network(shape, kind, setting.outputs))
    doubled = (shape[0], 2 * shape[1], 2 * shape[2])
    large = trace(_network(doubled, kind, setting.outputs))
    picture = rng.normal(0, 1, shape)
    weights = rng.normal(0, 1, small.rows[-1].weight_shape or (0,))
    mask = rng.random(shape) < 0.5
    run = _runner(kind, mask)
    output = run(picture, weights)
    slope, read = _slopes(run, picture, weights)
    flat = output.ndim == 1
    return Trial(
        kind,
        small.rows[-1].output_shape,
        small.params,
        large.params,
        _along(run, picture, weights, setting.moved, flat=flat),
        slope,
        read,
        picture[0],
        output[:, None] if flat else output[0],
    )


def _runner(kind: str, mask: Any) -> Callable[[Any, Any], Any]:
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view

    def conv(x: Any, w: Any) -> Any:
        windows = sliding_window_view(x, (3, 3), axis=(1, 2))
        return np.einsum("chwij,ocij->ohw", windows, w)

    def pool(x: Any, w: Any) -> Any:
        return sliding_window_view(x, (2, 2), axis=(1, 2))[:, ::2, ::2].max(axis=(3, 4))

    def dense(x: Any, w: Any) -> Any:
        return w @ x.ravel()

    def dropout(x: Any, w: Any) -> Any:
        return x * mask * 2  # divided by the share that is kept

    return {"conv": conv, "pool": pool, "fc": dense, "dropout": dropout}[kind]


def _along(
    run: Callable[[Any, Any], Any], picture: Any, weights: Any, moved: int, *, flat: bool
) -> tuple[int, int]:
    """How many outputs are where the moved input would have them, and how many were compared."""
    import numpy as np

    before, after = run(picture, weights), run(np.roll(picture, moved, axis=2), weights)
    if flat:
        return int(np.isclose(before, after).sum()), before.size
    stride = picture.shape[2] // before.shape[2]
    inside = slice(MARGIN // stride, -MARGIN // stride or None)
    # a move by less than the stride has no whole cell: the better of the two neighbours counts
    same = [
        np.isclose(np.roll(before, cells, axis=2), after)[:, :, inside]
        for cells in {moved // stride, -(-moved // stride)}
    ]
    return max(int(each.sum()) for each in same), same[0].size


def _slopes(
    run: Callable[[Any, Any], Any], picture: Any, weights: Any
) -> tuple[float | None, float]:
    """Numerical slopes: the largest along some weights, and the share of cells with one."""
    import numpy as np

    def loss(x: Any, w: Any) -> float:
        return float((run(x, w) ** 2).sum() / 2)

    largest = None
    for place in list(np.ndindex(weights.shape))[:12] if weights.size else ():
        more, less = weights.copy(), weights.copy()
        more[place] += STEP
        less[place] -= STEP
        slope = abs(loss(picture, more) - loss(picture, less)) / (2 * STEP)
        largest = max(slope, largest or 0.0)
    reads = 0
    for place in np.ndindex(picture.shape):
        nudged = picture.copy()
        nudged[place] += STEP
        reads += loss(nudged, weights) != loss(picture, weights)
    return largest, reads / prod(picture.shape)
