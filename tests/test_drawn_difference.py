"""What is said of a drawing that differs from the truth, and its score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.teaching.control import Bars, Box, Cells, Curve, Shares, Sort
from alexnet_viz.teaching.differences import Drawn, Rectangle, in_words, overlap
from alexnet_viz.text import LANGUAGES

BARS = Bars("bars", 3, 0, 100, (0, 0, 0))
SHARES = Shares("shares", 3, 0, 100, (40, 30, 30))
CURVE = Curve("curve", 3, -1, 1, (0, 0, 0), 0.1)
CELLS = Cells("cells", 2, 3, -9, 9, (0,) * 6)
PAINTED = Cells("painted", 2, 2, 0, 4, (0,) * 4, paint=True)
BOX = Box("box", 60, 40, (0, 0, 60, 40))
SORT = Sort("sort", 6, 2, (0,) * 6)
NAMES = ("conv", "pool", "fc", "relu", "norm", "loss")


def test_the_largest_error_of_bars_is_named() -> None:
    words, score = in_words(BARS, (10, 50, 90), (10, 59.5, 98), NAMES, unit="%")
    assert words == (
        "The largest error is at pool: you have 50%, it is 59.5%, so yours is too small by 9.5%. "
        "1 of 3 are right."
    )
    assert score == pytest.approx(1 - (0 + 0.095 + 0.08) / 3)
    assert "too large by 40%" in in_words(BARS, (50, 0, 0), (10, 0, 0), NAMES, unit="%").words


def test_shares_are_scored_by_what_is_in_its_place() -> None:
    assert in_words(SHARES, (100, 0, 0), (0, 0, 100), NAMES).score == 0
    assert in_words(SHARES, (60, 20, 20), (40, 40, 20), NAMES).score == pytest.approx(0.8)


def test_where_curves_are_furthest_apart() -> None:
    words, score = in_words(CURVE, (0, -0.5, 1), (0, -0.9, 0.9), ("1", "2", "3"), "zh")
    assert words.startswith("两条曲线在 2 处相差最大：你的在 −0.5，计算的在 −0.9，高了 0.4。")
    assert score == pytest.approx(1 - (0.4 + 0.1) / 3 / 2)


def test_a_box_and_its_sides() -> None:
    words, score = in_words(BOX, (10, 10, 30, 30), (10, 12, 40, 29))
    assert words == (
        "The two boxes share 60% of the area that they cover together (intersection over union). "
        "Your box: top 2 pixels too far out; right side 10 pixels too far in; "
        "bottom 1 pixel too far out."
    )
    assert score == pytest.approx(340 / 570)
    apart = in_words(BOX, (0, 0, 5, 5), (10, 10, 15, 15))
    assert apart.words.startswith("The two boxes do not overlap.")
    assert apart.score == 0


@st.composite
def rectangles(draw: st.DrawFn) -> Rectangle:
    left, right = sorted(draw(st.lists(st.integers(0, 60), min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(st.integers(0, 40), min_size=2, max_size=2, unique=True)))
    return left, top, right, bottom


def mask(box: Rectangle) -> np.ndarray:
    pixels = np.zeros((40, 60), bool)
    pixels[box[1] : box[3], box[0] : box[2]] = True
    return pixels


@given(rectangles(), rectangles())
def test_the_overlap_is_that_of_the_pixels(one: Rectangle, other: Rectangle) -> None:
    a, b = mask(one), mask(other)
    assert overlap(one, other) == pytest.approx((a & b).sum() / (a | b).sum())


def test_cells_that_differ_are_counted() -> None:
    words, score = in_words(CELLS, (0, 1, 2, 3, 4, 5), (0, 1, 3, 3, -4, 5))
    assert words == (
        "2 of 6 cells differ. The largest difference is in row 2, column 2: you have 4, it is −4."
    )
    assert score == pytest.approx(4 / 6)
    assert in_words(PAINTED, (0, 4, 2, 0), (0, 4, 4, 4)).score == pytest.approx(1 - 1.5 / 4)


def test_things_in_the_wrong_bin_are_named() -> None:
    guess, truth = (0, 0, 1, 1, 0, 0), (0, 1, 1, 0, 0, 0)
    words, score = in_words(SORT, guess, truth, NAMES, bins=("learnt", "fixed"))
    assert words == (
        "4 of 6 are in the right place. "
        "Not yet right: pool belongs in “fixed”; relu belongs in “learnt”."
    )
    assert score == pytest.approx(4 / 6)
    many = in_words(SORT, (0,) * 6, (1,) * 6, NAMES, "zh")
    assert many.words.startswith("6 项中有 0 项正确。尚不正确：conv 应归入“2”；")
    assert many.words.endswith("另有 2 项。")


@pytest.mark.parametrize(
    ("control", "value"),
    [
        (BARS, (1, 2, 3)),
        (SHARES, (20, 30, 50)),
        (CURVE, (0, 0.5, 1)),
        (CELLS, (1, 2, 3, 4, 5, 6)),
        (PAINTED, (0, 1, 2, 3)),
        (BOX, (1, 2, 3, 4)),
        (SORT, (0, 1, 0, 1, 0, 1)),
    ],
)
def test_the_truth_itself_scores_one(control: Drawn, value: tuple[float, ...]) -> None:
    for language in LANGUAGES:
        words, score = in_words(control, value, value, (), language)
        assert score == 1
        assert words
