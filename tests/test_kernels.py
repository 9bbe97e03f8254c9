"""Kernels are what the model multiplies by; the two selectivities mean what they say."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn

from alexnet_viz.interpretability.kernels import (
    MEASURES,
    batch_norm,
    bias,
    colour_selectivity,
    kernel,
    kernels,
    orientation_selectivity,
    uniformity,
)

CONV = nn.Conv2d(6, 8, (3, 5), groups=2)
DENSE = nn.Linear(7, 4)
COORDINATES = np.mgrid[-5:6, -5:6].astype(float)
ENVELOPE = np.exp(-(COORDINATES**2).sum(axis=0) / 8)


def gabor(degrees: float, wavelength: float = 4.0) -> np.ndarray:
    """A grating of one direction under a Gaussian, (11, 11)."""
    turned = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    phase = turned[0] * COORDINATES[1] + turned[1] * COORDINATES[0]
    return ENVELOPE * np.cos(2 * np.pi * phase / wavelength)


def coloured(plane: np.ndarray, *colour: float) -> np.ndarray:
    return np.array(colour)[:, None, None] * plane


def test_a_convolution_s_kernels_are_its_weights() -> None:
    assert kernels(CONV).shape == (8, 3, 3, 5)
    assert np.array_equal(kernels(CONV), CONV.weight.detach().numpy())
    assert np.array_equal(kernel(CONV, 5), CONV.weight[5].detach().numpy())
    assert bias(CONV, 5) == CONV.bias[5].item()


def test_a_dense_unit_s_kernel_is_a_row_of_single_cells() -> None:
    assert kernels(DENSE).shape == (4, 7, 1, 1)
    assert np.array_equal(kernel(DENSE, 2)[:, 0, 0], DENSE.weight[2].detach().numpy())


def test_a_layer_without_biases_adds_nothing() -> None:
    assert bias(nn.Conv2d(1, 1, 1, bias=False), 0) == 0.0


@pytest.mark.parametrize("take", [kernels, lambda layer: kernel(layer, 0)])
def test_a_layer_without_kernels_is_refused(take) -> None:
    with pytest.raises(TypeError, match="MaxPool2d has no kernels"):
        take(nn.MaxPool2d(2))


@pytest.mark.parametrize("channel", [0, 2])
def test_batch_norm_s_numbers_are_torch_s_own(channel: int) -> None:
    norm = nn.BatchNorm2d(3)
    for tensor in (norm.running_mean, norm.running_var, norm.weight.data, norm.bias.data):
        tensor.uniform_(0.5, 2)
    found = batch_norm(norm, channel)
    values = torch.full((1, 3, 1, 1), 1.7)
    expected = norm.eval()(values)[0, channel, 0, 0].item()
    assert expected == pytest.approx(
        found["gamma"] * (1.7 - found["mean"]) / (found["variance"] + norm.eps) ** 0.5
        + found["beta"]
    )


@pytest.mark.parametrize("layer", [CONV, nn.BatchNorm2d(3, track_running_stats=False)])
def test_a_layer_without_statistics_is_refused(layer: nn.Module) -> None:
    with pytest.raises(TypeError, match="keeps no mean and variance"):
        batch_norm(layer, 0)


def test_nobody_writes_into_the_model() -> None:
    before = CONV.weight.detach().clone()
    kernel(CONV, 0)[:] = 7
    kernels(CONV)[:] = 7
    assert torch.equal(CONV.weight, before)


@pytest.mark.parametrize(
    ("colour", "share"),
    [
        ((1, 1, 1), 0),
        ((1, -1, 0), 1),
        ((1, 1, -2), 1),
        ((1, 0, 0), 2 / 3),  # red alone: a third of (1, 0, 0) lies along grey
        ((1, 1, 0), 1 / 3),
    ],
)
def test_colour_is_what_lies_across_grey(colour: tuple[int, ...], share: float) -> None:
    one = coloured(gabor(30), *colour)[None]
    assert colour_selectivity(one)[0] == pytest.approx(share, abs=1e-12)


KERNELS = arrays(np.float64, (2, 3, 4, 4), elements=st.floats(-9, 9, width=32))


@given(KERNELS)
def test_what_colour_leaves_is_what_a_grey_picture_can_reach(weights: np.ndarray) -> None:
    """1 - c is the energy of the best kernel for grey pictures: the one torch sums over colours."""
    batch = torch.from_numpy(weights)
    grey = batch.sum(1, keepdim=True) / 3**0.5  # coordinate along (1, 1, 1)/√3
    for found, one, along in zip(colour_selectivity(weights), batch, grey, strict=True):
        energy = one.square().sum().item()
        expected = 1 - along.square().sum().item() / energy if energy else 0
        assert found == pytest.approx(expected, abs=1e-9)
        assert 0 <= found <= 1 + 1e-12


def test_a_kernel_of_colour_alone_is_blind_to_grey() -> None:
    one = torch.from_numpy(coloured(gabor(0), 2, -1, -1))[None]
    grey = torch.rand(1, 1, 20, 20, dtype=one.dtype).expand(1, 3, 20, 20)
    assert colour_selectivity(one.numpy())[0] == pytest.approx(1)
    assert nn.functional.conv2d(grey, one).abs().max() < 1e-9


@given(KERNELS, st.sampled_from([-2.0, 0.5, 8.0]))
def test_neither_size_nor_the_order_of_the_channels_matters(
    weights: np.ndarray, scale: float
) -> None:
    for measure in MEASURES.values():
        expected = measure(weights)
        assert measure(scale * weights) == pytest.approx(expected, abs=1e-6)
        assert measure(weights[:, ::-1]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 120])
def test_a_grating_prefers_a_direction_whichever_it_is(degrees: float) -> None:
    assert orientation_selectivity(coloured(gabor(degrees), 1, 1, 1)[None])[0] > 0.85


def test_a_blob_and_a_cross_prefer_none() -> None:
    blob, cross = ENVELOPE, gabor(20) + gabor(110)
    found = orientation_selectivity(np.stack([coloured(x, 1, 1, 1) for x in (blob, cross)]))
    assert found.max() < 0.05


def test_a_kernel_s_mean_has_no_direction() -> None:
    plain = coloured(gabor(20), 1, 1, 1)[None]
    expected = orientation_selectivity(plain)
    assert orientation_selectivity(plain + 0.5) == pytest.approx(expected)


def test_orientation_is_that_of_the_grey_part() -> None:
    """Stripes of pure colour have no grey part that could have a direction."""
    assert orientation_selectivity(coloured(gabor(0), 1, -1, 0)[None])[0] == 0


@given(KERNELS)
def test_uniformity_is_the_share_that_the_best_patch_reaches(weights: np.ndarray) -> None:
    """Of all patches of one colour, the one of the channels' sums answers the loudest."""
    batch = torch.from_numpy(weights)
    for found, one in zip(uniformity(weights), batch, strict=True):
        sums = nn.functional.conv2d(one[:, None], torch.ones(1, 1, 4, 4, dtype=one.dtype))
        patch = sums.view(3, 1, 1).expand(3, 4, 4)
        loudest = (patch * one).sum().square() / (patch.square().sum() * one.square().sum())
        assert found == pytest.approx(loudest.nan_to_num().item(), abs=1e-9)


def test_a_kernel_of_zeros_selects_nothing() -> None:
    empty = np.zeros((1, 3, 4, 4))
    assert [measure(empty)[0] for measure in MEASURES.values()] == [0, 0, 0]


@pytest.mark.parametrize("shape", [(4, 48, 5, 5), (3, 5, 5)])
def test_other_kernels_have_no_colours(shape: tuple[int, ...]) -> None:
    for measure in MEASURES.values():
        with pytest.raises(ValueError, match=r"\(out, 3, height, width\)"):
            measure(np.zeros(shape))
