"""Activations are captured whole, without hooks, and never mixed up between threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.model.activations import capture, channel_statistics, walk
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import LRN, Conv, Dropout, Flatten, Linear, MaxPool, ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace

SMALL = Network(
    id="small",
    input_shape=(3, 24, 24),
    layers=(
        Conv(name="conv1", out_channels=8, kernel_size=5, stride=2),
        ReLU(name="relu1"),
        LRN(name="norm1"),
        MaxPool(name="pool1", kernel_size=3, stride=2, rounding="ceil"),
        Dropout(name="drop1", scale="train"),
        Flatten(name="flatten"),
        Linear(name="fc2", out_features=5),
    ),
)


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return build(SMALL)


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 60, (3, 24, 24)).astype(np.float32)


def test_every_layer_is_there_with_the_shape_of_the_trace(model: nn.Sequential) -> None:
    kept = capture(model, picture(0))
    shapes = {name: maps.shape for name, maps in kept.items()}
    assert shapes == {row.name: row.output_shape for row in trace(SMALL).rows}
    assert {maps.dtype for maps in kept.values()} == {np.dtype(np.float32)}


def test_the_last_layer_is_what_the_model_answers(model: nn.Sequential) -> None:
    answer = model(torch.from_numpy(picture(0))[None])[0].numpy()
    assert np.array_equal(capture(model, picture(0))["fc2"], answer)


def test_a_batch_keeps_its_first_axis(model: nn.Sequential) -> None:
    batch = np.stack([picture(0), picture(1)])
    kept = capture(model, batch)
    assert kept["conv1"].shape == (2, 8, 10, 10)
    np.testing.assert_allclose(
        kept["relu1"][1], capture(model, picture(1))["relu1"], rtol=1e-4, atol=1e-5
    )


def test_relu_does_not_overwrite_the_map_before_it(model: nn.Sequential) -> None:
    kept = capture(model, picture(0))
    assert kept["conv1"].min() < 0
    assert np.array_equal(kept["relu1"], np.maximum(kept["conv1"], 0))


def test_captures_are_read_only_and_leave_the_image_alone(model: nn.Sequential) -> None:
    image = picture(0)
    image.setflags(write=False)
    kept = capture(model, image)
    assert not any(maps.flags.writeable for maps in kept.values())
    assert not any(np.shares_memory(maps, image) for maps in kept.values())
    with pytest.raises(ValueError, match="read-only"):
        kept["conv1"][:] = 0


def test_eight_threads_never_mix(model: nn.Sequential) -> None:
    alone = {seed: capture(model, picture(seed)) for seed in range(8)}
    start = threading.Barrier(8)

    def visit(seed: int) -> int:
        start.wait()
        wrong = 0
        for _ in range(10):
            kept = capture(model, picture(seed))
            wrong += any(not np.allclose(kept[name], maps) for name, maps in alone[seed].items())
            wrong += hooks(model)  # while the others run
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(visit, range(8))) == [0] * 8


def hooks(model: nn.Sequential) -> int:
    return sum(
        len(layer._forward_hooks) + len(layer._forward_pre_hooks) + len(layer._backward_hooks)
        for layer in model.modules()
    )


class Watch(nn.Identity):
    """A layer that notes how many hooks its model has while it runs, and breaks down if asked."""

    def __init__(self, model: nn.Sequential, *, breaks: bool) -> None:
        super().__init__()
        self.watched = [model]  # in a list: not a child
        self.breaks = breaks
        self.seen: list[int] = []

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        self.seen.append(hooks(self.watched[0]))
        if self.breaks:
            raise RuntimeError("broken layer")
        return input


@pytest.mark.parametrize("training", [False, True])
def test_a_capture_changes_nothing_in_the_model(training: bool) -> None:
    model = build(SMALL)
    watch = Watch(model, breaks=False)
    model.add_module("watch", watch)
    model.train(training)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    capture(model, picture(0))
    watch.breaks = True
    with pytest.raises(RuntimeError, match="broken layer"):
        capture(model, picture(0))
    assert watch.seen == [0, 0]
    assert hooks(model) == 0
    assert {layer.training for layer in model.modules()} == {training}
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


def test_no_graph_is_recorded_even_in_a_thread_with_gradients(model: nn.Sequential) -> None:
    with torch.enable_grad():
        kept = walk(model, torch.ones(1, 3, 24, 24, requires_grad=True))
    assert not any(maps.requires_grad for maps in kept.values())


def test_statistics_are_those_of_each_map() -> None:
    maps = np.array([[[0, 0], [2, 4]], [[-1, -1], [-1, -1]]], dtype=np.float32)
    found = channel_statistics(maps)
    assert found.mean.tolist() == [1.5, -1]
    assert found.maximum.tolist() == [4, -1]
    assert found.minimum.tolist() == [0, -1]
    assert found.deviation.tolist() == pytest.approx([np.sqrt(11) / 2, 0])
    assert found.zeros.tolist() == [0.5, 0]


def test_a_dense_layer_has_one_unit_a_channel() -> None:
    found = channel_statistics(np.array([0, 3], dtype=np.float32))
    assert found.mean.tolist() == [0, 3]
    assert found.zeros.tolist() == [1, 0]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_a_model_in_half_precision_is_read_in_its_own_type(dtype: torch.dtype) -> None:
    """The arrays are float32 with channels first whatever the model's numbers are."""
    half = build(SMALL).to(dtype).to(memory_format=torch.channels_last)
    kept, wanted = capture(half, picture(0)), capture(build(SMALL), picture(0))
    for name, maps in kept.items():
        assert maps.dtype == np.float32
        assert maps.flags.c_contiguous
        assert not maps.flags.writeable
        largest = np.abs(wanted[name]).max()
        assert 0 < np.abs(maps - wanted[name]).max() < 8 * torch.finfo(dtype).eps * largest, name
