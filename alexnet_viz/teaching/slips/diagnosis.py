"""Why an answer is what it is: right, a slip, right in another network, or not known."""

from dataclasses import dataclass
from fractions import Fraction

from alexnet_viz.teaching.questions.answer_text import written
from alexnet_viz.teaching.questions.network_chains import ChainQuestion
from alexnet_viz.teaching.questions.question import Answer, Question, magnitude
from alexnet_viz.teaching.slips.elsewhere import elsewhere
from alexnet_viz.teaching.slips.finding import Finding, gives, near, same, words
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.teaching.typed import Typed
from alexnet_viz.text import Language, t


@dataclass(frozen=True)
class Diagnosis:
    """What an answer is: right, or given by these findings, or by none that is known."""

    question: Question
    given: Answer
    right: bool
    rounded: bool = False
    """Whether it is right to its digits where the exact number is asked: costs no attempt."""
    findings: tuple[Finding, ...] = ()
    """Everything known that gives a wrong answer, the likeliest first."""

    @property
    def off(self) -> Fraction | float | int | None:
        """Given less right, of single numbers."""
        given, answer = self.given, self.question.answer
        if isinstance(given, str | tuple) or isinstance(answer, str | tuple):
            return None
        return given - answer


def diagnose(question: Question, given: Typed | Answer, about: bool = False) -> Diagnosis:
    """Whether an answer is right, and else everything known that gives it.

    With ``about`` an answer within 1 % is right, unless it is exactly what a slip gives.

    >>> from alexnet_viz.teaching.questions.network_chains import ChainQuestion
    >>> asked = ChainQuestion("alexnet_2012_paper", 224, "fc6.inputs")
    >>> first, *_ = diagnose(asked, 6400).findings
    >>> first.rounding, first.chain
    ('floor', (224, 54, 26, 12, 5))
    """
    typed = given if isinstance(given, Typed) else Typed(given)
    value, form = typed.value, question.form
    if same(typed, question.answer, form):
        return Diagnosis(question, value, right=True)
    close = near(value, question.answer)
    if close and typed.slack and form == "count" and isinstance(value, int):
        return Diagnosis(question, value, right=about, rounded=not about)
    part = question.part if isinstance(question, ChainQuestion) else None
    said = {
        **question.values,
        **(part.values if part else {}),
        "given": written(value, form),
        "answer": written(question.answer, form),
    }
    findings = [
        Finding(f"slip.{id}", said, slip=id)
        for id, result in made(question).items()
        if gives(result, typed, form)
    ]
    covered = {finding.slip for finding in findings}
    findings += [
        finding
        for finding in elsewhere(question, typed, said)
        if _ROUNDED.get(finding.rounding or "") not in covered or finding.networks
    ]
    if close and about and not findings:
        return Diagnosis(question, value, right=True)
    return Diagnosis(question, value, right=False, findings=tuple(findings))


_ROUNDED = {"ceil": "rounded_up", "caffe": "rounded_up", "floor": "rounded_down"}
"""Slips that say the same as a rounding rule."""


def said(diagnosis: Diagnosis, language: Language = "en") -> str:
    """What the page says to an answer: right, the likeliest finding, or that none is known."""
    question, given = diagnosis.question, diagnosis.given
    values = {
        "given": written(given, question.form),
        "answer": written(question.answer, question.form),
    }
    if diagnosis.right:
        return t("slip.right", language, **values)
    if diagnosis.rounded:
        return t("slip.rounded", language, **values)
    if diagnosis.findings:
        return words(diagnosis.findings[0], language)
    if diagnosis.off is None:
        return t("slip.unknown", language, **values)
    off = written(magnitude(diagnosis.off), question.form)
    if diagnosis.off < 0:
        return t("slip.unknown_less", language, off=off, **values)
    return t("slip.unknown_more", language, off=off, **values)
