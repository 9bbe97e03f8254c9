"""What every question has: its answer, how it is written, and the work by hand that it takes."""

from dataclasses import dataclass, fields
from fractions import Fraction
from math import prod
from typing import ClassVar, Literal

Number = int | float | Fraction
Answer = Number | str | tuple[Number, ...]

Form = Literal["count", "number", "shape", "range", "grid", "word"]
"""How an answer is written: an exact whole number; a number with decimals; a shape; the first and
the last of a range; the values of a map row by row; one of a few words."""

Step = tuple[int, ...]
"""One operation by hand: the two factors of a product, or the result of any other."""

HAND_FACTOR = 999
"""The largest factor of a product that is done by hand."""

LARGEST_PRODUCT = 10**9
"""The largest number that any exercise asks to compute."""


@dataclass(frozen=True)
class Question:
    """The numbers of a question; a subclass computes its answer."""

    kind: ClassVar[str]
    """The name of its phrases."""
    form: ClassVar[Form]

    @property
    def answer(self) -> Answer:
        """The right answer.

        Raises:
            Problem: these numbers have none: a window does not fit, or groups do not divide.
        """
        raise NotImplementedError

    @property
    def steps(self) -> tuple[Step, ...]:
        """The work by hand."""
        return ()

    @property
    def values(self) -> dict[str, object]:
        """What fills the placeholders of its phrases."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def variant(self) -> str:
        """Which of a generator's phrases asks it; empty if there is one."""
        return ""

    @property
    def worked(self) -> str:
        """Which of the phrases ``exercise.worked.<kind>…`` is its worked line."""
        return self.kind


def magnitude(number: Number) -> Number:
    """The number without its sign; ``abs`` of these types is ``object`` to a type checker."""
    return -number if number < 0 else number


def effort(steps: tuple[Step, ...]) -> int:
    """The single-digit operations of work by hand: the measure of difficulty.

    A product of an m-digit and an n-digit number counts m n, as in long multiplication; every other
    operation counts one.

    >>> effort(((11, 11), (121, 3), (363, 96), (96,)))
    14
    """
    return sum(
        prod(len(str(abs(factor))) for factor in step) if len(step) > 1 else 1 for step in steps
    )


def by_hand(steps: tuple[Step, ...]) -> bool:
    """Whether no product is larger than three digits times three digits.

    >>> by_hand(((121, 3), (363, 96))), by_hand(((3025, 96),))
    (True, False)
    """
    return all(abs(factor) <= HAND_FACTOR for step in steps if len(step) > 1 for factor in step)
