"""Attributions against torch's own gradients and forward passes, and the shared model untouched.

captum is what is being driven, so it is no oracle here: every map is computed again by hand.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.attribution import Attribution, Stopped, Unit
from alexnet_viz.attribution.methods import BATCH, METHODS, attribute
from alexnet_viz.attribution.part import class_unit
from alexnet_viz.layers import (
    LRN,
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
    Tanh,
)
from alexnet_viz.model import build
from alexnet_viz.problem import Problem
from alexnet_viz.spec import Network
from alexnet_viz.trace import trace
from alexnet_viz.variants import VARIANTS


def small(activation: type[Layer], *last: Layer) -> Network:
    return Network(
        id="small",
        input_shape=(3, 20, 24),
        layers=(
            Conv(name="conv1", out_channels=6, kernel_size=5, stride=2),
            activation(name="act1"),
            LRN(name="norm1"),
            MaxPool(name="pool1", kernel_size=3, stride=2, rounding="ceil"),
            Conv(name="conv2", out_channels=8, kernel_size=3, padding=1, groups=2),
            BatchNorm(name="norm2"),
            activation(name="act2"),
            Flatten(name="flatten"),
            Dropout(name="drop2", scale="train"),
            Linear(name="fc3", out_features=12),
            activation(name="act3"),
            Linear(name="fc4", out_features=5),
            *last,
        ),
    )


NETWORKS = {
    "relu": small(ReLU, Softmax(name="prob")),
    "tanh": small(Tanh),
    "sigmoid": small(Sigmoid, Softmax(name="prob")),
}


def lively(network: Network, seed: int = 0) -> nn.Sequential:
    """A model whose units differ: weights a hundred times as wide as the paper's would saturate."""
    model = build(network, seed=seed)
    for name, parameter in model.named_parameters():
        if name.endswith("weight") and "norm" not in name:
            parameter.mul_(0.02 if name.startswith("conv1") else 20)
    return model


@pytest.fixture(scope="module", params=NETWORKS)
def model(request: pytest.FixtureRequest) -> nn.Sequential:
    return lively(NETWORKS[request.param])


@pytest.fixture(scope="module")
def relu() -> nn.Sequential:
    return lively(NETWORKS["relu"])


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 60, (3, 20, 24)).astype(np.float32)


UNITS = [Unit("fc4", 3), Unit("conv2", 5), Unit("conv2", 2, 1, 3), Unit("conv1", 1, 0, 9)]
each_unit = pytest.mark.parametrize("unit", UNITS, ids=str)
each_method = pytest.mark.parametrize("method", METHODS)


def value(model: nn.Sequential, unit: Unit, images: Tensor) -> Tensor:
    """The unit's value for each image, walking the layers."""
    for name, layer in model.named_children():
        images = layer(images)
        if name == unit.layer:
            break
    maps = images[:, unit.channel]
    if maps.ndim == 1:
        return maps
    return maps[:, unit.row, unit.column] if unit.row is not None else maps.mean(dim=(1, 2))


def gradient(function: Callable[[Tensor], Tensor], image: np.ndarray) -> Tensor:
    leaf = torch.tensor(image[None], requires_grad=True)
    return torch.autograd.grad(function(leaf).sum(), leaf)[0][0]


def explained(model: nn.Sequential, unit: Unit, method: str, **options: Any) -> Attribution:
    needed = {"grad_cam": {"layer": "act1"}, "occlusion": {"window": 5}}
    options = needed.get(method, {}) | options
    return attribute(model, options.pop("image", picture()), unit, method, **options)


# each method by hand -----------------------------------------------------------------------------


@each_unit
def test_saliency_is_the_largest_gradient_of_the_colours(model: nn.Sequential, unit: Unit) -> None:
    found = explained(model, unit, "saliency")
    by_hand = gradient(lambda x: value(model, unit, x), picture()).abs().amax(dim=0)
    assert by_hand.any()
    np.testing.assert_allclose(found.values, by_hand, rtol=1e-4, atol=1e-9)
    assert found.output == pytest.approx(
        float(value(model, unit, torch.tensor(picture()[None]))), rel=1e-5
    )


@each_unit
def test_integrated_gradients_are_a_path_integral(model: nn.Sequential, unit: Unit) -> None:
    """Against 2,000 points in the middle of equal steps from grey, and against the two ends."""
    found = explained(model, unit, "integrated_gradients")
    image = torch.tensor(picture())
    way = (torch.arange(2000) + 0.5) / 2000
    points = (way[:, None, None, None] * image).requires_grad_()
    (slopes,) = torch.autograd.grad(value(model, unit, points).sum(), points)
    by_hand = (slopes.mean(dim=0) * image).sum(dim=0)
    scale = float(by_hand.abs().max())
    assert scale > 0
    np.testing.assert_allclose(found.values, by_hand, atol=0.05 * scale)
    ends = [float(value(model, unit, end[None])) for end in (image, torch.zeros_like(image))]
    assert found.notes["baseline"] == pytest.approx(ends[1], rel=1e-5)
    assert found.notes["sum"] == pytest.approx(found.values.sum(), rel=1e-3, abs=1e-5)
    delta = found.values.sum(dtype=np.float64) - (ends[0] - ends[1])
    assert found.notes["delta"] == pytest.approx(delta, abs=1e-3 * scale)
    assert abs(delta) < 0.05 * np.abs(found.values).sum()


def test_the_way_through_a_linear_network_is_exact() -> None:
    layers = (Conv(name="conv1", out_channels=2, kernel_size=3), Flatten(name="flatten"),
              Linear(name="fc2", out_features=2))  # fmt: skip
    model = build(Network(id="linear", input_shape=(3, 20, 24), layers=layers))
    unit = Unit("fc2", 1)
    found = explained(model, unit, "integrated_gradients")
    slope = gradient(lambda x: value(model, unit, x), picture()).numpy()
    np.testing.assert_allclose(found.values, (slope * picture()).sum(axis=0), rtol=1e-3, atol=1e-6)
    assert found.notes["delta"] == pytest.approx(0, abs=1e-4)


class Guided(torch.autograd.Function):
    """A ReLU that lets only positive gradients back, and only where its input was positive."""

    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        context.save_for_backward(values)
        return values.clamp(min=0)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        (values,) = context.saved_tensors
        return gradients[0].clamp(min=0) * (values > 0)


@each_unit
def test_guided_backpropagation_lets_only_positive_gradients_back(
    model: nn.Sequential, unit: Unit
) -> None:
    guided = nn.Sequential()
    for name, layer in model.named_children():
        guided.add_module(name, layer)
        if isinstance(layer, nn.ReLU):
            guided[-1] = type("Once", (nn.Module,), {"forward": lambda _, x: Guided.apply(x)})()
    found = explained(model, unit, "guided_backpropagation")
    by_hand = gradient(lambda x: value(guided, unit, x), picture()).sum(dim=0)
    assert by_hand.any()
    np.testing.assert_allclose(found.values, by_hand, rtol=1e-4, atol=1e-8)
    names = [name for name, _ in model.named_children()]
    until = names.index(unit.layer) + 1
    assert found.notes["relus"] == sum(isinstance(layer, nn.ReLU) for layer in model[:until])


@each_unit
def test_occlusion_is_the_mean_fall_over_the_squares_that_cover_a_pixel(
    model: nn.Sequential, unit: Unit
) -> None:
    found = explained(model, unit, "occlusion", window=7)
    assert found.notes == {"window": 7, "stride": 3}
    image = torch.tensor(picture())
    before = value(model, unit, image[None])
    falls = np.zeros(image.shape[1:])
    covers = np.zeros(image.shape[1:])
    for top in range(0, 20 - 7 + 3, 3):
        for left in range(0, 24 - 7 + 3, 3):
            square = np.s_[top : top + 7, left : left + 7]
            covered = image.clone()
            covered[:, *square] = 0
            falls[square] += float(before - value(model, unit, covered[None]))
            covers[square] += 1
    assert falls.any()
    np.testing.assert_allclose(found.values, falls / covers, rtol=1e-3, atol=1e-5)


def test_the_occluding_square_is_an_eighth_of_the_picture(relu: nn.Sequential) -> None:
    found = explained(relu, UNITS[0], "occlusion", window=None)
    assert found.notes == {"window": 2, "stride": 1}  # 20 / 8, to the even neighbour


@pytest.mark.parametrize("layer", ["conv1", "act1", "pool1", "norm2"])
def test_grad_cam_weighs_maps_by_their_mean_gradients(model: nn.Sequential, layer: str) -> None:
    names = [name for name, _ in model.named_children()]
    until = names.index(layer) + 1
    with torch.no_grad():
        maps = model[:until](torch.tensor(picture()[None]))
    lowest = 0.0
    for unit in (Unit("fc4", channel) for channel in range(5)):
        found = explained(model, unit, "grad_cam", layer=layer)
        slopes = gradient(lambda x, unit=unit: value(model[until:], unit, x), maps[0].numpy())
        weighted = (slopes.mean(dim=(1, 2))[:, None, None] * maps[0]).sum(dim=0)
        size = {"size": (20, 24), "mode": "bilinear"}
        by_hand = functional.interpolate(weighted[None, None], **size)[0, 0]
        np.testing.assert_allclose(found.values, by_hand, rtol=1e-3, atol=1e-7)
        assert found.notes == {"rows": maps.shape[2], "columns": maps.shape[3]}
        lowest = min(lowest, float(found.values.min()))
    assert lowest < 0, "evidence against a unit stays"


# what a class is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("id", VARIANTS)
def test_a_class_is_the_unit_before_the_softmax(id: str) -> None:
    result = trace(VARIANTS[id])
    if result.failure or prod(result.rows[-1].output_shape[1:]) > 1:
        return  # it does not run, or ends in maps and has no classes
    unit = class_unit(build(VARIANTS[id], device="meta"), 7)
    behind = result.rows[list(result.by_name).index(unit.layer) + 1 :]
    assert {row.kind for row in behind} <= {"softmax", "squeeze", "flatten", "dropout"}
    assert result[unit.layer].output_shape[0] == result.rows[-1].output_shape[0]
    assert unit == Unit(unit.layer, 7)


def test_a_network_without_weights_has_no_classes() -> None:
    with pytest.raises(Problem, match=r"no layer with weights.*Choose a layer") as caught:
        class_unit(nn.Sequential(nn.Softmax(dim=1)), 0)
    assert "没有带权重的层" in caught.value.message("zh")


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


# what can be asked wrongly -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "method", "options", "en", "zh"),
    [
        (Unit("conv9", 0), "saliency", {}, r"no layer 'conv9'.*conv1, act1, .*, prob", "没有名为"),
        (Unit("fc4", 5), "saliency", {}, "fc4 has the channels 0 to 4: .* no channel 5", "0 到 4"),
        (Unit("fc4", -1), "saliency", {}, "there is no channel -1", "没有通道 -1"),
        (Unit("conv1", 0, 8, 10), "saliency", {}, "6×8×10: row 8, column 10 is no", "第 8 行"),
        (Unit("conv1", 0, 0, None), "saliency", {}, "row 0, column None", "须同时给出"),
        (Unit("fc4", 0, 0, 0), "saliency", {}, "a dense layer has neither", "全连接层没有"),
        (Unit("fc4", 0), "magic", {}, "no method 'magic'; there are: saliency,", "没有名为"),
        (Unit("fc4", 0), "occlusion", {"window": 21}, "21 pixels.*must have 1 to 20", "1 到 20"),
        (Unit("fc4", 0), "occlusion", {"window": -1}, "-1 pixels.*must have 1 to 20", "1 到 20"),
        (Unit("fc4", 0), "grad_cam", {"layer": None}, "before fc4: 'None' is not", "不在其中"),
        (Unit("fc4", 0), "grad_cam", {"layer": "fc3"}, "conv1, act1, .*, act2. Choose", "不在其中"),
        (Unit("conv2", 0), "grad_cam", {"layer": "conv2"}, "act1, norm1, pool1. ", "不在其中"),
        (Unit("conv1", 0), "grad_cam", {"layer": "conv1"}, "these are: –", "不在其中"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_explained(
    relu: nn.Sequential, unit: Unit, method: str, options: dict[str, Any], en: str, zh: str
) -> None:
    with pytest.raises(Problem, match=en) as caught:
        attribute(relu, picture(), unit, method, **options)
    assert zh in caught.value.explained("zh")
