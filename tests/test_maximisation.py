"""The ascent against what can be known beforehand: kernels, random pictures, autograd's pixels."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.interpretability.activation_maximisation import CONTRAST, Patch, maximise, patch
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import (
    LRN,
    BatchNorm,
    Conv,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Sigmoid,
    Softmax,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.pictures.preprocessing import PAPER, Preprocessing, normalised
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS

NETWORK = Network(
    id="small",
    input_shape=(3, 48, 48),
    layers=(
        Conv(name="conv1", out_channels=8, kernel_size=7, stride=2, rounding="floor"),
        ReLU(name="relu1"),
        LRN(name="norm1"),
        MaxPool(name="pool1", kernel_size=3, stride=2, rounding="ceil"),
        Conv(name="conv2", out_channels=8, kernel_size=3, padding=1),
        BatchNorm(name="norm2"),
        ReLU(name="relu2"),
        Flatten(name="flatten"),
        Linear(name="fc3", out_features=16),
        Sigmoid(name="act3"),
        Linear(name="fc4", out_features=5),
        Softmax(name="prob"),
    ),
)
RESULT = trace(NETWORK)


def lively(network: Network) -> nn.Sequential:
    model = build(network, seed=1)
    for name, layer in model.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.weight.mul_(1 if name == "conv1" else 10)
            layer.bias.zero_()
    return model


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return lively(NETWORK)


def value_of(model: nn.Sequential, where: Patch, channel: int, pixels: np.ndarray) -> float:
    """The unit's value for a picture (side, side, 3), walking the layers."""
    maps = torch.from_numpy(normalised(pixels))[None]
    for name, layer in model.named_children():
        maps = layer(maps)
        if name == where.layer:
            break
    return float(maps[0, channel][where.cell] if where.cell else maps[0, channel])


LAYERS = ["conv1", "relu1", "pool1", "conv2", "norm2", "relu2", "fc3", "prob"]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_last_picture_excites_more_than_any_noise_of_its_contrast(
    model: nn.Sequential, layer: str
) -> None:
    where = patch(RESULT, layer)
    frames = list(maximise(model, RESULT, layer, 2, steps=12))
    assert [frame.step for frame in frames] == list(range(13))
    first, last = frames[0], frames[-1]
    assert last.picture.shape == (where.side, where.side, 3)
    assert last.picture.dtype == np.uint8
    assert abs(int(first.picture.mean()) - 128) < 4
    assert 1 < first.picture.std() < 10
    again = value_of(model, where, 2, last.picture)
    assert last.value == pytest.approx(again, rel=0.02, abs=0.02 * abs(last.value - first.value))
    rng = np.random.default_rng(0)
    noises = (127.5 + 255 * CONTRAST * rng.normal(size=(50, *last.picture.shape))).clip(0, 255)
    assert last.value > max(value_of(model, where, 2, each) for each in noises)


def test_the_picture_of_a_convolution_is_its_kernel() -> None:
    """Of all pictures of one norm a linear unit answers most to the one that is its kernel."""
    model = lively(NETWORK)
    down, across = np.mgrid[:7, :7] / 3 - 1
    kernel = np.stack([across, -across, down]).astype(np.float32)
    model.conv1.weight[4] = torch.from_numpy(kernel)
    *_, last = maximise(model, RESULT, "conv1", 4)
    picture = last.picture.astype(float).transpose(2, 0, 1) - 127.5
    assert np.corrcoef(picture.ravel(), kernel.ravel())[0, 1] > 0.95


def test_contrast_is_held() -> None:
    for frame in maximise(lively(NETWORK), RESULT, "conv1", 0, steps=20, jitter=0):
        away = frame.picture / 255 - 0.5
        assert np.sqrt((away**2).mean()) < CONTRAST + 0.01


# what is excited, in how large a picture --------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "excited", "side", "cell"),
    [
        ("conv1", "conv1", 7, (0, 0)),
        ("relu1", "conv1", 7, (0, 0)),
        ("pool1", "conv1", 7, (0, 0)),  # through LRN and ReLU
        ("conv2", "conv2", 19, (1, 1)),  # cell 1 is the first that sees no padding
        ("relu2", "norm2", 19, (1, 1)),  # a BatchNorm may turn the sign round
        ("flatten", "flatten", 48, None),
        ("fc3", "fc3", 48, None),
        ("act3", "fc3", 48, None),
        ("prob", "fc4", 48, None),
    ],
)
def test_what_hands_a_channel_on_is_left_out(
    layer: str, excited: str, side: int, cell: tuple[int, int] | None
) -> None:
    assert patch(RESULT, layer) == Patch(excited, side, cell)


def test_the_excited_cell_sees_all_of_its_picture_and_no_padding(subtests: pytest.Subtests) -> None:
    """Against the trace of the small picture itself."""
    for id in VARIANTS:
        with subtests.test(id=id):
            result = trace(VARIANTS[id])
            for number, row in enumerate(result.rows):
                where = patch(result, row.name)
                if where.cell is None or where.layer != row.name:
                    continue
                layers = VARIANTS[id].layers[: number + 1]
                small = trace(replace(VARIANTS[id], layers=layers), where.side).rows[-1]
                assert where.side <= result.input_shape[1]
                assert small.receptive_field
                for field, at, cells in zip(
                    small.receptive_field, where.cell, small.output_shape[1:], strict=True
                ):
                    assert 0 <= at < cells
                    if where.side < result.input_shape[1]:
                        pixels = field.pixels(at)
                        assert pixels.start >= -field.effective_stride, row.name
                        assert pixels.stop <= where.side + field.effective_stride, row.name
                        assert len(pixels) >= where.side - 2 * field.effective_stride, row.name


def test_autograd_finds_the_whole_picture_under_the_cell(model: nn.Sequential) -> None:
    for layer in ("conv1", "conv2"):
        where = patch(RESULT, layer)
        leaf = torch.rand(1, 3, where.side, where.side, requires_grad=True)
        until = [name for name, _ in model.named_children()].index(layer) + 1
        smooth = nn.Sequential(  # every cell of a pool counts, no ReLU hides one
            *(
                nn.AvgPool2d(3, 2, ceil_mode=True) if isinstance(each, nn.MaxPool2d) else each
                for each in model[:until]
                if not isinstance(each, nn.ReLU)
            )
        )
        (gradient,) = torch.autograd.grad(smooth(leaf)[0, 0][where.cell], leaf)
        seen = gradient[0].abs().sum(dim=0) > 0
        assert seen.all()


# frames are a function of the seed and leave everything alone -------------------------------------


def test_a_seed_is_a_picture(model: nn.Sequential) -> None:
    def last(seed: int) -> np.ndarray:
        *_, frame = maximise(model, RESULT, "conv2", 1, seed=seed, steps=4)
        return frame.picture

    assert np.array_equal(last(1), last(1))
    assert not np.array_equal(last(1), last(2))


def test_two_ascents_at_once_do_not_mix(model: nn.Sequential) -> None:
    def ascent(channel: int) -> Any:
        return maximise(model, RESULT, "conv2", channel, steps=4)

    alone = [[frame.value for frame in ascent(channel)] for channel in (0, 5)]
    together = [(a.value, b.value) for a, b in zip(ascent(0), ascent(5), strict=True)]
    assert together == list(zip(*alone, strict=True))


@pytest.mark.parametrize("mode", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_the_model_and_the_thread_are_left_alone_between_frames(mode: Callable[[], Any]) -> None:
    model = lively(NETWORK)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with mode():
        modes = torch.is_grad_enabled(), torch.is_inference_mode_enabled()
        frames = maximise(model, RESULT, "prob", 0, steps=3)
        for frame in islice(frames, 2):
            assert np.isfinite(frame.value)
            assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == modes
        frames.close()  # stopped midway
        assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == modes
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not any(layer.training for layer in model.modules())
    for parameter in model.parameters():
        assert not parameter.requires_grad
        assert parameter.grad is None


def test_no_steps_give_the_noise(model: nn.Sequential) -> None:
    (only,) = maximise(model, RESULT, "conv1", 0, steps=0)
    assert only.step == 0
    assert only.value == pytest.approx(
        value_of(model, patch(RESULT, "conv1"), 0, only.picture), abs=1
    )


def test_a_silent_unit_is_searched_for_and_stays_finite() -> None:
    model = lively(NETWORK)
    model.norm2.bias.fill_(-1e6)
    frames = list(maximise(model, RESULT, "flatten", 7, steps=6))
    assert {frame.value for frame in frames} == {0.0}
    assert frames[-1].picture.std() > frames[0].picture.std()
    assert not np.array_equal(frames[-1].picture, frames[-2].picture)


# pictures are pixels, whatever the network reads --------------------------------------------------

HALVES = Preprocessing(scale=1 / 255, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.25))


@pytest.mark.parametrize(
    ("how", "colour"),
    [
        (PAPER, 0),
        (HALVES, 0),
        (Preprocessing(bgr=True), 2),
        (Preprocessing(std=(-1.0, 1.0, 1.0)), None),
    ],
)
def test_the_picture_is_turned_back_into_pixels(how: Preprocessing, colour: int | None) -> None:
    """A unit that adds up the first colour it reads: red, or blue; black where signs are turned."""
    model = lively(NETWORK)
    model.conv1.weight[0] = 0
    model.conv1.weight[0, 0] = 1
    *_, last = maximise(model, RESULT, "conv1", 0, how=how, steps=10)
    away = last.picture.mean(axis=(0, 1)) - 127.5
    assert np.argmax(np.abs(away)) == (colour or 0)
    assert (away[colour or 0] > 60) == (colour is not None)
    # the value is the network's for this picture
    seen = torch.from_numpy(normalised(last.picture, 3, how))[None]
    assert last.value == pytest.approx(float(model.conv1(seen)[0, 0, 0, 0]), rel=0.02, abs=1)


def test_a_network_that_reads_grey_gets_a_grey_picture() -> None:
    grey = Network(id="grey", input_shape=(1, 20, 20), layers=NETWORK.layers[:2])
    *_, last = maximise(lively(grey), trace(grey), "conv1", 0, steps=3)
    assert last.picture.shape == (7, 7, 3)
    assert (last.picture == last.picture[..., :1]).all()


def test_what_cannot_be_excited_is_explained(model: nn.Sequential) -> None:
    five = Network(id="five", input_shape=(5, 20, 20), layers=NETWORK.layers[:2])
    asked: list[tuple[Trace, nn.Sequential, str, int, str]] = [
        (RESULT, model, "conv9", 0, "no layer 'conv9'"),
        (RESULT, model, "conv1", 8, "conv1 has the channels 0 to 7: there is no channel 8"),
        (RESULT, model, "prob", 5, "fc4 has the channels 0 to 4"),
        (trace(five), lively(five), "conv1", 0, "5"),
    ]
    for result, network, layer, channel, words in asked:
        with pytest.raises(Problem, match=words):
            next(maximise(network, result, layer, channel))
