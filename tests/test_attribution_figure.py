"""The colours of an attribution: zero in the middle, limits that hold nearly all."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.render.charts.attribution import (
    GAP,
    OVER,
    PERCENTILE,
    ZOOM,
    layer,
    over_picture,
    scale,
)
from alexnet_viz.render.charts.colour_maps import palette

RNG = np.random.default_rng(0)
SIGNED = RNG.normal(size=(40, 50)).astype(np.float32)


def test_the_limits_hold_all_but_the_largest_values() -> None:
    spiky = SIGNED.copy()
    spiky[0, 0] = 1000
    for values in (SIGNED, spiky):
        low, high = scale(values, signed=True)
        assert low == -high
        beyond = (np.abs(values) > high).mean()
        assert 0 < beyond <= 1 - PERCENTILE / 100 + 1e-3
        assert layer(values, signed=True).outside == pytest.approx(beyond)
    assert scale(np.abs(SIGNED), signed=False)[0] == 0


def test_zero_is_the_middle_of_a_signed_scale() -> None:
    drawn = layer(np.array([[-1.0, 0.0, 0.5, 1.0]], np.float32), signed=True)
    middle = (len(drawn.colours) - 1) / 2
    assert drawn.steps[0, 1] == middle
    assert drawn.steps[0, 0] == 0
    assert drawn.steps[0, 3] == len(drawn.colours) - 1
    assert middle < drawn.steps[0, 2] < len(drawn.colours) - 1
    assert (drawn.colours[int(middle)] > 240).all(), "zero is white"


def test_a_map_that_is_zero_nearly_everywhere_keeps_its_one_value() -> None:
    values = np.zeros((40, 50), np.float32)
    assert layer(values, signed=True).outside == 0
    values[3, 4] = -2
    drawn = layer(values, signed=True)
    assert drawn.limits == (-2, 2)
    assert drawn.steps[3, 4] == 0


def test_an_unsigned_scale_begins_at_zero() -> None:
    drawn = layer(np.abs(SIGNED), signed=False)
    assert drawn.limits[0] == 0
    assert np.array_equal(drawn.colours, palette(False, len(drawn.colours)))


def test_the_file_has_the_picture_and_each_map_over_it() -> None:
    seen = RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    drawn = [layer(SIGNED, signed=True), layer(np.abs(SIGNED), signed=False)]
    sheet = np.asarray(Image.open(BytesIO(over_picture(seen, drawn))))
    wide = ZOOM * 50
    assert sheet.shape == (ZOOM * 40, 3 * wide + 2 * GAP, 3)
    small = sheet[1::ZOOM]
    assert np.array_equal(small[:, 1:wide:ZOOM], seen)
    assert (sheet[:, wide : wide + GAP] == 255).all()
    for place, each in enumerate(drawn, 1):
        left = place * (wide + GAP)
        mixed = (1 - OVER) * seen + OVER * each.colours[each.steps]
        assert np.abs(small[:, left + 1 : left + wide : ZOOM] - mixed).max() <= 0.5
