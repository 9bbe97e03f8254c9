"""A kernel's picture shows its numbers: zero in the middle, the largest weight at the end."""

import numpy as np
import pytest

from alexnet_viz.render.charts.colour_maps import palette
from alexnet_viz.render.charts.kernels import enlarged, in_colour, largest, slices

RANDOM = np.random.default_rng(0).normal(size=(3, 5, 7)).astype(np.float32)


def test_the_largest_weight_is_full_and_zero_is_middle_grey() -> None:
    kernel = np.zeros((3, 2, 2))
    kernel[0, 0, 0], kernel[2, 1, 1] = 0.5, -0.5
    assert in_colour(kernel).tolist() == [
        [[255, 128, 128], [128, 128, 128]],
        [[128, 128, 128], [128, 128, 0]],
    ]


def test_colours_keep_the_order_and_the_proportions_of_the_weights() -> None:
    steps = in_colour(RANDOM).transpose(2, 0, 1).astype(float)
    assert np.abs((steps - 127.5) / 127.5 - RANDOM / np.abs(RANDOM).max()).max() <= 0.5 / 127.5


def test_one_scale_for_the_three_colours_and_none_from_elsewhere() -> None:
    assert np.array_equal(in_colour(RANDOM), in_colour(8 * RANDOM))
    assert largest(RANDOM) == np.abs(RANDOM).max()


def test_blue_first_is_turned_round() -> None:
    assert np.array_equal(in_colour(RANDOM, bgr=True), in_colour(RANDOM[::-1]))


def test_a_kernel_of_zeros_is_grey_and_warns_of_nothing() -> None:
    assert (in_colour(np.zeros((3, 2, 2))) == 128).all()
    assert (slices(np.zeros((2, 2, 2)))[:2, :2, :3] == palette(True)[128]).all()


def test_every_slice_is_on_the_sheet_in_its_place() -> None:
    kernel = np.random.default_rng(1).normal(size=(5, 2, 3))
    sheet = slices(kernel, columns=2)
    assert sheet.shape == (3 * 3 - 1, 2 * 4 - 1, 4)
    steps = np.rint(127.5 + 127.5 * kernel / np.abs(kernel).max()).astype(int)
    for place in range(5):
        top, left = place // 2 * 3, place % 2 * 4
        tile = sheet[top : top + 2, left : left + 3]
        assert np.array_equal(tile[..., :3], palette(True)[steps[place]])
        assert (tile[..., 3] == 255).all()


def test_gaps_and_the_place_after_the_last_are_transparent() -> None:
    alpha = slices(np.ones((5, 2, 3)), columns=2)[..., 3]
    assert (alpha == 255).sum() == 5 * 2 * 3
    assert not alpha[2].any()
    assert not alpha[:, 3].any()
    assert not alpha[6:, 4:].any()


def test_single_weights_touch() -> None:
    assert slices(np.ones((6, 1, 1)), columns=3).shape == (2, 3, 4)


@pytest.mark.parametrize(("width", "times"), [(14, 2), (20, 2), (3, 1)])
def test_pixels_are_repeated_whole(width: int, times: int) -> None:
    picture = in_colour(RANDOM)
    large = enlarged(picture, width)
    assert large.shape == (5 * times, 7 * times, 3)
    assert np.array_equal(large[::times, ::times], picture)
