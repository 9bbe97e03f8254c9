"""What is said of two networks: golden sentences, in both languages, folded and in the reports."""

import json
from typing import Any

import pytest

from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import WEIGHT, Difference, differences
from alexnet_viz.network.layers import KINDS
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.networks import compare_grid, compare_record
from alexnet_viz.text import LANGUAGES, Language, has
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
     "instead of 1e-4; ReLU after max pool (stages 1 and 5; equivalent: they commute)"),
    ("torchvision_alexnet", "tch_rs_alexnet",
     "conv2: stride 2 instead of 1; conv2: padding 1 instead of 2"),
    ("cuda_convnet2_1gpu", "alexnet_2012_paper",
     "applies ReLU before it normalises (stage 1); conv1, conv2, conv4: 96, 256, 384 kernels "
     "instead of 64, 192, 256; conv2, conv4, conv5: groups = 2 instead of 1; LRN α = 1e-4 per cell "
     "instead of 2e-5; LRN inside each of 2 towers instead of across all channels; max pool after "
     "ReLU (stages 1 and 5; equivalent: they commute)"),
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
