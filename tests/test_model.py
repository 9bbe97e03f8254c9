"""The torch model is what the trace says: shapes, parameters and costs.

Oracles: torch on the meta device, ``torch.utils.flop_counter``, torchinfo.  What each window and
norm computes is in test_modules.py, what a cell sees in test_receptive_field.py.
"""

import re
from dataclasses import replace
from math import prod

import pytest
import torch
import torchinfo
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from alexnet_viz.model.activations import walk
from alexnet_viz.model.build import build, module, private_copy
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
from alexnet_viz.network.trace import CannotRun, Trace, trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

INPUT_SIZES = (None, 224, 227)


def network(*layers: Layer, input_shape: tuple[int, ...] = (4, 9, 9)) -> Network:
    return Network(id="small", input_shape=input_shape, layers=layers)


# every variant, without numbers ------------------------------------------------------------------


@pytest.fixture(params=[(id, size) for id in VARIANTS for size in INPUT_SIZES], ids=str)
def result(request: pytest.FixtureRequest) -> Trace:
    id, size = request.param
    return trace(VARIANTS[id], size)


def test_shapes_params_and_costs_are_those_of_torch(result: Trace) -> None:
    """Shapes and params layer by layer; MACs as half the FLOPs torch counts on the meta device."""
    if result.failure:
        with pytest.raises(CannotRun, match=re.escape(result.failure.message())):
            build(result.network, device="meta")
        return
    model = build(result.network, device="meta")
    assert [name for name, _ in model.named_children()] == [row.name for row in result.rows]
    counter = FlopCounterMode(display=False)
    with counter:
        kept = walk(model, torch.empty(1, *result.input_shape, device="meta"))
    for row, layer in zip(result.rows, model, strict=True):
        assert tuple(kept[row.name].shape) == (1, *row.output_shape), row.name
        assert sum(p.numel() for p in layer.parameters()) == row.params, row.name
    assert counter.get_total_flops() == 2 * result.macs


def test_totals_are_those_of_torchinfo_in_its_own_convention(result: Trace) -> None:
    """torchinfo's ``total_mult_adds`` counts more than multiply-accumulates.

    It multiplies every parameter called weight or bias, of a convolution by the map positions and
    of any other layer by 1: so it adds each bias once an output, and BatchNorm's gamma and beta
    once a channel.  Layers without parameters (LRN, pooling) cost it nothing.
    """
    if result.failure:
        return
    model = build(result.network, device="meta")
    summary = torchinfo.summary(
        model, input_size=(1, *result.input_shape), device="meta", verbose=0
    )
    more = 0
    for row in result.rows:
        match row.layer:
            case Conv():
                more += row.biases * prod(row.output_shape[1:])
            case Linear():
                more += row.biases
            case BatchNorm():
                more += row.params
    assert summary.total_params == result.params
    assert summary.total_mult_adds == result.macs + more


def test_a_network_that_fails_says_where_and_why() -> None:
    slim = VARIANTS["tf_slim_alexnet_v2"]
    with pytest.raises(CannotRun, match=r"2×2 map cannot be squeezed: only 1×1 can.*native"):
        build(slim, input_size=227, device="meta")
    with pytest.raises(CannotRun, match="it needs at least") as caught:
        build(slim, input_size=40, device="meta")
    assert re.search("输入至少要有", caught.value.message("zh"))
    with pytest.raises(Problem, match="the side must be 1 to"):
        build(slim, input_size=0, device="meta")


def test_a_model_that_would_fill_the_machine_is_refused_before_it_does() -> None:
    paper = VARIANTS["alexnet_2012_paper"].refitted()
    with pytest.raises(Problem, match=r"would take 4\.\d GB: at most 1\.5 GB") as caught:
        build(paper, input_size=1000)
    assert "更小的输入" in caught.value.remedy("zh")
    assert build(paper, input_size=1000, device="meta").fc6.in_features == 256 * 31 * 31


def test_every_kind_of_layer_has_a_module() -> None:
    examples = (
        Conv(name="c", out_channels=2, kernel_size=3), MaxPool(name="m", kernel_size=2),
        AvgPool(name="a", kernel_size=2), AdaptiveAvgPool(name="d", output_size=1), LRN(name="l"),
        BatchNorm(name="b"), Dropout(name="o"), Flatten(name="f"), Softmax(name="s"),
        ReLU(name="r"), Tanh(name="t"), Sigmoid(name="g"), Linear(name="i", out_features=2),
        Squeeze(name="q"), ZeroPad(name="z", padding=1),
    )  # fmt: skip
    assert {layer.kind for layer in examples} == set(KINDS)
    for layer in examples:
        shape = {"linear": (4,), "squeeze": (4, 1, 1)}.get(layer.kind, (4, 9, 9))
        (row,) = trace(network(layer, input_shape=shape)).rows
        assert isinstance(module(row), nn.Module)


@pytest.mark.parametrize("name", ["train", "training", "parameters", "append"])
def test_a_name_that_torch_uses_itself_is_refused(name: str) -> None:
    network = Network(id="own", input_shape=(3, 9, 9), layers=(ReLU(name=name),))
    with pytest.raises(Problem, match=f"A layer named '{name}' cannot be run.*another name"):
        build(network, device="meta")


def test_an_unknown_kind_of_layer_is_refused_by_name() -> None:
    class Swish(Layer):
        kind = "swish"

    (row,) = trace(network(ReLU(name="r"))).rows
    with pytest.raises(TypeError, match="no torch module for the layer kind 'swish'"):
        module(replace(row, layer=Swish(name="swish")))


GROUPED = network(
    Flatten(name="flatten"),
    Linear(name="fc6", out_features=12, groups=2),
    ReLU(name="relu6"),
    Linear(name="fc7", out_features=8, groups=4, bias=False),
    Linear(name="fc8", out_features=3),
)


@pytest.mark.parametrize("images", [1, 5])
def test_dense_layers_in_groups_cost_what_torch_counts(images: int) -> None:
    result = trace(GROUPED)
    assert [row.params for row in result.rows] == [0, 4 * 81 * 12 // 2 + 12, 0, 12 * 8 // 4, 27]
    model = build(GROUPED, device="meta")
    counter = FlopCounterMode(display=False)
    with counter:
        kept = walk(model, torch.empty(images, 4, 9, 9, device="meta"))
    assert {name: tuple(each.shape[1:]) for name, each in kept.items()} == {
        row.name: row.output_shape for row in result.rows
    }
    assert counter.get_total_flops() == 2 * result.macs * images
    assert result.params == sum(each.numel() for each in model.parameters())


def test_a_dense_group_reads_whole_maps() -> None:
    """12 values fall into halves, the 3 maps they come from do not."""
    three = replace(GROUPED, input_shape=(3, 2, 2))
    with pytest.raises(CannotRun, match=r"'fc6' on input 12.*channels=3 cannot be split"):
        build(three, device="meta")
    assert trace(replace(three, input_shape=(12,))).failure is None


# weights and copies ------------------------------------------------------------------------------

SLIM = network(
    *(
        Conv(name=f"conv{i}", out_channels=16, kernel_size=3, padding=1, rounding="floor")
        for i in range(1, 6)
    ),
    BatchNorm(name="norm5"),
    Flatten(name="flatten"),
    Linear(name="fc6", out_features=32),
    Linear(name="fc7", out_features=32),
    Linear(name="fc8", out_features=10),
)


def test_initial_weights_are_the_papers() -> None:
    ones = {"conv2", "conv4", "conv5", "fc6", "fc7"}  # section 5
    model = build(SLIM, seed=1)
    for name, layer in model.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            assert set(layer.bias.tolist()) == {1.0 if name in ones else 0.0}, name
            assert layer.weight.std() == pytest.approx(0.01, rel=0.15), name
            assert layer.weight.mean() == pytest.approx(0, abs=0.002), name
    assert model.norm5.weight.tolist() == [1.0] * 16
    assert model.norm5.running_var.tolist() == [1.0] * 16


def test_a_networks_last_layer_has_no_bias_of_one() -> None:
    """Whatever it is called: its units have no ReLU that could be dead."""
    head = replace(SLIM, layers=SLIM.layers[:-1])
    assert set(build(head).fc7.bias.tolist()) == {0.0}


def test_a_seed_is_a_set_of_weights() -> None:
    one, same, other = (build(SLIM, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one.fc6.weight, same.fc6.weight)
    assert not torch.equal(one.fc6.weight, other.fc6.weight)


def test_building_leaves_torchs_global_seed_alone() -> None:
    before = torch.random.get_rng_state()
    build(SLIM)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_the_model_is_ready_to_be_shared() -> None:
    model = build(SLIM)
    assert not any(layer.training for layer in model.modules())
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_a_private_copy_shares_the_numbers_and_nothing_else() -> None:
    model = build(SLIM)
    copy = private_copy(model)
    for name, tensor in model.state_dict(keep_vars=True).items():
        twin = copy.state_dict(keep_vars=True)[name]
        assert twin.data_ptr() == tensor.data_ptr(), name
        assert twin is not tensor, name
    copy.conv1.register_forward_hook(lambda *_: torch.zeros(1))
    copy.fc6.weight = nn.Parameter(torch.zeros_like(copy.fc6.weight))
    copy.conv2.weight.requires_grad_()
    copy.train()
    assert not model.conv1._forward_hooks
    assert model.fc6.weight.any()
    assert not model.conv2.weight.requires_grad
    assert not model.training
