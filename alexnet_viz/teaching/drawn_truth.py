"""What a drawn prediction is compared with: computed, one function a kind of truth.

A lesson names the function (``truth = "field_box"``) and its arguments; shares and bars may instead
have an expression each (``analysis.claims.expression``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any

from alexnet_viz.analysis.claims import expression
from alexnet_viz.analysis.towers.split import split
from alexnet_viz.network.layers import LRN
from alexnet_viz.network.trace import trace
from alexnet_viz.teaching.control import Bars, Box, Cells, Curve, Shares, Sort, Value
from alexnet_viz.teaching.labs.lrn import normalised
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.text import Language, t
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS

CLOSE = 0.8
"""Score from which a drawn prediction counts as close."""


@dataclass(frozen=True)
class Drawn:
    """A control to draw on, the truth as its value, and what lies under it."""

    control: Bars | Shares | Curve | Cells | Box | Sort
    truth: Value
    labels: tuple[str, ...] = ()
    unit: str = ""
    under: bytes | None = None
    """PNG under a box or under painted cells."""
    pictures: tuple[bytes, ...] = ()
    """PNG of every item to sort, or of the kernel whose answers are painted."""
    bins: tuple[str, ...] = ()


def drawn(lesson: Lesson, language: Language) -> Drawn:
    """What a lesson's prediction is drawn on, and the truth."""
    asked = lesson.prediction
    if isinstance(asked.truth, str):
        return TRUTHS[asked.truth](lesson, dict(asked.args), language)
    values = tuple(float(_number(each, lesson.network)) for each in asked.truth)
    count = len(values)
    start = (asked.high / count if asked.kind == "shares" else 0.0,) * count
    kinds: Mapping[str, type[Shares | Bars | Curve]] = {"bars": Bars, "curve": Curve}
    control = kinds.get(asked.kind, Shares)("predicted", count, 0, asked.high, start)
    labels = tuple(label.of(language) for label in asked.labels)
    return Drawn(control, values, labels, asked.unit.of(language))


def _number(words: str, network: str) -> float:
    value = expression.evaluate(words, network)
    assert isinstance(value, int | float) or hasattr(value, "numerator"), words
    return float(value)  # type: ignore[arg-type]


def field_box(lesson: Lesson, args: dict[str, Any], language: Language) -> Drawn:
    """The receptive field of one cell: its pixels of the picture, cut at the edges."""
    result = trace(VARIANTS[lesson.network])
    row = result[args["layer"]]
    assert row.receptive_field
    sides = []
    for field, at, size in zip(
        row.receptive_field, (args["row"], args["column"]), result.input_shape[1:], strict=True
    ):
        first = field.start + at * field.effective_stride
        sides.append((max(0, first), min(size, first + field.size)))
    (top, bottom), (left, right) = sides
    height, width = result.input_shape[1:]
    middle = (3 * width // 8, 3 * height // 8, 5 * width // 8, 5 * height // 8)
    return Drawn(
        Box("predicted", width, height, middle),
        (left, top, right, bottom),
        under=_sample(args.get("sample", ""), height),
    )


def lrn_curve(lesson: Lesson, args: dict[str, Any], language: Language) -> Drawn:
    """The output of a channel under LRN while ``alike`` channels of its window grow together.

    ``loud`` lists their inputs, one a point; the window's other channels are ``others`` (0).  The
    formula is that of ``layer`` in the lesson's network.
    """
    found = trace(VARIANTS[lesson.network])[args["layer"]].layer
    assert isinstance(found, LRN)
    how = replace(found, groups=1)
    middle = how.size // 2
    near = sorted(range(how.size), key=lambda channel: abs(channel - middle))[: args["alike"]]
    outputs = []
    for loud in args["loud"]:
        window = [float(args.get("others", 0))] * how.size
        for channel in near:
            window[channel] = float(loud)
        outputs.append(round(normalised(window, how)[middle], 2))
    high = lesson.prediction.high
    count = len(outputs)
    return Drawn(
        Curve("predicted", count, 0, high, (0.0,) * count, high / 100),
        tuple(outputs),
        tuple(f"{loud:g}" for loud in args["loud"]),
        lesson.prediction.unit.of(language),
    )


def zeros_curve(lesson: Lesson, args: dict[str, Any], language: Language) -> Drawn:
    """The share of zeros, in percent, that ``layers`` of the live network put out for a sample."""
    maps = _maps(args["sample"])
    shares = tuple(round(100 * float((maps[name] == 0).mean()), 1) for name in args["layers"])
    control = Curve("predicted", len(shares), 0, 100, (0.0,) * len(shares))
    return Drawn(control, shares, tuple(args["layers"]), "%")


def answers_paint(lesson: Lesson, args: dict[str, Any], language: Language) -> Drawn:
    """Where a channel of a layer answers to a sample: its largest value in each field of a grid.

    The picture is divided into ``side`` by ``side`` fields; a value lies in the field of the middle
    of what it sees.  100 is the largest of the channel, 0 is no value above 0.  A kernel of the
    first layer is shown.
    """
    import numpy as np

    result = trace(DRAWINGS.network)
    seen = result[args["layer"]].receptive_field
    assert seen
    values, side = _maps(args["sample"])[args["layer"]][args["channel"]], args["side"]
    grid = np.zeros((side, side))
    fields = []
    for field, count, size in zip(seen, values.shape, result.input_shape[1:], strict=True):
        middles = [field.start + at * field.effective_stride + (field.size - 1) / 2
                   for at in range(count)]  # fmt: skip
        fields.append([min(side - 1, max(0, int(middle * side / size))) for middle in middles])
    np.maximum.at(grid, np.ix_(*fields), values)
    cells = np.round(100 * grid / (grid.max() or 1))
    return Drawn(
        Cells("predicted", side, side, 0, 100, (0.0,) * side * side, paint=True),
        tuple(map(float, cells.ravel())),
        under=_sample(args["sample"], result.input_shape[1]),
        pictures=(_kernel(args["channel"]),) if args["layer"] in ("conv1", "relu1") else (),
    )


def tower_sort(lesson: Lesson, args: dict[str, Any], language: Language) -> Drawn:
    """The tower of each of some kernels of the first layer, shown as pictures."""
    held = split(trace(DRAWINGS.network))
    assert held
    first, chosen = held.stages[0], args["kernels"]
    towers = tuple(
        next(tower for tower, own in enumerate(first.held) if kernel in own) for kernel in chosen
    )
    return Drawn(
        Sort("predicted", len(chosen), held.count, (0,) * len(chosen)),
        towers,
        labels=tuple(map(str, chosen)),
        pictures=tuple(_kernel(kernel) for kernel in chosen),
        bins=tuple(t("towers_kernels.tower", language, tower=n) for n in range(held.count)),
    )


@cache
def _model() -> Any:
    """The network that ships, with what it learned, up to its dense layers."""
    from alexnet_viz.weights.loader import filled, tensors

    layers = DRAWINGS.network.layers
    names = [layer.name for layer in layers]
    before = replace(DRAWINGS.network, layers=layers[: names.index("flatten")])
    kept = {name: tensor.clone() for name, tensor in tensors(DRAWINGS).items()
            if name.split(".")[0] in {layer.name for layer in before.layers}}  # fmt: skip
    return filled(before, kept)


@cache
def _maps(sample: str) -> dict[str, Any]:
    """What each layer up to the first dense one puts out for a sample, by layer."""
    from alexnet_viz.model.activations import capture
    from alexnet_viz.pictures.preprocessing import preprocess
    from alexnet_viz.pictures.samples import SAMPLES

    size = DRAWINGS.network.input_size
    picture = preprocess(SAMPLES[sample].load(), size, 3, DRAWINGS.preprocessing)
    return capture(_model(), picture)


SHOWN = 8
"""Pixels of a side of a kernel's weight in its picture."""


@cache
def _kernel(number: int) -> bytes:
    """A kernel of the first layer as PNG: grey is 0, its largest weight is full colour."""
    import numpy as np
    from PIL import Image

    weights = _model()[0].weight[number].numpy().transpose(1, 2, 0)
    weights = weights[..., ::-1] if DRAWINGS.preprocessing.bgr else weights
    colours = np.round(127.5 * (1 + weights / np.abs(weights).max())).astype(np.uint8)
    large = colours.repeat(SHOWN, axis=0).repeat(SHOWN, axis=1)
    return _png(Image.fromarray(large))


def _sample(name: str, side: int) -> bytes | None:
    """A sample picture as the network sees it, as PNG; None without a name."""
    if not name:
        return None
    from PIL import Image

    from alexnet_viz.pictures.preprocessing import cropped
    from alexnet_viz.pictures.samples import SAMPLES

    return _png(Image.fromarray(cropped(SAMPLES[name].load(), side, 3)))


def _png(image: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


TRUTHS: Mapping[str, Callable[[Lesson, dict[str, Any], Language], Drawn]] = {
    "field_box": field_box,
    "lrn_curve": lrn_curve,
    "zeros_curve": zeros_curve,
    "answers_paint": answers_paint,
    "tower_sort": tower_sort,
}
"""By the name that a lesson gives."""
