"""What drawn predictions are compared with, against oracles of their own."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from alexnet_viz.pictures.preprocessing import CHANNEL_MEANS, cropped
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.teaching.course import course
from alexnet_viz.teaching.differences import in_words
from alexnet_viz.teaching.drawn_truth import CLOSE, TRUTHS, Drawn
from alexnet_viz.teaching.lesson import Prediction
from alexnet_viz.text import Text
from tests.spoken import ROOT

TENSORS = load_file(ROOT / "alexnet_viz" / "weights" / "drawings.safetensors")
RELUS = ["relu1", "relu2", "relu3", "relu4", "relu5"]


def found(name: str, network: str = "alexnet_2012_227", high: float = 100, **args: Any) -> Drawn:
    lesson = course().lessons["output-size"]
    asked = Prediction("curve", Text("", ""), high=high)
    return TRUTHS[name](replace(lesson, network=network, prediction=asked), args, "en")


def convolved(x: torch.Tensor, layer: str, groups: int = 1, **how: Any) -> torch.Tensor:
    weight, bias = (TENSORS[f"{layer}.{each}"].float() for each in ("weight", "bias"))
    return torch.relu(torch.conv2d(x, weight, bias, groups=groups, **how))


@pytest.fixture(scope="module")
def relus() -> dict[str, torch.Tensor]:
    """The rectified maps of the shapes, by torch alone."""
    pixels = torch.tensor(cropped(SAMPLES["shapes"].load(), 227)).float()
    x = (pixels - torch.tensor(CHANNEL_MEANS)).permute(2, 0, 1)[None]
    kept = {}
    for number, (groups, how) in enumerate(
        ((1, {"stride": 4}), (2, {"padding": 2}), (1, {"padding": 1}), (2, {"padding": 1}),
         (2, {"padding": 1})), 1,
    ):  # fmt: skip
        x = kept[f"relu{number}"] = convolved(x, f"conv{number}", groups, **how)
        if number < 3:
            half = x.shape[1] // 2  # LRN stays within a tower; torch divides alpha by the size
            norm = torch.nn.LocalResponseNorm(5, 5e-4, 0.75, 2.0)
            x = torch.cat([norm(x[:, :half]), norm(x[:, half:])], dim=1)
            x = torch.max_pool2d(x, 3, 2)
    return {name: each[0] for name, each in kept.items()}


def test_the_share_of_zeros_is_counted(relus: dict[str, torch.Tensor]) -> None:
    drawn = found("zeros_curve", sample="shapes", layers=RELUS)
    counted = [100 * float((relus[name] == 0).float().mean()) for name in RELUS]
    assert drawn.truth == pytest.approx(counted, abs=0.1)
    assert drawn.labels == tuple(RELUS)


@pytest.mark.parametrize("channel", [0, 60])
def test_painted_is_where_a_kernel_answers(relus: dict[str, torch.Tensor], channel: int) -> None:
    drawn = found("answers_paint", sample="shapes", layer="relu1", channel=channel, side=7)
    values = relus["relu1"][channel].numpy()
    best = np.zeros((7, 7))
    for row, column in np.ndindex(55, 55):
        # the window of 11 begins at 4 times the place: its middle is 5 pixels further
        place = (4 * row + 5) * 7 // 227, (4 * column + 5) * 7 // 227
        best[place] = max(best[place], values[row, column])
    assert drawn.truth == pytest.approx((100 * best / best.max()).ravel(), abs=0.51)
    assert max(drawn.truth) == 100
    assert drawn.under
    assert Image.open(BytesIO(drawn.under)).size == (227, 227)
    assert drawn.pictures == found("tower_sort", kernels=[channel]).pictures
    assert not found("answers_paint", sample="shapes", layer="relu2", channel=0, side=7).pictures


@pytest.mark.parametrize(
    ("network", "alpha"), [("alexnet_2012_227", 5e-4), ("caffe_bvlc_alexnet", 1e-4)]
)
@pytest.mark.parametrize("alike", [1, 3, 5])
def test_the_curve_of_lrn_is_that_of_torch(network: str, alpha: float, alike: int) -> None:
    loud = [0, 10, 50, 89, 100, 200]
    drawn = found("lrn_curve", network, layer="norm1", loud=loud, alike=alike, others=3)
    k = 2.0 if network == "alexnet_2012_227" else 1.0
    norm = torch.nn.LocalResponseNorm(5, alpha, 0.75, k)
    for x, y in zip(loud, drawn.truth, strict=True):
        window = torch.full((1, 5, 1, 1), 3.0)
        window[0, 2 - alike // 2 : 3 + alike // 2] = x
        assert y == pytest.approx(float(norm(window)[0, 2, 0, 0]), abs=0.0051)


def test_more_in_is_less_out() -> None:
    drawn = found("lrn_curve", layer="norm1", loud=[50, 89, 100, 200], alike=5)
    assert drawn.truth[1] == max(drawn.truth)
    assert drawn.truth[1:3] == pytest.approx((23.3, 23.24), abs=0.05)


def test_a_kernel_is_in_the_tower_whose_conv2_reads_it() -> None:
    kernels = list(range(0, 96, 5))
    drawn = found("tower_sort", kernels=kernels)
    weight = TENSORS["conv2.weight"].float()
    for kernel, tower in zip(kernels, drawn.truth, strict=True):
        one = torch.zeros(1, 96, 5, 5)
        one[0, kernel] = 1
        # the maps of conv2 that answer to this one alone
        reached = torch.conv2d(one, weight, groups=2)[0].abs().sum(dim=(1, 2)) > 0
        assert reached[:128].any() == (tower == 0)
        assert reached[128:].any() == (tower == 1)


def test_a_kernel_is_drawn_in_its_colours() -> None:
    drawn = found("tower_sort", kernels=[7, 70])
    for kernel, png in zip((7, 70), drawn.pictures, strict=True):
        pixels = np.asarray(Image.open(BytesIO(png)), float)
        weights = TENSORS["conv1.weight"][kernel].float().numpy().transpose(1, 2, 0)
        assert pixels.shape == (88, 88, 3)
        shown = pixels[4::8, 4::8] / 127.5 - 1
        assert shown == pytest.approx(weights / abs(weights).max(), abs=0.01)


def test_the_truths_fit_their_controls_and_are_not_the_start() -> None:
    for drawn in (
        found("zeros_curve", sample="cat", layers=RELUS),
        found("answers_paint", sample="cat", layer="relu1", channel=5, side=7),
        found("lrn_curve", high=50, layer="norm1", loud=[0, 50, 100, 150], alike=5),
        found("tower_sort", kernels=[1, 2, 50, 60]),
        found("field_box", layer="pool5", row=2, column=2, sample="cat"),
    ):
        text = drawn.control.write(drawn.truth)
        assert drawn.control.parse(text) == pytest.approx(drawn.truth)
        assert in_words(drawn.control, drawn.truth, drawn.truth).score == 1
        assert in_words(drawn.control, drawn.control.default, drawn.truth).score < CLOSE
