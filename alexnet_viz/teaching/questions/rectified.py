"""Questions about ReLU: what it makes of a map, what it lets back, and the slopes of a chain."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import prod
from operator import mul
from typing import ClassVar

from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.question import Form, Question, Step
from alexnet_viz.teaching.questions.small_maps import Map


@dataclass(frozen=True)
class RectifiedMap(Question):
    """The map after ReLU, row by row."""

    kind: ClassVar[str] = "rectified_map"
    form: ClassVar[Form] = "grid"

    cells: Map

    @property
    def columns(self) -> int:
        """The values in a row of the answer."""
        return len(self.cells[0])

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The values before ReLU, row by row."""
        return tuple(value for row in self.cells for value in row)

    @cached_property
    def answer(self) -> tuple[int, ...]:
        return tuple(max(value, 0) for value in self.numbers)

    @property
    def variant(self) -> str:
        return "map"

    @property
    def steps(self) -> tuple[Step, ...]:
        return ((0,),) * len(self.numbers)

    @property
    def values(self) -> dict[str, object]:
        """The side of the map, and how many of its values are cut."""
        count = len(self.numbers)
        negative = sum(value < 0 for value in self.numbers)
        return {"side": self.columns, "count": count, "negative": negative}


@dataclass(frozen=True)
class RectifiedGradient(Question):
    """The gradient before ReLU, row by row, from the one that arrives behind it."""

    kind: ClassVar[str] = "rectified_gradient"
    form: ClassVar[Form] = "grid"

    cells: Map
    """What went into ReLU; none is 0, where the slope has no one value."""
    arriving: Map

    @property
    def columns(self) -> int:
        """The values in a row of the answer."""
        return len(self.cells[0])

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """What went in and the gradient that arrives, place by place."""
        return tuple(
            pair
            for row, back in zip(self.cells, self.arriving, strict=True)
            for pair in zip(row, back, strict=True)
        )

    @cached_property
    def answer(self) -> tuple[int, ...]:
        return tuple(gradient if value > 0 else 0 for value, gradient in self.pairs)

    @property
    def variant(self) -> str:
        return "gradient"

    @property
    def steps(self) -> tuple[Step, ...]:
        return ((0,),) * (2 * len(self.pairs))

    @property
    def values(self) -> dict[str, object]:
        """The side of the map, and through how many places the gradient passes."""
        count = len(self.pairs)
        open_ = sum(value > 0 for value, _ in self.pairs)
        return {"side": self.columns, "count": count, "open": open_, "shut": count - open_}


@dataclass(frozen=True)
class SlopeProduct(Question):
    """The slope of a chain of units with leaky ReLU: the product of weights and slopes."""

    kind: ClassVar[str] = "slope_product"
    form: ClassVar[Form] = "number"

    weights: tuple[int, ...]
    sums: tuple[int, ...]
    """What each unit puts into its leaky ReLU; none is 0."""
    leak: Fraction
    """The slope below 0."""

    @cached_property
    def slopes(self) -> tuple[Fraction, ...]:
        """The slope of each unit's function."""
        return tuple(Fraction(1) if value > 0 else self.leak for value in self.sums)

    @cached_property
    def answer(self) -> Fraction:
        return prod(self.weights) * prod(self.slopes, start=Fraction(1))

    @property
    def variant(self) -> str:
        return "chain"

    @property
    def steps(self) -> tuple[Step, ...]:
        so_far = accumulate(self.weights, mul)
        products = tuple(zip(so_far, self.weights[1:], strict=False))
        below = sum(value < 0 for value in self.sums)
        return (*(((0,),) * len(self.sums)), *products, *(((0,),) * (4 * below)))

    @property
    def values(self) -> dict[str, object]:
        """The numbers as lists, and the product as it is written out."""
        factors = zip(self.weights, self.slopes, strict=True)
        return {
            "units": len(self.weights),
            "weights": ", ".join(written(each, "count").en for each in self.weights),
            "sums": ", ".join(written(each, "count").en for each in self.sums),
            "leak": written(self.leak, "number"),
            "below": sum(value < 0 for value in self.sums),
            "product": "·".join(
                f"({written(weight, 'count').en}·{written(slope, 'number').en})"
                for weight, slope in factors
            ),
        }
