"""Towers in one process against torch's own grouped network: numbers, gradients, bytes."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from alexnet_viz.analysis.towers.placements import Last
from alexnet_viz.model.build import build
from alexnet_viz.model_parallel.exchange import LocalExchange
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.run_data import batch, full_model, reference_model
from alexnet_viz.model_parallel.tower_network import TowerNetwork
from alexnet_viz.network.layers import (
    LRN,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Softmax,
)
from alexnet_viz.network.spec import Network
from tests.parallel import in_process, request

CPU = torch.device("cpu")


def divisors(*numbers: int) -> list[int]:
    return [n for n in range(1, min(numbers) + 1) if not any(each % n for each in numbers)]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Convolutions and dense layers of any groups, with and without what may stand between."""
    layers: list[Layer] = []
    channels, counts = 3, st.sampled_from([4, 6, 8, 12])
    for number in range(1, draw(st.integers(2, 4))):
        out = draw(counts)
        groups = 1 if number == 1 else draw(st.sampled_from(divisors(channels, out)))
        layers += [
            Conv(name=f"conv{number}", out_channels=out, kernel_size=3, padding=1, groups=groups),
            ReLU(name=f"relu{number}"),
        ]
        if draw(st.booleans()):
            layers.append(
                LRN(
                    name=f"norm{number}",
                    size=draw(st.integers(2, 5)),
                    alpha=0.01,
                    groups=draw(st.sampled_from(divisors(out))),
                )
            )
        if draw(st.booleans()):
            layers.append(BatchNorm(name=f"bn{number}"))
        channels = out
    layers += [MaxPool(name="pool", kernel_size=3, stride=3), Flatten(name="flatten")]
    for number in range(6, draw(st.integers(7, 9))):
        out = draw(counts)
        # a group of a dense layer reads whole maps
        groups = draw(st.sampled_from(divisors(channels, out)))
        layers += [
            Linear(name=f"fc{number}", out_features=out, groups=groups),
            Dropout(name=f"drop{number}", scale=draw(st.sampled_from(["test", "train"]))),
        ]
        channels = out
    layers += [Linear(name="fc9", out_features=draw(counts)), Softmax(name="prob")]
    return Network(id="drawn", input_shape=(3, 9, 9), layers=tuple(layers))


@settings(max_examples=20, derandomize=True)
@given(network=networks(), gpus=st.integers(1, 4), last=st.sampled_from(["first", "halves"]))
def test_any_split_computes_what_torch_does(network: Network, gpus: int, last: Last) -> None:
    asked = Request(network=network, gpus=gpus, last=last, batch=2)
    images, _ = batch(asked)
    model = full_model(asked)
    towers = TowerNetwork(asked, LocalExchange([CPU] * gpus), model.state_dict(), lambda: None)
    with torch.inference_mode():
        expected = nn.Sequential(*list(model)[:-1])(images)
    # of the largest value: a logit near 0 is a difference of larger sums
    largest = float(expected.abs().max())
    torch.testing.assert_close(towers.step(images, None), expected, rtol=0, atol=1e-5 * largest)


@settings(max_examples=20, derandomize=True)
@given(network=networks(), gpus=st.integers(1, 4), last=st.sampled_from(["first", "halves"]))
def test_any_split_has_the_gradients_and_the_traffic(
    network: Network, gpus: int, last: Last
) -> None:
    found = in_process(
        Request(network=network, gpus=gpus, last=last, batch=2, train=True, rounds=1)
    )
    learned = [name for name, _ in build(network, device="meta").named_parameters()]
    assert [each.name for each in found.gradients] == learned
    assert found.equal, found.largest
    assert found.as_planned
    assert found.losses is not None
    assert found.losses[0] == pytest.approx(found.losses[1], rel=1e-5)


def test_the_gradients_are_those_of_autograd_over_the_whole_network() -> None:
    """Computed here once more, without the code that compares."""
    asked = request()
    images, labels = batch(asked)
    model = reference_model(asked).requires_grad_()
    names, weights = zip(*model.named_parameters(), strict=True)
    loss = nn.functional.cross_entropy(model(images), labels)
    expected = dict(zip(names, torch.autograd.grad(loss, weights), strict=True))
    network = TowerNetwork(asked, LocalExchange([CPU] * 2), full_model(asked).state_dict(), int)
    network.step(images, lambda logits: nn.functional.cross_entropy(logits, labels))
    seen: Counter[str] = Counter()
    for (tower, name, row), gradient in network.gradients.items():
        rows = expected[name][row : row + len(gradient)]
        torch.testing.assert_close(gradient, rows, rtol=1e-4, atol=1e-6)
        assert tower == (row > 0)
        seen[name] += len(gradient)
    assert seen == {name: len(each) for name, each in expected.items()}
    assert network.loss == pytest.approx(float(loss.detach()), rel=1e-6)
