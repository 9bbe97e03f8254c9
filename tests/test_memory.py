"""The memory calculator against autograd's saved tensors, the 2012 code's sizes, and arithmetic."""

from dataclasses import replace
from math import prod
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_viz.analysis.memory import CARD, KINDS, MIB, PRESETS, Memory, Part, memory
from alexnet_viz.analysis.memory.shares import partial_sum
from alexnet_viz.model.build import build, private_copy
from alexnet_viz.model.modules import ChannelResponseNorm
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

METHODOLOGY = Path(__file__).parents[1] / "docs" / "methodology.md"
CODE = trace(VARIANTS["alexnet_2012_code_145"])
PAPER = trace(VARIANTS["alexnet_2012_paper"])
RUNS_2012 = PRESETS["cuda_convnet"]
TORCH = PRESETS["pytorch"]
ON_CPU = replace(TORCH, mask_bytes=4)
"""torch's dropout keeps a float mask off the GPU."""

SMALL = Network(
    id="every_kind",
    input_shape=(3, 31, 31),
    layers=(
        Conv(name="conv1", out_channels=8, kernel_size=5, stride=3, rounding="ceil"),
        Tanh(name="tanh1"),
        LRN(name="norm1", groups=2, beta=0.5),
        AvgPool(name="pool1", kernel_size=2, stride=1, padding=(0, 1)),
        Conv(name="conv2", out_channels=8, kernel_size=3, padding=(0, 2), groups=2, bias=False),
        BatchNorm(name="bn2"),
        Sigmoid(name="sigmoid2"),
        LRN(name="norm2", region="map", size=3),
        MaxPool(name="pool2", kernel_size=3, stride=2, padding=(0, 2), rounding="floor"),
        AvgPool(name="pool3", kernel_size=2),
        AdaptiveAvgPool(name="pool4", output_size=2),
        Dropout(name="drop4", p=0.3),
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=12, groups=2),
        ReLU(name="relu6"),
        Dropout(name="drop6", scale="test"),
        Linear(name="fc7", out_features=6),
        Softmax(name="prob"),
    ),
)


_PAST = (
    "bn2",
    "sigmoid2",
    "norm2",
    "pool2",
    "pool3",
    "pool4",
    "drop4",
    "fc6",
    "drop6",
    "fc7",
    "prob",
)
"""What stands between conv2 and the flatten, and behind it."""


def kept(model: nn.Sequential, shape: tuple[int, ...]) -> int:
    """Bytes of the batch and of every tensor that autograd saves, parameters left out."""
    model.train().requires_grad_(True)
    own = {each.untyped_storage()._cdata for each in (*model.parameters(), *model.buffers())}
    image = torch.zeros(shape, device=next(model.parameters()).device)
    found = {image.untyped_storage()._cdata: image.untyped_storage()}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in own:
            found[storage._cdata] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        model(image)
    return sum(storage.nbytes() for storage in found.values())


def predicted(network: Network, batch: int) -> int:
    used = memory(trace(network), ON_CPU, gpus=1)
    return sum(used.of(0, kind).bytes(batch) for kind in ("input", "activations", "intermediates"))


@pytest.mark.parametrize(
    "network", [each for each in VARIANTS.values() if not trace(each).failure], ids=lambda n: n.id
)
def test_autograd_keeps_what_is_predicted_of_every_network(network: Network) -> None:
    model = build(network, device="meta")
    assert kept(model, (2, *network.input_shape)) == predicted(network, 2)


def test_autograd_keeps_what_is_predicted_with_numbers_in_it() -> None:
    model = private_copy(build(PAPER.network))
    assert kept(model, (1, *PAPER.input_shape)) == predicted(PAPER.network, 1)
    assert kept(build(SMALL), (3, *SMALL.input_shape)) == predicted(SMALL, 3)


def test_a_pool_to_one_cell_needs_no_input() -> None:
    network = SMALL.edited(id="one_cell", pool4={"output_size": 1})
    assert kept(build(network), (3, *network.input_shape)) == predicted(network, 3)


def test_torch_s_own_response_norm_keeps_less() -> None:
    """By as much as the methodology says of Caffe's network."""
    network = VARIANTS["caffe_bvlc_alexnet"]
    model = build(network, device="meta")
    shape = (2, *network.input_shape)
    ours = kept(model, shape)
    for name, module in model.named_children():
        if isinstance(module, ChannelResponseNorm):
            theirs = nn.LocalResponseNorm(module.size, module.alpha, module.beta, module.k)
            setattr(model, name, theirs)
    less = f"{1 - kept(model, shape) / ours:.1%}".replace("%", " %")
    assert f"keeps {less} fewer bytes" in METHODOLOGY.read_text("utf-8")


def test_the_paper_on_two_cards_as_in_the_2012_code() -> None:
    used = memory(CODE, RUNS_2012)
    assert [used.bytes(gpu, 128) for gpu in (0, 1)] == [1_617_286_944, 1_580_873_792]
    assert (used.largest_batch(CARD), memory(CODE, RUNS_2012, 1).largest_batch(CARD)) == (311, 141)


def test_the_2012_code_matrix_by_matrix() -> None:
    """The matrices of layers-145.cfg on GPU 0, written down by hand from layer.cu."""
    conv1, conv2, pool2 = 48 * 55**2, 128 * 27**2, 128 * 13**2
    acts = {
        "conv1a": conv1, "rnorm1a": conv1, "pool1a": 48 * 27**2, "pool1a_neuron": 48 * 27**2,
        "conv2a": conv2, "rnorm2a": conv2, "cnorm2a": conv2, "pool2a": pool2,
        "conv3a": 192 * 13**2, "conv4a": 192 * 13**2, "conv5a": 128 * 13**2,
        "pool3a": 128 * 6**2, "pool3a_neuron": 128 * 6**2,
        "fc2048a": 2048, "hs1a": 2048, "fc2048ba": 2048, "hs2a": 2048, "fc1000": 1000,
        "probs": 1000,
    }  # fmt: skip
    shared = ("pool1a_neuron", "pool3a_neuron", "hs1a", "hs2a", "probs")
    from_the_other = pool2 + 128 * 6**2 + 2048 + 2048  # to conv3a, fc2048a, fc2048ba, fc1000
    per_image = {
        "input": 2 * 3 * 224**2,
        "activations": sum(acts.values()),
        "copies": 2 * from_the_other,
        "activation_gradients": sum(n for name, n in acts.items() if name not in shared),
        "intermediates": conv1 + 2 * conv2 + 2 * 2048,
    }
    weights = {
        "conv1a": 3 * 11**2 * 48, "conv2a": 48 * 5**2 * 128, "conv3a": 2 * 128 * 3**2 * 192,
        "conv4a": 192 * 3**2 * 192, "conv5a": 192 * 3**2 * 128,
        "fc2048a": 9216 * 2048, "fc2048ba": 4096 * 2048, "fc1000": 4096 * 1000,
    }  # fmt: skip
    biases = 48 + 128 + 192 + 192 + 128 + 2048 + 2048 + 1000
    convolutions = sum(n for name, n in weights.items() if name.startswith("conv"))
    sums = (
        55**2 // 5 * weights["conv1a"]
        + 27**2 // 3 * weights["conv2a"]
        + 13**2 // 13 * (weights["conv3a"] // 2 + weights["conv4a"] + weights["conv5a"])
    )
    fixed = {
        "weights": sum(weights.values()) + biases,
        "momentum": sum(weights.values()) + biases,
        "gradients": convolutions + biases,
        "workspace": sums,
    }
    used = memory(CODE, RUNS_2012)
    for kind in KINDS:
        part = used.of(0, kind)
        assert part.per_image == 4 * per_image.get(kind, 0), kind
        assert part.fixed == 4 * fixed.get(kind, 0), kind


def test_testing_with_the_2012_code_needs_no_gradients_of_maps_and_no_masks() -> None:
    training, testing = (memory(CODE, replace(RUNS_2012, training=on)) for on in (True, False))
    assert testing.of(0, "activation_gradients") == Part("", 0, "activation_gradients")
    assert testing.of(0, "workspace").fixed == 0
    for kind in ("weights", "momentum", "gradients", "input", "activations"):
        assert testing.of(0, kind) == training.of(0, kind)
    assert 2 * testing.of(0, "copies").per_image == training.of(0, "copies").per_image
    assert testing.of(0, "intermediates").per_image == 4 * (48 * 55**2 + 2 * 128 * 27**2)


def test_a_relu_works_in_place_only_behind_a_learned_layer() -> None:
    used = memory(CODE, RUNS_2012)
    assert used.of(0, "activations", "relu2").per_image == 0
    assert used.of(0, "activations", "relu1").per_image == 4 * 48 * 27**2  # behind pool1
    assert used.of(0, "activation_gradients", "relu1").per_image == 0


def test_a_flatten_between_a_layer_and_its_relu_is_no_layer() -> None:
    behind = SMALL.edited(id="behind", without=("relu6",), after={"flatten": (ReLU(name="relu6"),)})
    for network, in_place in ((behind, False), (behind.edited(id="bare", without=_PAST), True)):
        used = memory(trace(network), RUNS_2012)
        assert (used.of(0, "activations", "relu6").per_image == 0) is in_place


def test_running_keeps_the_largest_pair_of_neighbours() -> None:
    used = memory(PAPER, replace(TORCH, training=False), gpus=1)
    assert used.of(0, "activations").per_image == 4 * 2 * 96 * 55**2
    assert used.of(0, "weights").fixed == 4 * 60_965_224
    assert {part.kind for part in used.parts} == {"weights", "input", "activations"}


def test_training_in_torch_takes_the_weights_three_times() -> None:
    used = memory(PAPER, TORCH)
    for kind in ("weights", "gradients", "momentum"):
        assert [used.of(gpu, kind).fixed for gpu in (0, 1)] == [4 * 32_531_112, 4 * 28_434_112]
    # the widest pair of gradients on one GPU: into and out of the first ReLU
    assert used.of(0, "activation_gradients").per_image == 4 * 2 * 48 * 55**2
    assert used.of(1, "copies").per_image == 4 * (128 * 13**2 + 128 * 6**2 + 2048)


def test_half_as_many_bytes_a_number() -> None:
    whole, half = (memory(PAPER, replace(RUNS_2012, number_bytes=n, mask_bytes=n)) for n in (4, 2))
    assert [whole.bytes(gpu, 128) for gpu in (0, 1)] == [2 * half.bytes(gpu, 128) for gpu in (0, 1)]


def test_the_columns_of_caffe() -> None:
    used = memory(PAPER, replace(TORCH, workspace="im2col"), gpus=1)
    columns = {name: used.of(0, "workspace", name).fixed // 4 for name in ("conv1", "conv2", "fc6")}
    assert columns == {"conv1": 363 * 3025, "conv2": 25 * 96 * 729, "fc6": 0}
    on_two = memory(PAPER, replace(TORCH, workspace="im2col"))
    # conv2 reads its own half, conv3 all
    assert on_two.of(0, "workspace", "conv2").fixed == 4 * 25 * 48 * 729
    assert on_two.of(0, "workspace", "conv3").fixed == 4 * 9 * 256 * 169
    plain = SMALL.edited(id="plain", conv2={"kernel_size": 1, "padding": 0})
    small = memory(trace(plain), replace(TORCH, workspace="im2col"), gpus=1)
    assert small.of(0, "workspace", "conv2").fixed == 0


@pytest.mark.parametrize(
    ("side", "stated"), [(55, 5), (27, 3), (26, 4), (13, 13), (11, 11), (1, 1)]
)
def test_partial_sums_as_the_layer_files_set_them(side: int, stated: int) -> None:
    """layers-145.cfg and layers-150.cfg: 5, 3, 13; layers-147.cfg: 4 at 26, 11 at 11."""
    assert partial_sum(side**2) == stated


def test_overhead_is_on_every_card() -> None:
    used = memory(PAPER, replace(RUNS_2012, overhead=100 * MIB))
    without = memory(PAPER, RUNS_2012)
    assert [used.bytes(gpu, 7) - without.bytes(gpu, 7) for gpu in (0, 1)] == [100 * MIB] * 2


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)), min_size=1, max_size=4),
    st.integers(0, 10**7),
)
def test_the_largest_batch_fits_and_the_next_does_not(
    gpus: list[tuple[int, int]], card: int
) -> None:
    used = Memory(
        len(gpus), tuple(Part("x", gpu, "weights", *sizes) for gpu, sizes in enumerate(gpus))
    )
    most = used.largest_batch(card)
    if most:
        assert all(used.bytes(gpu, most) <= card for gpu in range(len(gpus)))
    assert any(used.bytes(gpu, most + 1) > card for gpu in range(len(gpus)))


@pytest.mark.parametrize("variant", ["alexnet_2012_paper", "caffe_bvlc_alexnet", "zfnet_paper"])
@pytest.mark.parametrize("keeping", PRESETS)
@pytest.mark.parametrize("gpus", [1, 2, 3, 8])
def test_what_is_learned_adds_up_over_any_number_of_gpus(
    variant: str, keeping: str, gpus: int
) -> None:
    result = trace(VARIANTS[variant])
    used = memory(result, PRESETS[keeping], gpus)
    assert sum(used.of(gpu, "weights").fixed for gpu in range(gpus)) == 4 * result.params
    images = 4 * PRESETS[keeping].input_copies * prod(result.input_shape)
    assert all(used.of(gpu, "input").per_image == images for gpu in range(gpus))


def test_a_failed_network_is_counted_so_far() -> None:
    failed = trace(VARIANTS["article_002_text"])
    assert failed.failure
    used = memory(failed, RUNS_2012)
    assert used.layers[:2] == ("input", "conv1")
    assert set(used.layers[1:]) <= set(failed.by_name)
    assert failed.failure.layer not in used.layers
    for assumed in PRESETS.values():
        nothing = memory(trace(VARIANTS["alexnet_2012_paper"], 5), assumed)
        assert [part.kind for part in nothing.parts] == ["input", "input"]


def test_layers_come_in_the_order_of_the_network() -> None:
    used = memory(PAPER, replace(RUNS_2012, overhead=1))
    in_place = {f"relu{n}" for n in range(1, 8)}
    assert used.layers == (
        *("", "input"),
        *(row.name for row in PAPER.rows if row.name not in in_place and row.kind != "flatten"),
    )
