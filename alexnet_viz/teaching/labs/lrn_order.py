"""Normalise before or after pooling: the same shapes, different values, another cost.

The paper has conv1, ReLU, LRN, pool (section 3.5); Caffe's CaffeNet pools first.
"""

from math import prod
from typing import Any, NamedTuple

from alexnet_viz.network.layers import LRN, MaxPool
from alexnet_viz.render.diagrams.graph.axes import number_text
from alexnet_viz.render.diagrams.graph.cell_png import cell_png
from alexnet_viz.render.diagrams.graph.grips import Grip
from alexnet_viz.render.diagrams.graph.planes import Plane, planes
from alexnet_viz.teaching.control import Number, Order
from alexnet_viz.teaching.labs.lab import Backing, Drawing, Lab, Look, Outcome, Say, Task, Values

CHANNELS, SIDE = 96, 27
"""Of conv1 after pooling."""
SAME = 1e-6
"""Two values are the same if they differ by less than this share of the larger."""


BLOCKS = ("relu", "norm", "pool")
PAPERS, CAFFES = (0, 1, 2), (0, 2, 1)
"""The blocks as the paper and as CaffeNet have them."""


class Orders(NamedTuple):
    """Both results, float64 (channels, rows, columns), and how many values each normalises."""

    norm_first: Any
    """In the paper's order."""
    pool_first: Any
    """In the student's, at first CaffeNet's."""
    evaluations: tuple[int, int]


def normalised(maps: Any, how: LRN) -> Any:
    """The maps (channels, rows, columns) after LRN, which stays inside each group."""
    import numpy as np

    channels = len(maps)
    sums = np.concatenate([np.zeros((1, *maps.shape[1:])), np.cumsum(maps**2, axis=0)])
    windows = [how.channels_read(range(one, one + 1), maps.shape) for one in range(channels)]
    squares = np.stack([sums[window.stop] - sums[window.start] for window in windows])
    return maps / (how.k + how.effective_alpha * squares) ** how.beta


def pooled(maps: Any, how: MaxPool) -> Any:
    """The maps (channels, rows, columns) after maximum pooling without padding."""
    from numpy.lib.stride_tricks import sliding_window_view

    down, across = how.slides(maps.shape)
    sides = (down.kernel_size, across.kernel_size)
    windows = sliding_window_view(maps, sides, axis=(1, 2))
    return windows.max(axis=(3, 4))[:, :: down.stride, :: across.stride]


def orders(values: Values) -> Orders:
    """The paper's order and the chosen one on the network's answer to the picture in conv1."""
    (first, ahead), (second, behind) = (
        through(values, each) for each in (PAPERS, values["blocks"])
    )
    return Orders(first, second, (ahead, behind))


def through(values: Values, order: tuple[int, ...]) -> tuple[Any, int]:
    """The maps of conv1 after its blocks in this order, and how many values are normalised."""
    import numpy as np

    live, names = values["live"], [BLOCKS[each] for each in order]
    begins = "relu1" if names[0] == "relu" else "conv1"
    maps = np.asarray(live.activations(values["picture"])[begins], np.float64)
    evaluated = 0
    for name in names[names[0] == "relu" :]:
        if name == "norm":
            evaluated = maps.size
            maps = normalised(maps, live.network["norm1"])
        else:
            maps = pooled(maps, live.network["pool1"]) if name == "pool" else np.maximum(maps, 0)
    return maps, evaluated


def differs(first: Any, second: Any) -> Any:
    """Where two results are not the same."""
    import numpy as np

    return np.abs(first - second) > SAME * np.maximum(np.abs(first), np.abs(second))


def look(values: Values, say: Say) -> Look:
    """One channel in both orders, and the difference."""
    import numpy as np

    both = orders(values)
    channel, row, column = (values[name] - 1 for name in ("channel", "row", "column"))
    first, second = both.norm_first[channel], both.pool_first[channel]
    apart = second - first
    most, lowest = max(first.max(), second.max()), min(0.0, second.min())
    names = ", ".join(say(f"block.{BLOCKS[each]}") for each in values["blocks"])
    yours = say("pool_first") if values["blocks"] == CAFFES else say("yours", names=names)
    width = np.abs(apart).max()
    place = say("pixel", row="{row}", column="{column}")
    grip = Grip(("row", "column"), (SIDE, SIDE), (row, column), say("cell"), place, first=1)
    pictures = [
        Plane(cell_png(each.tolist(), limits), each.shape[::-1], words, limits, grip=grip)
        for each, words, limits in (
            (first, say("norm_first"), (lowest, most)),
            (second, yours, (lowest, most)),
            (apart, say("difference"), (-width, width)),
        )
    ]
    a, b = first[row, column], second[row, column]
    unlike = differs(both.norm_first, both.pool_first)
    ahead, behind = both.evaluations
    sentences = (
        say("at_pixel", row=row + 1, column=column + 1, a=number_text(a), b=number_text(b),
            apart=number_text(b - a)),
        say(_reason(values["blocks"]), here=100 * unlike[channel].mean(), all=100 * unlike.mean(),
            rows=len(first), columns=first.shape[1]),
        say("cost", ahead=ahead, behind=behind, times=ahead / behind)
        if behind < ahead else say("same_cost", ahead=ahead),
    )  # fmt: skip
    title = say("drawing", channel=channel + 1)
    return Look((Drawing(planes(pictures, title=title), "lrn_order", say("caption")),), sentences)


def _reason(order: tuple[int, ...]) -> str:
    """Why an order has other values than the paper's, as a phrase."""
    relu, norm = order.index(0), order.index(1)
    if order == PAPERS:
        return "as_paper"
    return "negative" if norm < relu else "unlike"


def _judge(values: Values, say: Say, wanted: bool) -> Outcome:
    if values["blocks"] != CAFFES:
        return Outcome(False, say("caffes"))
    both = orders(values)
    at = tuple(values[name] - 1 for name in ("channel", "row", "column"))
    a, b = both.norm_first[at], both.pool_first[at]
    unlike = differs(both.norm_first, both.pool_first)[at[0]]
    words = {
        "row": at[1] + 1, "column": at[2] + 1, "a": number_text(a), "b": number_text(b),
        "unlike": int(unlike.sum()), "alike": int((~unlike).sum()), "all": prod(unlike.shape),
    }  # fmt: skip
    passed = bool(unlike[at[1:]]) is wanted
    if wanted:
        return Outcome(passed, say("found_unlike" if passed else "still_alike", **words))
    if not passed:
        return Outcome(False, say("still_unlike", **words))
    return Outcome(True, say("found_silent" if a == 0 == b else "found_alike", **words))


def _unlike(values: Values, answer: Any, say: Say) -> Outcome:
    """The chosen pixel has two values."""
    return _judge(values, say, wanted=True)


def _alike(values: Values, answer: Any, say: Say) -> Outcome:
    """The chosen pixel has one value in both orders."""
    return _judge(values, say, wanted=False)


LAB = Lab(
    id="lrn_order",
    concepts=("lrn_order",),
    controls=(
        Number("channel", 1, CHANNELS, 1),
        Number("row", 1, SIDE, 1),
        Number("column", 1, SIDE, 1),
        Order("blocks", len(BLOCKS), CAFFES),
    ),
    look=look,
    backing=lambda name, values, say: Backing(
        labels=tuple(say(f"block.{each}") for each in BLOCKS)
    ),
    tasks={"unlike": Task(_unlike), "alike": Task(_alike)},
    see=(
        "compare?compare=alexnet_2012_paper,caffe_bvlc_reference_caffenet&differing=1",
        "experiments?experiment=lrn_order",
    ),
    needs_picture=True,
    runs_network=True,
)
