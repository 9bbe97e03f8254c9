"""Pixels and bars against the numbers they stand for."""

from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.colour_limits import is_signed, limits_of
from alexnet_viz.render.charts.colour_maps import palette
from alexnet_viz.render.charts.contact_sheet import (
    CROSS,
    FIRST,
    LAST,
    contact_sheet,
    indices,
    sheet_colours,
)
from alexnet_viz.render.charts.cost import compared_bars, cost_bars
from alexnet_viz.render.charts.palette_png import palette_png
from alexnet_viz.render.theme import VARIANT_COLOURS
from alexnet_viz.variants import VARIANTS

PAPER = trace(VARIANTS["alexnet_2012_paper"])
MAPS = np.arange(6 * 4 * 5, dtype=np.float32).reshape(6, 4, 5)


def sheet_pixels(maps: np.ndarray, order: list[int], limits: object) -> tuple[object, np.ndarray]:
    contact = contact_sheet(maps, np.array(order), limits)  # type: ignore[arg-type]
    image = Image.open(BytesIO(contact.png))
    assert image.mode == "P"
    assert image.size == contact.size
    return contact, np.asarray(image)


def tile(contact: object, pixels: np.ndarray, place: int) -> np.ndarray:
    row, column = divmod(place, contact.columns)  # type: ignore[attr-defined]
    width, height = contact.tile  # type: ignore[attr-defined]
    return pixels[row * height :, column * width :][: height - 1, : width - 1]


def test_every_channel_is_on_the_sheet_in_the_order_asked() -> None:
    order = [5, 0, 3, 1, 4, 2]
    limits = limits_of([MAPS], signed=False)
    contact, pixels = sheet_pixels(MAPS, order, limits)
    for place, channel in enumerate(order):
        assert (tile(contact, pixels, place) == indices(MAPS[channel], limits)).all()


def test_one_scale_for_a_layer_keeps_maps_comparable_and_their_own_does_not() -> None:
    maps = np.stack([MAPS[0], 10 * MAPS[0]])
    contact, shared = sheet_pixels(maps, [0, 1], limits_of([maps], signed=False))
    assert tile(contact, shared, 0).max() < tile(contact, shared, 1).max() == LAST
    contact, own = sheet_pixels(maps, [0, 1], None)
    assert (tile(contact, own, 0) == tile(contact, own, 1)).all()


def test_zero_is_the_middle_of_a_signed_scale() -> None:
    maps = np.array([[[-2.0, 0.0, 1.0]]], dtype=np.float32)
    assert is_signed(maps)
    limits = limits_of([maps], signed=True)
    assert limits == (-2.0, 2.0)
    low, zero, high = indices(maps[0, 0], limits)
    assert (low, zero) == (FIRST, (FIRST + LAST) / 2)
    assert zero < high < LAST
    assert (sheet_colours(signed=True)[zero] == 247).all()  # white, as nearly as the scale has it


def test_a_map_by_itself_runs_from_its_least_to_its_largest_value() -> None:
    rows = np.array([[[0.9, 1.0, 1.1]], [[0.0, 5.0, 10.0]]], dtype=np.float32)
    contact, pixels = sheet_pixels(rows.repeat(2, axis=1), [0, 1], None)
    for place in (0, 1):
        low, middle, high = tile(contact, pixels, place)[0]
        assert (low, high) == (FIRST, LAST)
        assert abs(int(middle) - (FIRST + LAST) / 2) <= 1  # half a step, either way


def test_a_map_by_itself_keeps_zero_in_the_middle_where_the_layer_is_signed() -> None:
    rows = np.array([[[-2.0, 0.0, 4.0]], [[0.0, 0.5, 1.0]]], dtype=np.float32)
    contact, pixels = sheet_pixels(rows.repeat(2, axis=1), [0, 1], None)
    middle = (FIRST + LAST) // 2
    assert tile(contact, pixels, 0)[0].tolist() == [middle - 126 // 2, middle, LAST]
    assert tile(contact, pixels, 1)[0].tolist() == [middle, middle + 126 // 2, LAST]


def test_a_silent_map_is_crossed_out_and_a_weak_one_is_not() -> None:
    maps = np.zeros((3, 5, 5), dtype=np.float32)
    maps[1, 2, 2], maps[2] = 1e-6, 1
    contact, pixels = sheet_pixels(maps, [2, 0, 1], limits_of([maps], signed=False))
    strong, silent, weak = (tile(contact, pixels, place) for place in range(3))
    rows, columns = np.where(silent == CROSS)
    assert set(zip(rows, columns, strict=True)) == {
        *((i, i) for i in range(5)),
        *((i, 4 - i) for i in range(5)),
    }
    assert set(np.unique(silent)) == {FIRST, CROSS}
    assert set(np.unique(weak)) == {FIRST}
    assert set(np.unique(strong)) == {LAST}


def test_silent_units_are_grey_and_the_others_coloured() -> None:
    _, pixels = sheet_pixels(np.array([0, 1, 2, 0], np.float32), [3, 2, 1, 0], (0.0, 2.0))
    assert pixels.ravel()[:4].tolist() == [CROSS, LAST, (FIRST + LAST) // 2, CROSS]


@pytest.mark.parametrize("signed", [False, True])
def test_a_value_can_be_read_back_from_its_colour(signed: bool) -> None:
    """What the pointer says of a cell: no two steps share a colour, the cross's included."""
    colours = [tuple(colour) for colour in sheet_colours(signed)[[*range(FIRST, LAST + 1), CROSS]]]
    assert len(set(colours)) == LAST - FIRST + 2


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (64, 200)])
def test_a_palette_png_is_what_pillow_reads_and_smaller_than_what_it_writes(
    shape: tuple[int, int],
) -> None:
    y, x = np.mgrid[: shape[0], : shape[1]]
    steps = (127 + 120 * np.sin(x / 9) * np.cos(y / 7)).astype(np.uint8)
    steps[0, 0] = 0
    colours = np.random.default_rng(0).integers(0, 256, (256, 3), dtype=np.uint8)
    png = palette_png(steps, colours)
    image = Image.open(BytesIO(png))
    image.verify()  # every chunk's checksum
    image = Image.open(BytesIO(png))
    assert image.mode == "P"
    assert (np.asarray(image) == steps).all()
    rgba = np.asarray(image.convert("RGBA"))
    assert (rgba[..., :3][steps > 0] == colours[steps[steps > 0]]).all()
    assert (rgba[..., 3] == np.where(steps == 0, 0, 255)).all()
    if shape == (64, 200):
        plain = Image.fromarray(steps)
        plain.putpalette(colours.tobytes())
        buffer = BytesIO()
        plain.save(buffer, format="PNG")
        assert len(png) < 0.8 * len(buffer.getvalue())


def test_gaps_are_transparent() -> None:
    contact, pixels = sheet_pixels(MAPS, list(range(6)), None)
    image = Image.open(BytesIO(contact.png)).convert("RGBA")  # type: ignore[attr-defined]
    alpha = np.asarray(image)[..., 3]
    assert (alpha[pixels == 0] == 0).all()
    assert (alpha[pixels > 0] == 255).all()


@pytest.mark.parametrize("count", [1, 3, 10, 96, 256, 384, 1000, 4096])
def test_any_number_of_channels_has_a_place(count: int) -> None:
    for maps in (np.ones((count, 6, 6), np.float32), np.ones(count, np.float32)):
        contact = contact_sheet(maps, np.arange(count), (0.0, 1.0))
        rows = contact.size[1] // contact.tile[1]
        assert contact.columns * rows >= count
        assert contact.columns * (rows - 1) < count


def test_palettes_are_ordered_in_lightness() -> None:
    light = palette(signed=False) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(light) > -0.6).all()
    assert light[-1] - light[0] > 150
    diverging = palette(signed=True) @ np.array([0.2126, 0.7152, 0.0722])
    assert diverging.argmax() in range(120, 136)


def test_cost_bars_are_shares_of_the_whole() -> None:
    params, macs = cost_bars(PAPER).data
    assert sum(params.y) == pytest.approx(100)
    assert sum(macs.y) == pytest.approx(100)
    assert sum(params.customdata) == PAPER.params
    assert dict(zip(params.x, params.y, strict=True))["fc6"] == pytest.approx(61.93, abs=0.01)


def test_compared_bars_leave_a_gap_where_a_layer_is_missing() -> None:
    six = trace(VARIANTS["alexnet_2012_code_146_conv6"])
    paper, _, other, macs = compared_bars([PAPER, six], ["a", "b"]).data
    missing = [name for name, count in zip(paper.x, paper.customdata, strict=True) if count is None]
    assert missing == ["conv6"]
    assert sum(count for count in other.customdata if count) == six.params
    assert sum(count for count in macs.customdata if count) == six.macs


def test_compared_bars_have_four_colours_and_then_hatches() -> None:
    names = list("abcdefgh")
    figure = compared_bars([PAPER] * 8, names)
    marks = {bar.name: (bar.marker.color, bar.marker.pattern.shape) for bar in figure.data}
    assert len({colour for colour, _ in marks.values()}) == 4
    assert len(set(marks.values())) == 8
    # the legend has its own room: no line of it can reach the bars
    assert figure.layout.margin.t >= 20 * len(names)
    assert figure.layout.legend.yref == "container"


DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
"""Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB."""


def test_the_colours_of_compared_networks_differ_without_red_and_green() -> None:
    def lightness(colour: str, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
        return np.cbrt(np.clip(seen @ linear, 0, 1))

    for one, other in combinations(VARIANT_COLOURS, 2):
        for seen in (np.eye(3), DEUTERANOPIA):
            assert np.abs(lightness(one, seen) - lightness(other, seen)).max() > 0.12, (one, other)
