"""What a drawn prediction is compared with: computed, one function a kind of truth.

A lesson names the function (``truth = "field_box"``) and its arguments; shares and bars may instead
have an expression each (``analysis.claims.expression``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alexnet_viz.analysis.claims import expression
from alexnet_viz.network.trace import trace
from alexnet_viz.teaching.control import Bars, Box, Cells, Curve, Shares, Sort, Value
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.text import Language
from alexnet_viz.variants import VARIANTS

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
    """PNG of every item to sort."""
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


def _sample(name: str, side: int) -> bytes | None:
    """A sample picture as the network sees it, as PNG; None without a name."""
    if not name:
        return None
    from io import BytesIO

    from PIL import Image

    from alexnet_viz.pictures.preprocessing import cropped
    from alexnet_viz.pictures.samples import SAMPLES

    buffer = BytesIO()
    Image.fromarray(cropped(SAMPLES[name].load(), side, 3)).save(buffer, "PNG")
    return buffer.getvalue()


TRUTHS: Mapping[str, Callable[[Lesson, dict[str, Any], Language], Drawn]] = {
    "field_box": field_box,
}
"""By the name that a lesson gives."""
