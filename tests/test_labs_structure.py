"""The labs of sizes, structure, data sets, cost and code, against oracles from outside.

Sizes are computed again with plain integers and by torch on the meta device; totals are published
numbers; an answer that a task accepts is built into a network and counted.
"""

import itertools
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from torch import nn

from alexnet_viz.analysis.compare.differences import differences
from alexnet_viz.model.build import build
from alexnet_viz.network.geometry import slide
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.render.diagrams.layer_columns import layer_columns
from alexnet_viz.render.diagrams.ribbons import Part, ribbons
from alexnet_viz.render.diagrams.ruler import ruler
from alexnet_viz.render.diagrams.svg import text_width
from alexnet_viz.teaching import keras_source, setting
from alexnet_viz.teaching.control import Number, Pick, Several, Switch, Words
from alexnet_viz.teaching.labs import (
    cost,
    data_sets,
    keras_code,
    output_size,
    overlapping_pooling,
    structure,
    vanishing_map,
)
from alexnet_viz.teaching.labs.lab import Lab, Look, Outcome, Spoken
from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui.labs.controls import _rows
from alexnet_viz.variants import VARIANTS
from tests.spoken import open_page, press, words

MODULES = (
    output_size, structure, overlapping_pooling, data_sets, cost, keras_code, vanishing_map,
)  # fmt: skip
IDS = [module.LAB.id for module in MODULES]


def settled(lab: Lab, **given: Any) -> dict[str, Any]:
    """The lab's values with some of them given."""
    values, refused = setting.values(lab.controls, ())
    assert not refused
    assert given.keys() <= values.keys()
    return {**values, **given}


def look(lab: Lab, **given: Any) -> Look:
    return lab.look(settled(lab, **given), Spoken(lab.id, "en"))


def judged(lab: Lab, task: str, answer: Any = None, **given: Any) -> Outcome:
    """What the task says; the same verdict in Chinese."""
    values = settled(lab, **given)
    found = [lab.tasks[task].judge(values, answer, Spoken(lab.id, each)) for each in LANGUAGES]
    assert found[0].passed == found[1].passed
    assert found[0].words != found[1].words
    assert not re.search(r"[{}]", found[0].words + found[1].words)
    return found[0]


def corners(lab: Lab) -> Iterator[dict[str, Any]]:
    """Settings with each control at each of its ends, alone and all together."""
    ends: dict[str, tuple[Any, ...]] = {}
    for control in lab.controls:
        match control:
            case Number(low=low, high=high):
                ends[control.name] = (low, high)
            case Pick(options=options):
                ends[control.name] = options
            case Several(options=options):
                ends[control.name] = ((), options, *((each,) for each in options))
            case Switch():
                ends[control.name] = (False, True)
            case Words():
                ends[control.name] = ("", "x = (", "model.add(LSTM(3))", "🙂" * 50)
    yield settled(lab)
    for name, values in ends.items():
        for value in values:
            yield settled(lab, **{name: value})
    for place in (0, 1, -1):
        yield settled(lab, **{name: values[place] for name, values in ends.items()})


@pytest.mark.parametrize("module", MODULES, ids=IDS)
def test_a_lab_looks_at_every_corner_in_both_languages(module: Any) -> None:
    lab = module.LAB
    for values in corners(lab):
        said = []
        for language in LANGUAGES:
            found = lab.look(values, Spoken(lab.id, language))
            captions = [each.caption for each in (*found.drawings, *found.tables)]
            assert found.sentences, values
            assert all(found.sentences), values
            assert not re.search(r"\{|\}|None|nan", " ".join([*found.sentences, *captions])), values
            for drawing in found.drawings:
                root = ElementTree.fromstring(drawing.svg)
                assert root.get("aria-label")
                inside(root)
            said.append(found.sentences)
        assert said[0] != said[1], values


def inside(root: ElementTree.Element) -> None:
    """Every text lies within the sheet."""
    width, height = (float(root.get(side, "0")) for side in ("width", "height"))
    for element in root.iter():
        if not element.tag.endswith("}text"):
            continue
        x, y, size = (float(element.get(key, "0")) for key in ("x", "y", "font-size"))
        long = text_width(element.text or "", size)
        left = x - long * {"start": 0, "middle": 0.5, "end": 1}[element.get("text-anchor", "")]
        assert left >= -3, element.text
        assert left + long <= width + 3, element.text
        assert 0 < y <= height, element.text


# ── output size ──────────────────────────────────────────────────────────────────────────────────


def by_hand(w: int, f: int, s: int, before: int, after: int, rule: str) -> list[int]:
    """The sides after conv1, pool1, pool2 and pool5, with plain integers; 0 ends the list."""

    def size(cells: int, window: int, stride: int, padding: int, up: bool) -> int:
        if rule == "same":
            return -(-cells // stride)
        rest = cells + padding - window
        if rest < 0 and not (up and rule == "caffe" and rest > -stride):
            return 0
        return (-(-rest // stride) if up else rest // stride) + 1

    padding = 0 if rule in ("same", "valid") else before + after
    found = [size(w, f, s, padding, rule == "ceil")]
    for _ in range(3):
        if not found[-1]:
            return found[:-1]
        found.append(size(found[-1], 3, 2, 0, rule in ("ceil", "caffe")))
    return found if found[-1] else found[:-1]


def test_chains_agree_with_plain_integers() -> None:
    for w, (f, s), (before, after), rule in itertools.product(
        (11, 30, 63, 67, 224, 227, 231, 512), ((11, 4), (3, 1), (7, 2), (12, 8)),
        ((0, 0), (1, 2), (0, 3), (8, 8)), output_size.RULES,
    ):  # fmt: skip
        found = output_size.sides(output_size.traced(w, f, s, (before, after), rule))
        assert list(found) == by_hand(w, f, s, before, after, rule), (w, f, s, before, after, rule)


@pytest.mark.parametrize("rule", ["floor", "caffe"])
def test_chains_agree_with_torch(rule: str) -> None:
    pool = nn.MaxPool2d(3, 2, ceil_mode=rule == "caffe")
    for w in (67, 200, 223, 224, 227, 230, 231, 300):
        maps = nn.Conv2d(1, 1, 11, 4)(torch.empty(1, 1, w, w, device="cpu"))
        sides = [maps.shape[-1]]
        for _ in range(3):
            maps = pool(maps)
            sides.append(maps.shape[-1])
        assert output_size.sides(output_size.traced(w, 11, 4, (0, 0), rule)) == tuple(sides)


def test_the_published_chains_of_224() -> None:
    """facts: cuda-convnet, PyTorch, Caffe; TensorFlow's SAME makes 56."""
    chains = {rule: output_size.sides(output_size.traced(224, 11, 4, (0, 0), rule))
              for rule in output_size.RULES}  # fmt: skip
    assert chains["ceil"] == (55, 27, 13, 6)
    assert chains["floor"] == chains["valid"] == (54, 26, 12, 5)
    assert chains["caffe"] == (54, 27, 13, 6)
    assert chains["same"][0] == 56


def test_the_sentences_of_output_size_have_the_numbers() -> None:
    said = " ".join(look(output_size.LAB).sentences)
    assert "= 54.25, rounded down: **54**" in said
    assert "no window reads: **1**" in said
    assert "**conv1**: 54 against 55" in said
    assert "6,400" in said
    up = " ".join(look(output_size.LAB, rule="ceil").sentences)
    assert "outside the picture: **3** (0 before, 3 after)" in up
    assert "Both chains have the same maps" in up
    ignored = look(output_size.LAB, rule="valid", before=2).sentences[0]
    assert "(224 − 11 + 0 + 0)" in ignored
    assert "padding of 2 is ignored" in ignored
    assert "conv1" in look(output_size.LAB, w=11, f=31).sentences[0]


@pytest.mark.parametrize(
    "answer", ["227-258", "227–258", "２２７ 到 ２５８", "227..240、241 to 258"]
)
def test_the_inputs_that_end_in_six(answer: str) -> None:
    outcome = judged(output_size.LAB, "all_inputs", answer)
    assert outcome.passed
    assert "32" in outcome.words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("200-227", "up (cuda-convnet)"),
        ("226-258", "226 does not end in 6×6: 54 → 26 → 12 → 5"),
        ("227-259", "259 does not end in 6×6: 63 → 31 → 15 → 7"),
        ("227-250", "8 of 32 are missing"),
        ("many", "210-215"),
        ("-", "210-215"),
    ],
)
def test_wrong_inputs_are_explained(answer: str, said: str) -> None:
    outcome = judged(output_size.LAB, "all_inputs", answer)
    assert not outcome.passed
    assert said in outcome.words


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"w": 227}, "input"), ({"w": 230}, "input"), ({"before": 1, "after": 2}, "padding"),
        ({"after": 3}, "padding"), ({"before": 3, "after": 3}, "padding"),
        ({"rule": "ceil"}, "rounding"), ({"w": 228, "rule": "valid"}, "input"),
    ],
)  # fmt: skip
def test_224_is_repaired_in_three_ways(given: dict[str, Any], part: str) -> None:
    outcome = judged(output_size.LAB, "repair", **given)
    assert (outcome.passed, outcome.part) == (True, part)
    assert part in output_size.LAB.tasks["repair"].parts


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "54 → 26 → 12 → 5"), ({"w": 231}, "56"), ({"rule": "same"}, "56 → 28 → 14 → 7"),
        ({"rule": "caffe"}, "54 → 27 → 13 → 6"), ({"before": 1}, "54"), ({"f": 8}, "F = 11"),
        ({"w": 227, "rule": "ceil"}, "2 things"), ({"w": 40}, "8 → 3 → 1"),
    ],
)  # fmt: skip
def test_what_does_not_repair_224_is_said(given: dict[str, Any], said: str) -> None:
    outcome = judged(output_size.LAB, "repair", **given)
    assert not outcome.passed
    assert said in outcome.words


def test_a_narrow_ruler_has_legible_numbers() -> None:
    """No two numbers of a ruler of 640 units touch."""
    for window in (slide(224, 11, stride=4), slide(295, 11), slide(30, 5, padding=(8, 8))):
        root = ElementTree.fromstring(ruler(window, width=640))
        texts = [each for each in root.iter() if re.fullmatch(r"-?\d+", each.text or "")]
        rows: dict[str, list[ElementTree.Element]] = {}
        for each in texts:
            rows.setdefault(str(each.get("y")), []).append(each)
        for row in rows.values():
            for one, next in itertools.pairwise(row):
                room = float(next.get("x", 0)) - float(one.get("x", 0))
                assert room > text_width(max(one.text or "", next.text or "", key=len), 13) - 1


# ── structure ────────────────────────────────────────────────────────────────────────────────────

SEVEN = ("norm1", "norm2", "kernels5", "padding2", "padding345", "groups45", "softmax")


def counted(network: Network) -> int:
    """The parameters that torch counts."""
    with torch.device("meta"):
        return sum(each.numel() for each in build(trace(network).network).parameters())


def test_the_paper_is_rebuilt_from_article_000_with_seven_edits() -> None:
    outcome = judged(structure.LAB, "rebuild", edits=SEVEN)
    assert outcome.passed
    assert "7 edits" in outcome.words
    assert counted(structure.edited("article_000", SEVEN)) == 60_965_224
    for edit in SEVEN:
        rest = tuple(each for each in SEVEN if each != edit)
        outcome = judged(structure.LAB, "rebuild", edits=rest)
        assert not outcome.passed, edit
        assert "Differences left" in outcome.words


def test_a_longer_rebuilding_passes_and_is_told_the_least() -> None:
    outcome = judged(structure.LAB, "rebuild", edits=(*SEVEN, "groups2", "input"))
    assert outcome.passed
    assert "9 edits" in outcome.words
    assert "7 are enough" in outcome.words
    said = look(structure.LAB, edits=(*SEVEN, "groups2", "input")).sentences[-1]
    assert "Not needed: conv2: 2 groups, input 227" in said
    assert "Not needed" not in look(structure.LAB, edits=SEVEN).sentences[-1]


def test_the_start_and_useless_edits_are_judged() -> None:
    assert not judged(structure.LAB, "rebuild", start="paper").passed
    assert not judged(structure.LAB, "rebuild", edits=()).passed
    assert not judged(structure.LAB, "rebuild", edits=(*SEVEN, "groups3")).passed
    assert not judged(structure.LAB, "rebuild", edits=(*SEVEN, "norm3")).passed


def test_every_article_can_be_rebuilt_and_the_least_is_reached() -> None:
    """Of each start the least number of edits leaves no difference; none of fewer does."""
    assert structure.least("paper") == 0
    for start in ("article_001", "article_003", "article_004"):
        least = structure.least(start)
        ways = [chosen for chosen in itertools.combinations(structure.EDITS, least)
                if not differences(structure.PAPER, structure.edited(start, chosen))]  # fmt: skip
        assert ways, start
        for chosen in itertools.combinations(structure.EDITS, least - 1):
            assert differences(structure.PAPER, structure.edited(start, chosen)), (start, chosen)


def test_article_000_adds_nothing_to_its_text() -> None:
    network = structure.STARTS["article_000"]
    kinds = {layer.kind for layer in network.layers}
    assert not {"lrn", "softmax"} & kinds
    assert trace(network.refitted())["pool5"].output_shape == (384, 2, 2)


def test_columns_mark_what_differs_and_what_is_missing() -> None:
    results = trace(structure.edited("article_000", ())), trace(structure.PAPER)
    root = ElementTree.fromstring(layer_columns(results, ("copy", "paper"), title="layers"))
    texts = [each.text for each in root.iter() if each.tag.endswith("}text")]
    assert texts.count("norm1") == 2  # missing in the copy, and there in the paper
    assert "384 × 3×3×384 → 5×5" in texts
    assert "256 × 3×3×192 → 13×13" in texts
    assert "relu1" not in texts
    frames = [each for each in root.iter() if each.get("stroke-width") == "1.8"]
    # conv2 to conv5 in both, norm1, norm2 and prob in the paper only
    assert len(frames) == 2 * 4 + 3


@pytest.mark.parametrize("size", [14, 22])
def test_the_rows_of_columns_have_room_for_their_text(size: float) -> None:
    results = trace(structure.edited("article_000", ())), trace(structure.PAPER)
    drawn = layer_columns(results, ("copy", "paper"), title="layers", size=size)
    texts = [each for each in ElementTree.fromstring(drawn).iter() if each.tag.endswith("text")]
    assert {float(each.attrib["font-size"]) for each in texts} == {size}
    lines = sorted({float(each.attrib["y"]) for each in texts})
    assert min(after - before for before, after in itertools.pairwise(lines)) >= 1.25 * size


def test_columns_show_where_a_network_stops() -> None:
    results = trace(structure.edited("article_002", ())), trace(structure.PAPER)
    svg = layer_columns(results, ("copy", "paper"), "en", title="layers")
    assert "stops here" in svg.lower() or "fails" in svg.lower()


# ── data sets ────────────────────────────────────────────────────────────────────────────────────


def dies_by_hand(side: int, stride: int = 4) -> bool:
    """Whether AlexNet's maps end before fc6, with plain integers."""
    side = (side - 11) // stride + 1 if side >= 11 else 0
    for _ in range(3):
        side = (side - 3) // 2 + 1 if side >= 3 else 0
    return not side


def test_small_pictures_die_where_plain_integers_say() -> None:
    assert data_sets.smallest() == next(n for n in range(1, 300) if not dies_by_hand(n)) == 67
    for name, each in data_sets.DATA_SETS.items():
        failed = trace(data_sets.adapted(name, ())).failure is not None
        assert failed == dies_by_hand(each.side), name
    assert "ends at pool2" in look(data_sets.LAB).sentences[0]


def test_the_classifier_has_the_classes_of_the_data_set() -> None:
    network = data_sets.adapted("CIFAR-10", ("stride1",))
    assert trace(network)["fc8"].params == 40_970 == 4096 * 10 + 10
    grey = data_sets.adapted("MNIST", (), 227)
    assert counted(grey) == counted(data_sets.adapted("CIFAR-10", (), 227)) - 96 * 2 * 121


def test_one_edit_adapts_the_network_to_cifar10() -> None:
    """A stride of 1 is the only single edit: 32, 22, 10, 4, 1."""
    count, ways = data_sets.fewest()
    assert (count, ways) == (1, (("stride1",),))
    assert not dies_by_hand(32, 1)
    outcome = judged(data_sets.LAB, "adapt", edits=("stride1",))
    assert outcome.passed
    assert "1×1" in outcome.words
    network = data_sets.adapted("CIFAR-10", ("stride1",))
    output = build(network)(torch.zeros(1, 3, 32, 32))
    assert output.shape == (1, 10)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "ends at pool2"), ({"edits": ("stride2",)}, "ends at pool5"),
        ({"edits": ("no_pool1", "no_pool2")}, "with 2 edits; 1 can do"),
        ({"edits": ("groups",)}, "ends at pool2"), ({"size": "paper"}, "own size"),
        ({"data": "MNIST", "edits": ("stride1",)}, "Choose CIFAR-10"),
    ],
)  # fmt: skip
def test_what_does_not_adapt_is_said(given: dict[str, Any], said: str) -> None:
    outcome = judged(data_sets.LAB, "adapt", **given)
    assert not outcome.passed
    assert said in outcome.words


def test_enlarging_is_said_with_its_share_of_pixels() -> None:
    said = " ".join(look(data_sets.LAB, size="paper").sentences)
    assert f"{227 / 32:.2f}" in said
    assert f"{100 * 32 * 32 / 227 / 227:.1f} %" in said


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_cost_of_the_paper_is_the_published_one() -> None:
    found = look(cost.LAB)
    said = " ".join(found.sentences)
    assert "60,965,224" in said
    assert "724,406,816" in said
    assert "3.8 % of the parameters" in said
    assert "91.9 % of the MACs" in said
    assert "232.6 MiB" in said
    grid = found.tables[0].grid
    assert [row[0] for row in grid.rows][1] == "conv2"
    for row in grid.rows:
        terms = str(row[1]).partition(")")[0].lstrip("(").split("+")
        params = sum(math.prod(map(int, term.split("·"))) for term in terms)
        assert params == row[2], row
        positions = str(row[1]).partition("×")[2] or "1"
        weights = math.prod(map(int, terms[0].split("·")))
        assert weights * math.prod(map(int, positions.split("·"))) == row[3], row


def test_a_change_costs_what_torch_counts() -> None:
    for layer, field, value in (("conv2", "groups", 1), ("fc6", "out", 2048), ("conv5", "out", 100),
                                ("conv3", "kernel", 5), ("conv1", "stride", 5)):  # fmt: skip
        network = cost.changed(layer, field, value)
        assert counted(network) == trace(network).params
    assert trace(cost.changed("conv2", "groups", 1))["conv2"].params == 614_656
    kept = trace(cost.changed("conv2", "kernel", 4))["conv2"].output_shape
    assert kept == (256, 27, 27)


@pytest.mark.parametrize("bits", ["32", "16", "8"])
def test_memory_follows_the_bits_and_the_batch(bits: str) -> None:
    said = look(cost.LAB, bits=bits, batch=1).sentences[2]
    values = sum(row.elements for row in trace(cost.PAPER).rows)
    assert f"{60_965_224 * int(bits) / 8 / 2**20:,.1f} MiB" in said
    assert f"{values * int(bits) / 8 / 2**20:,.1f} MiB" in said


@pytest.mark.parametrize(
    ("task", "given", "passed", "said"),
    [
        ("halve_params", {"layer": "fc6", "value": 1700}, True, "fc6"),
        ("halve_params", {"layer": "conv1", "field": "stride", "value": 7}, True, "stride"),
        ("halve_params", {"layer": "fc6", "value": 4000}, False, "97.90 %"),
        ("halve_params", {"layer": "fc8", "value": 10}, False, "93.35 %"),
        ("halve_params", {"layer": "conv5", "value": 2}, False, "Half means 45 % to 55 %"),
        ("halve_params", {}, False, "Choose a layer"),
        ("halve_macs", {"layer": "input", "value": 163}, True, "input"),
        ("halve_macs", {"layer": "fc6", "value": 1}, False, "92"),
        ("halve_macs", {"layer": "fc6", "field": "stride"}, False, "outputs only"),
        ("halve_macs", {"layer": "conv2", "field": "groups", "value": 5}, False, "conv2"),
    ],
)  # fmt: skip
def test_halving_is_judged_by_the_count(
    task: str, given: dict[str, Any], passed: bool, said: str
) -> None:
    outcome = judged(cost.LAB, task, **given)
    assert outcome.passed == passed, outcome
    assert said in outcome.words


def test_ribbons_are_as_high_as_their_shares() -> None:
    parts = [Part("a", (1, 30), "dense"), Part("b", (3, 10), "convolution")]
    root = ElementTree.fromstring(ribbons(parts, ("left", "right"), title="two", lit=("a",)))
    shapes = {each.findtext("{http://www.w3.org/2000/svg}title"): each for each in root.iter()
              if each.tag.endswith("}g")}  # fmt: skip
    for name, shares in (("a", (0.25, 0.75)), ("b", (0.75, 0.25))):
        polygon = next(each for each in shapes[name] if each.tag.endswith("polygon"))
        points = [
            tuple(map(float, point.split(","))) for point in polygon.get("points", "").split()
        ]
        assert math.isclose(points[3][1] - points[0][1], 330 * shares[0], abs_tol=0.2)
        assert math.isclose(points[2][1] - points[1][1], 330 * shares[1], abs_tol=0.2)
        tops = [share > 0.5 for share in shares]
        assert [points[n][1] == 30 for n in (0, 1)] == tops, "the largest on top"
    # crossed: the smaller on the left is the larger on the right
    texts = [each.text or "" for each in root.iter() if each.tag.endswith("}text")]
    assert "a: 1 (25.0 %)" in texts
    assert "a: 30 (75.0 %)" in texts


# ── the vanishing map ────────────────────────────────────────────────────────────────────────────

FIVE = vanishing_map.POOLS


@pytest.mark.parametrize(
    ("padding", "rule", "w", "sides", "stops"),
    [
        ("usual", "floor", 227, (55, 27, 27, 13, 13, 6, 6, 2, 2), "pool5"),
        ("none", "floor", 227, (55, 27, 23, 11, 9, 4, 2), "pool4"),
        ("same", "floor", 224, (56, 27, 27, 13, 13, 6, 6, 2, 2), "pool5"),
        ("same", "floor", 227, (57, 28, 28, 13, 13, 6, 6, 2, 2), "pool5"),
        ("usual", "floor", 259, None, None),
        ("usual", "floor", 258, None, "pool5"),
        ("none", "floor", 515, None, None),
        ("none", "floor", 514, None, "pool5"),
    ],
)
def test_the_map_vanishes_where_the_facts_say(
    padding: str, rule: str, w: int, sides: tuple[int, ...] | None, stops: str | None
) -> None:
    result = trace(vanishing_map.network(FIVE, padding, rule), w)
    assert (result.failure.layer if result.failure else None) == stops
    if sides:
        windows = [row for row in result.rows if row.slides]
        assert tuple(row.output_shape[1] for row in windows) == sides


def test_the_saved_networks_have_the_published_parameters() -> None:
    for padding, rule, side, params in (("same", "same", 2, 28_823_912),
                                        ("usual", "ceil", 1, 25_678_184)):  # fmt: skip
        network = vanishing_map.network(FIVE, padding, rule).at(227)
        assert trace(network)["pool5"].output_shape == (256, side, side)
        assert counted(network) == params


def test_the_formula_of_the_failing_pool_is_said() -> None:
    found = look(vanishing_map.LAB)
    assert "pool5: (2 − 3 + 0) / 2 + 1 = 0.5" in found.drawings[0].svg
    assert "vanishes at pool5**: only 2×2" in found.sentences[0]
    assert "**259** px" in found.sentences[1]
    three = look(vanishing_map.LAB, pools=("pool1", "pool2", "pool5"))
    assert "6×6×256" in three.sentences[0]


@pytest.mark.parametrize(
    ("given", "passed", "said"),
    [
        ({"w": 259}, True, "another input"),
        ({"rule": "ceil"}, True, "1×1"),
        ({"rule": "same"}, True, "2×2"),
        ({"padding": "none", "w": 515}, True, "another input, another padding"),
        ({}, False, "2×2 cells reach pool5"),
        ({"padding": "same"}, False, "2×2 cells reach pool5"),
        ({"pools": ("pool1", "pool2", "pool5")}, False, "2 of them are missing"),
    ],
)
def test_saving_five_pools(given: dict[str, Any], passed: bool, said: str) -> None:
    outcome = judged(vanishing_map.LAB, "save", **given)
    assert outcome.passed == passed
    assert said in outcome.words


@pytest.mark.parametrize(
    ("given", "passed", "said"),
    [
        ({"w": 259}, True, "258"), ({"w": 258}, False, "258"), ({"w": 290}, False, "289"),
        ({"w": 259, "rule": "ceil"}, False, "input only"),
    ],
)  # fmt: skip
def test_the_smallest_input_of_five_pools(given: dict[str, Any], passed: bool, said: str) -> None:
    outcome = judged(vanishing_map.LAB, "smallest_input", **given)
    assert outcome.passed == passed
    assert said in outcome.words


# ── Keras code ───────────────────────────────────────────────────────────────────────────────────

LRN_LINE = (
    "layers.Lambda(lambda x: tf.nn.local_response_normalization("
    "x, depth_radius=2, bias=2, alpha=1e-4, beta=0.75))"
)


def test_the_layers_are_put_into_the_papers_order() -> None:
    def given(*names: str) -> Outcome:
        order = tuple(structure.BLOCKS.index(each) for each in names)
        return judged(structure.LAB, "order", order)

    right = ("conv1", "relu1", "norm1", "pool1", "conv2", "relu2", "norm2", "pool2")
    assert given(*right).passed
    caffe = given("conv1", "relu1", "pool1", "norm1", *right[4:])
    assert not caffe.passed
    assert "6 of 8" in caffe.words
    assert "After relu1 comes another layer than pool1" in caffe.words
    assert not given(*reversed(right)).passed
    begins = structure.LAB.tasks["order"].answer
    assert begins
    assert not judged(structure.LAB, "order", begins.default).passed


def rewritten() -> str:
    """The article's code as a student turns it into the paper's network."""
    lines, norms = [], 0
    for line in keras_code.CODE.splitlines():
        if "BatchNormalization" in line:
            norms += 1
            if norms > 2:
                continue
            line = line.replace("layers.BatchNormalization()", LRN_LINE)
        lines.append(line)
    code = "\n".join(lines).replace("(224, 224, 3)", "(227, 227, 3)")
    code = code.replace("activation='relu', padding=\"same\",\n", "activation='relu',\n", 1)
    for conv in ("256, kernel_size=(5, 5)", "256, kernel_size=(3, 3)"):
        code = code.replace(conv, f"{conv}, groups=2")
    place = code.rindex("384, kernel_size=(3, 3)")
    return code[:place] + code[place:].replace("384,", "384, groups=2,", 1)


def test_the_articles_code_is_the_registered_network() -> None:
    """The 62,381,096 parameters and 2,752 statistics are those of Keras' own summary."""
    source = keras_source.read(keras_code.CODE)
    assert source.network
    variant = VARIANTS["article_002_keras"]
    assert differences(variant, source.network) == ()
    shapes = {row.name: row.output_shape for row in trace(source.network).rows}
    assert shapes == {row.name: row.output_shape for row in trace(variant).rows}
    assert counted(source.network) == 62_381_096
    assert "62,383,848" in " ".join(look(keras_code.LAB).sentences)
    assert (
        keras_code.CODE.splitlines()[source.lines["fc6"] - 1]
        .strip()
        .startswith("model.add(layers.Dense(units=4096")
    )


def test_the_code_becomes_the_papers_network() -> None:
    outcome = judged(keras_code.LAB, "paper", code=rewritten())
    assert outcome.passed, outcome
    assert "60,965,224" in outcome.words
    assert not judged(keras_code.LAB, "paper").passed
    for old, new in (("(227, 227, 3)", "(224, 224, 3)"), ("bias=2", "bias=1"), (", groups=2", ""),
                     ("units=1000", "units=10")):  # fmt: skip
        assert not judged(keras_code.LAB, "paper", code=rewritten().replace(old, new)).passed, old
    broken = rewritten().replace("layers.Flatten()", "layers.Flattened()")
    assert "Flattened" in judged(keras_code.LAB, "paper", code=broken).words


def test_both_forms_of_a_sequential_model_are_the_same_network() -> None:
    listed = """
m = keras.Sequential([
    keras.Input(shape=(32, 32, 3)),
    Conv2D(8, 5, 2, 'same', activation='relu'),
    MaxPool2D(),
    ZeroPadding2D(((1, 2), (3, 4))),
    Flatten(),
    Dense(10, activation='softmax'),
])
m.summary()
"""
    added = """
classes = 10
def make(filters=8):
    m = Sequential(name='m')
    m.add(Conv2D(filters, (5, 5), strides=(2, 2), padding='SAME', input_shape=(32, 32, 3)))
    m.add(layers.Activation('relu'))
    m.add(MaxPooling2D(2, 2))
    m.add(ZeroPadding2D(padding=((1, 2), (3, 4))))
    m.add(Flatten())
    m.add(Dense(classes))
    m.add(Softmax())
    return m
model = make()
"""
    one, other = keras_source.read(listed).network, keras_source.read(added).network
    assert one
    assert one == other
    shapes = [row.output_shape for row in trace(one).rows]
    assert shapes[:2] == [(8, 16, 16)] * 2
    assert (8, 11, 15) in shapes


@pytest.mark.parametrize(
    ("code", "line", "refused"),
    [
        ("x = 1\nmodel.add(LSTM(3))", 2, "layer"),
        ("model.add(Conv2D(3, 3, filtrs=3))", 1, "argument"),
        ("model.add(Conv2D(3))", 1, "missing"),
        ("model.add(Conv2D(n, 3))", 1, "literal"),
        ("model.add(Conv2D(2**3, 3))", 1, "literal"),
        ("model.add(Conv2D(0, 3))", 1, "value"),
        ("model.add(Conv2D(10**2, (3, 3, 3)))", 1, "literal"),
        ("model.add(Conv2D(8, (3, 3, 3)))", 1, "value"),
        ("model.add(Conv2D(8, 3, padding='causal'))", 1, "value"),
        ("model.add(Dense(8, activation='gelu'))", 1, "value"),
        ("model.add(Dense(8, 'relu', True, 4, 5))", 1, "arguments"),
        ("model.add(Dropout(1.5))", 1, "value"),
        ("model.add(Dense(8, **options))", 1, "argument"),
        ("model.add(Lambda(lambda x: x + 1))", 1, "lambda"),
        ("model.add(Lambda(lambda x: os.system(x)))", 1, "lambda"),
        ("model.add(Conv2D(8, 3, input_shape=(8, 8)))", 1, "value"),
        ("model.add(Conv2D(8, 3, input_shape=(8, 99999, 1)))", 1, "value"),
        ("model.add(x)", 1, "not_a_layer"),
        ("model = Sequential(layers)", 1, "not_a_list"),
        ("for n in (1, 2):\n    model.add(Conv2D(n, 3))", 1, "statement"),
        ("class A: pass", 1, "statement"),
        ("x = Conv2D(8, 3)(inputs)", 1, "call"),
        ("exec('1')", 1, "call"),
        ("Sequential([Conv2D(8, 3)])", 1, "no_input"),
        ("", 1, "no_layer"),
        ("Sequential([", 1, "syntax"),
        ("x = '\\d'\n\0", 1, "syntax"),
        ("x" * 9000, 1, "too_long"),
        ("m.add(Dense(" + "9" * 5000 + "))", 1, "syntax"),
        ("Sequential([" + "Flatten()," * 150 + "])", 1, "too_many"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    code: str, line: int, refused: str
) -> None:
    source = keras_source.read(code)
    assert source.network is None
    assert (source.refused[0].line, source.refused[0].code) == (line, refused)
    said = look(keras_code.LAB, code=code).sentences
    assert len(said) <= keras_code.MOST_REFUSALS + 1


def test_all_lines_are_refused_together_with_what_is_known() -> None:
    code = "model.add(LSTM(3))\nmodel.add(Conv2D(3, 3))\nmodel.add(GRU(3))"
    assert [each.line for each in keras_source.read(code).refused] == [1, 3]
    said = look(keras_code.LAB, code=code).sentences
    assert "Line 1: the layer `LSTM`" in said[0]
    assert "`Conv2D`" in said[0]
    assert "Line 3" in said[1]


@pytest.mark.parametrize(
    "code",
    ["-" * 7000 + "1", "(" * 500 + ")" * 500, "x = " + "[" * 150 + "]" * 150,
     "model.add(" + "f(" * 150 + ")" * 151, "x=" + "a." * 3000 + "b",
     "model.add(Dense(" + "-" * 900 + "1))",
     "x = " + "1+" * 3900 + "1", "model.add(" + "(lambda:" * 90 + "1" + ")" * 91],
)  # fmt: skip
def test_hostile_text_is_refused_in_words(code: str) -> None:
    source = keras_source.read(code)
    assert source.network is None
    assert source.refused


def test_nothing_of_the_text_is_executed(tmp_path: Path) -> None:
    made = tmp_path / "made"
    for line in (f"open({str(made)!r}, 'w')", f"__import__('pathlib').Path({str(made)!r}).touch()",
                 f"model.add(Dense(open({str(made)!r}, 'w')))",
                 f"def f(a=open({str(made)!r}, 'w')): pass"):  # fmt: skip
        assert keras_source.read(line).network is None
    assert not made.exists()


@pytest.mark.parametrize(
    ("answer", "said"),
    [(57, "rounded up"), (55, "valid"), (56, "own input"), (227, "stride 1"), (3, "not 3")],
)
def test_same_padding_of_conv1(answer: int, said: str) -> None:
    """ceil(227 / 4) = 57."""
    outcome = judged(keras_code.LAB, "same", answer)
    assert outcome.passed == (answer == math.ceil(227 / 4))
    assert said in outcome.words


# ── overlapping pooling ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("w", "z", "s"), [(13, 3, 2), (13, 2, 2), (12, 2, 3), (9, 5, 1), (7, 7, 7)]
)
def test_reads_are_what_autograd_counts(w: int, z: int, s: int) -> None:
    """The gradient of the sum of all windows says how often each cell is read."""
    maps = torch.zeros(1, 1, w, w, requires_grad=True)
    nn.functional.unfold(maps, z, stride=s).sum().backward()  # type: ignore[no-untyped-call]
    assert maps.grad is not None
    along = overlapping_pooling.reads(slide(w, z, stride=s))
    expected = [[a * b for b in along] for a in along]
    assert maps.grad[0, 0].tolist() == expected
    counts = torch.tensor(expected)
    said = look(overlapping_pooling.LAB, w=w, z=z, s=s).sentences[1]
    assert f"once: {int((counts == 1).sum())}; more often: {int((counts > 1).sum())}" in said
    assert f"never: **{int((counts == 0).sum())}**" in said


def test_the_paper_reads_cells_once_twice_or_four_times() -> None:
    along = overlapping_pooling.reads(slide(55, 3, stride=2))
    assert {a * b for a in along for b in along} == {1, 2, 4}


def test_both_windows_give_the_papers_sizes() -> None:
    rows = look(overlapping_pooling.LAB).tables[0].grid.rows
    assert [row[1:] for row in rows] == [(55, 27, 13, 6)] * 2


@pytest.mark.parametrize(
    ("z", "s", "passed"), [(2, 3, True), (2, 2, True), (3, 2, False), (1, 1, False)]
)
def test_a_stride_without_overlap(z: int, s: int, passed: bool) -> None:
    assert judged(overlapping_pooling.LAB, "no_overlap", z=z, s=s).passed == passed


# ── the frame ────────────────────────────────────────────────────────────────────────────────────


def test_several_options_are_written_into_a_link_and_read_back() -> None:
    control = Several("edits", ("a", "b", "c"), ("a",))
    for value in ((), ("a",), ("b", "c"), ("a", "b", "c")):
        assert control.parse(control.write(value)) == value
        assert "~" not in control.write(value)
    assert control.parse("c,a") == ("a", "c")
    for wrong in ("d", "a,a", "", "a,", "A"):
        with pytest.raises(ValueError, match=re.escape(wrong) or ".*"):
            control.parse(wrong)


def test_two_of_many_short_controls_share_a_row() -> None:
    a, b, c = (Number(name, 0, 9, 0) for name in "abc")
    long = Several("long", ("x",))
    assert _rows([a, b, long, c], [a, b, c]) == [[a, b], [long], [c]]
    assert _rows([a, long, b], []) == [[a], [long], [b]]
    assert _rows([a, long, b], [a, b]) == [[a], [long], [b]]


def test_a_task_of_three_parts_counts_them_and_is_solved_at_the_last() -> None:
    app = open_page("labs", lab="output_size", lang="en", set="w.227")
    place = "lab.output_size"
    app = press(app, f"{place}.check.repair")
    assert "Found 1 of 3: input." in app.success[0].value
    app.slider(key=f"{place}.w").set_value(224).run()
    assert not app.success
    app.selectbox(key=f"{place}.rule").set_value("ceil").run()
    app = press(app, f"{place}.check.repair")
    assert "Found 2 of 3: input, rounding." in app.success[0].value
    assert ":material/flag: **Task.** Repair" in words(app)
    app.selectbox(key=f"{place}.rule").set_value("floor").run()
    app.slider(key=f"{place}.after").set_value(3).run()
    app = press(app, f"{place}.check.repair")
    assert "Found 3 of 3: input, padding, rounding." in app.success[0].value
    assert ":material/check_circle: **Task.** Repair" in words(app.run())


@pytest.mark.parametrize("lab", IDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_lab_opens(lab: str, lang: str) -> None:
    app = open_page("labs", lab=lab, lang=lang)
    assert not app.exception
