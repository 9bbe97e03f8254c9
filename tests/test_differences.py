"""What one network does otherwise than another: found exactly, and said in a sentence."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.difference_words import sentence
from alexnet_viz.differences import WEIGHT, Difference, differences
from alexnet_viz.layers import KINDS, LRN, Dropout, MaxPool, ReLU, Tanh
from alexnet_viz.reports import compare_grid, compare_record
from alexnet_viz.spec import Network
from alexnet_viz.text import LANGUAGES, Language, has
from alexnet_viz.trace import trace
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]

SENTENCES = [
    ("alexnet_2012_paper", "caffe_bvlc_alexnet",
     "LRN k = 1 instead of 2; LRN α = 2e-5 per cell instead of 1e-4; LRN across all channels "
     "instead of inside each of 2 towers; input 227 instead of 224; conv1: rounding down instead "
     "of up; dropout scaled in training instead of at test"),
    ("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet",
     "pools before it normalises (stages 1 and 2)"),
    ("alexnet_2012_paper", "alexnet_2012_code_145",
     "normalises before it applies ReLU (stage 1); adds LRN (norm2b); LRN α = 2e-5 per cell "
     "instead of 1e-4; ReLU behind max pool (stages 1 and 5; the same: they commute)"),
    ("torchvision_alexnet", "tch_rs_alexnet",
     "conv2: stride 2 instead of 1; conv2: padding 1 instead of 2"),
    ("cuda_convnet2_1gpu", "alexnet_2012_paper",
     "applies ReLU before it normalises (stage 1); conv1, conv2, conv4: 96, 256, 384 kernels "
     "instead of 64, 192, 256; conv2, conv4, conv5: groups = 2 instead of 1; LRN α = 1e-4 per cell "
     "instead of 2e-5; LRN inside each of 2 towers instead of across all channels; max pool behind "
     "ReLU (stages 1 and 5; the same: they commute)"),
    ("alexnet_2012_paper", "torchvision_alexnet",
     "no LRN (norm1, norm2); conv1, conv2, conv4: 64, 192, 256 kernels instead of 96, 256, 384; "
     "conv2, conv4, conv5: groups = 1 instead of 2; adds adaptive average pool (avgpool); conv1: "
     "padding 2 instead of 0; conv1, pool1, pool2, pool5: rounding down instead of up; dropout "
     "before fc6 instead of fc8; dropout scaled in training instead of at test; no softmax (prob)"),
    ("alexnet_2012_code_145", "alexnet_2012_code_150",
     "conv2: 320 kernels instead of 256; fc6: 8,192 units instead of 4,096; conv3, fc6, fc7: "
     "groups = 2 instead of 1"),
    ("caffe_bvlc_alexnet", "nvcaffe_alexnet_bn",
     "normalises before it applies ReLU (stages 1 and 2); BatchNorm instead of LRN (norm1, norm2); "
     "adds BatchNorm (norm3, norm4, norm5); conv1, conv2, conv3, conv4: without biases"),
    ("cuda_convnet2_1gpu", "owt_paper_2014", "conv4: 384 kernels instead of 256"),
    ("alexnet_2012_227", "tflearn_alexnet",
     "pools before it normalises (stages 1 and 2); adds LRN (norm5); fc8: 17 units instead of "
     "1,000; conv2, conv4, conv5: groups = 1 instead of 2; LRN k = 1 instead of 2; LRN n = 11 "
     "instead of 5; LRN across all channels instead of inside each of 2 towers; conv1, pool1, "
     "pool2, pool5: rounding SAME instead of down; without ReLU (relu6, relu7); adds tanh (tanh6, "
     "tanh7); dropout scaled in training instead of at test"),
    ("caffe_bvlc_alexnet", "digits_caffe_alexnet", "no difference"),
    ("alexnet_2012_paper", "alexnet_2012_224_ceil",
     "conv1: padding 0+3 instead of 0; conv1, pool1, pool2, pool5: rounding down instead of up"),
    ("article_001", "article_001_fc_as_conv",
     "conv instead of fc (fc6, fc7, fc8); no flatten (flatten)"),
    ("torch7_alexnetowt", "torchvision_alexnet",
     "adds adaptive average pool (avgpool); no softmax (prob)"),
]  # fmt: skip

CHINESE = [
    ("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "先池化后归一化（第 1、2 阶段）"),
    ("alexnet_2012_paper", "alexnet_2012_code_145",
     "先归一化后 ReLU（第 1 阶段）；加入 LRN（norm2b）；LRN 每格的 α = 2e-5，原为 1e-4；"
     "ReLU 放在最大池化之后（第 1、5 阶段；两者可交换，结果相同）"),
    ("caffe_bvlc_alexnet", "nvcaffe_alexnet_bn",
     "先归一化后 ReLU（第 1、2 阶段）；用批归一化代替 LRN（norm1、norm2）；"
     "加入批归一化（norm3、norm4、norm5）；conv1、conv2、conv3、conv4：没有偏置"),
]  # fmt: skip


def between(one: str, other: str) -> tuple[Difference, ...]:
    return differences(VARIANTS[one], VARIANTS[other])


@pytest.mark.parametrize(("one", "other", "said"), SENTENCES)
def test_what_is_said_of_a_pair(one: str, other: str, said: str) -> None:
    assert sentence(between(one, other)) == said


@pytest.mark.parametrize(("one", "other", "said"), CHINESE)
def test_what_is_said_in_chinese(one: str, other: str, said: str) -> None:
    assert sentence(between(one, other), "zh") == said


@pytest.mark.parametrize("id", VARIANTS)
def test_a_network_does_nothing_otherwise_than_itself(id: str) -> None:
    assert between(id, id) == ()


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("change", "en"),
    [
        ({"norm1": {"region": "map"}}, "LRN within each map instead of across channels (norm1)"),
        ({"norm1": {"groups": 4}}, "LRN inside each of 4 towers instead of 2 (norm1)"),
        ({"prob": {"log": True}}, "the logarithm of softmax"),
        ({"conv1": {"padding": (0, 1, 2, 3)}}, "conv1: padding 0,1,2,3 instead of 0"),
        ({"conv1": {"stride": (4, 2)}}, "conv1: stride 4×2 instead of 4"),
        ({"conv1": {"dilation": 2}}, "conv1: dilation 2 instead of 1"),
        ({"drop6": {"p": 0.35}}, "dropout of 0.35 instead of 0.5 (drop6)"),
    ],
)
def test_settings_in_words(change: dict[str, Any], en: str, language: Language) -> None:
    said = sentence(differences(PAPER, PAPER.edited(id="other", **change)), language)
    assert said == en if language == "en" else said != en


def test_inputs_in_words() -> None:
    grey = Network(id="grey", input_shape=(1, 64, 96), layers=PAPER.layers)
    assert sentence(differences(PAPER, grey)) == (
        "input channels: 1 instead of 3; input 64×96 instead of 224"
    )


def test_a_long_list_is_folded_and_one_clause_never_is() -> None:
    found = between("alexnet_2012_paper", "torchvision_alexnet")
    assert len(found) == 9
    assert sentence(found, most=2).endswith("instead of 96, 256, 384; and 7 more")
    assert sentence(found, "zh", most=2).endswith("；另有 7 处")
    assert sentence(found, most=8) == sentence(found)
    assert sentence((), most=1) == "no difference"


def test_every_kind_and_field_has_its_rank_and_its_words() -> None:
    assert set(KINDS) <= set(WEIGHT)
    for kind in KINDS:
        assert has(f"difference.verb_{kind}")
    for one in VARIANTS.values():
        for other in (PAPER, VARIANTS["torchvision_alexnet"], VARIANTS["keras_eweill_bn"]):
            for language in LANGUAGES:
                assert sentence(differences(one, other), language)


def test_a_norm_of_another_kind_in_the_same_place() -> None:
    other = PAPER.edited(
        id="other", without=("norm1",), after={"relu1": (MaxPool(name="norm1", kernel_size=3),)}
    )
    (found,) = differences(PAPER, other)
    assert (found.what, found.old, found.new) == ("kind", "lrn", "max_pool")
    assert isinstance(PAPER["norm1"], LRN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reports_say_it_of_each_against_the_first(language: Language) -> None:
    ids = ("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "digits_caffe_alexnet")
    traces = [trace(VARIANTS[id]) for id in ids]
    said = [sentence(between(ids[0], other), language) for other in ids[1:]]
    notes = compare_grid(traces, language).notes
    assert all(words in note for words, note in zip(said, notes, strict=False))
    record = json.loads(json.dumps(compare_record(traces, language)))["against_first"]
    assert [(each["variant"], each["sentence"]) for each in record] == [
        *zip(ids[1:], said, strict=True)
    ]
    assert [len(each["differences"]) for each in record] == [1, 0]
    assert record[0]["differences"][0]["layers"] == ["pool1", "pool2"]
