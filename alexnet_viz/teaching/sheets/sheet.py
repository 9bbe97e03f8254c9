"""Which exercises a sheet has, its link text, and the exercises of each version.

A sheet is fixed by its seed, its entries and its number of versions, so a link or a command draws
the same sheet again.  Each entry has a number of its own, from which its exercises are drawn: an
entry that is dropped or drawn anew changes no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from alexnet_viz.teaching.exercises.exercise import Exercise
from alexnet_viz.teaching.exercises.generators import GENERATORS, SEEDS, TIERS, draw, way
from alexnet_viz.text.problem import Problem, shown

MOST_ENTRIES = 40

VERSIONS = "ABCDEFGH"
"""The names of the versions; a sheet has the first few."""


@dataclass(frozen=True)
class Entry:
    """One place of a sheet: in each version another exercise of this kind and difficulty."""

    generator: str
    tier: int
    number: int
    """Unlike that of every other entry of the sheet."""


@dataclass(frozen=True)
class Sheet:
    """A sheet in one to eight versions."""

    entries: tuple[Entry, ...]
    seed: int = 0
    versions: int = 1

    @property
    def letters(self) -> str:
        """The names of the versions: "ABC"."""
        return VERSIONS[: self.versions]

    def exercises(self, letter: str) -> tuple[Exercise, ...]:
        """The exercises of a version, in the order of the entries.

        >>> sheet = parsed("out1:1:0,par:2:1", seed=7, versions=2)
        >>> [len(sheet.exercises(letter)) for letter in sheet.letters]
        [2, 2]
        >>> sheet.dropped(0).exercises("B")[0] == sheet.exercises("B")[1]
        True
        """
        return tuple(
            draw(entry.generator, self._seed(entry, letter), entry.tier) for entry in self.entries
        )

    def _seed(self, entry: Entry, letter: str) -> int:
        """The seed of an entry in a version: typed or chosen, it is the same in all of them."""

        def seeds(letter: str) -> Iterator[int]:
            chance = Random(f"{self.seed} {entry.number} {letter}")
            return iter(lambda: chance.randrange(SEEDS), None)

        def asked(seed: int) -> str:
            return way(entry.generator, seed, entry.tier)

        first = asked(next(seeds(VERSIONS[0])))
        return next(seed for seed in seeds(letter) if asked(seed) == first)

    def added(self, generator: str, tier: int) -> "Sheet":
        """The sheet with one more entry at its end."""
        return replace(self, entries=(*self.entries, Entry(generator, tier, self._free())))

    def dropped(self, place: int) -> "Sheet":
        """The sheet without the entry at a place, from 0 on."""
        return replace(self, entries=self.entries[:place] + self.entries[place + 1 :])

    def moved(self, place: int, by: int) -> "Sheet":
        """The sheet with an entry so many places further down, as far as there are places."""
        entries = list(self.entries)
        entries.insert(max(0, place + by), entries.pop(place))
        return replace(self, entries=tuple(entries))

    def redrawn(self, place: int) -> "Sheet":
        """The sheet with other exercises at a place, in all versions."""
        entry = replace(self.entries[place], number=self._free())
        return replace(self, entries=(*self.entries[:place], entry, *self.entries[place + 1 :]))

    def _free(self) -> int:
        return max((entry.number for entry in self.entries), default=-1) + 1

    @property
    def link(self) -> str:
        """The entries as a link has them: ``out1:1:0,par:2:1``."""
        return ",".join(f"{each.generator}:{each.tier}:{each.number}" for each in self.entries)


def parsed(entries: str, seed: int = 0, versions: int = 1) -> Sheet:
    """The sheet of a link's text; ``out1,par:2`` is read too, with tier 1 and the next number.

    >>> parsed("out1,par:2").link
    'out1:1:0,par:2:1'

    Raises:
        Problem: no such generator or tier, a number twice, too many entries or versions.
    """
    if not 1 <= versions <= len(VERSIONS):
        raise Problem("sheet_versions", given=versions, most=len(VERSIONS))
    if not 0 <= seed < SEEDS:
        raise Problem("sheet_seed", given=seed, most=SEEDS - 1)
    sheet = Sheet((), seed, versions)
    for text in filter(None, (each.strip() for each in entries.split(","))):
        generator, *rest = text.split(":")
        if generator not in GENERATORS:
            raise Problem("sheet_generator", given=shown(generator), known=", ".join(GENERATORS))
        if len(rest) > 2 or not all(each.isascii() and each.isdecimal() for each in rest):
            raise Problem("sheet_entry", given=shown(text))
        tier = int(rest[0][:9]) if rest else 1
        number = int(rest[1][:9]) if len(rest) == 2 else sheet._free()
        if tier not in TIERS:
            raise Problem("sheet_entry", given=shown(text))
        if any(entry.number == number for entry in sheet.entries):
            raise Problem("sheet_number", given=shown(text), number=number)
        sheet = replace(sheet, entries=(*sheet.entries, Entry(generator, tier, number)))
    if len(sheet.entries) > MOST_ENTRIES:
        raise Problem("sheet_entries", given=len(sheet.entries), most=MOST_ENTRIES)
    return sheet
