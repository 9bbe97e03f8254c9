"""An exercise as the formats need it: the question, and every reply that is known, with its words.

A platform that is given replies in order takes the first that matches.  Their order is therefore
part of what is exported: where an answer within 1 % is right, a slip's exact result stands first.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from alexnet_viz.teaching.exercises.exercise import Exercise, asked, lines, option, title, worked
from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.network_chains import PlantedError
from alexnet_viz.teaching.questions.question import Answer, Question
from alexnet_viz.teaching.sheets.exports.writings import columns, writings
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.teaching.slips.diagnosis import said
from alexnet_viz.teaching.slips.finding import ABOUT, near
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.text import Language, t

Kind = Literal["choice", "number", "numbers"]
"""Chosen among options; one number typed; several numbers typed, as a shape or a map."""

SLIP_WRITINGS = 5
"""Writings of a slip's result: a platform lists each of them to the teacher as an answer."""

ONE_DECIMAL = Fraction(1, 20)
"""Half a unit of the first decimal."""


@dataclass(frozen=True)
class Reply:
    """A reply that is known: the right one, or what a slip leads to."""

    value: Answer
    words: str
    right: bool
    says: str
    """What the student is told."""
    tolerance: Fraction = Fraction(0)
    """How far a typed number may be off."""
    writings: tuple[str, ...] = ()
    """Of several numbers: every way of typing them that is listed."""

    @property
    def number(self) -> str:
        """A single number in plain digits: ``16.25``."""
        assert not isinstance(self.value, str | tuple)
        return plain(self.value)

    @property
    def within(self) -> tuple[str, str]:
        """The smallest and the largest number that count as this one."""
        assert not isinstance(self.value, str | tuple)
        value = Fraction(self.value)
        return plain(value - self.tolerance), plain(value + self.tolerance)


@dataclass(frozen=True)
class Item:
    """One exercise of one version, in one language."""

    place: str
    """Version and number: ``A3``."""
    title: str
    asked: str
    lines: tuple[str, ...]
    """The numbered lines of a text, if the question is about one."""
    kind: Kind
    replies: tuple[Reply, ...]
    """A choice has its options as they are shown; else what is known, in the order of matching."""
    hint: str
    """How a typed answer is to be written so that a platform can read it."""
    worked: str
    exercise: Exercise

    @property
    def question(self) -> Question:
        """Its numbers."""
        return self.exercise.question

    @property
    def name(self) -> str:
        """Place and title: ``A3 Output size``."""
        return f"{self.place} {self.title}"

    @property
    def right(self) -> Reply:
        """The right reply."""
        return next(reply for reply in self.replies if reply.right)

    @property
    def wrong(self) -> tuple[Reply, ...]:
        """The replies that slips lead to."""
        return tuple(reply for reply in self.replies if not reply.right)


def items(sheet: Sheet, letter: str, language: Language) -> tuple[Item, ...]:
    """The exercises of a version."""
    drawn = enumerate(sheet.exercises(letter), 1)
    return tuple(item(exercise, f"{letter}{number}", language) for number, exercise in drawn)


def item(exercise: Exercise, place: str, language: Language) -> Item:
    """An exercise as an item.

    >>> from alexnet_viz.teaching.exercises.generators import draw
    >>> [reply.words for reply in item(draw("tower", 1), "A1", "en").wrong]  # doctest: +ELLIPSIS
    ['...', '...']
    """
    question = exercise.question
    several = question.form not in ("count", "number", "word")
    kind: Kind = "choice" if exercise.way == "choice" else "numbers" if several else "number"
    replies = _options(exercise, language) if kind == "choice" else _typed(exercise, kind, language)
    form = "list" if question.form == "grid" else question.form
    hinted = kind != "choice" and (form != "count" or _separable(replies))
    return Item(
        place,
        title(exercise, language),
        asked(exercise, language),
        lines(question, language) if isinstance(question, PlantedError) else (),
        kind,
        replies,
        t(f"sheet_export.hint.{form}", language) if hinted else "",
        worked(question, language),
        exercise,
    )


def _separable(replies: tuple[Reply, ...]) -> bool:
    """Whether a number among the replies is written with a separator."""
    return any("," in reply.words for reply in replies)


def _options(exercise: Exercise, language: Language) -> tuple[Reply, ...]:
    return tuple(
        Reply(
            value,
            option(exercise, value, language),
            value == exercise.answer,
            said(exercise.judge(value), language),
        )
        for value in exercise.options
    )


def _typed(exercise: Exercise, kind: Kind, language: Language) -> tuple[Reply, ...]:
    """The right reply and what slips lead to, each result once, the likeliest first.

    Exact slips within 1 % of an answer that may be rounded come before it.
    """
    question = exercise.question
    values = tuple(dict.fromkeys((question.answer, *made(question).values())))
    replies = []
    for value in values:
        others = [each for each in values if each not in (value, question.answer)]
        tolerance = _tolerance(exercise, value, others) if kind == "number" else Fraction(0)
        replies.append(_reply(exercise, kind, value, tolerance, language))
    close = [reply for reply in replies if _close(exercise, reply.value)]
    return (*close, *(reply for reply in replies if reply not in close))


def _reply(
    exercise: Exercise, kind: Kind, value: Answer, tolerance: Fraction, language: Language
) -> Reply:
    question = exercise.question
    judged = exercise.judge(value)
    found = writings(value, question.form, columns(question)) if kind == "numbers" else ()
    return Reply(
        value,
        written(value, question.form).of(language),
        judged.right,
        said(judged, language),
        tolerance,
        found if judged.right else found[:SLIP_WRITINGS],
    )


def _close(exercise: Exercise, value: Answer) -> bool:
    """Whether a slip's result would pass for the answer, where that may be rounded."""
    return exercise.about and value != exercise.answer and near(value, exercise.answer)


def _tolerance(exercise: Exercise, value: Answer, others: list[Answer]) -> Fraction:
    """How far a number may be off: at most halfway to what another slip leads to.

    The answer: 1 % where it has decimals or is asked about, else nothing.  A slip's result: half as
    much where it has decimals, as a page judges it; half a unit of the first decimal where a count
    is asked and it is none.
    """
    number, form = _fraction(value), exercise.question.form
    percent = ABOUT * abs(number)
    if value == exercise.answer:
        return percent if exercise.about or form == "number" else Fraction(0)
    if _close(exercise, value):
        return Fraction(0)
    apart = [abs(number - _fraction(other)) / 2 for other in others]
    if form == "number":
        return min([percent / 2, *apart])
    if exercise.about:
        return min([percent, *apart])
    return Fraction(0) if number.denominator == 1 else min([percent, ONE_DECIMAL, *apart])


def _fraction(value: Answer) -> Fraction:
    assert not isinstance(value, str | tuple)
    return Fraction(value)


def plain(value: int | float | Fraction) -> str:
    """A number in digits, with a point and at most nine decimals.

    >>> plain(Fraction(65, 4)), plain(60965224), plain(Fraction(1, 3)), plain(-2)
    ('16.25', '60965224', '0.333333333', '-2')
    """
    if value == int(value):
        return str(int(value))
    return f"{float(value):.9f}".rstrip("0").rstrip(".")
