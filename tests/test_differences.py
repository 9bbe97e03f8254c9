"""What one network does otherwise than another: found exactly, and said in a sentence."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.analysis.compare.nearest import nearest
from alexnet_viz.network.layers import LRN, Dropout, Layer, MaxPool, ReLU, Tanh, Window
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]


def between(one: str, other: str) -> tuple[Difference, ...]:
    return differences(VARIANTS[one], VARIANTS[other])


def test_a_network_does_nothing_otherwise_than_itself() -> None:
    assert {id: between(id, id) for id in VARIANTS} == dict.fromkeys(VARIANTS, ())


SAME_FUNCTION: list[dict[str, Any]] = [
    {"norm1": {"alpha": 5e-4, "divide_alpha": True}},
    {"conv2": {"padding": 0, "rounding": "same"}},
    {"conv3": {"rounding": "ceil"}},
    {"conv4": {"rounding": "caffe"}},
    {"pool1": {"rounding": "caffe"}, "pool2": {"rounding": "caffe"}},
    {"fc6": {"in_features": None}},
]


@pytest.mark.parametrize("change", SAME_FUNCTION, ids=str)
def test_the_same_function_written_otherwise_is_no_difference(change: dict[str, Any]) -> None:
    other = PAPER.edited(id="other", **change)
    assert other.layers != PAPER.layers
    assert differences(PAPER, other) == ()
    for size in (190, 201, 224, 227, 300):
        one, same = (trace(each.refitted(), size) for each in (PAPER, other))
        assert [row.output_shape for row in one.rows] == [row.output_shape for row in same.rows]


@pytest.mark.parametrize("change", SAME_FUNCTION, ids=str)
def test_the_same_function_written_otherwise_is_as_near(change: dict[str, Any]) -> None:
    for size in (201, 224, 227):
        other = PAPER.edited(id="other", **change).refitted().at(size)
        assert nearest(other, [PAPER.refitted()]).differing == ()


def test_a_network_that_leaves_in_features_open_is_nearest_to_its_variant() -> None:
    variants = [VARIANTS[id] for id in ("article_003", "alexnet_2012_227", "caffe_bvlc_alexnet")]
    near = nearest(VARIANTS["caffe_bvlc_alexnet"].refitted(), variants)
    assert (near.network.id, near.differing) == ("caffe_bvlc_alexnet", ())


def test_the_inputs_of_a_dense_layer_follow_from_the_layer_before() -> None:
    torchvision = VARIANTS["torchvision_alexnet"]
    narrow = torchvision.edited(
        id="narrow",
        fc6={"out_features": 512},
        fc7={"in_features": 512, "out_features": 256},
        fc8={"in_features": 256},
    )
    assert [(each.name, each.differing) for each in nearest(narrow, [torchvision]).differing] == [
        ("fc6", {"out_features"}),
        ("fc7", {"out_features"}),
    ]


def test_a_layer_after_a_failure_is_the_same_layer() -> None:
    code = VARIANTS["alexnet_2012_code_145"]
    failing = code.edited(id="failing", conv1={"stride": 1})
    failure = trace(failing).failure
    assert failure is not None
    assert failure.layer == "fc6"
    near = nearest(failing, [VARIANTS["matlab_alexnet"], code])
    assert near.network.id == code.id
    assert [match.name for match in near.differing] == ["conv1"]


def test_among_variants_of_one_function_the_nearest_is_written_most_alike() -> None:
    written = PAPER.edited(id="written", norm1={"alpha": 5e-4, "divide_alpha": True})
    assert nearest(written, [PAPER, written]).network.id == "written"
    assert nearest(PAPER, [written, PAPER]).network.id == PAPER.id


def test_caffes_clip_rule_counts_at_stride_1() -> None:
    clipped = PAPER.edited(
        id="clipped", pool5={"kernel_size": 2, "stride": 1, "padding": 2, "rounding": "caffe"}
    )
    floor = clipped.edited(id="floor", pool5={"rounding": "floor"})
    shapes = [trace(each)["pool5"].output_shape for each in (floor, clipped)]
    assert shapes == [(256, 16, 16), (256, 15, 15)]
    (found,) = differences(floor, clipped)
    assert (found.field, found.old, found.new) == ("rounding", "floor", "caffe")


def test_caffes_clip_rule_counts_where_it_can_bite() -> None:
    up = PAPER.edited(id="up", pool5={"padding": 1, "kernel_size": 2, "rounding": "ceil"})
    clipped = up.edited(id="clipped", pool5={"rounding": "caffe"})
    shapes = [trace(each)["pool5"].output_shape for each in (up, clipped)]
    assert shapes == [(256, 8, 8), (256, 7, 7)]
    (found,) = differences(up, clipped)
    assert (found.field, found.old, found.new) == ("rounding", "ceil", "caffe")


def test_valid_is_no_padding_rounded_down() -> None:
    valid = PAPER.edited(id="valid", conv1={"rounding": "valid", "padding": 7})
    floor = PAPER.edited(id="floor", conv1={"rounding": "floor"})
    assert differences(valid, floor) == ()


def swapped(network: Network, first: str, second: str) -> Network:
    """The network with a layer moved right behind a later one."""
    return network.edited(id="swapped", without=(first,), after={second: (network[first],)})


@pytest.mark.parametrize("nonlinear", [ReLU, Tanh])
def test_a_rising_function_and_a_maximum_commute(nonlinear: type) -> None:
    one = PAPER.edited(id="one", without=("relu5",), after={"conv5": (nonlinear(name="relu5"),)})
    (found,) = differences(one, swapped(one, "relu5", "pool5"))
    assert found.same
    assert found.layers == ("pool5",)


def test_lrn_and_pooling_do_not_commute() -> None:
    (found,) = differences(PAPER, swapped(PAPER, "norm2", "pool2"))
    assert not found.same
    assert (found.what, found.layers, found.new) == ("order", ("pool2",), ("max_pool", "lrn"))


def test_what_is_the_same_is_told_last() -> None:
    other = swapped(PAPER, "relu5", "pool5").edited(id="other", prob={"log": True})
    assert [each.same for each in differences(PAPER, other)] == [False, True]


CHANGES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    **{
        f"conv{stage}": {
            "out": st.integers(1, 4096).map(lambda n: 2 * n),
            "groups": st.sampled_from([1, 2, 4]),
            "bias": st.booleans(),
            "kernel_size": st.tuples(st.integers(1, 11), st.integers(1, 11)),
            "stride": st.integers(1, 4).map(lambda n: (n, n)),
        }
        for stage in range(1, 6)
    },
    **{
        f"norm{stage}": {
            "k": st.floats(0.5, 3),
            "size": st.integers(1, 11),
            "beta": st.floats(0.1, 1),
            "effective_alpha": st.sampled_from([1e-3, 1e-4, 2e-5]),
            "towers": st.sampled_from([1, 2, 4]),
            "region": st.sampled_from(["channels", "map"]),
        }
        for stage in (1, 2)
    },
    **{f"drop{n}": {"p": st.floats(0, 0.9), "scale": st.sampled_from(["train", "test"])}
       for n in (6, 7)},
    **{f"fc{n}": {"out": st.integers(1, 5000), "bias": st.booleans()} for n in (6, 7, 8)},
    "prob": {"log": st.booleans()},
}  # fmt: skip
DECLARED = {"out": {"conv": "out_channels", "fc": "out_features"},
            "effective_alpha": "alpha", "towers": "groups"}  # fmt: skip


def declared(layer: str, field: str) -> str:
    name = DECLARED.get(field, field)
    return name["fc" if layer.startswith("fc") else "conv"] if isinstance(name, dict) else name


@st.composite
def edits(draw: st.DrawFn) -> dict[tuple[str, str], Any]:
    """Values by (layer, field), of any number of layers of the paper's network."""
    places = [(layer, field) for layer, fields in CHANGES.items() for field in fields]
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=12))
    return {(layer, field): draw(CHANGES[layer][field]) for layer, field in chosen}


@given(edits())
def test_every_edit_is_found_and_nothing_else(edited: dict[tuple[str, str], Any]) -> None:
    changes: dict[str, dict[str, Any]] = {}
    expected = set()
    for (layer, field), new in edited.items():
        name = declared(layer, field)
        changes.setdefault(layer, {})[name] = new
        old = getattr(PAPER[layer], name)
        if old != new:
            expected.add((layer, field, old, new))
    other = PAPER.edited(id="other", **changes)
    assert told(differences(PAPER, other)) == expected
    # and the other way round
    assert told(differences(other, PAPER)) == {(a, b, new, old) for a, b, old, new in expected}


def told(found: tuple[Difference, ...]) -> set[tuple[str, str, Any, Any]]:
    """Settings one by one: those of several layers taken apart."""
    each = set()
    for it in found:
        assert it.what == "setting"
        several = isinstance(it.old, tuple) and it.field == "out"
        for place, layer in enumerate(it.layers):
            old, new = (it.old[place], it.new[place]) if several else (it.old, it.new)
            each.add((layer, it.field, old, new))
    return each


names = st.sets(st.sampled_from([layer.name for layer in PAPER.layers]), max_size=6)


@given(names)
def test_every_layer_left_out_is_found(left_out: set[str]) -> None:
    other = PAPER.edited(id="other", without=tuple(left_out))
    found = differences(PAPER, other)
    assert {each.what for each in found} <= {"without"}
    assert sorted(name for each in found for name in each.layers) == sorted(left_out)
    back = differences(other, PAPER)
    assert {each.what for each in back} <= {"added"}
    assert {each.kind for each in back} == {PAPER[name].kind for name in left_out}


def test_a_dropout_elsewhere_is_moved() -> None:
    other = PAPER.edited(id="other", without=("drop7",), after={"pool5": (Dropout(name="drop5"),)})
    (found,) = differences(PAPER, other)
    assert (found.what, found.layers) == ("moved", ("drop7", "drop5"))
    assert sentence((found,)) == "dropout before fc6 instead of fc8"
    renamed = PAPER.edited(
        id="other", without=("pool5",), after={"relu5": (MaxPool(name="p", kernel_size=3),)}
    )
    assert sentence(differences(PAPER, renamed)) == "max pool p instead of pool5"


def test_a_norm_of_another_kind_in_the_same_place() -> None:
    other = PAPER.edited(
        id="other", without=("norm1",), after={"relu1": (MaxPool(name="norm1", kernel_size=3),)}
    )
    (found,) = differences(PAPER, other)
    assert (found.what, found.old, found.new) == ("kind", "lrn", "max_pool")
    assert isinstance(PAPER["norm1"], LRN)


SETTINGS = {
    "conv": ("out_channels", "kernel_size", "stride", "dilation", "groups", "bias"),
    "linear": ("out_features", "groups", "bias"),
    "max_pool": ("kernel_size", "stride", "dilation"),
    "avg_pool": ("kernel_size", "stride", "dilation"),
    "lrn": ("size", "k", "beta", "effective_alpha", "region"),
    "dropout": ("p", "scale"),
    "softmax": ("log",),
    "adaptive_avg_pool": ("output_size",),
}
"""Fields whose values are compared as they are written, by kind of layer."""
SAID = {"out_channels": "out", "out_features": "out", "towers": "groups"}


def test_every_pair_of_variants_says_all_that_differs_and_nothing_else() -> None:
    """3,782 ordered pairs: no setting of a shared layer goes unsaid, none is said that is alike."""
    wrong = []
    for one, other in permutations(VARIANTS.values(), 2):
        told = {
            (name, each.field)
            for each in differences(one, other)
            if each.what == "setting"
            for name in each.layers
        }
        ours = {layer.name: layer for layer in one.layers}
        for now in other.layers:
            before = ours.get(now.name)
            if before is None or before.kind != now.kind:
                continue
            true = {
                SAID.get(field, field)
                for field in SETTINGS.get(now.kind, ())
                if getattr(before, field) != getattr(now, field)
            }
            said = {field for name, field in told if name == now.name}
            unclear = {"padding", "rounding", "eps", "towers"}
            if said - unclear != true:
                wrong.append((one.id, other.id, now.name, said, true))
            if "rounding" in said and before.rounding == now.rounding:  # type: ignore[attr-defined]
                wrong.append((one.id, other.id, now.name, "rounding", "alike"))
            stated = _stated(before) and _stated(now)
            if stated and ("padding" in said) != (_pads(before) != _pads(now)):
                wrong.append((one.id, other.id, now.name, _pads(before), _pads(now)))
            same = [layer for layer in (before, now) if getattr(layer, "rounding", "") == "same"]
            if len(same) == 1 and same[0].stride != (1, 1) and "padding" not in said:  # type: ignore[attr-defined]
                other_layer = now if same[0] is before else before
                if _stated(other_layer) and any(other_layer.padding):  # type: ignore[attr-defined]
                    wrong.append((one.id, other.id, now.name, "padding", "unsaid"))
            rules = {getattr(each, "rounding", None) for each in (before, now)}
            if (
                len(rules) > 1
                and said.isdisjoint({"padding", "rounding"})
                and _pads(before) != _pads(now)
            ):
                wrong.append((one.id, other.id, now.name, _pads(before), _pads(now)))
    assert wrong == []


def _pads(layer: Layer) -> Any:
    """The padding that a layer adds at a side of 224, its rounding rule's overhang apart."""
    if not isinstance(layer, Window):
        return None
    if layer.rounding == "ceil":
        return layer.padding
    return tuple(side for slide in layer.slides((layer.groups, 224, 224)) for side in slide.padding)


def _stated(layer: Layer) -> bool:
    """Whether a window's padding is a number that its source states, not 0 and not SAME."""
    return isinstance(layer, Window) and layer.rounding not in ("same", "valid")
