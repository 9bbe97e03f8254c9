"""An answer as people read it: 60,965,224, 96×55×55, 227–230."""

from fractions import Fraction

from alexnet_viz.teaching.questions.question import Answer, Form
from alexnet_viz.text import LANGUAGES, Text, t

DECIMALS = 3
"""Decimals of a ``number``: all answers of a question have the same, so none stands out."""


def phrase(key: str, **values: object) -> Text:
    """A phrase in both languages, to fill a placeholder of another."""
    return Text(*(t(key, language, **values) for language in LANGUAGES))


def written(value: Answer, form: Form) -> Text:
    """An answer in both languages.

    >>> written(60965224, "count").en, written((227, 230), "range").zh
    ('60,965,224', '227–230')
    >>> written(Fraction(1, 8), "number").en, written((1, Fraction(1, 3)), "grid").en
    ('0.125', '1 0.33')
    """
    if isinstance(value, str):
        return phrase(f"exercise.answer.{value}")
    if isinstance(value, tuple):
        between = {"shape": "×", "range": "–"}.get(form, " ")
        return _both(between.join(_spelled(each, ".2f") for each in value))
    return _both(_spelled(value, f",.{DECIMALS}f" if form == "number" else ",.6g"))


def _both(words: str) -> Text:
    return Text(words, words)


def _spelled(value: int | float | Fraction, spec: str) -> str:
    if value == int(value) and not spec.startswith(f",.{DECIMALS}"):
        return f"{int(value):,}"
    return format(float(value), spec)
