"""Explaining leaves the shared model alone, can be watched and stopped, and mixes no threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.interpretability.attribution import METHODS, Unit
from alexnet_viz.interpretability.attribution.methods import BATCH
from alexnet_viz.jobs import Stopped
from tests.explained import NETWORKS, UNITS, each_method, explained, lively, picture

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def relu() -> nn.Sequential:
    return lively(NETWORKS["relu"])


# the shared model --------------------------------------------------------------------------------


def hooks(model: nn.Module) -> int:
    return sum(
        len(kept)
        for layer in model.modules()
        for name, kept in vars(layer).items()
        if name.endswith("_hooks")
    )


def state(model: nn.Sequential) -> tuple[object, ...]:
    return (
        hooks(model),
        {layer.training for layer in model.modules()},
        [parameter.requires_grad for parameter in model.parameters()],
        [parameter.grad for parameter in model.parameters()],
        [tensor.data_ptr() for tensor in model.state_dict().values()],
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
    )


@pytest.mark.parametrize("training", [False, True])
@each_method
def test_the_shared_model_is_left_alone(method: str, training: bool) -> None:
    model = lively(NETWORKS["relu"])
    model.train(training)
    numbers = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    before = state(model)
    during = []

    def progress(share: float) -> None:
        during.append(state(model)[:5] == before[:5])
        if broken:
            raise RuntimeError("broken")

    broken = False
    explained(model, UNITS[0], method, progress=progress)
    assert len(during) >= 2
    assert state(model) == before
    broken = True
    with pytest.raises(RuntimeError, match="broken"):
        explained(model, UNITS[0], method, progress=progress)
    assert all(during)
    assert state(model) == before
    assert all(torch.equal(tensor, numbers[name]) for name, tensor in model.state_dict().items())


@each_method
def test_eight_threads_never_mix(relu: nn.Sequential, method: str) -> None:
    units = [Unit("fc4", seed % 5) for seed in range(8)]

    def run(seed: int) -> np.ndarray:
        return explained(relu, units[seed], method, image=picture(seed)).values

    alone = [run(seed) for seed in range(8)]
    start = threading.Barrier(8)

    def visit(seed: int) -> int:
        start.wait()
        return sum(not np.allclose(run(seed), alone[seed], atol=1e-6) for _ in range(3))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(visit, range(8))) == [0] * 8


@each_method
def test_it_runs_in_a_thread_without_gradients(relu: nn.Sequential, method: str) -> None:
    expected = explained(relu, UNITS[0], method).values
    with torch.inference_mode():
        np.testing.assert_allclose(explained(relu, UNITS[0], method).values, expected, atol=1e-6)


@each_method
def test_a_model_in_half_precision_is_explained_in_full(method: str) -> None:
    """As the model of the same rounded numbers is; gradients would drown in half precision."""
    half = lively(NETWORKS["relu"]).to(torch.bfloat16)
    rounded = lively(NETWORKS["relu"]).to(torch.bfloat16).float()
    found, expected = (explained(model, UNITS[0], method) for model in (half, rounded))
    np.testing.assert_allclose(found.values, expected.values, rtol=1e-4, atol=1e-7)
    assert {parameter.dtype for parameter in half.parameters()} == {torch.bfloat16}


# long methods ------------------------------------------------------------------------------------


@each_method
def test_progress_rises_to_the_end_in_small_batches(relu: nn.Sequential, method: str) -> None:
    shares: list[float] = []
    found = explained(relu, UNITS[0], method, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert found.seconds > 0
    if METHODS[method].long:
        rises = np.diff(shares)
        assert rises.max() <= (BATCH + 1) / 50  # both run more than 50 images
        assert len(set(shares)) == len(shares)


@each_method
def test_a_stop_ends_the_run_between_two_batches(relu: nn.Sequential, method: str) -> None:
    asked = 0
    last = 3 if METHODS[method].long else 1

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked >= last

    with pytest.raises(Stopped):
        explained(relu, UNITS[0], method, stop=stop)
    assert asked == last
    assert explained(relu, UNITS[0], method, stop=lambda: False).values.any()


def test_a_map_is_read_only_and_the_image_is_left_alone(relu: nn.Sequential) -> None:
    image = picture()
    image.setflags(write=False)
    for method in METHODS:
        found = explained(relu, UNITS[0], method, image=image)
        assert found.values.shape == (20, 24)
        assert found.values.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            found.values[0, 0] = 1
        assert METHODS[method].signed == bool((found.values < 0).any())
    assert np.array_equal(image, picture())
