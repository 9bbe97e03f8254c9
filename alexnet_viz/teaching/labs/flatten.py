"""Flatten and the fully connected layers: the order of the values, and what they cost."""

from math import prod
from typing import Any

from alexnet_viz.analysis.inputs.input_ranges import inputs_keeping
from alexnet_viz.network.layers import AdaptiveAvgPool
from alexnet_viz.network.trace import FLOAT32_BYTES, Trace, trace
from alexnet_viz.render.diagrams.graph.bars import bars
from alexnet_viz.render.diagrams.graph.flat_strip import Segment, strip
from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Drawing, Lab, Look, Outcome, Say, Task, Values
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_227"]
ORDERS = ("chw", "hwc")
ASKED = (10, 2, 3)
"""Channel, row and column of the value that the task asks for, counted from 0."""
PAPER_WIDTH, PAPER_MAPS, PAPER_SHAPE = 4096, 256, (256, 6, 6)


def built(values: Values) -> Trace:
    """The paper's network with other widths; its fully connected layers take what arrives.

    With ``mean`` the mean of each map takes the place of the map.
    """
    width = {"out_features": values["width"]}
    mean = (AdaptiveAvgPool(name="mean", output_size=1),) if values["reduce"] == "mean" else ()
    network = PAPER.refitted().edited(
        id="flatten", conv5={"out_channels": values["maps"]}, fc6=width, fc7=width,
        fc8={"out_features": values["classes"]}, after={"pool5": mean},
    )  # fmt: skip
    return trace(network, values["input"])


def index(place: tuple[int, int, int], shape: tuple[int, int, int], order: str) -> int:
    """Where the value of (channel, row, column) lies after flatten, counted from 0.

    >>> index((10, 2, 3), (256, 6, 6), "chw"), index((10, 2, 3), (256, 6, 6), "hwc")
    (375, 3850)
    """
    (c, h, w), (channels, height, width) = place, shape
    return (c * height + h) * width + w if order == "chw" else (h * width + w) * channels + c


def look(values: Values, say: Say) -> Look:
    """The block and its strip of values, then the parameters of the three layers."""
    result = built(values)
    if result.failure:
        words = say("gone", input=values["input"], layer=result.failure.layer)
        return Look((), (words,))
    shape = result["flatten"].input_shape
    drawings = (
        Drawing(_strip(shape, values["order"], say), "flatten", say("caption")),
        Drawing(_bars(result, say), "flatten_parameters"),
    )
    fc6 = result["fc6"]
    said = (
        say("matrix", c=shape[0], h=shape[1], w=shape[2], n=prod(shape), width=values["width"],
            weights=fc6.weights, megabytes=f"{FLOAT32_BYTES * fc6.weights / 1e6:,.1f}",
            part=f"{100 * fc6.params / result.params:.1f}"),
        _fits(values["input"], prod(shape), say),
    )  # fmt: skip
    return Look(drawings, said)


def _strip(shape: tuple[int, ...], order: str, say: Say) -> str:
    channels, height, width = shape
    if order == "chw":
        runs, each, names = channels, height * width, [say("of_map", n=n) for n in (0, 1)]
        last = say("of_map", n=channels - 1)
        rest = say("more_maps", n=channels - 3)
    else:
        runs, each = height * width, channels
        names = [say("at_place", h=n // width, w=n % width) for n in (0, 1)]
        last = say("at_place", h=height - 1, w=width - 1)
        rest = say("more_places", n=runs - 3)
    segments = [Segment(each, name, n) for n, name in enumerate(names[:runs])]
    if runs > 3:
        segments.append(Segment(each * (runs - 3), rest, 2))
    if runs > 2:
        segments.append(Segment(each, last, 3))
    return strip(
        segments, title=say("drawing", n=prod(shape)), block=(channels, height, width),
        block_words=say("block", c=channels, h=height, w=width),
        caption=say(f"order_{order}", n=prod(shape)),
    )  # fmt: skip


def _bars(result: Trace, say: Say) -> str:
    names = ("conv3", "fc6", "fc7", "fc8")
    return bars([(name, result[name].params) for name in names], title=say("bars"), lit=[1])


def _fits(side: int, arriving: int, say: Say) -> str:
    """Whether the weights that were trained at 227 fit what arrives."""
    trained = trace(PAPER)["fc6"].input_shape[0]
    if arriving == trained:
        kept = inputs_keeping(PAPER, "fc6", trained)
        return say("fits", n=arriving, first=kept.start, last=kept.stop - 1)
    return say("misfits", input=side, n=arriving, trained=trained)


def _small(values: Values, answer: Any, say: Say) -> Outcome:
    """fc6 no larger than conv3, its 4,096 outputs kept."""
    if values["width"] != PAPER_WIDTH:
        return Outcome(False, say("width_changed", width=values["width"], kept=PAPER_WIDTH))
    result = built(values)
    if result.failure:
        return Outcome(False, say("gone", input=values["input"], layer=result.failure.layer))
    fc6, conv3 = result["fc6"].params, result["conv3"].params
    shape = result["flatten"].input_shape
    most = (conv3 - PAPER_WIDTH) // PAPER_WIDTH
    words = {
        "fc6": fc6, "conv3": conv3, "c": shape[0], "h": shape[1], "w": shape[2],
        "n": prod(shape), "most": most,
    }  # fmt: skip
    if fc6 > conv3:
        return Outcome(False, say("too_large", **words))
    return Outcome(True, say("small", **words))


def _index(values: Values, answer: int, say: Say) -> Outcome:
    """The index of one value of the paper's block in the order that is chosen."""
    order = values["order"]
    channels, height, width = PAPER_SHAPE
    (c, h, w), right = ASKED, index(ASKED, PAPER_SHAPE, order)
    words = {
        "answer": answer, "right": right, "c": c, "h": h, "w": w, "height": height, "width": width,
        "channels": channels, "size": height * width,
    }  # fmt: skip
    if answer == right:
        return Outcome(True, say(f"index_{order}", **words), part=order)
    if answer == index(ASKED, PAPER_SHAPE, next(each for each in ORDERS if each != order)):
        return Outcome(False, say(f"other_order_{order}", **words))
    if answer == right + 1:
        return Outcome(False, say("from_one", **words))
    return Outcome(False, say(f"no_index_{order}", **words))


LAB = Lab(
    id="flatten",
    concepts=("dense",),
    controls=(
        Pick("order", ORDERS, "chw"),
        Number("input", 63, 387, 227),
        Number("maps", 2, 256, PAPER_MAPS, 2),
        Pick("reduce", ("none", "mean"), "none"),
        Number("width", 256, 8192, PAPER_WIDTH, 256),
        Number("classes", 2, 22_000, 1000),
    ),
    look=look,
    tasks={
        "small": Task(_small),
        "index": Task(_index, Number("index", 0, prod(PAPER_SHAPE) - 1, 0), ORDERS),
    },
    see=("layer?layer=fc6",),
)
