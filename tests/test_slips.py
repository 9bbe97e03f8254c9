"""Slips: what each leads to, by hand; that each is found from its own result; what is said."""

import re
from fractions import Fraction
from math import prod

import pytest

from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.network.layers import LRN, Dropout
from alexnet_viz.network.trace import trace
from alexnet_viz.teaching.exercises.generators import GENERATORS, TIERS, draw
from alexnet_viz.teaching.questions.counts import (
    ConvMacs,
    ConvParams,
    Crops,
    DenseParams,
    FlattenedInputs,
    WeightShape,
)
from alexnet_viz.teaching.questions.fields import FieldBox, ReceptiveFieldSize
from alexnet_viz.teaching.questions.fingerprints import NamedNetwork
from alexnet_viz.teaching.questions.network_chains import ChainQuestion, PlantedError, TowersRead
from alexnet_viz.teaching.questions.published_errors import PublishedError
from alexnet_viz.teaching.questions.question import Answer, Question
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap, SlopeProduct
from alexnet_viz.teaching.questions.single_values import DroppedValue, NormalisedValue
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, PooledMap
from alexnet_viz.teaching.questions.window_sizes import InputsGiving, OutputSize, SamePadding
from alexnet_viz.teaching.slips.diagnosis import diagnose, said
from alexnet_viz.teaching.slips.finding import words
from alexnet_viz.teaching.slips.registry import SLIPS, made, slips_of
from alexnet_viz.teaching.typed import number
from alexnet_viz.text import LANGUAGES, has
from alexnet_viz.variants import VARIANTS

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def figures(words: str) -> list[str]:
    return sorted(NUMBER.findall(words))


CONV2 = {"in_channels": 96, "out_channels": 256, "kernel_size": 5, "map_size": 27, "padding": 2}
POOL = PooledMap(
    ((1, 2, 3, 0, 1), (4, 5, 6, 1, 0), (7, 8, 9, 2, 2), (0, 1, 0, 3, 1), (2, 2, 1, 0, 4)), 3, 2
)
CONV = ConvolvedMap(
    (((1, 2, 0), (0, 1, 2), (3, 0, 1)), ((1, 0, 0), (0, 1, 0), (0, 0, 1))),
    (((1, 0), (-1, 2)), ((0, 1), (1, 1))),
    bias=3,
)
STEP2 = ConvolvedMap((((1, 2, 0), (0, 1, 2), (3, 0, 1)),), (((1, 0), (2, 1)),), stride=2, padding=1)
EXACT = LRN(name="lrn", size=5, k=2.0, alpha=1.0, beta=1.0)
DIVIDED = LRN(name="lrn", size=5, k=2.0, alpha=1.0, beta=1.0, divide_alpha=True)
POWER = LRN(name="lrn", size=3, k=1.0, alpha=1.0, beta=0.5)
WINDOWS = ((3, 2, 1), (5, 2, 2))
FIND = PlantedError("alexnet_2012_227", 227, ("conv1", "pool1", "conv2", "pool2", "conv3"), 3, 26)

BY_HAND: list[tuple[Question, Answer, dict[str, Answer | None]]] = [
    (
        OutputSize(224, 11, 4),
        54,
        {
            "no_plus_one": 53,
            "rounded_up": 55,
            "not_rounded": Fraction(217, 4),
            "size_over_stride": 56,
            "kernel_not_subtracted": 57,
            "stride_ignored": 214,
            "input_kept": 224,
            "rounded_down": None,
            "padding_once": None,
            "padding_forgotten": None,
        },
    ),
    (
        OutputSize(224, 11, 4, (2, 2)),
        55,
        {"padding_once": 54, "padding_forgotten": 54, "no_plus_one": 54},
    ),
    (
        OutputSize(224, 11, 4, rounding="ceil"),
        55,
        {"rounded_down": 54, "no_plus_one": 54, "rounded_up": None},
    ),
    (
        OutputSize(227, 11, 4, rounding="same"),
        57,
        {
            "valid_for_same": 55,
            "same_rounded_down": 56,
            "same_plus_one": 58,
            "input_kept": 227,
            "no_plus_one": None,
            "size_over_stride": None,
            "not_rounded": None,
        },
    ),
    (
        SamePadding(5, 27),
        2,
        {
            "half_rounded_up": 3,
            "half_a_kernel": Fraction(5, 2),
            "both_sides_together": 4,
            "kernel_for_padding": 5,
            "no_padding": 0,
        },
    ),
    (
        InputsGiving(55, 11, 4),
        (227, 230),
        {
            "single_input": (227, 227),
            "one_input_too_many": (227, 231),
            "no_minus_one": (231, 234),
            "rounded_up_inputs": (224, 227),
            "padding_added": None,
            "padding_taken_once": None,
        },
    ),
    (
        InputsGiving(55, 11, 4, 2),
        (223, 226),
        {"padding_added": (231, 234), "padding_taken_once": (225, 228)},
    ),
    (
        Crops(256, 224),
        2178,
        {
            "places_less_one": 2048,
            "mirror_forgotten": 1089,
            "places_less_one_unmirrored": 1024,
            "one_axis": 66,
            "places_added": 132,
            "non_overlapping_crops": 2,
            "crops_beyond_the_image": 131072,
            "mirror_added": None,
        },
    ),
    (Crops(256, 227, mirrored=False), 900, {"mirror_added": 1800}),
    (
        ConvParams(**CONV2, groups=2),
        307_456,
        {
            "no_groups": 614_656,
            "groups_twice": 153_856,
            "bias_forgotten": 307_200,
            "one_bias": 307_201,
            "bias_per_weight": 614_400,
            "bias_per_cell": 313_600,
            "kernel_one_axis": 61_696,
            "input_channels_forgotten": 6_656,
            "map_multiplied_in": 223_949_056,
            "bias_added": None,
        },
    ),
    (ConvParams(3, 96, 11, 227, 4, bias=False), 34_848, {"bias_added": 34_944, "no_groups": None}),
    (
        ConvMacs(3, 96, 11, 227, 4),
        105_415_200,
        {
            "input_area": 34_848 * 227 * 227,
            "flops_for_macs": 210_830_400,
            "places_forgotten": 34_848,
            "one_side_of_map": 1_916_640,
            "input_channels_forgotten": 35_138_400,
            "kernel_one_axis": 9_583_200,
        },
    ),
    (
        ConvMacs(**CONV2, groups=2),
        223_948_800,
        {"no_groups": 447_897_600, "groups_twice": 111_974_400},
    ),
    (
        DenseParams((256, 6, 6), 4096),
        37_752_832,
        {
            "no_flatten": 1_052_672,
            "bias_forgotten": 37_748_736,
            "one_side_flattened": 6_295_552,
            "one_bias": 37_748_737,
            "dense_bias_per_input": 37_757_952,
            "bias_added": None,
        },
    ),
    (DenseParams((256, 6, 6), 4096, bias=False), 37_748_736, {"bias_added": 37_752_832}),
    (
        WeightShape(**CONV2, groups=2),
        (256, 48, 5, 5),
        {
            "whole_depth": (256, 96, 5, 5),
            "transposed": (48, 256, 5, 5),
            "kernel_first": (5, 5, 48, 256),
            "outputs_divided": (128, 48, 5, 5),
            "output_map_for_kernel": (256, 48, 27, 27),
        },
    ),
    (
        ReceptiveFieldSize(((11, 4, 0), (3, 2, 0), (5, 1, 2)), 227),
        51,
        {
            "sum_of_kernels": 19,
            "strides_ignored": 17,
            "own_stride_too_soon": 1 + 40 + 16 + 32,
            "kernel_without_minus_one": 1 + 11 + 12 + 40,
            "product_of_kernels": 165,
            "last_kernel": 5,
        },
    ),
    # 3/2/1 then 5/2/2: size 1 + 2 + 4*2 = 11, stride 4, start -1 - 2*2 = -5
    (
        FieldBox(WINDOWS, 32, 1),
        (0, 9),
        {
            "unclipped": (-1, 9),
            "box_padding_forgotten": (4, 14),
            "counted_from_one": (0, 5),
            "box_of_next": (3, 13),
            "last_stride_only": (0, 7),
            "one_past_the_end": (0, 10),
        },
    ),
    (
        POOL,
        (9, 9, 9, 9),
        {
            "average_for_max": (5, Fraction(8, 3), Fraction(10, 3), Fraction(22, 9)),
            "non_overlapping": (9,),
            "window_of_stride": (5, 6, 8, 9),
            "smallest_for_largest": (1, 0, 0, 0),
            "moved_by_one": (9, 9, 9, 9, 9, 9, 9, 9, 9),
        },
    ),
    # first place: 1*1 + 2*0 + 0*-1 + 1*2 = 3, second channel 0 + 0 + 0 + 1 = 1, bias 3
    (
        CONV,
        (7, 9, 1, 7),
        {
            "map_bias_forgotten": (4, 6, -2, 4),
            "channel_forgotten": (6, 8, 0, 6),
            "bias_in_every_channel": (10, 12, 4, 10),
            "map_padding_forgotten": None,
            "map_stride_ignored": None,
        },
    ),
    (
        STEP2,
        (1, 4, 3, 2),
        {
            "map_padding_forgotten": (2,),
            "flipped_kernel": (1, 0, 3, 6),
        },
    ),
    (
        NormalisedValue((1, 2, 3, 4, 5, 6, 7), 3, EXACT),
        Fraction(4, 92),
        {
            "alpha_divided": Fraction(4, 20),
            "own_value_left_out": Fraction(4, 76),
            "squares_forgotten": Fraction(4, 22),
            "k_forgotten": Fraction(4, 90),
            "all_channels": Fraction(4, 142),
            "edge_not_cut": None,
            "power_forgotten": None,
        },
    ),
    (
        NormalisedValue((1, 2, 3, 4, 5, 6, 7), 0, DIVIDED),
        Fraction(5, 24),
        {
            "alpha_not_divided": Fraction(1, 16),
            "edge_not_cut": Fraction(5, 10 + 1 + 4 + 9 + 36 + 49),
        },
    ),
    (
        NormalisedValue((2, 2, 2), 1, POWER),
        pytest.approx(2 / 13**0.5),
        {"power_forgotten": Fraction(2, 13)},
    ),
    (
        DroppedValue(10, Dropout(name="drop", p=0.2), "train"),
        Fraction(25, 2),
        {
            "train_and_test_swapped": 10,
            "other_convention": 10,
            "multiplied_for_divided": 8,
            "dropped_for_kept": 2,
            "scaled_needlessly": None,
        },
    ),
    (
        DroppedValue(10, Dropout(name="drop", p=0.2), "test"),
        10,
        {
            "train_and_test_swapped": Fraction(25, 2),
            "scaled_needlessly": 8,
            "other_convention": 8,
        },
    ),
    (
        DroppedValue(10, Dropout(name="drop", p=0.2, scale="test"), "test"),
        8,
        {
            "multiplied_for_divided": Fraction(25, 2),
            "other_convention": 10,
        },
    ),
    (
        RectifiedMap(((3, -2), (0, 5))),
        (3, 0, 0, 5),
        {
            "sign_dropped": (3, 2, 0, 5),
            "nothing_cut": (3, -2, 0, 5),
            "positives_cut": (0, -2, 0, 0),
            "step_for_ramp": (1, 0, 0, 1),
        },
    ),
    (
        RectifiedGradient(((3, -2), (4, -1)), ((-6, 7), (2, -5))),
        (-6, 0, 2, 0),
        {
            "gradient_rectified": (0, 7, 2, 0),
            "gradient_all_passed": (-6, 7, 2, -5),
            "gradient_where_negative": (0, 7, 0, -5),
            "gradient_times_value": (-18, 0, 8, 0),
            "gradient_cut_twice": (0, 0, 2, 0),
        },
    ),
    # 2·1 · (−3)·0.5 · 4·0.5
    (
        SlopeProduct((2, -3, 4), (5, -1, -2), Fraction(1, 2)),
        -6,
        {
            "leak_forgotten": 0,
            "slopes_left_out": -24,
            "weights_left_out": Fraction(1, 4),
            "leak_once": -12,
            "leak_by_the_weight": -12,
            "slopes_added": Fraction(5, 2),
        },
    ),
    (SlopeProduct((2, 3), (5, -1), Fraction(1, 2)), 3, {"leak_once": None}),
    (
        TowersRead("alexnet_2012_paper", "conv3"),
        "all",
        {
            "towers_never_talk": "own",
            "image_for_maps": "image",
            "towers_always_talk": "all",
        },
    ),
    # nobody else has these parameters; RGB at 224: the paper, ZFNet, RotNet too
    (
        NamedNetwork("torchvision_alexnet", "params", "picture"),
        "torchvision_alexnet",
        {
            "first_fingerprint_only": None,
            "second_fingerprint_only": "alexnet_2012_paper",
            "best_known_network": "alexnet_2012_paper",
        },
    ),
    (
        NamedNetwork("caffe_bvlc_alexnet", "order", "constant"),
        "caffe_bvlc_alexnet",
        {
            "first_fingerprint_only": "alexnet_2012_paper",
            "second_fingerprint_only": "caffe_bvlc_reference_caffenet",
        },
    ),
    (
        PublishedError("only_227"),
        "one_rounding",
        {
            "believed_what_is_printed": "nothing_wrong",
            "blamed_another_network": "another_network",
            "blamed_the_unit": "wrong_unit",
        },
    ),
    (
        PublishedError("megabytes"),
        "wrong_unit",
        {"blamed_the_rounding": "one_rounding", "blamed_the_unit": None},
    ),
    (PublishedError("code_reads_227"), "repair_for_original", {"blamed_the_rounding": None}),
    (FIND, 3, {"line_that_follows": 4, "last_line": 5, "line_before": 2, "first_line": 1}),
    (
        FlattenedInputs((256, 5, 5)),
        6400,
        {
            "area_forgotten": 256,
            "side_for_area": 1280,
            "channels_forgotten": 25,
        },
    ),
]
"""Question, answer, and what slips lead to: worked out by hand or from published numbers."""


def test_answers_and_slips_are_those_worked_out_by_hand() -> None:
    wrong = []
    for question, answer, by_hand in BY_HAND:
        if question.answer != answer:
            wrong.append(f"{question}: {question.answer}, not {answer}")
        found = {slip.id: slip.result(question) for slip in slips_of(question.kind)}
        wrong += [
            f"{question}: {id} gives {found[id]}, not {value}"
            for id, value in by_hand.items()
            if found[id] != value
        ]
    assert wrong == []


def test_the_kernel_is_turned_and_signs_are_lost() -> None:
    found = {slip.id: slip.result(CONV) for slip in slips_of(CONV.kind)}
    # kernel 1 becomes ((2, -1), (0, 1)), kernel 2 ((1, 1), (1, 0))
    assert found["flipped_kernel"] == (
        2 - 2 + 1 + 1 + 3,
        4 + 2 + 0 + 1 + 3,
        -1 + 1 + 3,
        2 - 2 + 1 + 1 + 3,
    )
    assert found["signs_lost"] == (7, 11, 7, 7)


def test_every_slip_is_worked_out_by_hand() -> None:
    tried = {id for question, _, by_hand in BY_HAND for id in by_hand} | {"signs_lost"}
    assert {slip.id for slip in SLIPS} - tried == set()


def test_every_slip_has_its_sentence() -> None:
    assert [slip.id for slip in SLIPS if not has(f"slip.{slip.id}")] == []
    assert [slip.id for slip in SLIPS if not slip.leads_to.__doc__] == []


def mismatches(question: Question, about: bool) -> list[str]:
    """What is wrong with the diagnoses of a question's own slips."""
    wrong = []
    for id, value in made(question).items():
        found = diagnose(question, value, about)
        if found.right or id not in [finding.slip for finding in found.findings]:
            wrong.append(f"{id} is not found from {value} in {question}")
        ids = [finding.slip for finding in found.findings if finding.slip]
        if len(set(ids)) < len(ids):
            wrong.append(f"{question}: {ids}")
        for finding in found.findings:
            en, zh = words(finding), words(finding, "zh")
            if figures(en) != figures(zh):
                wrong.append(f"{id}: {en} / {zh}")
    return wrong


def test_every_slip_is_found_from_its_own_result() -> None:
    wrong, seen = [], set()
    drawn = [draw(id, seed, tier) for id in GENERATORS for tier in TIERS for seed in range(25)]
    asked = [(each.question, each.about) for each in drawn]
    asked += [(question, False) for question, *_ in BY_HAND]
    for question, about in asked:
        seen |= made(question).keys()
        wrong += mismatches(question, about)
    assert wrong == []
    assert {slip.id for slip in SLIPS} - seen == set()


def test_6400_is_right_by_another_rule_and_in_other_networks() -> None:
    """The chain of PyTorch at 224, as d2l and MXNet have it (theano_alexnet, issue 20)."""
    found = diagnose(ChainQuestion("alexnet_2012_paper", 224, "fc6.inputs"), 6400)
    rule, networks = found.findings[:2]
    assert not found.right
    assert (rule.rounding, rule.chain) == ("floor", (224, 54, 26, 12, 5))
    assert {"d2l_alexnet", "mxnet_symbol_alexnet", "alexnet_2012_224_floor"} <= {*networks.networks}
    assert words(rule) == (
        "6,400 is what rounding down (PyTorch) gives at 224 pixels: 224 → 54 → 26 → 12 → 5, "
        "and 5·5·256 inputs. Right here is 9,216."
    )
    assert "fc6 的输入数 5·5·256" in words(networks, "zh")


def test_every_network_and_rule_of_a_finding_gives_the_answer() -> None:
    for given in (6400, 9216, 256, 12544):
        asked = ChainQuestion("torchvision_alexnet", 224, "fc6.inputs")
        for finding in diagnose(asked, given).findings:
            for id in finding.networks:
                at = VARIANTS[id].refitted()
                at = at.rounded(finding.rounding) if finding.rounding else at
                assert prod(trace(at, finding.input_size)["fc6"].input_shape) == given


def test_a_window_is_right_in_networks_that_pad_it() -> None:
    found = diagnose(OutputSize(224, 11, 4), 55)
    assert found.findings[0].slip == "rounded_up"
    assert "torchvision_alexnet" in {id for each in found.findings for id in each.networks}
    assert all(each.rounding not in ("ceil", "caffe") for each in found.findings)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_every_rule_is_recognised(rounding: str) -> None:
    """224 by 11 at stride 4, padded by 1: 54 rounded down, 55 up, 56 as SAME."""
    asked = OutputSize(224, 11, 4, (1, 1), rounding)  # type: ignore[arg-type]
    other = OutputSize(224, 11, 4, (1, 1), "floor" if rounding != "floor" else "ceil")
    found = diagnose(asked, other.answer)
    if other.answer == asked.answer:
        assert found.right
    else:
        assert any(
            each.rounding == other.rounding or each.slip.startswith("rounded")
            for each in found.findings
        )


@pytest.mark.parametrize(
    ("quantity", "given", "slip"),
    [
        ("fc6.inputs", 256, "area_forgotten"),
        ("conv2.params", 614_656, "no_groups"),
        ("conv1.params", 34_848, "bias_forgotten"),
        ("conv1.macs", 210_830_400, "flops_for_macs"),
        ("fc6.params", 1_052_672, "no_flatten"),
        ("fc7.params", 16_777_216, "bias_forgotten"),
        ("pool1.output_size", 26, "no_plus_one"),
    ],
)
def test_the_slips_of_a_layer_are_found_in_its_network(
    quantity: str, given: int, slip: str
) -> None:
    found = diagnose(ChainQuestion("alexnet_2012_paper", 224, quantity), given)
    assert found.findings[0].slip == slip
    assert figures(said(found)) == figures(said(found, "zh"))


def test_a_total_is_another_network_s() -> None:
    """62,378,344 is one tower (stackoverflow 40060949), 61,100,840 torchvision's."""
    asked = ChainQuestion("alexnet_2012_paper", 224, "network.params")
    assert asked.answer == 60_965_224
    for given, id in ((62_378_344, "chainer_alex"), (61_100_840, "torchvision_alexnet")):
        found = diagnose(asked, given)
        assert id in {each for finding in found.findings for each in finding.networks}
    assert diagnose(asked, number("61M"), about=True).right
    assert diagnose(asked, number("62.4M"), about=True).findings


@pytest.mark.parametrize("given", [9215, 1, 10**12])
def test_silence_is_honest(given: int) -> None:
    found = diagnose(ChainQuestion("alexnet_2012_paper", 224, "fc6.inputs"), given)
    assert (found.right, found.findings, found.off) == (False, (), given - 9216)
    for language, words_ in (("en", "No known slip"), ("zh", "与已知的失误都对不上")):
        assert words_ in said(found, language)  # type: ignore[arg-type]
        assert f"{abs(given - 9216):,}" in said(found, language)  # type: ignore[arg-type]


CONV1 = ConvParams(3, 96, 11, 227, 4)


@pytest.mark.parametrize(
    ("text", "about", "right", "rounded"),
    [
        ("34,944", False, True, False),
        ("34.9k", True, True, False),
        ("34.9k", False, False, True),
        ("3.49万", True, True, False),
        ("35000", True, True, False),
        ("35000", False, False, False),
        ("34848", True, False, False),  # within 1 %, but exactly the weights alone
        ("30k", True, False, False),
        ("36k", True, False, False),
    ],
)
def test_about_is_a_percent_and_exact_is_exact(
    text: str, about: bool, right: bool, rounded: bool
) -> None:
    found = diagnose(CONV1, number(text), about)
    assert (found.right, found.rounded) == (right, rounded)


def test_an_abbreviated_slip_is_found() -> None:
    paper = ConvParams(**CONV2, groups=2)
    assert [each.slip for each in diagnose(paper, number("614.7k")).findings] == ["no_groups"]
    assert said(diagnose(CONV1, number("34.9k"))).endswith("This costs no attempt.")


def test_a_right_answer_and_a_word_are_said() -> None:
    asked = TowersRead("alexnet_2012_paper", "conv3")
    assert diagnose(asked, "all").right
    assert said(diagnose(asked, "own"), "zh") == "conv3 并不只读本塔。正确的是：两个塔的输出。"
    for language in LANGUAGES:
        assert said(diagnose(CONV1, 34_944), language)


def test_decimals_are_judged_to_the_digits_that_were_typed() -> None:
    """b = 100 / (2 + 1e-4 * 5 * 100^2)^0.75 = 23.237 (torch, alpha = 5e-4)."""
    asked = NormalisedValue((100,) * 9, 4, LRN(name="lrn"))
    for text in ("23.237", "23.24", "23.2", "23.3"):
        assert diagnose(asked, number(text)).right, text
    for text in ("23.6", "20", "24"):
        assert not diagnose(asked, number(text)).right, text
    assert diagnose(asked, number("43.87")).findings[0].slip == "alpha_divided"
