"""A student's answers to a sheet as a short code: ``4J8K2-M0PQR-…``, and back.

A code has the sheet's entries and seed, the letter of the version, the answers and a number drawn
when it was made, by which two students with the same answers are told from one code pasted twice.
It has no name, no date and no verdict: whoever reads it judges the answers again.

The letters are Crockford's base 32, in which O is read as 0, I and L as 1, and case and hyphens do
not matter.  The last four are a check (CRC-16): a letter that was mistyped, or two neighbours that
were swapped, is always found, anything else is taken for a code once in more than 60,000 times.  A
code of a version of the app with other exercises does not pass either.

It protects against typing and copying errors, and against nothing else: there is no secret in it.
Who wants to can make a code with answers of their own choice, hand in a neighbour's, or several;
and a code says nothing of who made it.  It is for a class that wants to see where it stands, not
for marks.

The code of ten items has 50 to 80 letters, about 27 of them for the sheet and the check; a chosen
answer takes one letter, a typed one a letter for each digit and one more.
"""

import unicodedata
from binascii import crc_hqx
from collections.abc import Iterator
from dataclasses import dataclass

from alexnet_viz.teaching.exercises.exercise import Exercise
from alexnet_viz.teaching.exercises.generators import GENERATORS, MOST_OPTIONS, SEEDS, TIERS
from alexnet_viz.teaching.sheets.sheet import MOST_ENTRIES, VERSIONS, Entry, Sheet
from alexnet_viz.teaching.typed import read
from alexnet_viz.text.problem import Problem, shown

Given = str | int | None
"""What a student gave: typed text, the place of an option, or nothing."""

MARKS = 2**15
"""The number that is drawn for a code is below this."""

MOST_LETTERS = 4_000
MOST_TYPED = 200

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\t": None})
_CHECK = 4
_TYPED = "0123456789 .-,"
"""What typed answers mostly consist of: four bits a letter; 0 ends an answer."""
_ESCAPE, _END = 15, 0
_NAMES = tuple(GENERATORS)
_NUMBERS = 10**9
_NEAR = 128
_START = crc_hqx(f"1 {','.join(_NAMES)}".encode(), 0xFFFF)
"""Where the check begins: a code of another format or of other exercises does not pass."""

_Field = tuple[int, int]
"""A number, and how many there could be."""


@dataclass(frozen=True)
class Handed:
    """What a code says."""

    sheet: Sheet
    """With the versions up to ``letter``: the code does not say how many there are."""
    letter: str
    given: tuple[Given, ...]
    """An answer for each entry."""
    mark: int


def code(handed: Handed) -> str:
    """The code, in groups of five letters.

    >>> from alexnet_viz.teaching.sheets.sheet import parsed
    >>> code(Handed(parsed("out1,par:2", seed=7), "A", ("55", 2), mark=1))
    'SVBXS-T6E6H-07001-1E4E'
    """
    number = 0
    for value, count in reversed(list(_fields(handed))):
        assert 0 <= value < count
        number = number * count + value
    digits = bytearray()
    while number:
        number, digit = divmod(number, 32)
        digits.append(digit)
    digits.reverse()
    letters = "".join(_ALPHABET[each] for each in (*digits, *_check(digits)))
    return "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))


def decoded(text: str) -> Handed:
    """What a code says.

    Raises:
        Problem: it has letters that no code has, its check does not fit, or it is cut off.
    """
    plain = unicodedata.normalize("NFKC", text[: MOST_LETTERS + 1]).upper().translate(_READ_AS)
    strange = next((each for each in plain if each not in _ALPHABET), None)
    if strange:
        raise Problem("code_letter", letter=strange)
    digits = bytes(map(_ALPHABET.index, plain))
    body, check = digits[:-_CHECK], digits[-_CHECK:]
    if len(plain) > MOST_LETTERS or not body or check != _check(body):
        raise Problem("code_check", given=shown(text.strip(), 20))
    number = 0
    for digit in body:
        number = number * 32 + digit
    try:
        return _handed(_Reader(number))
    except (IndexError, ValueError) as error:  # the check fits by chance
        raise Problem("code_check", given=shown(text.strip(), 20)) from error


def shortest(text: str, exercise: Exercise) -> str:
    """A typed answer in the fewest letters that are read as the same.

    Raises:
        Problem: it cannot be read.
    """
    form = exercise.question.form
    typed = read(text, form)
    value = typed.value
    plain = " ".join(map(str, value if isinstance(value, tuple) else (value,)))
    same = "/" not in plain and read(plain, form) == typed
    return plain if same else unicodedata.normalize("NFKC", text).strip()[:MOST_TYPED]


def _check(digits: bytes | bytearray) -> bytes:
    found = crc_hqx(bytes(digits), _START)
    return bytes(found >> shift & 31 for shift in (15, 10, 5, 0))


def _fields(handed: Handed) -> Iterator[_Field]:
    """The numbers that a code consists of, in the order in which they are read."""
    yield handed.mark, MARKS
    yield handed.sheet.seed, SEEDS
    yield VERSIONS.index(handed.letter), len(VERSIONS)
    yield len(handed.sheet.entries), MOST_ENTRIES + 1
    follows = 0
    for entry, given in zip(handed.sheet.entries, handed.given, strict=True):
        yield _NAMES.index(entry.generator), len(_NAMES)
        yield TIERS.index(entry.tier), len(TIERS)
        yield from _number(entry.number, follows)
        follows = entry.number + 1
        yield from _answer(given)


def _number(number: int, follows: int) -> Iterator[_Field]:
    if number == follows:
        yield 0, 3
    elif number < _NEAR:
        yield from ((1, 3), (number, _NEAR))
    else:
        yield from ((2, 3), (number, _NUMBERS))


def _answer(given: Given) -> Iterator[_Field]:
    if given is None:
        yield 0, 3
    elif isinstance(given, int):
        yield from ((1, 3), (given, MOST_OPTIONS))
    else:
        yield 2, 3
        for letter in given[:MOST_TYPED]:
            if (place := _TYPED.find(letter)) >= 0:
                yield place + 1, 16
            else:
                yield from ((_ESCAPE, 16), (ord(letter), 0x110000))
        yield _END, 16


class _Reader:
    """Takes the numbers of a code one after the other."""

    def __init__(self, number: int) -> None:
        self.rest = number

    def take(self, count: int) -> int:
        self.rest, value = divmod(self.rest, count)
        return value


def _handed(reader: _Reader) -> Handed:
    mark, seed = reader.take(MARKS), reader.take(SEEDS)
    version = reader.take(len(VERSIONS))
    entries: list[Entry] = []
    answers: list[Given] = []
    follows = 0
    for _ in range(reader.take(MOST_ENTRIES + 1)):
        generator, tier = _NAMES[reader.take(len(_NAMES))], TIERS[reader.take(len(TIERS))]
        number = (follows, _NEAR, _NUMBERS)[how := reader.take(3)]
        number = reader.take(number) if how else number
        follows = number + 1
        entries.append(Entry(generator, tier, number))
        answers.append(_read_answer(reader))
    if not entries or reader.rest or len({entry.number for entry in entries}) < len(entries):
        raise ValueError
    sheet = Sheet(tuple(entries), seed, version + 1)
    return Handed(sheet, VERSIONS[version], tuple(answers), mark)


def _read_answer(reader: _Reader) -> Given:
    match reader.take(3):
        case 0:
            return None
        case 1:
            return reader.take(MOST_OPTIONS)
    letters: list[str] = []
    while (place := reader.take(16)) != _END:
        letters.append(chr(reader.take(0x110000)) if place == _ESCAPE else _TYPED[place - 1])
        if len(letters) > MOST_TYPED:
            raise ValueError
    text = "".join(letters)
    text.encode()  # half a pair of surrogates is no letter
    return text
