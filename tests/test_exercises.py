"""Exercises: what is drawn, against torch and published numbers; chains; the 2,000 seeds a tier."""

import re
from collections import Counter
from dataclasses import FrozenInstanceError
from fractions import Fraction
from statistics import mean
from typing import Any

import pytest
import torch
from torch.nn import functional

from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.network.layers import LRN, Dropout
from alexnet_viz.teaching.exercises.carried import Chain, judged, marks_lost, verdict_words
from alexnet_viz.teaching.exercises.exercise import asked as asks
from alexnet_viz.teaching.exercises.exercise import lines, option, title, worked
from alexnet_viz.teaching.exercises.generators import GENERATORS, TIERS, draw
from alexnet_viz.teaching.exercises.given_numbers import drawing, numbered
from alexnet_viz.teaching.questions.counts import (
    ConvMacs,
    ConvParams,
    Crops,
    DenseParams,
    FlattenedInputs,
    WeightShape,
)
from alexnet_viz.teaching.questions.fields import FieldBox, ReceptiveFieldSize
from alexnet_viz.teaching.questions.fingerprints import SUSPECTS, NamedNetwork, fingerprint
from alexnet_viz.teaching.questions.network_chains import ChainQuestion, PlantedError, TowersRead
from alexnet_viz.teaching.questions.published_errors import COMPUTED, MISTAKES, PublishedError
from alexnet_viz.teaching.questions.question import LARGEST_PRODUCT, Question, effort
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap, SlopeProduct
from alexnet_viz.teaching.questions.single_values import DroppedValue, NormalisedValue
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, PooledMap
from alexnet_viz.teaching.questions.window_sizes import InputsGiving, OutputSize
from alexnet_viz.teaching.slips.registry import made
from alexnet_viz.teaching.typed import number
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.text.problem import Problem
from tests.test_slips import figures

SEEDS = 2000
ALL = [(id, tier) for id in GENERATORS for tier in TIERS]


def drawn(id: str, count: int = 40) -> list[Any]:
    return [draw(id, seed, tier).question for tier in TIERS for seed in range(count)]


PAPER = ((11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2, 0))


def test_the_published_numbers() -> None:
    """The 2012 network: parameters, MACs, receptive fields, crops, and the classroom's cases."""
    golden: dict[Question, object] = {
        ConvParams(3, 96, 11, 227, 4): 34_944,
        ConvParams(96, 256, 5, 27, 1, 2, groups=2): 307_456,
        ConvParams(256, 384, 3, 13, 1, 1): 885_120,
        ConvParams(384, 384, 3, 13, 1, 1, groups=2): 663_936,
        ConvParams(384, 256, 3, 13, 1, 1, groups=2): 442_624,
        DenseParams((256, 6, 6), 4096): 37_752_832,
        DenseParams((4096, 1, 1), 4096): 16_781_312,
        DenseParams((4096, 1, 1), 1000): 4_097_000,
        DenseParams((4096, 1, 1), 10): 40_970,
        ConvMacs(3, 96, 11, 227, 4): 105_415_200,
        ConvMacs(96, 256, 5, 27, 1, 2, groups=2): 223_948_800,
        ConvMacs(256, 384, 3, 13, 1, 1): 149_520_384,
        ConvMacs(384, 384, 3, 13, 1, 1, groups=2): 112_140_288,
        ConvMacs(384, 256, 3, 13, 1, 1, groups=2): 74_760_192,
        WeightShape(96, 256, 5, 27, 1, 2, groups=2): (256, 48, 5, 5),
        OutputSize(227, 11, 4): 55,
        OutputSize(224, 11, 4): 54,
        OutputSize(224, 11, 4, rounding="ceil"): 55,
        OutputSize(224, 11, 4, (2, 2)): 55,
        OutputSize(224, 11, 4, rounding="valid"): 54,
        OutputSize(224, 11, 4, rounding="same"): 56,
        InputsGiving(55, 11, 4): (227, 230),
        Crops(256, 224): 2178,
        Crops(256, 227): 1800,
        FieldBox(PAPER, 227, 0): (0, 130),
        FieldBox(PAPER, 227, 2): (0, 194),
        FieldBox(PAPER, 227, 5): (96, 226),
        FlattenedInputs((256, 6, 6)): 9216,
        TowersRead("alexnet_2012_paper", "conv1"): "image",
        TowersRead("alexnet_2012_paper", "conv2"): "own",
        TowersRead("alexnet_2012_paper", "conv3"): "all",
        TowersRead("alexnet_2012_paper", "conv4"): "own",
        TowersRead("alexnet_2012_paper", "fc6"): "all",
        TowersRead("alexnet_2012_code_150", "conv3"): "own",
        ChainQuestion("alexnet_2012_paper", 224, "fc6.inputs"): 9216,
        ChainQuestion("alexnet_2012_224_floor", 224, "fc6.inputs"): 6400,
        ChainQuestion("alexnet_2012_227", 227, "pool2.output_size"): 13,
        ChainQuestion("zfnet_paper", 224, "conv1.output_shape"): (96, 110, 110),
        ChainQuestion("alexnet_2012_paper", 224, "network.params"): 60_965_224,
        ChainQuestion("alexnet_2012_paper", 224, "network.macs"): 724_406_816,
        ChainQuestion("torchvision_alexnet", 224, "network.macs"): 714_188_480,
        ChainQuestion("d2l_alexnet", 224, "network.params"): 46_764_746,
    }
    golden |= {
        ReceptiveFieldSize(PAPER[:count], 227): size
        for count, size in enumerate((11, 19, 51, 67, 99, 131, 163, 195), 1)
    }
    assert [(asked, asked.answer) for asked, value in golden.items() if asked.answer != value] == []


@pytest.mark.parametrize(
    ("lrn", "value"),
    [
        (LRN(name="lrn"), 23.237),
        (LRN(name="lrn", divide_alpha=True), 43.869),
        (LRN(name="lrn", divide_alpha=True, k=1.0), 59.460),
    ],
)
def test_lrn_of_a_constant_is_the_paper_s_torch_s_and_caffe_s(lrn: LRN, value: float) -> None:
    asked = NormalisedValue((100,) * 11, 5, lrn)
    assert float(asked.answer) == pytest.approx(value, abs=5e-4)


def test_lrn_is_torch_s() -> None:
    for asked in drawn("lrn"):
        lrn, cells = asked.lrn, asked.lrn.size
        alpha = lrn.alpha if lrn.divide_alpha else lrn.alpha * cells
        values = torch.tensor(asked.activations, dtype=torch.float64).reshape(1, -1, 1)
        found = functional.local_response_norm(values, cells, alpha, lrn.beta, lrn.k)
        assert float(asked.answer) == pytest.approx(found[0, asked.position, 0].item())


def test_small_maps_are_torch_s() -> None:
    for asked in drawn("conv"):
        maps = torch.tensor(asked.channels)[None]
        kernel = torch.tensor(asked.kernel)[None]
        bias = torch.tensor([asked.bias])
        found = functional.conv2d(maps, kernel, bias, asked.stride, asked.padding)
        assert asked.answer == tuple(found.flatten().tolist())
    for pooled in drawn("pool"):
        cells = torch.tensor(pooled.cells)[None].float()
        maximum = functional.max_pool2d(cells, pooled.kernel_size, pooled.stride)
        assert pooled.answer == tuple(maximum.flatten().tolist())


def test_relu_forward_and_back_is_torch_s() -> None:
    """Autograd through ReLU, and through five leaky units whose sums are the given ones."""
    kinds = set()
    for asked in drawn("relu"):
        kinds.add(type(asked))
        if isinstance(asked, RectifiedMap):
            assert asked.answer == tuple(torch.relu(torch.tensor(asked.cells)).flatten().tolist())
        elif isinstance(asked, RectifiedGradient):
            cells = torch.tensor(asked.cells, dtype=torch.float64, requires_grad=True)
            torch.relu(cells).backward(torch.tensor(asked.arriving, dtype=torch.float64))
            assert cells.grad is not None
            assert asked.answer == tuple(cells.grad.flatten().tolist())
        else:
            x = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
            value, leak = x, float(asked.leak)
            for weight, wanted in zip(asked.weights, asked.sums, strict=True):
                into = weight * value
                bias = wanted - into.detach()
                value = functional.leaky_relu(into + bias, leak)
            value.backward()
            assert x.grad is not None
            assert float(asked.answer) == pytest.approx(x.grad.item())
    assert kinds == {RectifiedMap, RectifiedGradient, SlopeProduct}


def test_counts_and_shapes_are_torch_s() -> None:
    for asked in [*drawn("par"), *drawn("wshape"), *drawn("mac", 15)]:
        conv = torch.nn.Conv2d(
            *(asked.in_channels, asked.out_channels, asked.kernel_size, asked.stride),
            *(asked.padding, 1, asked.groups, asked.bias),
            device="meta",
        )
        maps = torch.empty(1, asked.in_channels, asked.map_size, asked.map_size, device="meta")
        places = conv(maps)[0, 0].numel()
        assert (
            asked.answer
            == {
                ConvParams: sum(each.numel() for each in conv.parameters()),
                WeightShape: tuple(conv.weight.shape),
                ConvMacs: conv.weight.numel() * places,
            }[type(asked)]
        )


def reads(windows: tuple[tuple[int, int, int], ...], cells: set[int]) -> set[int]:
    """The pixels behind these cells of the last map, window by window."""
    for kernel, stride, padding in reversed(windows):
        cells = {cell * stride - padding + tap for cell in cells for tap in range(kernel)}
    return cells


def test_receptive_fields_are_the_pixels_read() -> None:
    for asked in drawn("rf"):
        assert asked.answer == len(reads(asked.windows, {0})) or asked.answer == (
            max(reads(asked.windows, {0})) + 1  # a stride larger than a kernel leaves pixels out
        )
    for box in drawn("rfbox"):
        inside = reads(box.windows, {box.cell}) & set(range(box.input_size))
        assert box.answer == (min(inside), max(inside))


def test_a_planted_error_is_the_only_line_that_does_not_follow() -> None:
    for asked in drawn("find"):
        wrong = [n for n, (step, size) in enumerate(asked.lines, 1) if step.answer != size]
        assert wrong == [asked.at] == [asked.answer]
        arriving = [step.input_size for step, _ in asked.lines]
        assert arriving == [asked.input_size, *(size for _, size in asked.lines[:-1])]
        for language in LANGUAGES:
            said = lines(asked, language)
            assert len(said) == len(asked.layers)
            assert all(
                f"→ {size}" in line for line, (_, size) in zip(said, asked.lines, strict=True)
            )


PUBLISHED = {
    "alexnet_2012_paper": (96, 60_965_224, 9216, 48, 55, 724_406_816, 2, "norm pool"),
    "torchvision_alexnet": (64, 61_100_840, 9216, 64, 55, 714_188_480, None, "pool"),
    "caffe_bvlc_alexnet": (96, 60_965_224, 9216, 48, 55, 724_406_816, 1, "norm pool"),
    "caffe_bvlc_reference_caffenet": (96, 60_965_224, 9216, 48, 55, 724_406_816, 1, "pool norm"),
    "d2l_alexnet": (96, 46_764_746, 6400, 96, 54, 938_146_176, None, "pool"),
    "zfnet_paper": (96, 62_357_608, 9216, 96, 110, 1_168_032_896, 2, "pool norm"),
    "chainer_alex": (96, 62_378_344, 9216, 96, 55, 1_135_256_096, 2, "norm pool"),
}
"""Width, parameters, inputs of fc6, depth of conv2's kernels, side of conv1's maps, MACs, k, order:
from the papers, the libraries' files, and torch."""


def test_fingerprints_are_the_published_ones() -> None:
    names = ("width", "params", "inputs", "depth", "side", "macs", "constant")
    for network, published in PUBLISHED.items():
        assert tuple(fingerprint(network, name) for name in names) == published[:-1], network
        order = fingerprint(network, "order")
        short = {"lrn": "norm", "max_pool": "pool"}
        assert " ".join(short[kind] for kind in order if kind in short) == published[-1]
    assert "batch_norm" in fingerprint("rotnet_alexnet_bn", "order")
    assert len(PUBLISHED) + 1 == len(SUSPECTS)


def test_two_fingerprints_name_one_network() -> None:
    for tier in TIERS:
        for seed in range(60):
            asked = draw("which", seed, tier).question
            assert isinstance(asked, NamedNetwork)
            pair = (asked.first, asked.second)
            values = [fingerprint(asked.network, name) for name in pair]
            having = [
                {each for each in SUSPECTS if fingerprint(each, name) == value}
                for name, value in zip(pair, values, strict=True)
            ]
            assert None not in values
            assert having[0] & having[1] == {asked.answer}
            assert (min(map(len, having)) == 1) == (tier == 1)
            assert set(made(asked).values()) <= having[0] | having[1] | {SUSPECTS[0]}


REASONS = {
    "five_pools": ("3", "6×6×256"),
    "maps_of_a_pool": ("96", "256"),
    "seven_by_seven": ("96", "11×11", "224×224"),
    "macs_and_flops": ("0.724", "1.449"),
    "megabytes": ("164", "172"),
    "two_errors": (),
    "crop_places": ("32", "33", "2,178"),
    "only_227": ("54", "55", "3"),
    "code_reads_227": ("224", "55", "227"),
    "first_neurons": ("290,400", "253,440"),
}
"""What is right, worked out by hand: (6400 + 4096)·4096 weights of 4 bytes, 55·55·96, 33·33·2."""


def test_what_is_wrong_with_published_sentences_is_computed() -> None:
    assert REASONS.keys() == MISTAKES.keys() == COMPUTED.keys()
    for sentence, figures_ in REASONS.items():
        asked = PublishedError(sentence)
        for language in LANGUAGES:
            said = worked(asked, language)
            assert not [each for each in figures_ if each not in said], said
    exercises = [draw("published", seed, 1) for seed in range(80)]
    assert {each.question.sentence for each in exercises} == set(MISTAKES)  # type: ignore[attr-defined]
    for exercise in exercises:
        says = exercise.question.values["says"]
        for language in LANGUAGES:
            assert says.of(language) in asks(exercise, language)  # type: ignore[attr-defined]
            shown = {option(exercise, each, language) for each in exercise.options}
            assert len(shown) == len(exercise.options)


def test_crops_padding_and_inputs_are_counted_out() -> None:
    for asked in drawn("crop", 10):
        starts = sum(
            1 for start in range(asked.image_size) if start + asked.crop_size <= asked.image_size
        )
        assert asked.answer == starts * starts * (1 + asked.mirrored)
    for same in drawn("same", 10):
        assert same.input_size + 2 * same.answer - same.kernel_size + 1 == same.input_size
    for inv in drawn("inv", 10):
        giving = [
            size
            for size in range(1, 400)
            if (size + 2 * inv.padding - inv.kernel_size) // inv.stride + 1 == inv.wanted
        ]
        assert inv.answer == (giving[0], giving[-1])


def test_dropout_is_torch_s_in_training_and_the_paper_s_at_test() -> None:
    for asked in drawn("drop"):
        p, value = asked.dropout.p, asked.value
        kept = {
            ("train", "train"): value / (1 - p),
            ("train", "test"): value,
            ("test", "train"): value,
            ("test", "test"): value * (1 - p),
        }
        assert float(asked.answer) == pytest.approx(kept[asked.dropout.scale, asked.when])
    torch.manual_seed(0)
    dropped = functional.dropout(torch.full((100,), 10.0), 0.2)
    in_training = DroppedValue(10, Dropout(name="drop", p=0.2), "train")
    assert set(dropped.tolist()) == {0.0, float(in_training.answer)}


# --- drawing -----------------------------------------------------------------------------------


def test_a_seed_is_in_links_and_draws_the_same_for_ever() -> None:
    assert draw("out1", 42, 1).question == OutputSize(10, 3, 1)
    assert draw("par", 7, 3).question == draw("par", 7, 3).question
    assert draw("par", 7, 3) != draw("par", 8, 3)
    with pytest.raises(KeyError):
        draw("nothing", 1)
    with pytest.raises(ValueError, match="4"):
        draw("out1", 1, 4)
    with pytest.raises(FrozenInstanceError):
        draw("out1", 1).seed = 2  # type: ignore[misc]


def faults(id: str, tier: int, seed: int) -> list[str]:
    """What is wrong with one exercise; words are looked at in every fortieth."""
    exercise = draw(id, seed, tier)
    question, found = exercise.question, []
    answer = question.answer
    numbers = [
        each
        for each in (answer if isinstance(answer, tuple) else (answer,))
        if not isinstance(each, str)
    ]
    if any(each > LARGEST_PRODUCT for each in numbers):
        found.append("a product is too large")
    if tier < 3 and any(abs(f) > 999 for step in question.steps if len(step) > 1 for f in step):
        found.append("a factor has more than three digits")
    if effort(question.steps) not in GENERATORS[id].efforts[tier - 1]:
        found.append(f"effort {effort(question.steps)}")
    if exercise.way == "choice":
        options = exercise.options
        shown = [option(exercise, value) for value in options]
        lengths = [len(option(exercise, value)) for value in options if value != answer]
        if options.count(answer) != 1 or len(set(shown)) < len(shown) or not 3 <= len(shown) <= 4:
            found.append(f"options {shown}")
        if question.form != "word" and not min(lengths) <= len(option(exercise, answer)) <= max(
            lengths
        ):
            found.append(f"recognised by its length: {shown}")
        if len({word.count(".") for word in shown}) > 1:
            found.append(f"recognised by its decimals: {shown}")
    if seed % 10 == 0:
        results = set(made(question).values())
        if len(results) < 2 or answer in results or not set(exercise.options) <= {answer, *results}:
            found.append(f"options {exercise.options} of {results}")
    if seed % 40 == 0:
        for say in (asks, title, lambda each, language: worked(each.question, language)):
            en, zh = say(exercise, "en"), say(exercise, "zh")
            if figures(en) != figures(zh) or "{" in en + zh:
                found.append(f"{en} / {zh}")
        if exercise.judge(answer).right is not True:
            found.append("its own answer is wrong")
    return [f"{id}, seed {seed}, tier {tier}: {each}" for each in found]


@pytest.mark.slow
@pytest.mark.parametrize("id", GENERATORS)
def test_every_draw_of_two_thousand_seeds_is_sound(id: str) -> None:
    wrong = [each for tier in TIERS for seed in range(SEEDS) for each in faults(id, tier, seed)]
    assert wrong[:5] == []


def test_every_draw_of_some_seeds_is_sound() -> None:
    wrong = [
        each for id, tier in ALL for seed in range(0, 400, 20) for each in faults(id, tier, seed)
    ]
    assert wrong[:5] == []


@pytest.mark.parametrize("id", GENERATORS)
def test_tiers_become_harder_and_forms_are_mixed(id: str) -> None:
    efforts, ways, questions = [], Counter[str](), set()
    for tier in TIERS:
        exercises = [draw(id, seed, tier) for seed in range(120)]
        efforts.append(mean(effort(each.question.steps) for each in exercises))
        ways.update(each.way for each in exercises)
        questions |= {each.question for each in exercises}
    assert efforts == sorted(efforts)
    assert set(ways) == set(GENERATORS[id].ways)
    assert min(ways.values()) > 100
    assert len(questions) > {"tower": 20, "published": len(MISTAKES) - 1}.get(id, 60)


NEVER_IN_THE_MIDDLE = {"tower", "find", "pool", "which", "published"}
"""Options that are no numbers, or whose answer is the largest by what it is."""


@pytest.mark.parametrize("id", sorted(GENERATORS.keys() - NEVER_IN_THE_MIDDLE))
def test_the_place_and_the_rank_of_an_answer_say_little(id: str) -> None:
    places, ranks, count = Counter[int](), Counter[int](), 0
    for tier in TIERS:
        for seed in range(150):
            exercise = draw(id, seed, tier)
            if exercise.way == "choice":
                count += 1
                places[exercise.options.index(exercise.answer)] += 1
                ranks[sorted(exercise.options).index(exercise.answer)] += 1  # type: ignore[type-var]
    assert max(places.values()) < 0.42 * count
    assert max(ranks.values()) < 0.68 * count


def test_a_typed_answer_is_judged_and_an_unreadable_one_costs_nothing() -> None:
    exercise = next(each for seed in range(50) if (each := draw("par", seed, 3)).way == "typed")
    assert exercise.judge_typed(f"{exercise.answer:,}").right
    with pytest.raises(Problem) as refused:
        exercise.judge_typed("many")
    assert refused.value.code == "typed_number"
    assert "1 %" in asks(exercise)
    assert "1 %" not in asks(draw("par", 1, 1))


def test_every_rule_is_asked_for_and_worked() -> None:
    seen = {(each.rounding, each.worked) for each in drawn("out2", 300)}
    assert {rounding for rounding, _ in seen} == set(ROUNDINGS)
    assert "output_size_cut" in {line for _, line in seen} or all(
        OutputSize(size, 3, 4, (1, 1), "caffe").worked != "output_size_cut" for size in range(4, 60)
    )


def test_the_worked_line_has_the_numbers() -> None:
    conv2 = ConvParams(96, 256, 5, 27, 1, 2, groups=2)
    assert worked(conv2) == "256 kernels of 5·5·48 weights = 307,200, and 256 biases: 307,456"
    assert (
        worked(OutputSize(224, 11, 4), "zh") == "(224 − 11 + 0 + 0) / 4 + 1 = 54.25，向下取整：54"
    )
    assert worked(ChainQuestion("alexnet_2012_paper", 224, "fc6.inputs")) == (
        "224 → 55 → 27 → 13 → 6, and fc6 reads 256 maps of 6·6: 9,216"
    )
    assert worked(ChainQuestion("alexnet_2012_paper", 224, "conv2.params")) == worked(conv2)
    assert worked(ChainQuestion("alexnet_2012_paper", 224, "pool1.output_size")).startswith("224 →")
    assert worked(FlattenedInputs((256, 6, 6))).endswith("9,216")
    assert "−5" in worked(FieldBox(((3, 2, 1), (5, 2, 2)), 32, 1))


def test_a_question_without_an_answer_says_so() -> None:
    with pytest.raises(Problem, match="does not fit"):
        _ = OutputSize(3, 11, 4).answer
    with pytest.raises(KeyError):
        _ = ChainQuestion("alexnet_2012_paper", 224, "pool4.output_size").answer


# --- error carried forward ----------------------------------------------------------------------

RIGHT = (55, 27, 27, 13, 13, 13, 13, 6, 9216)
AT_227 = Chain("alexnet_2012_227", 227)


@pytest.mark.parametrize(
    ("given", "verdicts", "lost"),
    [
        (RIGHT, ["right"] * 9, 0),
        # the + 1 of conv1 is forgotten; everything follows from 54
        ((54, 26, 26, 12, 12, 12, 12, 5, 6400), ["slip", *["carried"] * 8], 1),
        # 54, and then the book's 27: right in the network
        ((54, 27, 27, 13, 13, 13, 13, 6, 9216), ["slip", *["right"] * 8], 1),
        # two slips: pool2 without + 1, fc6 without its area
        (
            (55, 27, 27, 12, 12, 12, 12, 5, 256),
            ["right"] * 3 + ["slip"] + ["carried"] * 4 + ["slip"],
            2,
        ),
        # a number that no slip gives
        ((55, 27, 20, 9, 9, 9, 9, 4, 4096), ["right"] * 2 + ["wrong"] + ["carried"] * 6, 1),
        # conv3 is left out: conv4 goes on from what should have stood there
        ((55, 27, 27, 13, None, 13, 13, 6, 9216), ["right"] * 4 + ["missing"] + ["right"] * 4, 1),
        (
            (54, 26, 26, 12, None, 12, 12, 5, 6400),
            ["slip"] + ["carried"] * 3 + ["missing"] + ["carried"] * 4,
            2,
        ),
        # no window fits 1: pool1 goes on from the right 55
        ((1, 27, 27, 13, 13, 13, 13, 6, 9216), ["wrong", *["right"] * 8], 1),
        ((), ["missing"] * 9, 9),
        (RIGHT[:3], ["right"] * 3 + ["missing"] * 6, 6),
        ((-5, 27, 27, 13, 13, 13, 13, 6, 9216), ["wrong", *["right"] * 8], 1),
        ((10**9, 27, 27, 13, 13, 13, 13, 6, 9216), ["wrong", *["right"] * 8], 1),
    ],
)  # fmt: skip
def test_each_step_is_judged_on_the_student_s_own_number(
    given: tuple[int | None, ...], verdicts: list[str], lost: int
) -> None:
    steps = judged(AT_227, given)
    assert [step.verdict for step in steps] == verdicts
    assert marks_lost(steps) == lost
    assert [step.right for step in steps] == list(RIGHT)
    for step in steps:
        assert figures(verdict_words(step)) == figures(verdict_words(step, "zh"))
        assert (step.diagnosis is None) == (step.verdict in ("right", "carried", "missing"))


def test_the_slip_of_a_step_is_named_from_the_student_s_number() -> None:
    steps = judged(AT_227, [54, 26, 26, 12, 12, 12, 12, 5, 1280])
    first, *_, last = steps
    assert first.diagnosis
    assert first.diagnosis.findings[0].slip == "no_plus_one"
    assert (last.arriving, last.verdict) == (5, "slip")
    assert last.diagnosis
    assert last.diagnosis.findings[0].slip == "side_for_area"
    assert last.diagnosis.question.answer == 6400


def test_typed_steps_and_a_fraction_are_judged() -> None:
    steps = judged(Chain("alexnet_2012_224_floor", 224), [number("54.25"), number("２６")])
    assert [step.verdict for step in steps[:3]] == ["slip", "right", "missing"]
    assert steps[0].given == Fraction(217, 4)
    assert steps[1].arriving == 54
    rounded = judged(AT_227, [*RIGHT[:8], number("9.2k")])
    assert marks_lost(rounded) == 0


def test_chains_of_other_networks() -> None:
    assert Chain("torchvision_alexnet", 224).answers == (55, 27, 27, 13, 13, 13, 13, 6, 9216)
    assert Chain("zfnet_paper", 224).answers[0] == 110
    assert Chain("alexnet_2012_paper", 224).layers[-1] == "fc6"
    assert PlantedError("zfnet_paper", 224, ("conv1", "pool1"), 1, 109).answer == 1
    assert PooledMap(((1, 2), (3, 4)), 2, 2).answer == (4,)
    assert ConvolvedMap((((1, 2), (3, 4)),), (((1,),),), bias=-1).answer == (0, 1, 2, 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_sentence_leaves_out_is_drawn(language: Language) -> None:
    for id in ("pool", "conv", "find", "out1", "relu"):
        for seed in range(12):
            exercise = draw(id, seed, 1)
            svg, listed = drawing(exercise, language), numbered(exercise, language)
            if isinstance(exercise.question, PooledMap | ConvolvedMap | RectifiedMap):
                shown = re.findall(r">([−-]?\d+)</text>", svg)
                question = exercise.question
                maps = (
                    (question.cells,)
                    if isinstance(question, PooledMap | RectifiedMap)
                    else (*question.channels, *question.kernel)
                )
                cells = [value for each in maps for row in each for value in row]
                numbers = Counter(int(n.replace("−", "-")) for n in shown)
                assert not Counter(cells) - numbers
            else:
                assert svg == ""
            assert bool(listed) == (id == "find")
            assert listed.count("\n") + 1 >= (4 if listed else 1)


def test_both_maps_of_a_gradient_are_drawn_in_the_words_of_the_question() -> None:
    for language in LANGUAGES:
        exercise = draw("relu", 3, 2)
        question, svg = exercise.question, drawing(exercise, language)
        assert isinstance(question, RectifiedGradient)
        shown = Counter(int(n.replace("−", "-")) for n in re.findall(r">([−-]?\d+)</text>", svg))
        assert shown == Counter(n for pair in question.pairs for n in pair)
        assert "ReLU" in svg
    chain = draw("relu", 3, 3)
    assert drawing(chain) == ""
    assert asks(chain).count(",") >= 8


def test_a_channel_has_a_number_only_where_there_are_several() -> None:
    said = {
        tier: [
            text
            for seed in range(5)
            for text in re.findall(r">([^<]+)</text>", drawing(draw("conv", seed, tier)))
        ]
        for tier in (1, 3)
    }
    assert {"input", "kernel"} < {*said[1]}
    assert not any("channel" in text for text in said[1])
    assert {"channel 1", "channel 2", "channel 3", "of 3"} < {*said[3]}
