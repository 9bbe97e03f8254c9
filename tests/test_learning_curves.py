"""The curves of the training lab: means over the seeds, bands, gaps, gradients on a log axis."""

import math

import numpy as np
import pytest

from alexnet_viz.render.charts.filters import filter_sheet, tile_sheet, tiles
from alexnet_viz.render.charts.learning_curves import (
    ArmErrors,
    CurveWords,
    gradient_sizes,
    learning_curves,
)

WORDS = CurveWords("step", "error", "training", "validation", "guessing")
MOMENTS = (0, 10, 20)
TRAIN = [[0.9, 0.5, 0.2], [0.9, 0.3, None]]
VALIDATION = [[0.9, 0.6, 0.4], [0.9, 0.4, 0.2]]


def drawn(*arms: ArmErrors, words: CurveWords = WORDS) -> dict:  # type: ignore[type-arg]
    figure = learning_curves(MOMENTS, arms, steps=40, guessing=0.9, words=words)
    return {each.name: each for each in figure.data} | {"figure": figure}


def test_lines_are_means_over_the_seeds_that_have_a_number() -> None:
    found = drawn(ArmErrors("one", TRAIN, VALIDATION))
    assert found["one, training"].y == pytest.approx((0.9, 0.4, 0.2))
    assert found["one, validation"].y == pytest.approx((0.9, 0.5, 0.3))
    assert found["one, training"].line.dash == "solid"
    assert found["one, validation"].line.dash == "dash"


def test_a_band_reaches_from_the_lowest_seed_to_the_highest_where_all_have_one() -> None:
    band = drawn(ArmErrors("one", TRAIN, VALIDATION))[None]
    assert band.x == (0, 10, 10, 0)
    assert band.y == pytest.approx((0.9, 0.5, 0.3, 0.9))
    assert None not in drawn(ArmErrors("one", TRAIN[:1], VALIDATION[:1]))


def test_axes_are_those_of_the_whole_run_before_a_curve_is_there() -> None:
    words = CurveWords("step", "error", "training", "validation", "guessing", "not yet")
    figure = learning_curves((), [ArmErrors("one", [], [])], steps=40, guessing=0.75, words=words)
    assert figure.layout.xaxis.range == (0, 40)
    assert figure.layout.shapes[0].y0 == 0.75
    assert "not yet" in {each.text for each in figure.layout.annotations}


def test_arms_differ_in_colour_and_in_the_marks_of_their_gradients() -> None:
    arms = [ArmErrors(name, TRAIN, VALIDATION) for name in ("one", "two", "three", "four")]
    found = drawn(*arms)
    assert len({found[f"{arm.name}, training"].line.color for arm in arms}) == 4
    figure = gradient_sizes(["a"], [(arm.name, [[1.0]]) for arm in arms], size="size")
    assert len({each.marker.symbol for each in figure.data}) == 4


def test_gradients_are_geometric_means_and_none_where_they_vanish() -> None:
    sizes = [[1.0, 1e-4, 0.0], [1.0, 1e-2, None]]
    figure = gradient_sizes(["conv1", "conv2", "fc8"], [("one", sizes)], size="size")
    assert figure.data[0].y[:2] == pytest.approx((1.0, 1e-3))
    assert figure.data[0].y[2] is None
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.dtick == 1  # no small 2 and 5 between the powers of ten
    near = gradient_sizes(["conv1"], [("one", [[0.2]]), ("two", [[0.3]])], size="size")
    assert near.layout.yaxis.dtick is None  # within one power of ten they are needed
    assert math.isfinite(figure.layout.height)


def test_a_sheet_of_pictures_has_every_one_in_its_place() -> None:
    pictures = np.arange(6, dtype=np.uint8)[:, None, None, None].repeat(2, 1).repeat(2, 2)
    sheet = tile_sheet(pictures, towers=1, columns=4, zoom=3)
    assert sheet.shape == (2 * 6 + 2 * 3, 4 * 9, 4)
    assert sheet[0, ::9, 0].tolist() == [0, 1, 2, 3]
    assert sheet[9, ::9, 0].tolist() == [4, 5, 0, 0]
    assert sheet[9, ::9, 3].tolist() == [255, 255, 0, 0]
    kernels = np.random.default_rng(1).normal(size=(4, 3, 2, 2)).astype(np.float32)
    same = tile_sheet(tiles(kernels), towers=2, columns=2, zoom=1)
    assert (filter_sheet(kernels, towers=2, columns=2, zoom=1) == same).all()
