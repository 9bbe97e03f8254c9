"""Attributions against torch's own gradients and forward passes.

captum is what is being driven, so it is no oracle here: every map is computed again by hand.
"""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.interpretability.attribution import Unit, class_layer
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import Conv, Flatten, Linear, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.explained import NETWORKS, UNITS, explained, lively, picture

each_unit = pytest.mark.parametrize("unit", UNITS, ids=str)


@pytest.fixture(scope="module", params=NETWORKS)
def model(request: pytest.FixtureRequest) -> nn.Sequential:
    return lively(NETWORKS[request.param])


@pytest.fixture(scope="module")
def relu() -> nn.Sequential:
    return lively(NETWORKS["relu"])


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


def test_a_class_is_the_unit_before_the_softmax(subtests: pytest.Subtests) -> None:
    for id in VARIANTS:
        with subtests.test(id=id):
            result = trace(VARIANTS[id])
            layer = class_layer(result)
            if result.failure or prod(result.rows[-1].output_shape[1:]) > 1:
                assert layer == ""  # it does not run, or ends in maps and has no classes
                continue
            behind = result.rows[list(result.by_name).index(layer) + 1 :]
            assert {row.kind for row in behind} <= {"softmax", "squeeze", "flatten", "dropout"}
            assert result[layer].output_shape[0] == result.rows[-1].output_shape[0]


def test_a_network_without_weights_has_no_classes() -> None:
    prob = Network(id="prob", input_shape=(4,), layers=(Softmax(name="prob"),))
    assert class_layer(trace(prob)) == ""


# what can be asked wrongly -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "method", "options", "en", "zh"),
    [
        (Unit("conv9", 0), "saliency", {}, r"no layer 'conv9'.*conv1, act1, .*, prob", "没有名为"),
        (Unit("fc4", 5), "saliency", {}, "fc4 has the channels 0 to 4: .* no channel 5", "0 到 4"),
        (Unit("fc4", -1), "saliency", {}, "there is no channel -1", "没有通道 -1"),
        (Unit("conv1", 0, 8, 10), "saliency", {}, "6×8×10: it has no cell at row 8", "第 8 行"),
        (Unit("conv1", 0, 0, None), "saliency", {}, "row 0, column None", "须同时给出"),
        (Unit("fc4", 0, 0, 0), "saliency", {}, "a dense layer has neither", "全连接层没有"),
        (Unit("fc4", 0), "magic", {}, "no method 'magic'; there are: saliency,", "没有名为"),
        (Unit("fc4", 0), "occlusion", {"window": 21}, "21 pixels.*side must be 1 to 20", "1 到 20"),
        (Unit("fc4", 0), "occlusion", {"window": -1}, "-1 pixels.*side must be 1 to 20", "1 到 20"),
        (Unit("fc4", 0), "grad_cam", {"layer": None}, "before fc4: 'None' is not", "不在其中"),
        (Unit("fc4", 0), "grad_cam", {"layer": "fc3"}, "conv1, act1, .*, act2. Choose", "不在其中"),
        (Unit("conv2", 0), "grad_cam", {"layer": "conv2"}, "act1, norm1, pool1. ", "不在其中"),
        (Unit("conv1", 0), "grad_cam", {"layer": "conv1"}, "before conv1.* none", "没有这样的层"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_explained(
    relu: nn.Sequential, unit: Unit, method: str, options: dict[str, Any], en: str, zh: str
) -> None:
    with pytest.raises(Problem, match=en) as caught:
        attribute(relu, picture(), unit, method, **options)
    assert zh in caught.value.explained("zh")
