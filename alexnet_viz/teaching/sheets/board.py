"""What a class answered, item by item, from the codes that it handed in; nothing is stored.

A code has answers and no verdicts (``answer_code``): they are judged here, by the engine.  The
versions of a sheet ask the same at the same place with other numbers, so a place is one item.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from alexnet_viz.teaching.exercises.exercise import Exercise
from alexnet_viz.teaching.sheets.answer_code import Given, Handed, decoded
from alexnet_viz.teaching.sheets.misread import misread
from alexnet_viz.teaching.sheets.sheet import Entry, Sheet
from alexnet_viz.teaching.slips.diagnosis import Diagnosis
from alexnet_viz.teaching.typed import Typed, read
from alexnet_viz.text.problem import Problem

Group = Literal["right", "rounded", "slip", "other", "unknown", "missing"]

GROUPS: tuple[Group, ...] = ("right", "rounded", "slip", "other", "unknown", "missing")
"""In the order in which they are shown; ``other`` is the answer to another question."""

MOST_CODES = 200
"""Most codes of a class."""


class Outcome(NamedTuple):
    """What an answer is."""

    group: Group
    name: str = ""
    """The slip, or the other question that it answers."""


@dataclass(frozen=True)
class Item:
    """One place of a sheet and what the class gave there."""

    entry: Entry
    counts: Mapping[Outcome, int]
    """The groups in their order, in each the most frequent first."""
    examples: Mapping[Outcome, Diagnosis]
    """The first answer of each outcome that has one."""

    def of(self, group: Group) -> int:
        """How many answers belong to a group."""
        return sum(count for outcome, count in self.counts.items() if outcome.group == group)


@dataclass(frozen=True)
class Board:
    """The results of a class."""

    sheet: Sheet | None = None
    """The sheet that most codes are of, in as many versions as were handed in."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """How many answered each version."""
    items: tuple[Item, ...] = ()
    refused: tuple[tuple[int, Problem], ...] = ()
    """The lines that do not count, from 1 on, and why."""
    repeated: tuple[tuple[int, int], ...] = ()
    """Lines with the code of an earlier line, and that line; they count once."""

    @property
    def counted(self) -> int:
        """How many codes count."""
        return sum(self.versions.values())


def board(text: str) -> Board:
    """The results in a text with a code on each line; empty lines are passed over."""
    refused: list[tuple[int, Problem]] = []
    repeated: list[tuple[int, int]] = []
    found: dict[Handed, int] = {}
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    for number, line in lines[:MOST_CODES]:
        try:
            handed = decoded(line)
        except Problem as problem:
            refused.append((number, problem))
            continue
        if handed in found:
            repeated.append((number, found[handed]))
        else:
            found[handed] = number
    if len(lines) > MOST_CODES:
        refused.append((lines[MOST_CODES][0], Problem("codes", most=MOST_CODES)))
    kinds = Counter((handed.sheet.entries, handed.sheet.seed) for handed in found)
    mine: dict[Handed, tuple[_Judged, ...]] = {}
    for handed, number in found.items():
        kind = (handed.sheet.entries, handed.sheet.seed)
        try:
            if kind != kinds.most_common(1)[0][0]:
                raise Problem("code_sheet", seed=handed.sheet.seed)
            mine[handed] = _judged(handed)
        except Problem as problem:
            refused.append((number, problem))
    refused.sort(key=lambda each: each[0])
    if not mine:
        return Board(refused=tuple(refused), repeated=tuple(repeated))
    versions = Counter(handed.letter for handed in mine)
    sheet = max(mine, key=lambda handed: handed.letter).sheet
    return Board(
        sheet,
        {letter: versions[letter] for letter in sorted(versions)},
        tuple(map(_item, sheet.entries, zip(*mine.values(), strict=True))),
        tuple(refused),
        tuple(repeated),
    )


_Judged = tuple[Outcome, Diagnosis | None]


def _item(entry: Entry, answers: tuple[_Judged, ...]) -> Item:
    counts = Counter(outcome for outcome, _ in answers)
    order = sorted(counts, key=lambda each: (GROUPS.index(each.group), -counts[each], each.name))
    examples: dict[Outcome, Diagnosis] = {}
    for outcome, diagnosis in answers:
        if diagnosis:
            examples.setdefault(outcome, diagnosis)
    return Item(entry, {each: counts[each] for each in order}, examples)


def _judged(handed: Handed) -> tuple[_Judged, ...]:
    """Each answer judged.

    Raises:
        Problem: an answer is none of its exercise.
    """
    exercises = _drawn(handed.sheet.entries, handed.sheet.seed, handed.letter)
    return tuple(
        (Outcome("missing"), None) if given is None else _verdict(number, exercise, given)
        for number, (exercise, given) in enumerate(zip(exercises, handed.given, strict=True), 1)
    )


@lru_cache(maxsize=32)
def _drawn(entries: tuple[Entry, ...], seed: int, letter: str) -> tuple[Exercise, ...]:
    return Sheet(entries, seed).exercises(letter)


@lru_cache(maxsize=4096)
def _verdict(number: int, exercise: Exercise, given: Given) -> _Judged:
    if isinstance(given, int) != (exercise.way == "choice"):
        raise Problem("code_answer", number=number)
    if isinstance(given, int):
        if given >= len(exercise.options):
            raise Problem("code_answer", number=number)
        typed = Typed(exercise.options[given])
    else:
        try:
            typed = read(str(given), exercise.question.form)
        except Problem as problem:
            raise Problem("code_answer", number=number) from problem
    diagnosis = exercise.judge(typed)
    return outcome(exercise, typed, diagnosis), diagnosis


def outcome(exercise: Exercise, typed: Typed, diagnosis: Diagnosis) -> Outcome:
    """What a judged answer is."""
    if diagnosis.right:
        return Outcome("right")
    if diagnosis.rounded:
        return Outcome("rounded")
    slip = next((each.slip for each in diagnosis.findings if each.slip), "")
    if other := misread(exercise, typed, slip):
        return Outcome("other", other)
    return Outcome("slip", slip) if slip else Outcome("unknown")
