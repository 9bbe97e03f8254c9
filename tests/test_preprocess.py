"""What a network reads of a picture: the paper's scaling, its centre, less the means."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import (
    CHANNEL_MEANS,
    Preprocessing,
    cropped,
    preprocess,
    shorter_side,
)
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.text.problem import Problem


def flat(colour: tuple[int, int, int]) -> Picture:
    return Picture(np.full((300, 400, 3), colour, np.uint8), 400, 300)


def test_the_network_reads_colours_less_their_means() -> None:
    values = preprocess(flat((10, 20, 30)), 227)
    assert values.shape == (3, 227, 227)
    assert values.dtype == np.float32
    wanted = [value - mean for value, mean in zip((10, 20, 30), CHANNEL_MEANS, strict=True)]
    assert values[:, 100, 100].tolist() == pytest.approx(wanted, abs=1e-4)


def test_a_network_that_reads_blue_first_gets_the_colours_turned_round() -> None:
    how = Preprocessing(scale=1 / 255, mean=(0.1, 0.2, 0.3), std=(1.0, 2.0, 4.0), bgr=True)
    values = preprocess(flat((10, 20, 30)), 227, how=how)
    wanted = [(30 / 255 - 0.3) / 4, (20 / 255 - 0.2) / 2, 10 / 255 - 0.1]
    assert values[:, 100, 100].tolist() == pytest.approx(wanted, abs=1e-5)


def test_a_network_of_one_channel_reads_grey() -> None:
    colour = (10, 200, 30)
    grey = 0.299 * 10 + 0.587 * 200 + 0.114 * 30
    values = preprocess(flat(colour), 28, channels=1)
    assert values.shape == (1, 28, 28)
    mean = np.dot((0.299, 0.587, 0.114), CHANNEL_MEANS)
    assert values[0, 14, 14] == pytest.approx(grey - mean, abs=0.6)
    shown = cropped(flat(colour), 28, channels=1)
    assert shown.shape == (28, 28, 3)
    assert set(shown[14, 14].tolist()) == {round(grey)}


def test_a_network_of_two_channels_is_refused() -> None:
    with pytest.raises(Problem, match="reads 2 channels: a picture has 3, or 1") as caught:
        preprocess(flat((0, 0, 0)), 28, channels=2)
    assert "通道" in caught.value.message("zh")


@pytest.mark.parametrize("name", ["cat", "coffee", "gratings"])
def test_the_centre_is_cut_out_as_the_paper_does(name: str) -> None:
    """Against the two steps one after the other: shorter side to 256, then the middle 224."""
    picture = SAMPLES[name].load()
    image = Image.fromarray(picture.rgb)
    scaled = image.resize((256 * image.width // image.height, 256), Image.Resampling.BICUBIC)
    left, top = (scaled.width - 224) // 2, (256 - 224) // 2
    wanted = np.asarray(scaled)[top : top + 224, left : left + 224]
    inner = slice(4, -4)  # at its border the box reads nothing from beyond
    shown = cropped(picture, 224)
    assert np.abs(shown[inner, inner].astype(int) - wanted[inner, inner]).max() <= 1


def test_the_share_that_is_cut_out_hardly_depends_on_the_size() -> None:
    shares = [size / shorter_side(size) for size in (28, 32, 64, 224, 227, 256, 299, 512)]
    assert all(0.86 < share <= 1 for share in shares)
    sides = [shorter_side(size) for size in range(1, 600)]
    assert all(one <= next_ for one, next_ in pairwise(sides))


@pytest.mark.parametrize("shape", [(1, 1024), (1024, 1), (1, 1), (2, 3)])
def test_extreme_shapes_need_no_memory(shape: tuple[int, int]) -> None:
    picture = Picture(np.full((*shape, 3), 77, np.uint8), shape[1], shape[0])
    assert (cropped(picture, 227) == 77).all()
    assert cropped(picture, 227).shape == (227, 227, 3)
