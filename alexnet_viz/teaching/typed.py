"""Numbers as people type them: ``60,965,224``, ``6.1e7``, ``61M``, ``6096万``, ``96×55×55``.

What cannot be read raises a ``Problem`` whose words say what is accepted; it costs no attempt.
Full-width digits and signs count as their plain ones.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from alexnet_viz.teaching.questions.question import Answer, Form
from alexnet_viz.text.problem import Problem, shown

MOST_LETTERS = 400
"""Most letters of an answer that are read: a map of 5×5 numbers has about 100."""

MOST_DIGITS = 30
"""Most digits of a number, and the largest power of ten after it."""

SCALES = {
    "": 0,
    "k": 3, "thousand": 3, "千": 3, "万": 4, "m": 6, "mio": 6, "million": 6, "百万": 6, "千万": 7,
    "亿": 8, "g": 9, "b": 9, "bn": 9, "billion": 9, "十亿": 9, "t": 12, "trillion": 12, "万亿": 12,
}  # fmt: skip
"""Powers of ten by the word behind a number."""

_DIGITS = r"\d+|\d{1,3}(?:[,_ ']\d{3})+|\d{1,4}(?:[,_ ']\d{4})+"
_NUMBER = re.compile(
    rf"([+-]?)({_DIGITS})?(?:\.(\d+))?\s*(?:e([+-]?\d{{1,2}})|[x*×·]\s*10\s*(?:\^|\*\*)?\s*"
    rf"([+-]?\d{{1,2}}))?\s*({'|'.join(sorted(filter(None, SCALES), key=len, reverse=True))})?"
)
_FRACTION = re.compile(r"([+-]?\d{1,12})\s*/\s*(\d{1,12})")
_BEFORE = re.compile(r"^\s*(?:[=≈~约]|about |ca\.? )\s*")
_BEHIND = re.compile(r"\s*(?:px|pixels?|像素|个|flops?|macs?|params?)\.?\s*$")
_POWER = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "，": ",", "。": ".", "、": ",", "’": "'"})


@dataclass(frozen=True)
class Typed:
    """What was typed.

    ``slack`` is half a unit of the last digit where a number was abbreviated (61M, 6.1e7) or has
    decimals, else 0: the number itself is meant.
    """

    value: Answer
    slack: Fraction = Fraction(0)


def read(text: str, form: Form) -> Typed:
    """What is typed as an answer of this form.

    >>> read("60,965,224", "count").value, read("６１M", "count").value
    (60965224, 61000000)
    >>> read("96×55×55", "shape").value, read("227–230", "range").value
    ((96, 55, 55), (227, 230))

    Raises:
        Problem: it cannot be read as that.
    """
    if form == "word":
        return Typed(text.strip())
    if form in ("count", "number"):
        return number(text)
    found = numbers(text)
    if form == "range" and len(found) == 1:
        found *= 2
    if form == "range" and len(found) != 2:
        raise Problem("typed_range", given=shown(text))
    return Typed(found)


def number(text: str) -> Typed:
    """One number, whole where it is whole, else a fraction.

    >>> number("6.1e7"), number("54.25").value
    (Typed(value=61000000, slack=Fraction(500000, 1)), Fraction(217, 4))
    >>> number("6096万").value, number("0.61亿").value, number("6.1×10^7").value
    (60960000, 61000000, 61000000)

    Raises:
        Problem: it is none.
    """
    plain = _BEHIND.sub("", _BEFORE.sub("", _plain(text))).strip()
    if ratio := _FRACTION.fullmatch(plain):
        if int(ratio[2]) == 0:
            raise Problem("typed_number", given=shown(text))
        return Typed(_whole(Fraction(int(ratio[1]), int(ratio[2]))))
    match = _NUMBER.fullmatch(plain)
    if not match or not (match[2] or match[3]):
        raise Problem("typed_number", given=shown(text))
    sign, whole, decimals, exponent, power, scale = match.groups()
    digits = re.sub(r"\D", "", whole or "") + (decimals or "")
    tens = int(exponent or power or 0) + SCALES[scale or ""]
    if len(digits) > MOST_DIGITS or abs(tens) > MOST_DIGITS:
        raise Problem("typed_long", given=shown(text), most=MOST_DIGITS)
    unit = Fraction(10) ** (tens - len(decimals or ""))
    exact = not decimals and not tens
    value = int(digits) * unit * (-1 if sign == "-" else 1)
    return Typed(_whole(value), Fraction(0) if exact else unit / 2)


def numbers(text: str) -> tuple[int | Fraction, ...]:
    """Several numbers: a shape, a range, or the rows of a map.

    >>> numbers("[96, 55, 55]"), numbers("1 -2; 3 4"), numbers("0 to 194")
    ((96, 55, 55), (1, -2, 3, 4), (0, 194))

    Raises:
        Problem: something among them is none.
    """
    plain = re.sub(r"[()\[\]{}|]", " ", _plain(text))
    # a dash between two numbers is a range, one behind a space or a sign is a minus
    plain = re.sub(r"(?<=\d)(?:-(?=\d)|\s+-\s+|\s*(?:to|到|至|~|\.\.\.?)\s*)", " ", plain)
    parts = re.split(r"[\s,;x×*/]+", plain.strip(" ,;"))
    found = []
    for part in parts:
        if not re.fullmatch(r"[+-]?(\d{1,12}(\.\d{1,9})?|\.\d{1,9})", part):
            raise Problem("typed_list", given=shown(text))
        found.append(_whole(Fraction(part)))
    return tuple(found)


def _plain(text: str) -> str:
    """The text with plain digits, signs and small letters."""
    if len(text) > MOST_LETTERS:
        raise Problem("typed_long", given=shown(text), most=MOST_DIGITS)
    # a power is no further digit: NFKC makes 262 of 26²
    text = _POWER.sub(lambda power: f"^{power[0]}", text)
    # the signs first: NFKC keeps 。 and makes of … three dots
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).strip().lower()


def _whole(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value
