"""Questions about one value: what LRN or dropout makes of it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from alexnet_viz.network.layers import LRN, Dropout
from alexnet_viz.teaching.questions.question import Form, Number, Question, Step


@dataclass(frozen=True)
class NormalisedValue(Question):
    """The value of channel ``position`` after LRN over its neighbours."""

    kind: ClassVar[str] = "normalised_value"
    form: ClassVar[Form] = "number"

    activations: tuple[int, ...]
    """One value for each channel, at the same place."""
    position: int
    lrn: LRN

    @cached_property
    def read(self) -> range:
        """The channels in the sum."""
        one = range(self.position, self.position + 1)
        return self.lrn.channels_read(one, (len(self.activations), 1, 1))

    @cached_property
    def alpha(self) -> Fraction:
        """The factor of the sum of squares, exact."""
        alpha = Fraction(str(self.lrn.alpha))
        return alpha / self.lrn.cells if self.lrn.divide_alpha else alpha

    @cached_property
    def squares(self) -> int:
        """The sum of squares."""
        return sum(self.activations[channel] ** 2 for channel in self.read)

    def over(self, squares: int) -> Number:
        """The value where the sum of squares is ``squares``: exact where beta is 1."""
        below = Fraction(str(self.lrn.k)) + self.alpha * squares
        value = self.activations[self.position]
        return value / below if self.lrn.beta == 1 else value / float(below) ** self.lrn.beta

    @cached_property
    def answer(self) -> Number:
        return self.over(self.squares)

    @property
    def variant(self) -> str:
        return "divided" if self.lrn.divide_alpha else "plain"

    @property
    def steps(self) -> tuple[Step, ...]:
        squares = tuple((self.activations[channel],) * 2 for channel in self.read)
        divided = ((0,),) if self.lrn.divide_alpha else ()
        power = ((0,),) * (8 if self.lrn.beta != 1 else 0)
        return (*squares, *((0,) for _ in self.read[1:]), *divided, (0,), (0,), *power)

    @property
    def values(self) -> dict[str, object]:
        """The fields, the constants and the sum."""
        values = ", ".join(map(str, self.activations))
        return {
            "activations": values,
            "position": self.position,
            "value": self.activations[self.position],
            "n": self.lrn.size,
            "k": f"{self.lrn.k:g}",
            "alpha": f"{self.lrn.alpha:g}",
            "beta": f"{self.lrn.beta:g}",
            "cells": len(self.read),
            "sum": " + ".join(f"{self.activations[channel]}²" for channel in self.read),
            "squares": self.squares,
            "factor": f"{float(self.alpha):g}",
            "below": f"{float(self.lrn.k + float(self.alpha) * self.squares):.6g}",
        }

    @property
    def worked(self) -> str:
        return f"{self.kind}.{self.variant}"


@dataclass(frozen=True)
class DroppedValue(Question):
    """The value of a unit that dropout keeps, in training or at test time."""

    kind: ClassVar[str] = "dropped_value"
    form: ClassVar[Form] = "number"

    value: int
    dropout: Dropout
    when: Literal["train", "test"]

    @property
    def kept(self) -> Fraction:
        """1 - p, the probability of being kept."""
        return 1 - Fraction(str(self.dropout.p))

    @cached_property
    def answer(self) -> Number:
        if self.when != self.dropout.scale:
            return Fraction(self.value)
        return self.value * self.kept if self.when == "test" else self.value / self.kept

    @property
    def variant(self) -> str:
        return f"{self.dropout.scale}.{self.when}"

    @property
    def steps(self) -> tuple[Step, ...]:
        scaled = self.when == self.dropout.scale
        digits = len(str(self.kept.numerator)) + len(str(self.kept.denominator))
        return ((0,), *(((0,),) * (digits if scaled else 0)), *((0,) for _ in str(self.value)))

    @property
    def values(self) -> dict[str, object]:
        """The fields as numbers."""
        return {
            "value": self.value,
            "p": f"{self.dropout.p:g}",
            "kept": f"{float(self.kept):g}",
            "scale": self.dropout.scale,
            "when": self.when,
        }

    @property
    def worked(self) -> str:
        return f"{self.kind}.{self.variant}"
