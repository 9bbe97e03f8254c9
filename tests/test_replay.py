"""The replay agrees with what is right, and finds the layer that is not.

The variants are replayed from small inputs; a kind of layer that none of them holds is added.
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.model.activations import capture
from alexnet_viz.model.build import build
from alexnet_viz.model.device import Placement, place
from alexnet_viz.model.precision import exactness, relative_difference
from alexnet_viz.model.replay import badge, replay, replayed
from alexnet_viz.network.layers import (
    KINDS,
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Sigmoid,
    Softmax,
    Squeeze,
    Tanh,
    ZeroPad,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.variants import VARIANTS

EVERYTHING = Network(
    id="everything",
    input_shape=(4, 23, 19),
    layers=(
        Conv(
            name="conv1", out_channels=12, kernel_size=(5, 3), stride=(2, 1), padding=(1, 2, 0, 3)
        ),
        LRN(name="norm1", alpha=0.01, groups=2, divide_alpha=True),
        MaxPool(
            name="pool1", kernel_size=3, stride=2, rounding="caffe", padding=1, dilation=(1, 2)
        ),
        ReLU(name="relu1"),
        Conv(name="conv2", out_channels=8, kernel_size=3, groups=4, dilation=(1, 2), bias=False),
        BatchNorm(name="bn2", eps=0.1),
        ZeroPad(name="pad2", padding=(1, 0, 2, 1)),
        Tanh(name="tanh2"),
        LRN(name="norm2", size=4, alpha=0.1, region="map"),
        AvgPool(name="pool2", kernel_size=2, rounding="same"),
        Sigmoid(name="sigmoid2"),
        Dropout(name="drop2", p=0.25, scale="test"),
        Conv(name="conv3", out_channels=6, kernel_size=2, stride=2, rounding="ceil"),
        AdaptiveAvgPool(name="pool3", output_size=2),
        MaxPool(name="pool4", kernel_size=2, padding=(0, 1), stride=2),
        Dropout(name="drop4", p=0.5),
        Conv(name="conv5", out_channels=6, kernel_size=1),
        Squeeze(name="squeeze"),
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=7, bias=False),
        Linear(name="fc7", out_features=14, groups=7),
        Linear(name="fc8", out_features=3),
        Softmax(name="prob"),
        Softmax(name="logprob", log=True),
    ),
)  # fmt: skip


def thin(network: Network, size: int) -> Network:
    """The network at a small input, its layers narrow and the dense ones fed with what arrives."""
    layers: list[Layer] = []
    for layer in network.layers:
        match layer:
            case Linear():
                layer = replace(layer, in_features=None, out_features=50)
            case Conv():
                layer = replace(layer, out_channels=min(layer.out_channels, 48))
        layers.append(layer)
    return replace(network, layers=tuple(layers)).at(size)


def filled(result: Trace) -> nn.Sequential:
    """A model whose numbers are all different, biases and running statistics too."""
    model = build(result.network)
    generator = torch.Generator().manual_seed(3)
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            noise = torch.rand(tensor.shape, generator=generator)
            tensor.copy_(noise + 0.5 if name.endswith(("var", "mean")) else noise - 0.4)
            if name.endswith("weight") and tensor.ndim > 1:
                tensor.div_(tensor[0].numel() ** 0.5)
    return model


def picture(result: Trace) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 60, result.input_shape).astype(np.float32)


def small(id: str) -> Trace | None:
    results = (trace(thin(VARIANTS[id], size)) for size in (67, 79, 99, 131, 195, 227))
    return next((result for result in results if not result.failure), None)


RUNNING = {id: result for id in VARIANTS if (result := small(id))}


def test_nearly_all_variants_are_replayed() -> None:
    assert len(RUNNING) >= len(VARIANTS) - 3, set(VARIANTS) - set(RUNNING)


@pytest.mark.parametrize("id", RUNNING)
def test_every_variant_is_faithful(id: str) -> None:
    result = RUNNING[id]
    model, image = filled(result), picture(result)
    found = replay(result, model, image, capture(model, image), runs=1)
    assert list(found.differences) == [row.name for row in result.rows]
    assert found.wrong == ()
    assert found.largest < 1e-4


def test_every_kind_of_layer_is_replayed() -> None:
    assert {layer.kind for layer in EVERYTHING.layers} == set(KINDS)
    result = trace(EVERYTHING)
    assert result.failure is None
    model, image = filled(result), picture(result)
    found = replay(result, model, image, capture(model, image))
    assert found.wrong == ()
    assert 0 < found.largest < 1e-5
    assert found.absolute > 0
    assert found.alone.keys() == found.differences.keys() == found.milliseconds.keys()
    assert all(each > 0 for each in found.milliseconds.values())
    assert (found.device, found.dtype) == ("cpu", "float32")
    assert badge(found).startswith("Checked: all 24 layers")
    assert badge(found, "zh").startswith("已核对：24 层")


@pytest.mark.parametrize(
    "name", [layer.name for layer in EVERYTHING.layers if layer.name not in ("drop4", "flatten")]
)
def test_a_layer_that_computes_something_else_is_found_by_name(name: str) -> None:
    """One layer's output is nudged in one cell, and all that follows is what follows from it."""
    result = trace(EVERYTHING)
    model, image = filled(result), picture(result)
    broken = nn.Sequential()
    for child, layer in model.named_children():
        broken.add_module(child, layer)
    broken.add_module(name, Nudged(model.get_submodule(name)))
    found = replay(result, model, image, capture(broken, image), runs=1)
    assert found.wrong == (name,)
    assert found.differences[name] == pytest.approx(found.alone[name], rel=0.01)
    assert name in badge(found)
    assert name in badge(found, "zh")


class Nudged(nn.Module):
    """A layer whose first output is off by a hundredth of the largest."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        output = self.layer(input).clone()
        output.view(-1)[0] += 0.01 * output.abs().max()
        return output


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_missing_number_is_no_agreement(value: float) -> None:
    result = trace(EVERYTHING)
    model, image = filled(result), picture(result)
    kept = {name: maps.copy() for name, maps in capture(model, image).items()}
    kept["logprob"][1] = value
    found = replay(result, model, image, kept, runs=1)
    assert found.wrong == ("logprob",)
    assert found.largest == np.inf


def test_maps_of_another_shape_do_not_agree_by_broadcasting() -> None:
    ones = np.ones((2, 3, 3), dtype=np.float32)
    assert relative_difference(ones[:1], ones) == np.inf
    assert relative_difference(ones, ones) == 0


def test_the_difference_is_relative_to_the_largest() -> None:
    wanted = np.array([-8.0, 1.0], dtype=np.float32)
    assert relative_difference(wanted + np.float32(0.5), wanted) == 0.0625
    assert relative_difference(wanted, 0 * wanted) == 8


def test_another_kind_is_refused_by_name() -> None:
    class Swish(Layer):
        kind = "swish"

    row = replace(trace(EVERYTHING).rows[1], layer=Swish(name="swish"))
    with pytest.raises(TypeError, match="no replay of the layer kind 'swish'"):
        replayed(row, {}, torch.zeros(1))


# half precision ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "most"), [(torch.float16, 1e-2), (torch.bfloat16, 5e-2)])
def test_half_precision_costs_what_its_bits_say(dtype: torch.dtype, most: float) -> None:
    """Replayed in float32, a model in half precision differs by its own rounding: no less, no more.

    With pixels of 60, squares leave float16's range in every norm that is not widened.
    """
    result = trace(EVERYTHING)
    placement = Placement(torch.device("cpu"), dtype, torch.channels_last)
    model, image = filled(result), picture(result)
    found = exactness(model, placement, image)
    assert list(found) == [layer.name for layer in EVERYTHING.layers]
    assert torch.finfo(dtype).eps / 8 < max(found.values()) < most
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_a_model_in_half_precision_is_replayed_in_float32() -> None:
    """Alone, each layer is as far off as its own rounding; so none is called wrong."""
    result = trace(EVERYTHING)
    placement = Placement(torch.device("cpu"), torch.bfloat16)
    half, image = place(filled(result), placement), picture(result)
    found = replay(result, half, image, capture(half, image), runs=1)
    assert (found.dtype, found.wrong) == ("bfloat16", ())
    assert 1e-3 < found.alone["conv1"] < 1e-2
    assert "(bfloat16)" in badge(found)
