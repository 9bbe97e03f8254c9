"""The towers' sheets and rows of dots show the kernels they are given, where they say."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.render.charts.filters import tiles
from alexnet_viz.render.charts.kernels_by_tower import (
    BINS,
    ZOOM,
    colour_of,
    dot_rows,
    kernel_sheets,
    sheets_png,
)
from alexnet_viz.render.theme import GREY, TOWER_COLOURS

RNG = np.random.default_rng(5)
KERNELS = RNG.standard_normal((20, 3, 5, 5)).astype(np.float32)
TOWERS = (RNG.permutation(20)[:12], np.arange(3))
HOVER = [f"kernel {number}" for number in range(20)]
PITCH = 5 * ZOOM + 3


def decoded(source: str) -> Any:
    return np.asarray(Image.open(BytesIO(b64decode(source.removeprefix("data:image/png;base64,")))))


def tile(picture: Any, row: int, column: int) -> Any:
    part = picture[row * PITCH :, column * PITCH :][: 5 * ZOOM : ZOOM, : 5 * ZOOM : ZOOM]
    return part[..., :3]


def test_what_is_pointed_at_is_the_kernel_that_is_drawn_there() -> None:
    figure = kernel_sheets(KERNELS, TOWERS, ("one", "two"), HOVER)
    assert len(figure.data) == len(figure.layout.images) == 2
    for tower, (trace, image) in enumerate(zip(figure.data, figure.layout.images, strict=True)):
        picture = decoded(image.source)
        assert (image.xref, image.yref) == (trace.xaxis, trace.yaxis)
        assert picture.shape[:2] == (image.sizey * PITCH, image.sizex * PITCH)
        assert list(trace.customdata) == TOWERS[tower].tolist()
        for x, y, number, text in zip(trace.x, trace.y, trace.customdata, trace.text, strict=True):
            assert (tile(picture, int(y), int(x)) == tiles(KERNELS)[number]).all()
            assert text == f"kernel {number}"


def test_the_sheets_do_not_lie_on_each_other() -> None:
    layout = kernel_sheets(KERNELS, TOWERS, ("one", "two"), HOVER).layout
    assert layout.xaxis.domain[1] < layout.xaxis2.domain[0] < layout.xaxis2.domain[1]
    assert layout.xaxis2.domain[1] == pytest.approx(1)
    assert [note.text for note in layout.annotations] == ["one", "two"]


def test_the_file_has_the_towers_one_below_the_other() -> None:
    picture = np.asarray(Image.open(BytesIO(sheets_png(KERNELS, TOWERS))))
    assert (tile(picture, 0, 1) == tiles(KERNELS)[TOWERS[0][1]]).all()
    second = picture[4 * PITCH + 4 * ZOOM :]
    assert (tile(second, 2, 0) == tiles(KERNELS)[2]).all()
    assert picture.shape[1] == 3 * PITCH


def test_every_kernel_is_a_dot_above_its_value_and_none_covers_another() -> None:
    values = {"a": RNG.random(20), "b": RNG.random(20) ** 9}
    values["b"][:2] = 0, 1
    figure = dot_rows(values, TOWERS, ("one", "two"), HOVER, "mean {value}")
    assert len(figure.data) == 4
    for trace, (title, tower) in zip(
        figure.data, [(title, tower) for title in values for tower in (0, 1)], strict=True
    ):
        numbers = TOWERS[tower]
        assert list(trace.customdata) == numbers.tolist()
        assert list(trace.text) == [HOVER[number] for number in numbers]
        assert np.abs(np.array(trace.x) - values[title][numbers]).max() <= 0.5 / BINS + 1e-9
        assert len({*zip(trace.x, trace.y, strict=True)}) == len(numbers)
        assert trace.marker.color == TOWER_COLOURS[tower]
    first, second = (np.array(trace.y) for trace in figure.data[:2])
    assert second.max() < first.min()
    said = [note.text for note in figure.layout.annotations]
    for title in values:
        assert title in said
        for numbers in TOWERS:
            assert f"mean {values[title][numbers].mean():.3f}" in said


def test_of_a_stack_the_smallest_value_is_at_the_bottom() -> None:
    values = np.array([0.503, 0.501, 0.502])
    figure = dot_rows({"a": values}, [np.arange(3)], [""], HOVER, "{value}")
    assert np.argsort(figure.data[0].y).tolist() == [1, 2, 0]


def test_a_single_tower_has_no_tower_s_colour() -> None:
    assert colour_of(0, TOWERS[:1]) == GREY
    assert colour_of(1, TOWERS) == TOWER_COLOURS[1]
