"""The answer to a lesson's typed or chosen prediction: what is right, and what a wrong one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alexnet_viz.analysis.claims import expression
from alexnet_viz.teaching.lesson import Lesson, filled, shown
from alexnet_viz.teaching.questions.question import Question
from alexnet_viz.teaching.questions.registry import QUESTIONS
from alexnet_viz.teaching.slips.diagnosis import diagnose
from alexnet_viz.teaching.slips.diagnosis import said as said_of
from alexnet_viz.teaching.slips.finding import Finding
from alexnet_viz.teaching.typed import Typed, number
from alexnet_viz.teaching.typed import read as read_typed
from alexnet_viz.text import LANGUAGES, Language, Text, running, t


@dataclass(frozen=True)
class Verdict:
    """Whether a prediction is right, and everything known that gives it."""

    right: bool
    words: Mapping[Language, str]
    """What is said to it, by language."""
    findings: tuple[Finding, ...] = ()


def question(lesson: Lesson) -> Question | None:
    """The question that a prediction answers, if it is one of ``teaching.questions``."""
    asked = lesson.prediction
    if not asked.question:
        return None
    fields = {name: _frozen(value) for name, value in asked.args.items()}
    return QUESTIONS[asked.question](**fields)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def truth(lesson: Lesson) -> Any:
    """The right answer: a question's, an option's id, or the value of an expression."""
    if asked := question(lesson):
        return asked.answer
    if lesson.prediction.kind == "choice":
        return lesson.prediction.truth
    return expression.evaluate(str(lesson.prediction.truth), lesson.network)


def right(lesson: Lesson, language: Language) -> str:
    """The right answer in words."""
    value = truth(lesson)
    if lesson.prediction.kind == "choice":
        return lesson.prediction.options[value].of(language)
    return f"{shown(value)} {lesson.prediction.unit.of(language)}".strip()


def read(lesson: Lesson, text: str) -> Typed:
    """What was typed.

    Raises:
        Problem: it cannot be read as an answer to this.
    """
    if lesson.prediction.kind == "choice":
        return Typed(text)
    asked = question(lesson)
    return read_typed(text, asked.form) if asked else number(text)


def judged(lesson: Lesson, text: str) -> Verdict:
    """The verdict on a prediction that ``read`` can read."""
    given, value = read(lesson, text), truth(lesson)
    if lesson.prediction.kind == "choice":
        return Verdict(given.value == value, {})
    for answer, forgets in lesson.prediction.slips.items():
        if given.value == expression.evaluate(answer, lesson.network):
            said_to_it = {each: _slipped(lesson, given, forgets, each) for each in LANGUAGES}
            return Verdict(right=False, words=said_to_it)
    asked = question(lesson)
    if asked:
        found = diagnose(asked, given, about=lesson.prediction.tolerance > 0)
        words = {each: said_of(found, each) for each in LANGUAGES}
        return Verdict(found.right or found.rounded, words, found.findings)
    off = abs(float(given.value) - float(value))  # type: ignore[arg-type]
    return Verdict(
        off <= max(lesson.prediction.tolerance * abs(float(value)), float(given.slack)), {}
    )


def _slipped(lesson: Lesson, given: Typed, words: Text, language: Language) -> str:
    """What a lesson says to one of its likely wrong answers."""
    said = {"given": shown(given.value), "answer": right(lesson, language)}  # type: ignore[arg-type]
    why = filled(words.of(language), lesson.network)
    return running((t("course.slipped", language, **said), why), language)


def said(verdict: Verdict, lesson: Lesson, language: Language) -> str:
    """What the page says to a prediction."""
    if verdict.words:
        return verdict.words[language]
    key = "course.is_right" if verdict.right else "course.is_wrong"
    return t(key, language, answer=right(lesson, language))
