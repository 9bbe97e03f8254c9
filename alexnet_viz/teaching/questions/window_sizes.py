"""Questions about one window on one axis: output size, padding, and inputs."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from alexnet_viz.network.geometry import Rounding, Slide, output_size, sizes_giving, slide
from alexnet_viz.teaching.questions.question import Form, Question, Step


@dataclass(frozen=True)
class OutputSize(Question):
    """How many positions a window has on an axis of ``input_size`` cells."""

    kind: ClassVar[str] = "output_size"
    form: ClassVar[Form] = "count"

    input_size: int
    kernel_size: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    rounding: Rounding = "floor"
    clipped: bool | None = None

    @cached_property
    def window(self) -> Slide:
        """The window on its axis.

        Raises:
            Problem: it does not fit.
        """
        return slide(
            self.input_size,
            self.kernel_size,
            self.stride,
            self.padding,
            rounding=self.rounding,
            clipped=self.clipped,
        )

    @cached_property
    def answer(self) -> int:
        return self.window.output_size

    @property
    def variant(self) -> str:
        return self.rounding

    @property
    def steps(self) -> tuple[Step, ...]:
        padded = ((sum(self.padding),),) if any(self.padding) else ()
        over = ((self.answer, self.stride),) if self.stride > 1 else ()
        rounded = () if self.window.exact else ((self.answer,),)
        return ((self.input_size - self.kernel_size,), *padded, *over, *rounded, (self.answer,))

    @property
    def values(self) -> dict[str, object]:
        """The fields, the padding of each side, the span of starts and the quotient."""
        quotient = self.window.quotient
        before, after = self.padding
        return {
            **super().values,
            "before": before,
            "after": after,
            "span": self.input_size - self.kernel_size + before + after,
            "quotient": f"{float(quotient):.6g}",
            "last": (self.answer - 1) * self.stride,
        }

    @property
    def worked(self) -> str:
        if self.rounding in ("same", "valid"):
            return f"output_size_{self.rounding}"
        if self.window.exact:
            return "output_size_exact"
        cut = self.window.quotient > self.answer and self.rounding != "floor"
        return f"output_size_{'cut' if cut else self.rounding}"


@dataclass(frozen=True)
class SamePadding(Question):
    """The padding of each side that keeps the size of a map, at stride 1."""

    kind: ClassVar[str] = "same_padding"
    form: ClassVar[Form] = "count"

    kernel_size: int
    input_size: int

    @cached_property
    def answer(self) -> int:
        size, kernel = self.input_size, self.kernel_size
        return next(p for p in range(kernel) if output_size(size, kernel, 1, (p, p)) == size)

    @property
    def steps(self) -> tuple[Step, ...]:
        return ((self.kernel_size - 1,), (2, self.kernel_size - 1))

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the kernel's other cells."""
        return {**super().values, "others": self.kernel_size - 1}


@dataclass(frozen=True)
class InputsGiving(Question):
    """The inputs, from the first to the last, for which a window has ``wanted`` positions."""

    kind: ClassVar[str] = "inputs_giving"
    form: ClassVar[Form] = "range"

    wanted: int
    kernel_size: int
    stride: int
    padding: int = 0

    @cached_property
    def answer(self) -> tuple[int, ...]:
        padding = (self.padding, self.padding)
        found = sizes_giving(
            self.wanted,
            lambda size: output_size(size, self.kernel_size, self.stride, padding),
            largest=(self.wanted + 1) * self.stride + self.kernel_size,
        )
        return found[0], found[-1]

    @property
    def variant(self) -> str:
        return "padded" if self.padding else "plain"

    @property
    def steps(self) -> tuple[Step, ...]:
        padded = ((2, self.padding), (self.answer[0],)) if self.padding else ()
        starts = (self.wanted - 1, self.stride)
        return ((self.wanted - 1,), starts, *padded, (self.answer[0],), (self.answer[1],))

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the first and the last input."""
        first, last = self.answer
        both = 2 * self.padding
        return {**super().values, "first": first, "last": last, "both": both, "more": last - first}
