"""Comparison: order, differences, totals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.analysis.compare.alignment import _merged, aligned, changed_order
from alexnet_viz.network.layers import BatchNorm, Dropout
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.networks import networks_table
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
CAFFENET = VARIANTS["caffe_bvlc_reference_caffenet"]
TORCHVISION = VARIANTS["torchvision_alexnet"]

orders = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8), max_size=4)


@given(orders)
def test_merging_keeps_every_name_once(lists: list[list[str]]) -> None:
    merged = _merged(lists)
    assert sorted(merged) == sorted({name for order in lists for name in order})


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.data())
def test_orders_that_agree_are_all_kept(whole: list[str], data: st.DataObject) -> None:
    parts = [
        [name for name in whole if name in kept]
        for kept in data.draw(st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=4))
    ]
    merged = _merged(parts)
    for part in parts:
        assert [name for name in merged if name in part] == part


def test_where_orders_contradict_the_first_decides() -> None:
    assert _merged([["a", "n", "p"], ["a", "p", "n"]]) == ["a", "n", "p"]
    assert _merged([["a", "p", "n"], ["a", "n", "p"]]) == ["a", "p", "n"]
    assert _merged([["a", "b", "c"], ["a", "n", "c"], ["a", "b", "n", "c"]]) == list("abnc")


def test_caffenet_pools_before_it_normalises() -> None:
    pair = [trace(PAPER), trace(CAFFENET)]
    assert changed_order(pair) == {"norm1", "pool1", "norm2", "pool2"}
    assert [match.name for match in aligned(pair)] == [row.name for row in pair[0].rows]
    assert [match.name for match in aligned(pair[::-1])] == [row.name for row in pair[1].rows]


def test_the_same_order_is_not_called_changed() -> None:
    assert changed_order([trace(PAPER), trace(TORCHVISION)]) == frozenset()
    assert changed_order([]) == frozenset()


def test_a_network_does_not_differ_from_itself() -> None:
    for match in aligned([trace(PAPER), trace(PAPER)]):
        assert match.differing == frozenset()


@pytest.mark.parametrize(
    ("layer", "change", "differing"),
    [
        ("conv2", {"groups": 1}, {"groups", "params", "macs"}),
        ("conv2", {"bias": False}, {"bias", "params"}),
        (
            "conv1",
            {"rounding": "same"},
            {"rounding", "output_shape", "macs", "padding", "quotient"},
        ),
        ("norm1", {"k": 1.0}, {"k"}),
        ("norm1", {"groups": 1}, {"groups"}),
        ("norm1", {"divide_alpha": True}, {"divide_alpha", "effective_alpha"}),
        ("norm1", {"divide_alpha": True, "alpha": 5e-4}, {"divide_alpha", "alpha"}),
        ("drop6", {"scale": "train"}, {"scale"}),
        ("fc6", {"in_features": None}, {"in_features"}),
        (
            "pool5",
            {"kernel_size": (3, 2)},
            {"kernel_size", "quotient", "padding", "output_shape"},
        ),
    ],
)
def test_what_differs_is_named(layer: str, change: dict[str, object], differing: set[str]) -> None:
    other = PAPER.edited(id="other", **{layer: change})
    match = {each.name: each for each in aligned([trace(PAPER), trace(other)])}[layer]
    assert match.differing == differing


def test_a_rule_of_rounding_differs_only_where_something_is_rounded() -> None:
    other = PAPER.rounded("floor").edited(id="other", input_size=227)
    at_227 = [trace(PAPER, 227), trace(other)]
    assert [match.name for match in aligned(at_227) if match.differing] == []
    at_224 = {m.name: m.differing for m in aligned([trace(PAPER), trace(other.refitted(), 224)])}
    assert "rounding" in at_224["conv1"]
    assert "rounding" not in at_224["conv3"]


def test_another_kind_in_the_same_role() -> None:
    other = PAPER.edited(
        id="other", without=("norm1",), after={"relu1": (BatchNorm(name="norm1"),)}
    )
    match = {each.name: each for each in aligned([trace(PAPER), trace(other)])}["norm1"]
    assert match.differing == {"kind", "params"}


def test_a_layer_that_only_one_has() -> None:
    other = PAPER.edited(id="other", after={"flatten": (Dropout(name="drop5"),)})
    matches = aligned([trace(PAPER), trace(other)])
    names = [match.name for match in matches]
    match = matches[names.index("drop5")]
    assert names.index("drop5") == names.index("flatten") + 1
    assert match.rows[0] is None
    assert match.differing == {"present"}


def test_a_network_that_fails_is_compared_as_far_as_it_goes() -> None:
    pair = [trace(PAPER), trace(PAPER, 300)]
    fc6 = {each.name: each for each in aligned(pair)}["fc6"]
    assert fc6.rows[1] is None
    assert "present" in fc6.differing
    total = networks_table(pair).records[1]
    assert "'fc6'" in total["failure"]
    assert total["output_shape"] == [20736]


def test_records_have_the_totals() -> None:
    paper, torchvision = networks_table([trace(PAPER), trace(TORCHVISION)]).records
    assert (paper["params"], paper["macs"], paper["neurons"]) == (60_965_224, 724_406_816, 659_272)
    assert (paper["learned_layers"], paper["output_shape"]) == (8, [1000])
    assert (torchvision["params"], torchvision["id"]) == (61_100_840, "torchvision_alexnet")


def test_all_variants_at_once() -> None:
    traces = [trace(network) for network in VARIANTS.values()]
    matches = aligned(traces)
    assert len({match.name for match in matches}) == len(matches)
    assert all(any(match.rows) for match in matches)
