"""Questions about receptive fields: their size, and the pixels of one cell."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from alexnet_viz.network.geometry import slide
from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.teaching.questions.answer_text import phrase, written
from alexnet_viz.teaching.questions.question import Form, Question, Step
from alexnet_viz.text import LANGUAGES, Text

Kernel = tuple[int, int, int]
"""Kernel size, stride and padding of each side."""


@dataclass(frozen=True)
class FieldQuestion(Question):
    """A stack of windows on an axis of ``input_size`` pixels."""

    windows: tuple[Kernel, ...]
    input_size: int

    @cached_property
    def fields(self) -> tuple[ReceptiveField, ...]:
        """The receptive field of the input and after each window.

        Raises:
            Problem: a window does not fit.
        """
        found, size = [ReceptiveField()], self.input_size
        for kernel, stride, padding in self.windows:
            window = slide(size, kernel, stride, (padding, padding))
            found.append(found[-1].through(window))
            size = window.output_size
        return tuple(found)

    @property
    def cells(self) -> int:
        """The cells of the last map, along the axis."""
        size = self.input_size
        for kernel, stride, padding in self.windows:
            size = slide(size, kernel, stride, (padding, padding)).output_size
        return size

    @property
    def _stack(self) -> Text:
        """The windows in words."""
        said = [
            phrase(
                f"exercise.window.{'padded' if padding else 'plain'}",
                kernel_size=kernel,
                stride=stride,
                padding=padding,
            )
            for kernel, stride, padding in self.windows
        ]
        return Text(*(" → ".join(each.of(language) for each in said) for language in LANGUAGES))

    @property
    def _growth(self) -> tuple[Step, ...]:
        before = self.fields
        return tuple(
            step
            for (kernel, stride, _), field in zip(self.windows, before, strict=False)
            for step in (
                (kernel - 1, field.effective_stride),
                (field.size,),
                (field.effective_stride, stride),
            )
        )

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the sums that lead to the size and the effective stride."""
        before = self.fields
        sizes = [
            f"{field.size} + {kernel - 1}·{field.effective_stride} = {after.size}"
            for (kernel, *_), field, after in zip(self.windows, before, before[1:], strict=False)
        ]
        return {
            **super().values,
            "stack": self._stack,
            "sums": "; ".join(sizes),
            "size": before[-1].size,
            "jump": before[-1].effective_stride,
            "start": written(before[-1].start, "count"),
            "largest": self.input_size - 1,
        }


@dataclass(frozen=True)
class ReceptiveFieldSize(FieldQuestion):
    """The side of the square of pixels that one cell of the last map depends on."""

    kind: ClassVar[str] = "field_size"
    form: ClassVar[Form] = "count"

    @cached_property
    def answer(self) -> int:
        return self.fields[-1].size

    @property
    def steps(self) -> tuple[Step, ...]:
        return self._growth[:-1]  # the last stride moves the cells and not their size


@dataclass(frozen=True)
class FieldBox(FieldQuestion):
    """The first and the last pixel of the image, on one axis, that cell ``cell`` depends on."""

    kind: ClassVar[str] = "field_box"
    form: ClassVar[Form] = "range"

    cell: int = 0

    @property
    def pixels(self) -> range:
        """The pixels of the cell, not clipped to the image."""
        return self.fields[-1].pixels(self.cell)

    @cached_property
    def answer(self) -> tuple[int, ...]:
        return max(0, self.pixels[0]), min(self.input_size - 1, self.pixels[-1])

    @property
    def steps(self) -> tuple[Step, ...]:
        jump = self.fields[-1].effective_stride
        padding = tuple((padding,) for *_, padding in self.windows if padding)
        ends = ((self.pixels[0],), (self.pixels[-1],))
        return (*self._growth, *padding, (self.cell, jump), *ends)

    @property
    def values(self) -> dict[str, object]:
        """Those of the field, and the ends of the box before it is clipped."""
        first, last = self.answer
        raw = {
            "raw_first": written(self.pixels[0], "count"),
            "raw_last": written(self.pixels[-1], "count"),
        }
        return {**super().values, **raw, "first": first, "last": last}
