"""Questions about maps of a few integers: the map that a pool or a convolution makes of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from alexnet_viz.network.geometry import Slide, slide
from alexnet_viz.teaching.questions.answer_text import MINUS, written
from alexnet_viz.teaching.questions.question import Form, Question, Step

Map = tuple[tuple[int, ...], ...]
"""The rows of a square map."""


@dataclass(frozen=True)
class PooledMap(Question):
    """The map of the largest values of each window, row by row."""

    kind: ClassVar[str] = "pooled_map"
    form: ClassVar[Form] = "grid"

    cells: Map
    kernel_size: int
    stride: int

    @cached_property
    def window(self) -> Slide:
        """The window on each axis."""
        return slide(len(self.cells), self.kernel_size, self.stride)

    @cached_property
    def columns(self) -> int:
        """The values in a row of the answer."""
        return self.window.output_size

    def window_values(self, row: int, column: int) -> tuple[int, ...]:
        """The values under the window that begins at ``row`` and ``column``."""
        side = range(self.kernel_size)
        return tuple(self.cells[row + i][column + j] for i in side for j in side)

    @cached_property
    def windows(self) -> tuple[tuple[int, ...], ...]:
        """The values under each window, place by place."""
        starts = self.window.starts
        return tuple(self.window_values(i, j) for i in starts for j in starts)

    @cached_property
    def answer(self) -> tuple[int, ...]:
        return tuple(map(max, self.windows))

    @property
    def steps(self) -> tuple[Step, ...]:
        return ((0,),) * (self.columns**2 * (self.kernel_size**2 - 1))

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the first window."""
        first = self.windows[0]
        return {
            **super().values,
            "side": len(self.cells),
            "columns": self.columns,
            "window": ", ".join(written(value, "count").en for value in first),
            "largest": written(max(first), "count"),
        }


@dataclass(frozen=True)
class ConvolvedMap(Question):
    """The map that one kernel makes of one or more channels, row by row."""

    kind: ClassVar[str] = "convolved_map"
    form: ClassVar[Form] = "grid"

    channels: tuple[Map, ...]
    kernel: tuple[Map, ...]
    """One square of weights for each channel."""
    stride: int = 1
    padding: int = 0
    bias: int = 0

    @cached_property
    def window(self) -> Slide:
        """The window on each axis."""
        padding = (self.padding, self.padding)
        return slide(len(self.channels[0]), len(self.kernel[0]), self.stride, padding)

    @cached_property
    def columns(self) -> int:
        """The values in a row of the answer."""
        return self.window.output_size

    def products(self, row: int, column: int) -> tuple[tuple[int, int], ...]:
        """Value and weight of each cell under the window; a cell outside the map is 0."""
        inside, side = range(len(self.channels[0])), range(len(self.kernel[0]))
        return tuple(
            (
                channel[row + i][column + j] if row + i in inside and column + j in inside else 0,
                weights[i][j],
            )
            for channel, weights in zip(self.channels, self.kernel, strict=True)
            for i in side
            for j in side
        )

    @cached_property
    def answer(self) -> tuple[int, ...]:
        starts = self.window.starts
        return tuple(
            self.bias + sum(value * weight for value, weight in self.products(i, j))
            for i in starts
            for j in starts
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        work = sum(1 for weights in self.kernel for row in weights for weight in row if weight)
        return ((0,),) * (self.columns**2 * (work + bool(self.bias)))

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the first window as a sum of products."""
        first = [(value, weight) for value, weight in self.products(*[self.window.starts[0]] * 2)]
        return {
            **super().values,
            "side": len(self.channels[0]),
            "columns": self.columns,
            "depth": len(self.channels),
            "kernel_size": len(self.kernel[0]),
            "sum": " + ".join(f"{value}·{_signed(weight)}" for value, weight in first if weight),
            "first": written(self.answer[0], "count"),
            "bias": written(self.bias, "count"),
        }


def _signed(number: int) -> str:
    return f"({MINUS}{-number})" if number < 0 else str(number)
