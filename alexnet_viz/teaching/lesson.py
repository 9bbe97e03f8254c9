"""A lesson: question, prediction, figure, exercises and explanation.

A ``{expression}`` in its words is computed (``analysis.claims.expression``); a number that no
program can compute, because a source states it, stands in ``quoted``.  ``lesson_file`` reads one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from alexnet_viz.analysis.claims import expression
from alexnet_viz.analysis.claims.quantity import Value
from alexnet_viz.teaching import setting
from alexnet_viz.text import Language, Text

SECTIONS = ("question", "try", "explain", "teacher")
"""Headings of the words, all required."""
KINDS = ("number", "choice", "shares", "bars", "box", "paint", "curve", "sort")
"""Kinds of prediction."""
CHAIN = "chain"
"""The exercise of a whole chain by hand, which no generator draws."""


@dataclass(frozen=True)
class Prediction:
    """What is predicted, before anything is shown."""

    kind: str
    unit: Text
    question: str = ""
    """For a number: the kind of question that explains a wrong one (``exercises``)."""
    args: Mapping[str, Any] = ()  # type: ignore[assignment]
    """Of the question, or of the truth that is computed by name."""
    truth: str | tuple[str, ...] = ""
    """An expression, one for each bar, the id of the right option, or the name of a function of
    ``teaching.drawn_truth``."""
    tolerance: float = 0
    """How far a number may be off and still be right, as a share."""
    options: Mapping[str, Text] = ()  # type: ignore[assignment]
    labels: tuple[Text, ...] = ()
    high: float = 100
    slips: Mapping[str, Text] = ()  # type: ignore[assignment]
    """Of a number: likely wrong answers as expressions, and what each forgets, in words that no
    slip of the question says."""


@dataclass(frozen=True)
class Figure:
    """The lab that a lesson uses, where it begins, and which of its controls are shown."""

    lab: str
    preset: setting.Pairs
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """An exercise of a lesson: its generator and its difficulty."""

    generator: str
    tier: int


@dataclass(frozen=True)
class Lesson:
    """One lesson; its slug is part of people's links."""

    slug: str
    number: int
    minutes: int
    title: Text
    builds_on: tuple[str, ...]
    concepts: tuple[str, ...]
    network: str
    """The id of the variant that expressions without one are about."""
    prediction: Prediction
    figure: Figure
    checks: tuple[Check, ...]
    sources: tuple[Text, ...]
    quoted: tuple[str, ...]
    words: Mapping[str, Text]
    own: bool = False
    """Whether it is from a teacher's folder."""

    def section(self, name: str, language: Language) -> str:
        """The words under a heading, with every expression computed."""
        return filled(self.words[name].of(language), self.network)


def filled(words: str, network: str) -> str:
    """Words with each ``{expression}`` replaced by its value; formulas in ``$$`` stay."""
    parts = words.split("$$")
    parts[::2] = [expression.fill(each, network, _shown) for each in parts[::2]]
    return "$$".join(parts)


def _shown(words: str, value: Value) -> str:
    if value is None:
        raise ValueError(f"{words} = ?")
    return shown(value)


def shown(value: Value) -> str:
    """A value as a reader sees it: thousands separated, fractions as decimals.

    >>> shown(60965224), shown(Fraction(217, 4)), shown((96, 55, 55)), shown(-64)
    ('60,965,224', '54.25', '96×55×55', '−64')
    """
    match value:
        case bool() | None:
            return str(value)
        case int():
            return _minus(f"{value:,}")
        case Fraction() | float():
            number = float(value)
            return _minus(f"{number:,.4g}" if abs(number) < 1000 else f"{number:,.0f}")
        case tuple():
            return "×".join(map(str, value))
        case _:
            return str(value)


def _minus(number: str) -> str:
    """A number with the sign that a text has for minus."""
    return number.replace("-", "−")
