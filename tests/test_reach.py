"""Which maps a unit sees, against gradients: a map it depends on has one, no other does."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from alexnet_viz.analysis.towers.channel_dependence import seen
from alexnet_viz.analysis.towers.regroup import regrouped
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import LRN, Conv, Flatten, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

PAPER = VARIANTS["alexnet_2012_paper"]
FC = ("fc6", "fc7", "fc8")


def small(conv3: int, norm: int, size: int, fc6: int) -> Network:
    return Network(
        id="small",
        input_shape=(3, 11, 11),
        layers=(
            Conv(name="conv1", out_channels=8, kernel_size=3),
            ReLU(name="relu1"),
            LRN(name="norm1", size=size, groups=norm, alpha=1.0),
            MaxPool(name="pool1", kernel_size=3, stride=2),
            Conv(name="conv2", out_channels=8, kernel_size=1, groups=4),
            Conv(name="conv3", out_channels=8, kernel_size=3, groups=conv3),
            Flatten(name="flatten"),
            Linear(name="fc6", out_features=8, groups=fc6),
            Softmax(name="prob"),
        ),
    )


@settings(max_examples=40)
@given(
    conv3=some.sampled_from([1, 2, 4]),
    norm=some.sampled_from([1, 2, 4]),
    size=some.integers(1, 5),
    fc6=some.sampled_from([1, 2, 4]),
    layer=some.sampled_from(["norm1", "conv2", "conv3", "flatten", "fc6", "prob"]),
    data=some.data(),
)
def test_a_unit_sees_the_maps_that_have_a_gradient(conv3, norm, size, fc6, layer, data) -> None:
    result = trace(small(conv3, norm, size, fc6))
    channel = data.draw(some.integers(0, result.by_name[layer].output_shape[0] - 1))
    lit = seen(result, layer, channel)

    generator = torch.Generator().manual_seed(0)
    model = build(result.network).double()
    # positive, so that no ReLU is shut and no path cancels; means and not sums, so that no softmax
    # is so sure that 1 - p is 0
    for tensor in model.parameters():
        drawn = torch.rand(tensor.shape, generator=generator, dtype=torch.float64) + 0.1
        tensor.copy_(drawn / tensor[0].numel())
    values = torch.rand((1, *result.input_shape), generator=generator, dtype=torch.float64)
    kept = {}
    for name, module in model.named_children():
        values = module(values).requires_grad_(True) if not kept else module(values)
        kept[name] = values
        if name != layer:
            values.retain_grad()
    kept[layer][0, channel].sum().backward()
    for name, channels in lit.items():
        if name == layer:
            assert channels == {channel}
            break
        gradient = kept[name].grad[0].reshape(kept[name].shape[1], -1)
        assert channels == set(gradient.abs().sum(1).nonzero().flatten().tolist()), name


@pytest.mark.parametrize("channel", [0, 127, 128, 255])
def test_without_the_crossing_of_conv3_half_the_maps_go_dark(channel: int) -> None:
    cut = regrouped(PAPER, 2, FC)
    tower = range(48) if channel < 128 else range(48, 96)
    assert seen(trace(PAPER), "conv5", channel)["conv1"] == set(range(96))
    assert seen(trace(cut), "conv5", channel)["conv1"] == set(tower)


def test_conv2_sees_its_own_tower() -> None:
    lit = seen(trace(PAPER), "conv2", 200)
    assert (len(lit["conv1"]), min(lit["conv1"]), len(lit["norm1"])) == (48, 48, 48)


def test_lrn_that_does_not_stop_is_a_crossing_of_its_own() -> None:
    """Two of conv2's maps read two of the other tower's, and those all of its conv1."""
    across = trace(regrouped(PAPER, 2, FC, norm="across"))
    assert seen(across, "norm2", 127)["conv2"] == {125, 126, 127, 128, 129}
    assert seen(across, "conv5", 0)["conv1"] == set(range(96))
    assert seen(across, "conv2", 0)["conv1"] == set(range(50))


def test_only_a_unit_that_is_there() -> None:
    with pytest.raises(IndexError):
        seen(trace(PAPER), "conv1", 96)
    with pytest.raises(KeyError):
        seen(trace(PAPER), "conv9", 0)
