"""From logits to an answer: torch's softmax is the oracle, and sorted() for the order."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alexnet_viz.interpretability.predictions import (
    answer,
    has_softmax,
    logit_layer,
    moved,
    outputs,
    probabilities,
    shown_classes,
    top,
)
from alexnet_viz.interpretability.predictions.answer_table import answers_record, answers_table
from alexnet_viz.model.build import build
from alexnet_viz.network.trace import trace
from alexnet_viz.render.charts.predictions import answer_bars, effect_bars
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.lively import RESULT, SMALL, lively

LOGITS = arrays(np.float32, st.integers(1, 40), elements=st.floats(-200, 200, width=32))
TEMPERATURES = st.floats(0.05, 50)


@given(LOGITS, TEMPERATURES)
def test_probabilities_are_torchs_softmax_of_z_over_t(logits: Any, temperature: float) -> None:
    expected = torch.softmax(torch.from_numpy(logits).double() / temperature, dim=0).numpy()
    np.testing.assert_allclose(probabilities(logits, temperature), expected, rtol=1e-9, atol=1e-12)


@given(LOGITS, TEMPERATURES)
def test_the_temperature_never_changes_the_order(logits: Any, temperature: float) -> None:
    shares = probabilities(logits, temperature)[np.argsort(logits, kind="stable")]
    assert (np.diff(shares) >= 0).all()


def test_a_high_temperature_brings_the_classes_together_and_a_low_one_apart() -> None:
    logits = np.array([1.0, 2.0, 4.0])
    most = [probabilities(logits, temperature).max() for temperature in (0.1, 0.5, 1, 2, 10, 1000)]
    assert most == sorted(most, reverse=True)
    assert most[0] == pytest.approx(1)
    assert most[-1] == pytest.approx(1 / 3, abs=1e-3)


def test_large_logits_do_not_overflow() -> None:
    assert probabilities(np.array([1e5, 0.0], dtype=np.float32)).tolist() == [1, 0]


@pytest.mark.parametrize("temperature", [0, -1, np.nan])
def test_a_temperature_is_positive(temperature: float) -> None:
    with pytest.raises(ValueError, match="must be more than 0"):
        probabilities(np.zeros(3), temperature)


@given(arrays(np.float32, st.integers(1, 30), elements=st.sampled_from([0, 1, 2, 5])))
def test_the_top_is_sorted_and_ties_keep_their_order(values: Any) -> None:
    expected = sorted(range(len(values)), key=lambda number: (-values[number], number))
    assert top(values, 5) == expected[:5]


def test_the_classes_shown_are_the_first_of_both_answers() -> None:
    before, after = np.array([9, 8, 7, 1, 2, 0]), np.array([0, 8, 1, 2, 9, 7])
    assert shown_classes(before, None, 3) == [0, 1, 2]
    assert shown_classes(before, after, 3) == [0, 1, 2, 4, 5]


@given(LOGITS, st.randoms(use_true_random=False))
def test_what_moved_is_what_the_winners_gained(logits: Any, random: Any) -> None:
    other = logits.copy()
    random.shuffle(other)
    before, after = probabilities(logits), probabilities(other)
    gains = (after - before).clip(min=0).sum()
    assert moved(before, after) == pytest.approx(gains, abs=1e-9)
    assert moved(after, before) == pytest.approx(moved(before, after))
    assert moved(before, before) == 0


# networks ----------------------------------------------------------------------------------------


def test_outputs_are_what_reaches_the_softmax() -> None:
    model = lively(SMALL)
    image = np.random.default_rng(1).normal(0, 1, (3, 23, 23)).astype(np.float32)
    with torch.inference_mode():
        said = model(torch.from_numpy(image)[None])[0].numpy()
    np.testing.assert_allclose(probabilities(outputs(model, RESULT, image)), said, atol=1e-6)
    bare = lively(SMALL.edited(id="bare", without=("prob",)))
    logits = outputs(bare, trace(SMALL.edited(id="bare", without=("prob",))), image)
    np.testing.assert_allclose(logits, outputs(model, RESULT, image), rtol=1e-5, atol=1e-6)


def test_every_variant_says_where_its_logits_are(subtests: pytest.Subtests) -> None:
    """One value a class, and nothing but the variant's own softmax behind it."""
    for id in [id for id, net in VARIANTS.items() if not trace(net).failure]:
        with subtests.test(id=id):
            result = trace(VARIANTS[id])
            if id == "tf_models_alexnet_benchmark":
                with pytest.raises(Problem, match="before any layer with class outputs"):
                    logit_layer(result)
                continue
            model = build(VARIANTS[id], device="meta")
            behind = list(dict(model.named_children()))
            behind = behind[behind.index(logit_layer(result)) + 1 :]
            assert [type(model.get_submodule(name)) for name in behind] == (
                [torch.nn.LogSoftmax if result.rows[-1].layer.log else torch.nn.Softmax]
                if has_softmax(result)
                else []
            )
            classes = [m for m in model if isinstance(m, torch.nn.Linear | torch.nn.Conv2d)][-1]
            assert np.prod(result[logit_layer(result)].output_shape) == classes.weight.shape[0]


@pytest.mark.parametrize(
    ("id", "size", "en", "zh"),
    [
        ("article_002_text", None, "stops at pool5, so it gives no answer", "没有答案"),
        (
            "article_001_fc_as_conv",
            259,
            "gives an answer at many positions: the output of fc8",
            "许多位置",
        ),
    ],
)
def test_no_answer_is_explained(id: str, size: int | None, en: str, zh: str) -> None:
    with pytest.raises(Problem, match=en) as caught:
        logit_layer(trace(VARIANTS[id], size))
    assert zh in caught.value.message("zh")
    assert caught.value.remedy("zh")


def test_a_network_that_learns_nothing_says_no_classes() -> None:
    pools = SMALL.edited(
        id="pools", without=("conv1", "conv2", "conv3", "norm1", "norm2", "fc4", "fc5")
    )
    with pytest.raises(Problem, match="before any layer with class outputs") as caught:
        logit_layer(trace(pools))
    assert "其他网络" in caught.value.remedy("zh")


# files and figures -------------------------------------------------------------------------------

BEFORE = answer(np.array([2.0, 1.0, -3.0], dtype=np.float32))
AFTER = answer(np.array([0.5, 1.0, -1.0], dtype=np.float32))
NAMES = ("ring", "star", "dots")


def test_the_table_holds_both_answers_and_what_changed() -> None:
    grid = answers_table(NAMES, BEFORE, AFTER, [1, 0], "en").grid
    assert len(grid.header) == len(grid.rows[0]) == 8
    number, name, before, after, change, *percents = grid.rows[1]
    assert (number, name, before, after, change) == (0, "ring", 2.0, 0.5, -1.5)
    shares = [100 * torch.tensor(z).softmax(0)[0].item() for z in ([2.0, 1, -3], [0.5, 1, -1])]
    assert percents == pytest.approx([*shares, shares[1] - shares[0]], rel=1e-5)
    alone = answers_table(NAMES, BEFORE, None, [0], "zh").grid
    assert alone.header == ("编号", "类别", "logit 值，完整", "概率，%，完整")


def test_the_data_hold_every_class_and_what_the_run_was() -> None:
    record = answers_record(NAMES, BEFORE, None, taken_away=["lrn"])
    assert record["taken_away"] == ["lrn"]
    assert record["classes"] == list(NAMES)
    assert record["before"]["logits"] == [2.0, 1.0, -3.0]
    assert sum(record["before"]["probabilities"]) == pytest.approx(1)
    assert record["after"] is None


WORDS = {"intact": "i", "without": "w", "axis": "a"}
TEXTS = [["2", "-3"], ["0.5", "-1"]]


def test_both_answers_are_drawn_on_one_scale_from_the_top_down() -> None:
    figure = answer_bars(["ring", "dots"], [2, -3], [9, -1], TEXTS, WORDS)
    left, right = figure.data
    assert (left.x, right.x) == ((2, -3), (9, -1))
    assert left.y == right.y == ("ring", "dots")
    assert (left.text, right.text) == (("2", "-3"), ("0.5", "-1"))
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    low, high = figure.layout.xaxis.range
    assert low < -3
    assert high > 9
    assert figure.layout.yaxis.autorange == "reversed"
    assert left.marker.color != right.marker.color


def test_where_nothing_is_gone_one_panel_has_the_width() -> None:
    figure = answer_bars(["ring", "dots"], [90, 10], None, TEXTS[:1], WORDS)
    assert len(figure.data) == 1
    assert figure.layout.xaxis.domain[1] == 1
    assert not figure.layout.annotations
    assert figure.layout.xaxis.range[0] == 0


def test_equal_answers_of_zero_still_have_an_axis() -> None:
    figure = answer_bars(["ring"], [0], None, [["0"]], WORDS)
    low, high = figure.layout.xaxis.range
    assert low <= 0 <= high
    assert low < high


def test_bars_of_channels_carry_their_numbers_in_order() -> None:
    words = {"axis": "a", "hover": "h", "channel": "c"}
    (trace_,) = effect_bars([17, 3], [1.5, -0.5], words).data
    assert (trace_.customdata, trace_.y) == ((17, 3), (1.5, -0.5))
    assert trace_.x == ("17", "3")
    assert trace_.marker.color[0] != trace_.marker.color[1]
