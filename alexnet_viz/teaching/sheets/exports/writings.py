"""The ways of typing several numbers that a platform is told, which can compare words only.

A page of this application reads numbers (``teaching.typed``); these are what it would read most
often.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from alexnet_viz.teaching.questions.answer_text import MINUS
from alexnet_viz.teaching.questions.question import Answer, Form, Question
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, PooledMap

SEPARATORS = (" ", ", ", ",", "，", "; ", ";")
"""Between numbers of any list, the most frequent first."""

OWN: Mapping[Form, tuple[str, ...]] = {
    "shape": ("×", "x", " × ", " x ", "*", " * "),
    "range": ("–", "-", " – ", " - ", " to ", "..", "~", "到", "至"),
}
"""Between those of a shape and of a range."""

COMMAS = (", ", ",")

BRACKETS = (("(", ")"), ("[", "]"))
"""Around numbers with a comma between."""


def columns(question: Question) -> int:
    """The numbers in a row of the answer, of a map; else 0."""
    maps = PooledMap | ConvolvedMap | RectifiedMap | RectifiedGradient
    return question.columns if isinstance(question, maps) else 0


def writings(value: Answer, form: Form, columns: int = 0) -> tuple[str, ...]:
    """How an answer of several numbers may be typed, the most frequent first.

    >>> writings((31, 33), "range")[:4]
    ('31–33', '31-33', '31 33', '31, 33')
    >>> writings((3, -7), "grid")[:3]
    ('3 -7', '3 −7', '3, -7')
    """
    assert isinstance(value, tuple)
    numbers = [_digits(each) for each in value]
    own = OWN.get(form, ())
    found = [numbers[0]] if form == "range" and len(set(numbers)) == 1 else []
    between = (*own[:2], *SEPARATORS[:2], *own[2:], *SEPARATORS[2:])
    found += [each.join(numbers) for each in between]
    found += [f"{left}{each.join(numbers)}{right}" for left, right in BRACKETS for each in COMMAS]
    if 0 < columns < len(numbers) and len(numbers) % columns == 0:
        found += _rows([numbers[n : n + columns] for n in range(0, len(numbers), columns)])
    signs = ("-", MINUS) if any(each < 0 for each in value) else ("-",)
    return tuple(dict.fromkeys(_signed(each, sign) for each in found for sign in signs))


def _signed(words: str, sign: str) -> str:
    """The words with this minus sign before digits."""
    return re.sub(r"(?<!\d)-(?=\d)", sign, words)


def _rows(rows: list[list[str]]) -> list[str]:
    """A map with its rows told apart."""
    found = [
        after.join(between.join(row) for row in rows)
        for between in SEPARATORS[:3]
        for after in ("; ", ";", " / ")
    ]
    bracketed = [[f"[{between.join(row)}]" for row in rows] for between in COMMAS]
    found += [f"[{between.join(row)}]" for between, row in zip(COMMAS, bracketed, strict=True)]
    return found


def _digits(number: int | float | Fraction) -> str:
    whole = number == int(number)
    return str(int(number)) if whole else f"{float(number):.2f}".rstrip("0").rstrip(".")
