"""Two networks on one picture: the differences of their maps, and the disputes that are staged."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from alexnet_viz.analysis.compare.differences import differences
from alexnet_viz.analysis.compare.disputes import PAIRS
from alexnet_viz.interpretability.map_difference import (
    INPUT,
    Floats,
    LayerDifference,
    difference,
    layer_differences,
    telling,
    with_inputs,
)
from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build
from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.map_difference import difference_curve
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.compatibility import adapted, learned_shapes, misfits

RNG = np.random.default_rng(0)
PICTURE = (40 * RNG.standard_normal((3, 227, 227))).astype(np.float32)
EQUAL = frozenset(("rounding", "relu_place"))
"""Disputes whose two networks compute the same."""


def maps(*values: float) -> Floats:
    """Channels of one cell each."""
    return np.array(values, dtype=np.float32).reshape(-1, 1, 1)


def only(one: Floats, other: Floats) -> LayerDifference:
    (found,) = layer_differences({"conv1": one}, {"conv1": other})
    return found


def test_the_numbers_of_a_layer() -> None:
    found = only(maps(1, -2, 3, 4), maps(1, -2.5, 3, 6))
    assert (found.largest, found.mean, found.relative) == (2, 0.625, 0.25)
    assert found.channels == (1, 3)
    assert not found.equal


def test_units_are_counted_like_maps() -> None:
    row = np.array([0, 1, 2], dtype=np.float32)
    assert only(row, row + np.float32([0, 0, 1])).channels == (2,)


def test_the_last_digits_of_a_sum_are_no_difference() -> None:
    one = maps(1000, 1, 0)
    assert only(one, one + np.float32(0.009)).equal
    assert only(one, one + np.float32(0.02)).channels == (0, 1, 2)
    assert (difference(one, one + np.float32(0.009)) == 0).all()


def test_other_shapes_are_not_subtracted() -> None:
    found = only(np.zeros((2, 3, 3), np.float32), np.zeros((2, 4, 4), np.float32))
    assert (found.largest, found.channels, found.equal) == (None, None, False)
    assert found.shapes == ((2, 3, 3), (2, 4, 4))


def test_a_silent_layer_divides_by_nothing() -> None:
    assert only(maps(0, 0), maps(0, 0)).relative == 0
    assert only(maps(0, 0), maps(0, 1)).relative == 0


def test_what_is_read_is_compared_where_a_stage_ends_otherwise() -> None:
    one = {"conv1": maps(1), "norm1": maps(2), "pool1": maps(3), "conv2": maps(4)}
    other = {"conv1": maps(1), "pool1": maps(5), "norm1": maps(6), "conv2": maps(4)}
    left, right = with_inputs(one, other, ["conv1", "conv2"])
    assert list(left) == ["conv1", "norm1", "pool1", f"conv2{INPUT}", "conv2"]
    assert (left[f"conv2{INPUT}"], right[f"conv2{INPUT}"]) == (maps(3), maps(6))
    assert telling(layer_differences(left, right)[:-1]) == f"conv2{INPUT}"
    same = with_inputs(one, one, ["conv1", "conv2"])
    assert list(same[0]) == list(one)


def test_where_two_meet_again_is_what_to_look_at() -> None:
    one = {"conv1": maps(1), "relu1": maps(2), "fc6": maps(3)}
    other = {"conv1": maps(1), "relu1": maps(5), "fc6": maps(3)}
    assert telling(layer_differences(one, other)) == "fc6"
    assert telling(layer_differences(one, one)) == "conv1"
    apart = layer_differences(one, {**one, "relu1": maps(5), "fc6": maps(4)})
    assert telling(apart) == "relu1"


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_one_dispute_that_takes_the_same_weights_and_input(name: str) -> None:
    one, other = PAIRS[name]
    assert one.input_shape == other.input_shape
    assert learned_shapes(trace(one)) == learned_shapes(trace(other))
    assert differences(one, other)
    for network in (one, other):
        assert misfits(trace(adapted(network, DRAWINGS)), DRAWINGS) == []


NETWORKS = {network.id: network for pair in PAIRS.values() for network in pair}


@cache
def run(id: str) -> dict[str, Floats]:
    """A network's outputs before its dense layers, with the paper's random weights."""
    network = NETWORKS[id]
    names = [layer.name for layer in network.layers]
    part = replace(network, layers=network.layers[: names.index("flatten") + 1])
    side = network.input_size
    return capture(build(part, seed=0), PICTURE[:, :side, :side])


@cache
def between(name: str) -> dict[str, LayerDifference]:
    return {each.layer: each for each in layer_differences(*(run(each.id) for each in PAIRS[name]))}


@pytest.mark.parametrize("name", sorted(EQUAL))
def test_disputes_about_nothing_end_in_the_same(name: str) -> None:
    assert between(name)["flatten"].equal


def test_rounding_up_is_three_zeros_in_every_layer() -> None:
    assert all(each.equal for each in between("rounding").values())


@pytest.mark.parametrize("name", sorted(set(PAIRS) - EQUAL))
def test_the_other_disputes_do_not(name: str) -> None:
    assert not between(name)["flatten"].equal


def test_only_the_channels_at_the_border_notice_the_other_tower() -> None:
    found = between("norm_reach")
    assert found["norm1"].channels == (46, 47, 48, 49)
    assert found["relu1"].equal


def test_alpha_divided_by_five_weakens_the_norm_as_the_formula_says() -> None:
    """b = a / (2 + alpha s)^0.75 of both gives the same s."""
    one, other = (run(network.id) for network in PAIRS["alpha"])
    alive = one["relu1"] > 1
    sums = [
        ((one["relu1"][alive] / each["norm1"][alive]) ** (1 / 0.75) - 2) / alpha
        for each, alpha in ((one, 1e-4), (other, 2e-5))
    ]
    np.testing.assert_allclose(sums[0], sums[1], rtol=0.02, atol=2)


def test_the_curve_has_a_gap_where_shapes_differ() -> None:
    figure = difference_curve(["a", "b", "c"], [0.0, None, 0.5], "c")
    assert figure.data[0].y == (0, None, 50)
    assert figure.data[0].marker.size == (7, 7, 12)
    assert not figure.data[0].connectgaps
