"""Sheets: the link text, and that dropping or drawing anew changes nothing else."""

from random import Random

import pytest

from alexnet_viz.teaching.exercises.generators import GENERATORS, SEEDS
from alexnet_viz.teaching.sheets.sheet import MOST_ENTRIES, Sheet, parsed
from alexnet_viz.text.problem import Problem


def whole() -> Sheet:
    return parsed(",".join(f"{id}:{1 + n % 3}" for n, id in enumerate(GENERATORS)), 5, 3)


def test_a_link_gives_the_same_sheet() -> None:
    sheet = whole().redrawn(2).dropped(0)
    again = parsed(sheet.link, sheet.seed, sheet.versions)
    assert again == sheet
    assert again.exercises("B") == sheet.exercises("B")


def test_versions_and_seeds_differ() -> None:
    sheet, other = whole(), parsed(whole().link, 6, 3)
    assert sheet.letters == "ABC"
    assert sheet.exercises("A") != sheet.exercises("B") != sheet.exercises("C")
    assert sheet.exercises("A") != other.exercises("A")


def test_an_entry_is_typed_in_all_versions_or_chosen_in_all() -> None:
    ways = set()
    for seed in range(12):
        sheet = parsed("out1,par:2,lrn:3,tower,find:2,drop", seed, 8)
        found = [[each.way for each in sheet.exercises(letter)] for letter in sheet.letters]
        assert all(each == found[0] for each in found), (seed, found)
        ways |= {*found[0]}
    assert ways == {"typed", "choice"}


def test_the_first_version_is_the_one_that_its_seed_always_gave() -> None:
    sheet = parsed("out1,par", 7, 2)
    seeds = [Random(f"7 {number} A").randrange(SEEDS) for number in (0, 1)]
    assert [each.seed for each in sheet.exercises("A")] == seeds


def test_dropping_and_drawing_anew_change_one_place() -> None:
    sheet = whole()
    before = sheet.exercises("A")
    assert sheet.dropped(4).exercises("A") == (*before[:4], *before[5:])
    redrawn = sheet.redrawn(4).exercises("A")
    assert redrawn[4] != before[4]
    assert redrawn[:4] + redrawn[5:] == before[:4] + before[5:]
    assert sheet.redrawn(4).added("par", 2).exercises("A")[:-1] == redrawn


@pytest.mark.parametrize(
    ("entries", "seed", "versions", "words"),
    [
        ("nothing", 0, 1, "No exercise “nothing”"),
        ("out1:4", 0, 1, "“out1:4” is not an entry"),
        ("out1:1:2:3", 0, 1, "“out1:1:2:3” is not an entry"),
        ("out1:x", 0, 1, "“out1:x” is not an entry"),
        ("out1:1:0,par:1:0", 0, 1, "the number 0 belongs"),
        (",".join(["out1"] * (MOST_ENTRIES + 1)), 0, 1, "41 entries"),
        ("out1", -1, 1, "Seed -1"),
        ("out1", 0, 9, "9 versions"),
    ],
)
def test_what_is_no_sheet_is_refused(entries: str, seed: int, versions: int, words: str) -> None:
    with pytest.raises(Problem, match=words):
        parsed(entries, seed, versions)
