"""An answer as people read it: 60,965,224, 96×55×55, 227–230."""

from fractions import Fraction

from alexnet_viz.teaching.questions.question import Answer, Form
from alexnet_viz.text import LANGUAGES, Text, t

DECIMALS = 3
"""Decimals of a ``number``: all options of a question have the same, so none stands out."""

MINUS = "−"


def phrase(key: str, **values: object) -> Text:
    """A phrase in both languages, to fill a placeholder of another."""
    return Text(*(t(key, language, **values) for language in LANGUAGES))


def written(value: Answer, form: Form, even: bool = False) -> Text:
    """An answer in both languages; with ``even`` a ``number`` has all its decimals.

    >>> written(60965224, "count").en, written((227, 230), "range").zh
    ('60,965,224', '227–230')
    >>> written(Fraction(5, 2), "number").en, written(Fraction(5, 2), "number", even=True).en
    ('2.5', '2.500')
    >>> written((1, Fraction(1, 3)), "grid").en, written(-0.25, "number", even=True).en
    ('1 0.33', '−0.250')
    """
    if isinstance(value, str):
        return phrase(f"exercise.answer.{value}")
    if isinstance(value, tuple):
        between = {"shape": "×", "range": "–"}.get(form, " ")
        words = between.join(_spelled(each, 2) for each in value)
    elif form == "number":
        exact = f"{float(value):,.{DECIMALS}f}".replace("-", MINUS)
        words = exact if even else _spelled(value, DECIMALS)
    else:
        words = _spelled(value, 4)
    return Text(words, words)


def _spelled(value: int | float | Fraction, decimals: int) -> str:
    """A number with at most so many decimals, and a minus sign."""
    whole = value == int(value)
    words = f"{int(value):,}" if whole else f"{float(value):,.{decimals}f}".rstrip("0").rstrip(".")
    return words.replace("-", MINUS)
