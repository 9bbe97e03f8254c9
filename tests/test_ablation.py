"""What is taken away is gone, nothing else changes, and the shared model never notices.

Oracles: the same network with other weights (slices, biases set to 0), the same network built
without a layer, and a walk written out here.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.interpretability.ablation import ABLATIONS, before_crossing, parse
from alexnet_viz.interpretability.ablation.edits import ablated, recaptured
from alexnet_viz.model.activations import capture, walk
from alexnet_viz.model.build import build
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS
from tests.lively import RESULT, SMALL, lively


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return lively(SMALL)


@pytest.fixture(scope="module")
def image() -> Any:
    return np.random.default_rng(7).normal(0, 1, (3, 23, 23)).astype(np.float32)


def without(model: nn.Sequential, image: Any, *spelled: str) -> dict[str, np.ndarray]:
    return capture(ablated(model, RESULT, [parse(each) for each in spelled]), image)


def with_state(model: nn.Sequential, image: Any, **edits: Any) -> dict[str, np.ndarray]:
    """The network again, with tensors changed by ``layer__role=function``."""
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for name, edit in edits.items():
        edit(state[name.replace("__", ".")])
    other = build(SMALL)
    other.load_state_dict(state)
    return capture(other, image)


def assert_same(one: Any, other: Any) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


# channels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", [row.name for row in RESULT.rows[:-2]])
def test_a_silent_channel_is_zero_behind_its_layer_and_nothing_else_is(
    model: nn.Sequential, image: Any, layer: str
) -> None:
    """Written out: the layers one by one, the channel set to 0 in between."""
    intact = capture(model, image)
    loudest = int(intact[layer].reshape(len(intact[layer]), -1).sum(axis=1).argmax())
    batch = torch.from_numpy(image)[None]
    expected = {}
    for name, each in model.named_children():
        batch = each(batch)
        if name == layer:
            batch = batch.clone()
            batch[:, loudest] = 0
        expected[name] = batch[0].numpy()
    found = without(model, image, f"channel.{layer}.{loudest}")
    assert not np.allclose(found["fc5"], intact["fc5"])
    for name, maps in expected.items():
        assert_same(found[name], maps)


def test_silencing_a_channel_is_the_next_layer_not_reading_it(
    model: nn.Sequential, image: Any
) -> None:
    """pool1's channel 5 is the second tower's 1, which six kernels of conv2 read."""

    def unread(weight: torch.Tensor) -> None:
        weight[6:, 1] = 0

    found = without(model, image, "channel.pool1.5")
    assert_same(found["prob"], with_state(model, image, conv2__weight=unread)["prob"])


def test_silencing_a_map_is_the_dense_layer_not_reading_its_positions(
    model: nn.Sequential, image: Any
) -> None:
    cells = RESULT["relu3"].output_shape[1] * RESULT["relu3"].output_shape[2]

    def unread(weight: torch.Tensor) -> None:
        weight[:, 2 * cells : 3 * cells] = 0

    found = without(model, image, "channel.relu3.2")
    assert_same(found["fc5"], with_state(model, image, fc4__weight=unread)["fc5"])


def test_a_convolution_s_channel_goes_with_its_bias(model: nn.Sequential, image: Any) -> None:
    def zero(tensor: torch.Tensor) -> None:
        tensor[4] = 0

    found = without(model, image, "channel.conv2.4")
    expected = with_state(model, image, conv2__weight=zero, conv2__bias=zero)
    assert_same(found["prob"], expected["prob"])


# towers ------------------------------------------------------------------------------------------


def test_a_tower_gone_before_the_crossing_is_the_crossing_layer_reading_one_half(
    model: nn.Sequential, image: Any
) -> None:
    def first_half_only(weight: torch.Tensor) -> None:
        weight[:, 6:] = 0

    found = without(model, image, "tower.1")
    assert_same(found["prob"], with_state(model, image, conv3__weight=first_half_only)["prob"])
    for layer, half in (("conv1", 4), ("pool1", 4), ("conv2", 6), ("norm2", 6)):
        assert not found[layer][half:].any()
        assert_same(found[layer][:half], capture(model, image)[layer][:half])
    assert found["conv3"][3:].any()


def test_a_tower_of_one_layer_is_half_of_its_channels(model: nn.Sequential, image: Any) -> None:
    found, intact = without(model, image, "tower.fc4.0")["fc4"], capture(model, image)["fc4"]
    assert not found[:5].any()
    assert np.array_equal(found[5:], intact[5:])


def test_the_towers_of_the_paper_run_alone_to_pool2() -> None:
    """Section 3.2: "the kernels of layer 3 take input from all kernel maps in layer 2"."""
    paper = trace(VARIANTS["alexnet_2012_paper"])
    alone = ["conv1", "relu1", "norm1", "pool1", "conv2", "relu2", "norm2", "pool2"]
    assert before_crossing(paper) == alone


# norms, biases, positions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelled", "left_out"), [("lrn", ("norm1", "norm2")), ("lrn.norm2", ("norm2",))]
)
def test_without_lrn_it_is_the_network_built_without(
    model: nn.Sequential, image: Any, spelled: str, left_out: tuple[str, ...]
) -> None:
    plain = build(SMALL.edited(id="plain", without=left_out))
    plain.load_state_dict(model.state_dict())
    found, expected = without(model, image, spelled), capture(plain, image)
    for name, maps in expected.items():
        assert_same(found[name], maps)
    assert not np.allclose(found["fc5"], capture(model, image)["fc5"])


@pytest.mark.parametrize("layers", [("conv2",), ("conv1", "conv2", "conv3", "fc4", "fc5")])
def test_without_biases_it_is_the_network_built_without(
    model: nn.Sequential, image: Any, layers: tuple[str, ...]
) -> None:
    changes: dict[str, Any] = {layer: {"bias": False} for layer in layers}
    bare = build(SMALL.edited(id="bare", **changes))
    lost = {f"{layer}.bias" for layer in layers}
    bare.load_state_dict({n: x for n, x in model.state_dict().items() if n not in lost})
    found = without(model, image, "bias" if len(layers) > 1 else f"bias.{layers[0]}")
    assert_same(found["prob"], capture(bare, image)["prob"])
    assert not np.allclose(found["prob"], capture(model, image)["prob"])


def test_averaged_maps_are_flat_and_keep_their_mean(model: nn.Sequential, image: Any) -> None:
    found, intact = without(model, image, "average.pool1"), capture(model, image)
    means = intact["pool1"].mean(axis=(1, 2), keepdims=True)
    assert_same(found["pool1"], np.broadcast_to(means, intact["pool1"].shape))
    assert_same(
        found["conv2"],
        model.conv2(torch.from_numpy(found["pool1"].copy())[None])[0].numpy(),
    )


def test_shuffled_positions_are_the_same_ones_elsewhere_in_all_maps_alike(
    model: nn.Sequential, image: Any
) -> None:
    found, intact = without(model, image, "shuffle.relu1")["relu1"], capture(model, image)["relu1"]
    cells, before = found.reshape(8, -1).T, intact.reshape(8, -1).T
    assert not np.array_equal(cells, before)
    assert sorted(map(tuple, cells)) == sorted(map(tuple, before))
    assert np.array_equal(without(model, image, "shuffle.relu1")["relu1"], found)


# together ----------------------------------------------------------------------------------------


def test_several_at_once_are_done_all_in_any_order(model: nn.Sequential, image: Any) -> None:
    spelled = ["bias.conv1", "channel.conv1.2", "shuffle.conv1", "lrn.norm1", "channel.norm1.0",
               "tower.conv2.1", "channel.conv1.3"]  # fmt: skip
    found = without(model, image, *spelled)
    assert not found["conv1"][2:4].any()
    assert not found["norm1"][0].any()
    assert np.array_equal(found["norm1"][1:], found["relu1"][1:])
    assert not found["conv2"][6:].any()
    batch = torch.from_numpy(image)[None]
    plain = nn.functional.conv2d(batch, model.conv1.weight, None, stride=2)[0].numpy()
    np.testing.assert_allclose(
        np.sort(found["conv1"][0], axis=None), np.sort(plain[0], axis=None), rtol=1e-4, atol=1e-5
    )
    assert_same(without(model, image, *spelled[::-1])["prob"], found["prob"])


def test_nothing_taken_away_is_the_model(model: nn.Sequential, image: Any) -> None:
    assert np.array_equal(without(model, image)["prob"], capture(model, image)["prob"])


EVERY_KIND = ("channel.conv1.0", "tower.1", "lrn", "bias", "average.relu3", "shuffle.pool1")


def test_every_kind_has_an_example_here() -> None:
    assert {parse(spelled).kind for spelled in EVERY_KIND} == set(ABLATIONS)


@pytest.mark.parametrize("training", [False, True])
def test_the_shared_model_does_not_notice(image: Any, training: bool) -> None:
    model = lively(SMALL).train(training)
    layers = list(model.children())
    tensors = dict(model.state_dict(keep_vars=True))
    content = {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()}
    copy = ablated(model, RESULT, [parse(spelled) for spelled in EVERY_KIND])
    walk(copy, torch.from_numpy(image)[None])
    assert list(model.children()) == layers
    now = model.state_dict(keep_vars=True)
    assert all(now[name] is tensor for name, tensor in tensors.items())
    assert {name: tensor.numpy().tobytes() for name, tensor in now.items()} == content
    assert {layer.training for layer in model.modules()} == {training}
    assert {layer.training for layer in copy.modules()} == {training}
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    assert not any(getattr(layer, kind) for layer in model.modules() for kind in hooks)
    assert not any(layer is other for layer in model.modules() for other in copy.modules())


def test_eight_threads_take_different_things_away(model: nn.Sequential, image: Any) -> None:
    spelled = [*EVERY_KIND, "channel.fc4.1", "tower.0"]
    alone = [without(model, image, each)["prob"] for each in spelled]
    intact = capture(model, image)
    assert len({found.tobytes() for found in (*alone, intact["prob"])}) == 9
    start = threading.Barrier(8)

    def visit(number: int) -> bool:
        start.wait()
        return all(
            np.allclose(without(model, image, spelled[number])["prob"], alone[number])
            for _ in range(10)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(visit, range(8)))
    assert np.array_equal(capture(model, image)["prob"], intact["prob"])


class Broken(nn.Identity):
    """A layer that must not run."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        raise AssertionError("this layer was run")


def test_only_what_can_change_is_run_again(model: nn.Sequential, image: Any) -> None:
    kept = capture(model, image)
    off = [parse("channel.relu2.1"), parse("lrn.norm2")]
    guarded = lively(SMALL)
    for name in ("conv1", "relu1", "norm1", "pool1", "conv2"):
        setattr(guarded, name, Broken())
    found = recaptured(guarded, RESULT, image, kept, off)
    expected = capture(ablated(model, RESULT, off), image)
    assert list(found) == list(expected)
    for name, maps in expected.items():
        assert_same(found[name], maps)
    assert found["conv2"] is kept["conv2"]
    assert recaptured(guarded, RESULT, image, kept, [])["prob"] is kept["prob"]
    with pytest.raises(AssertionError, match="was run"):
        recaptured(guarded, RESULT, image, kept, [parse("channel.conv1.0")])
