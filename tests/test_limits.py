"""Limits of colour scales, and the histogram that shows where they lie, against plain counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alexnet_viz.render.charts.bin_counts import binned, counted, edges
from alexnet_viz.render.charts.colour_limits import (
    diverges,
    limits_of,
    own_limits,
    percentile_limits,
    share_outside,
)
from alexnet_viz.render.charts.histogram import histogram

VALUES = arrays(
    np.float32,
    st.integers(1, 6),
    elements=st.one_of(st.just(0.0), st.floats(-1e4, 1e4, width=32)),
    fill=st.nothing(),  # few and each its own, so that some arrays hold no 0
)
WORDS = dict.fromkeys(("zero", "value", "count", "limit", "hover", "hover_zero"), "0")


def test_one_scale_for_several_pictures_fits_the_largest_of_all() -> None:
    dim, bright = np.array([0.0, 1.0], np.float32), np.array([0.0, 9.0], np.float32)
    assert limits_of([dim, bright], signed=False) == limits_of([bright, dim], False) == (0, 9)
    assert limits_of([dim, -bright], signed=True) == (-9, 9)
    assert limits_of([np.zeros(3, np.float32)], signed=False) == (0, 1)  # nothing to divide by


def test_percentiles_leave_out_the_extremes_and_say_how_many() -> None:
    maps = np.arange(1001, dtype=np.float32)
    assert percentile_limits([maps], signed=False) == (10, 990)
    assert share_outside(maps, (10, 990)) == pytest.approx(20 / 1001)
    assert percentile_limits([maps[:501], maps[501:]], signed=False) == (10, 990)


def test_percentiles_of_signed_values_are_symmetric_and_hold_both() -> None:
    maps = np.arange(-300, 701, dtype=np.float32)
    assert percentile_limits([maps], signed=True) == (-690, 690)
    assert percentile_limits([-maps], signed=True) == (-690, 690)


def test_a_layer_that_is_nearly_all_zero_keeps_its_few_values() -> None:
    maps = np.zeros(1000, np.float32)
    maps[:5] = 3
    limits = percentile_limits([maps], signed=False)
    assert limits == (0, 3)
    assert share_outside(maps, limits) == 0


@given(VALUES)
def test_every_scale_that_fits_all_leaves_nothing_outside(values: np.ndarray) -> None:
    signed = diverges(values, None)
    for limits in (limits_of([values], signed), own_limits(values, signed)):
        assert share_outside(values, limits) == 0
        assert diverges(values, limits) == signed
        if signed:
            assert limits[0] == -limits[1]


@given(VALUES)
def test_every_value_is_counted_once(values: np.ndarray) -> None:
    counts, zeros = counted(values, edges(values))
    assert counts.sum() + zeros == values.size
    assert zeros == np.count_nonzero(values == 0)


@given(VALUES)
def test_no_bin_mixes_negative_and_positive_values(values: np.ndarray) -> None:
    bins = edges(values)
    assert 0 in bins
    assert (np.diff(bins) > 0).all()
    counts, _ = counted(values, bins)
    assert counts[bins[1:] <= 0].sum() == np.count_nonzero(values < 0)


def test_the_histogram_shows_layer_channel_and_limits() -> None:
    layer = np.array([[-2, 0, 0], [0, 1, 3]], dtype=np.float32)
    figure = histogram(binned(layer, layer[1:]), (-3.0, 3.0), ("all", "one"), WORDS)
    whole, whole_zeros, one, one_zeros = figure.data
    assert (sum(whole.y), whole_zeros.y[0]) == (3, 3)
    assert (sum(one.y), one_zeros.y[0]) == (2, 1)
    assert (whole.x == one.x).all()
    assert {line.x0 for line in figure.layout.shapes} == {-3, 3}
    assert figure.layout.yaxis.type == "log"
