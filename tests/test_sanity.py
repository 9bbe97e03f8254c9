"""The check with random weights: what is replaced, what is kept, and how two maps are compared."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.interpretability.attribution.sanity import (
    randomised,
    rank_correlation,
    sanity_check,
)
from alexnet_viz.jobs import Stopped
from alexnet_viz.model.build import build, initialise, private_copy
from alexnet_viz.network.layers import BatchNorm, Conv, Flatten, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.text.problem import Problem

NETWORK = Network(
    id="small",
    input_shape=(3, 20, 20),
    layers=(
        Conv(name="conv1", out_channels=8, kernel_size=5, stride=1),
        BatchNorm(name="norm1"),
        ReLU(name="relu1"),
        MaxPool(name="pool1", kernel_size=2, stride=2),
        Conv(name="conv2", out_channels=8, kernel_size=3),
        ReLU(name="relu2"),
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=20),
        ReLU(name="relu6"),
        Linear(name="fc8", out_features=4),
        Softmax(name="prob"),
    ),
)
UNIT = Unit("fc8", 1)
PICTURE = np.random.default_rng(0).normal(0, 60, (3, 20, 20)).astype(np.float32)


@pytest.fixture
def model() -> nn.Sequential:
    """Unlike any initial state: other weights, other biases, other statistics."""
    made = build(NETWORK, seed=5)
    generator = torch.Generator().manual_seed(5)
    for tensor in made.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.rand(tensor.shape, generator=generator) * 0.2 - 0.08)
    made.norm1.running_var.fill_(2.0)
    return made


def test_all_layers_are_filled_as_a_fresh_model_is(model: nn.Sequential) -> None:
    learned = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    fresh = build(NETWORK, seed=3).state_dict()
    for name, tensor in randomised(model, seed=3).state_dict().items():
        assert torch.equal(tensor, fresh[name]), name
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, learned[name]), f"{name} of the shared model was written to"


def test_the_layers_before_keep_what_was_learned(model: nn.Sequential) -> None:
    copy = randomised(model, since="fc6").state_dict()
    for name, tensor in model.state_dict().items():
        shared = copy[name].data_ptr() == tensor.data_ptr()
        assert shared == (not name.startswith("fc")), name
        assert torch.equal(copy[name], tensor) == shared, name


def test_filling_a_copy_does_not_count_as_writing_into_the_shared_model(
    model: nn.Sequential,
) -> None:
    """A backward pass of another thread fails if a tensor that it keeps was written into."""
    before = {name: tensor._version for name, tensor in model.named_parameters()}
    randomised(model)
    assert {name: tensor._version for name, tensor in model.named_parameters()} == before


def test_a_layer_that_is_not_there_is_named(model: nn.Sequential) -> None:
    with pytest.raises(Problem, match=r"no layer 'fc9'.*conv1, norm1"):
        randomised(model, since="fc9")


@pytest.mark.parametrize("since", [None, "conv2"])
def test_the_check_explains_the_same_unit_of_the_random_network(
    model: nn.Sequential, since: str | None
) -> None:
    learned = attribute(model, PICTURE, UNIT, "occlusion", window=9)
    seen: list[float] = []
    found = sanity_check(
        model, PICTURE, UNIT, "occlusion", learned,
        since=since, seed=3, window=9, progress=seen.append,
    )  # fmt: skip
    expected = attribute(
        randomised(model, since=since, seed=3), PICTURE, UNIT, "occlusion", window=9
    )
    np.testing.assert_allclose(found.random.values, expected.values, rtol=1e-4, atol=1e-9)
    assert found.correlation == rank_correlation(learned.values, found.random.values)
    assert -1 <= found.correlation < 0.99
    assert seen[-1] == 1


def test_pixels_that_the_unit_does_not_see_agree_with_nothing(model: nn.Sequential) -> None:
    """A cell of conv1 sees 5 x 5 of 400 pixels; over all of them any two maps would agree."""
    unit = Unit("conv1", 3, 0, 0)
    learned = attribute(model, PICTURE, unit, "saliency")
    found = sanity_check(model, PICTURE, unit, "saliency", learned)
    assert rank_correlation(learned.values, found.random.values) > 0.9
    window = np.s_[:5, :5]
    inside = rank_correlation(learned.values[window], found.random.values[window])
    assert found.correlation == pytest.approx(inside)
    assert abs(inside) < 0.7


def test_the_check_can_be_stopped_too(model: nn.Sequential) -> None:
    learned = attribute(model, PICTURE, UNIT, "saliency")
    with pytest.raises(Stopped):
        sanity_check(model, PICTURE, UNIT, "saliency", learned, stop=lambda: True)


def test_the_same_weights_give_a_correlation_of_one() -> None:
    initial = build(NETWORK, seed=0)
    learned = attribute(initial, PICTURE, UNIT, "saliency")
    assert sanity_check(initial, PICTURE, UNIT, "saliency", learned).correlation == 1.0


def test_guided_backpropagation_barely_sees_a_random_last_layer() -> None:
    """The known failure (Adebayo et al. 2018, figure 2); the gradient does see it.

    It takes dense layers as wide as AlexNet's: over a thousand units the sign of one is lost.
    """
    wide = (Linear(name="fc6", out_features=1000), ReLU(name="relu6"),
            Linear(name="fc7", out_features=1000), ReLU(name="relu7"))  # fmt: skip
    model = build(replace(NETWORK, layers=(*NETWORK.layers[:7], *wide, *NETWORK.layers[-2:])))
    for layer in (model.conv2, model.fc6, model.fc7):
        layer.bias.zero_()  # with the paper's ones no ReLU would ever close
    found = {}
    for method in ("guided_backpropagation", "saliency"):
        learned = attribute(model, PICTURE, UNIT, method)
        check = sanity_check(model, PICTURE, UNIT, method, learned, since="fc8", seed=11)
        found[method] = check.correlation
    assert found["guided_backpropagation"] > 0.85
    assert found["saliency"] < 0.75


def test_a_constant_map_has_no_ranks() -> None:
    flat, sloped = np.zeros((2, 2), np.float32), np.arange(4, dtype=np.float32).reshape(2, 2)
    assert rank_correlation(flat, sloped) is None
    assert rank_correlation(sloped, flat) is None


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=40))
def test_the_rank_correlation_is_pandas(pairs: list[tuple[int, int]]) -> None:
    """With ties: Pearson's correlation, by pandas, of the ranks that pandas gives."""
    one, other = (np.array(values, np.float32) for values in zip(*pairs, strict=True))
    found = rank_correlation(one.reshape(1, -1), other.reshape(1, -1))
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert found is None
        return
    assert found == pytest.approx(pd.Series(one).rank().corr(pd.Series(other).rank()))


def test_a_truncated_copy_is_initialised_like_the_layers_it_has(model: nn.Sequential) -> None:
    part = private_copy(model[:5])
    random = randomised(part, seed=1)
    fresh = build(NETWORK)[:5].to_empty(device="cpu")
    initialise(fresh, 1)
    assert torch.equal(random.conv2.weight, fresh.conv2.weight)
