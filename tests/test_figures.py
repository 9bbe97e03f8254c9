"""Pixels and bars against the numbers they stand for."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.figures.colour_maps import palette, plotly_scale
from alexnet_viz.figures.cost import compared_bars, cost_bars
from alexnet_viz.figures.maps import contact_sheet, enlarged, indices, is_signed, limits_of
from alexnet_viz.trace import trace
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
    assert tile(contact, shared, 0).max() < tile(contact, shared, 1).max() == 255
    contact, own = sheet_pixels(maps, [0, 1], None)
    assert (tile(contact, own, 0) == tile(contact, own, 1)).all()


def test_zero_is_the_middle_of_a_signed_scale() -> None:
    maps = np.array([[[-2.0, 0.0, 1.0]]], dtype=np.float32)
    assert is_signed(maps)
    limits = limits_of([maps], signed=True)
    assert limits == (-2.0, 2.0)
    low, zero, high = indices(maps[0, 0], limits)
    assert (low, zero) == (1, 128)
    assert zero < high < 255


def test_a_map_by_itself_runs_from_its_least_to_its_largest_value() -> None:
    rows = np.array([[[0.9, 1.0, 1.1]], [[-5.0, 0.0, 5.0]]], dtype=np.float32)
    maps = rows.repeat(2, axis=1)
    contact, pixels = sheet_pixels(maps, [0, 1], None)
    for place in (0, 1):
        low, middle, high = tile(contact, pixels, place)[0]
        assert (low, high) == (1, 255)
        assert abs(int(middle) - 128) <= 1  # half a step, either way


def test_a_map_of_zeros_is_drawn_dark_not_divided_by_zero() -> None:
    maps = np.zeros((1, 3, 3), dtype=np.float32)
    contact, pixels = sheet_pixels(maps, [0], None)
    assert set(np.unique(tile(contact, pixels, 0))) == {1}


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
        assert contact.columns * contact.rows >= count
        assert contact.columns * (contact.rows - 1) < count


def test_palettes_are_ordered_in_lightness() -> None:
    light = palette(signed=False) @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(light) > -0.6).all()
    assert light[-1] - light[0] > 150
    diverging = palette(signed=True) @ np.array([0.2126, 0.7152, 0.0722])
    assert diverging.argmax() in range(120, 136)
    assert plotly_scale(signed=True)[0][0] == 0
    assert plotly_scale(signed=True)[-1][0] == 1


def test_an_enlarged_map_carries_its_exact_values() -> None:
    figure = enlarged(MAPS[2], (0, 119), signed=False, hover="%{z}")
    (heatmap,) = figure.data
    assert (heatmap.z == MAPS[2]).all()
    assert heatmap.z.dtype == np.float32
    assert figure.layout.yaxis.autorange == "reversed"


def test_cost_bars_are_shares_of_the_whole() -> None:
    params, macs = cost_bars(PAPER).data
    assert sum(params.y) == pytest.approx(100)
    assert sum(macs.y) == pytest.approx(100)
    assert sum(params.customdata) == PAPER.params
    assert dict(zip(params.x, params.y, strict=True))["fc6"] == pytest.approx(61.93, abs=0.01)


def test_compared_bars_leave_a_gap_where_a_layer_is_missing() -> None:
    six = trace(VARIANTS["alexnet_2012_code_146_conv6"])
    paper, other = compared_bars([PAPER, six], ["a", "b"], "params").data
    missing = [name for name, count in zip(paper.x, paper.customdata, strict=True) if count is None]
    assert missing == ["conv6"]
    assert sum(count for count in other.customdata if count) == six.params
