"""Something that gives a student's answer: a slip, other networks, or another rounding rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from alexnet_viz.network.geometry import Rounding
from alexnet_viz.teaching.questions.question import Answer, Form, magnitude
from alexnet_viz.teaching.typed import Typed
from alexnet_viz.text import Language, t

ABOUT = Fraction(1, 100)
"""How far an answer may be off where it is asked about."""


@dataclass(frozen=True)
class Finding:
    """One thing that gives the student's answer."""

    key: str
    """Its phrase."""
    values: Mapping[str, object]
    """What fills the placeholders, the student's answer among them."""
    slip: str = ""
    """The slip, if it is one."""
    networks: tuple[str, ...] = ()
    """The ids of the networks whose answer it is."""
    rounding: Rounding | None = None
    """The rule by which it is the answer; None if the networks' own."""
    chain: tuple[int, ...] = ()
    """The sides of the maps from the image on, in the first of these networks."""
    input_size: int = 0
    """The input of the chain."""


def words(finding: Finding, language: Language = "en") -> str:
    """The sentence of a finding: what was done, with the student's numbers, and what is right."""
    return t(finding.key, language, **finding.values)


def near(given: Answer, right: Answer) -> bool:
    """Whether a number is within 1 % of another.

    >>> near(61_000_000, 60_965_224), near(60, 61)
    (True, False)
    """
    if isinstance(given, str | tuple) or isinstance(right, str | tuple):
        return False
    return abs(float(given) - float(right)) <= float(ABOUT) * abs(float(right))


def same(given: Typed, value: Answer, form: Form) -> bool:
    """Whether an answer is this value.

    A ``number`` is one to the digits that were typed, at least two of them, or to half a percent;
    everything else exactly.
    """
    if given.value == value:
        return True
    if form != "number" or isinstance(given.value, str | tuple) or isinstance(value, str | tuple):
        return False
    reach = float(ABOUT * magnitude(value))
    allowed = max(min(float(given.slack), reach), reach / 2)
    return float(magnitude(given.value - value)) <= allowed


def gives(value: Answer, given: Typed, form: Form) -> bool:
    """Whether a mistake's value is the given answer: to the last digit of an abbreviated one."""
    if same(given, value, form):
        return True
    if not given.slack or isinstance(given.value, str | tuple) or isinstance(value, str | tuple):
        return False
    return bool(magnitude(given.value - value) <= min(given.slack, ABOUT * magnitude(value)))
