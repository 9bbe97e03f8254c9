"""Which channel matters most: every one is tried, and what is found is what one by one would be."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.interpretability.ablation import Ablation, channels
from alexnet_viz.interpretability.ablation.channels import ChannelEffects, channel_effects
from alexnet_viz.interpretability.ablation.edits import ablated
from alexnet_viz.model.activations import capture
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem
from tests.lively import RESULT, SMALL, lively

TARGET = 2


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return lively(SMALL)


@pytest.fixture(scope="module")
def image() -> Any:
    return np.random.default_rng(7).normal(0, 1, (3, 23, 23)).astype(np.float32)


@pytest.fixture(scope="module")
def kept(model: nn.Sequential, image: Any) -> dict[str, Any]:
    return capture(model, image)


def last(model: nn.Sequential, layer: str, kept: dict[str, Any]) -> ChannelEffects:
    *_, found = channel_effects(model, RESULT, layer, kept, TARGET)
    return found


@pytest.mark.parametrize("layer", ["conv1", "norm1", "conv2", "relu3", "flatten", "relu4", "drop4"])
def test_each_channel_s_effect_is_that_of_its_own_ablation(
    model: nn.Sequential, image: Any, kept: dict[str, Any], layer: str
) -> None:
    found = last(model, layer, kept)
    assert found.complete
    assert len(found.drops) == len(kept[layer])
    for channel in range(len(kept[layer])):
        alone = capture(ablated(model, RESULT, [Ablation("channel", layer, channel)]), image)
        logits = alone["fc5"]
        drop = kept["fc5"][TARGET] - logits[TARGET]
        assert found.drops[channel] == pytest.approx(drop, abs=1e-4), channel
        assert found.answers[channel] == logits.argmax(), channel


def test_the_ranking_begins_with_the_largest_fall(
    model: nn.Sequential, kept: dict[str, Any]
) -> None:
    found = last(model, "conv2", kept)
    falls = found.drops[found.ranked()]
    assert sorted(found.ranked()) == list(range(12))
    assert (np.diff(falls) <= 0).all()
    assert falls[0] > 0


def test_of_equal_falls_the_lower_number_is_first_and_the_untried_are_left_out() -> None:
    found = ChannelEffects(np.array([1.0, np.nan, 3.0, 1.0]), np.array([0, -1, 0, 0]))
    assert found.ranked() == [2, 0, 3]
    assert found.done == 3
    assert not found.complete


class Counted(nn.Module):
    """A layer that notes how many images it is given at a time."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer, self.batches = layer, list[int]()

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        self.batches.append(len(input))
        return self.layer(input)  # type: ignore[no-any-return]


def counted(layer: str) -> tuple[nn.Sequential, Counted]:
    model = lively(SMALL)
    watch = Counted(model.get_submodule(layer))
    setattr(model, layer, watch)
    return model, watch


def test_silent_channels_are_known_without_running(kept: dict[str, Any]) -> None:
    model, watch = counted("fc4")
    silent = {**kept, "flatten": kept["flatten"].copy()}
    silent["flatten"][[0, *range(10, 24)]] = 0
    found = last(model, "flatten", silent)
    assert sum(watch.batches) == np.count_nonzero(silent["flatten"]) <= 9
    assert (found.drops[10:] == 0).all()
    assert (found.answers[10:] == kept["fc5"].argmax()).all()
    assert found.complete


def test_memory_is_bounded_and_every_batch_is_reported(
    kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, watch = counted("conv2")
    largest = max(row.activation_bytes for row in RESULT.rows[3:])  # pool1 and behind it
    monkeypatch.setattr(channels, "BATCH_BYTES", 3 * largest + 1)
    steps = list(channel_effects(model, RESULT, "pool1", kept, TARGET))
    assert watch.batches == [3, 3, 2]
    assert [step.done for step in steps] == [0, 3, 6, 8]
    monkeypatch.setattr(channels, "BATCH_BYTES", 1)
    assert len(list(channel_effects(model, RESULT, "pool1", kept, TARGET))) == 9


def test_it_goes_on_where_it_was_left(
    kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, watch = counted("conv2")
    monkeypatch.setattr(channels, "LARGEST_BATCH", 3)
    steps = channel_effects(model, RESULT, "pool1", kept, TARGET)
    next(steps)
    part = next(steps)
    assert part.done == 3
    *_, rest = channel_effects(model, RESULT, "pool1", kept, TARGET, part)
    assert watch.batches == [3, 3, 2]
    whole = last(lively(SMALL), "pool1", kept)
    np.testing.assert_allclose(rest.drops, whole.drops, atol=1e-5)
    assert part.done == 3  # what was yielded does not change


def test_the_shared_model_and_the_thread_are_left_as_they_were(
    model: nn.Sequential, kept: dict[str, Any]
) -> None:
    content = {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()}
    before = {name: maps.copy() for name, maps in kept.items()}
    for _ in channel_effects(model, RESULT, "conv1", kept, TARGET):
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
    assert content == {n: tensor.numpy().tobytes() for n, tensor in model.state_dict().items()}
    assert all(np.array_equal(kept[name], maps) for name, maps in before.items())


@pytest.mark.parametrize("layer", ["fc5", "prob", "conv9"])
def test_layers_that_are_not_before_the_answer_have_no_effects(
    model: nn.Sequential, kept: dict[str, Any], layer: str
) -> None:
    with pytest.raises(KeyError, match=layer):
        next(channel_effects(model, RESULT, layer, kept, TARGET))


def test_without_an_answer_there_is_nothing_to_rank(
    model: nn.Sequential, kept: dict[str, Any]
) -> None:
    maps_only = trace(SMALL.edited(id="maps", without=("flatten", "fc4", "relu4", "drop4", "fc5")))
    with pytest.raises(Problem, match="before any layer with class outputs"):
        next(channel_effects(model, maps_only, "conv1", kept, TARGET))
