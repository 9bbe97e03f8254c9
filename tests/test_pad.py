"""What a pad takes from a browser: only values of its control, whatever is sent."""

import math
from typing import Any

import pytest

from alexnet_viz.teaching.control import Bars, Box, Cells, Curve, Order, Shares, Sort
from alexnet_viz.ui.components.component import script
from alexnet_viz.ui.components.pad import Drawn, checked

BARS = Bars("bars", 3, 0, 100, (0, 0, 0))
SHARES = Shares("shares", 3, 0, 100, (40, 30, 30))
CURVE = Curve("curve", 3, -1, 1, (0, 0, 0), 0.25)
CELLS = Cells("cells", 1, 3, -9, 9, (0, 0, 0))
BOX = Box("box", 60, 40, (0, 0, 60, 40))
SORT = Sort("sort", 3, 2, (0, 0, 0))
ORDER = Order("order", 3, (0, 1, 2))


@pytest.mark.parametrize(
    ("control", "told", "value"),
    [
        (BARS, [1, 2, 100], (1, 2, 100)),
        (BARS, [1.4, 1.6, 99.5], (1, 2, 100)),
        (SHARES, [50, 25, 25], (50, 25, 25)),
        (CURVE, [0.1, 0.2, -1], (0, 0.25, -1)),
        (CELLS, [-9, 0, 9], (-9, 0, 9)),
        (BOX, [0, 0, 60, 40], (0, 0, 60, 40)),
        (BOX, [59, 39, 60, 40], (59, 39, 60, 40)),
        (SORT, [0, 1, 0], (0, 1, 0)),
        (ORDER, [2, 0, 1], (2, 0, 1)),
    ],
)
def test_a_value_is_taken_in_steps(control: Drawn, told: list[float], value: Any) -> None:
    assert checked(control, told) == value


@pytest.mark.parametrize(
    "told",
    [
        [],
        [1, 2],
        [1, 2, 3, 4],
        [1, 2, -1],
        [1, 2, 1e9],
        [1, 2, math.nan],
        [1, 2, math.inf],
        [1, 2, 10**400],
        [1, 2, "3"],
        [1, 2, "3,4"],
        [1, 2, None],
        [1, 2, True],
        [1, 2, [3]],
        [1, 2, {"3": 3}],
        ["__import__('os')", 2, 3],
        [0] * 100_000,
    ],
)
@pytest.mark.parametrize("control", [BARS, SHARES, CURVE, CELLS, BOX, SORT, ORDER])
def test_anything_else_is_refused(control: Drawn, told: list[Any]) -> None:
    if control is BOX and told == [1, 2, 3, 4]:
        told = [3, 4, 1, 2]
    if control in (BARS, CELLS) and told == [1, 2, -1]:
        told = [1, 2, -100]
    with pytest.raises(ValueError):  # noqa: PT011
        checked(control, told)


@pytest.mark.parametrize("told", [[0, 0, 61, 40], [0, 0, 60, 41], [-1, 0, 60, 40], [9, 0, 9, 40]])
def test_a_box_lies_inside_its_picture(told: list[int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        checked(BOX, told)


@pytest.mark.parametrize("told", [[0, 0, 1], [0, 1, 3], [0.5, 1, 2]])
def test_an_order_has_every_item_once(told: list[float]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        checked(ORDER, told)


@pytest.mark.parametrize("told", [[50, 25, 26], [0, 0, 0], [100, 100, 100]])
def test_shares_that_are_not_the_whole_are_refused(told: list[int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        checked(SHARES, told)


@pytest.mark.parametrize("told", [[0, 1, 2], [0.5, 1, 1]])
def test_a_thing_is_in_one_of_the_bins(told: list[float]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        checked(SORT, told)


def test_long_values_are_taken_too() -> None:
    """A link carries at most 600 letters of a value; the browser's answer has no such limit."""
    large = Cells("large", 20, 20, -9, 9, (0,) * 400, 0.125)
    told = [-(number % 70) / 8 for number in range(400)]
    assert large.write(tuple(told)) == ""
    assert checked(large, told) == tuple(told)


def test_all_kinds_are_in_one_script() -> None:
    source = script("pad")
    for kind in ("bars", "curve", "cells", "box", "sort", "order"):
        assert source.count(f"\nfunction {kind}(pad) {{") == 1
    assert source.count("export default") == 1
