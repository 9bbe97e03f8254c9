"""Kernels and other parameters of single channels, and measures of first-layer kernels (MEASURES).

Kernels are returned as numpy copies, (out, in/groups, height, width); that of a dense unit is
(in, 1, 1).  The model is only read.

*Colour selectivity* is the share of a kernel's energy to which grey pictures do not contribute.  At
every pixel the three weights (R, G, B) are split into a component along grey, g = (1, 1, 1)/√3, and
one orthogonal to it: c = Σ |w - (w·g) g|² / Σ |w|², from 0 (the kernel responds to brightness only)
to 1 (it responds to colour contrast only, and its output for a grey picture is the bias).  It is
symmetric in the three channels, so RGB and BGR weights give the same value.

*Orientation selectivity* is one minus the circular variance (Ringach, Shapley, Hawken, "Orientation
selectivity in macaque V1", Journal of Neuroscience 22, 2002) of the power spectrum of the kernel's
grey part: |Σ P e^(2iθ)| / Σ P over all frequencies except 0, with θ the direction of the frequency.
It is 1 for a pure grating and 0 for a blob or a kernel with an isotropic spectrum.

*Uniformity* is the share of a kernel's energy in its mean over the pixels, the part that responds
to a patch of one colour: h·w Σ mean² / Σ w², from 0 (the output for such a patch, whatever its
colour, is the bias) to 1 (the kernel computes the average colour of its window, weighted by
channel).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

Floats = NDArray[np.float32]
Numbers = NDArray[np.floating[Any]]

SPECTRUM = 64
"""Kernels are zero-padded to this side length, which samples the spectrum finely."""


def kernels(layer: nn.Module) -> Floats:
    """All kernels of a convolution or a dense layer: float32, (out, in/groups, height, width).

    Raises:
        TypeError: the layer has no kernels.
    """
    weights = _numpy(_weight(layer))
    return weights if weights.ndim == 4 else weights[:, :, None, None]


def kernel(layer: nn.Module, channel: int) -> Floats:
    """The kernel of one channel: float32, (in/groups, height, width); (in, 1, 1) if dense.

    Raises:
        TypeError: the layer has no kernels.
    """
    weights = _numpy(_weight(layer)[channel])
    return weights if weights.ndim == 3 else weights[:, None, None]


def bias(layer: nn.Module, channel: int) -> float:
    """The bias of one channel; 0 for a layer without biases."""
    biases = getattr(layer, "bias", None)
    return float(biases.detach()[channel]) if isinstance(biases, Tensor) else 0.0


def batch_norm(layer: nn.Module, channel: int) -> dict[str, float]:
    """The batch normalisation parameters of one channel: gamma, beta, mean, variance.

    Raises:
        TypeError: the layer is not a batch normalisation with running statistics.
    """
    mean, variance = (getattr(layer, f"running_{name}", None) for name in ("mean", "var"))
    if not isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) or mean is None or variance is None:
        raise TypeError(f"{type(layer).__name__} keeps no mean and variance of its channels")
    numbers = {"gamma": layer.weight, "beta": layer.bias, "mean": mean, "variance": variance}
    return {name: float(tensor.detach()[channel]) for name, tensor in numbers.items()}


def _weight(layer: nn.Module) -> Tensor:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        return layer.weight
    raise TypeError(f"{type(layer).__name__} has no kernels: only convolutions, dense layers")


def _numpy(weights: Tensor) -> Floats:
    """A float32 copy, so that no caller can write into the shared model."""
    return np.array(weights.detach().float().cpu().numpy())


def colour_selectivity(weights: Numbers) -> NDArray[np.float64]:
    """The colour selectivity of each kernel, 0 to 1: (out, 3, height, width) → (out,), float64.

    It is 0 for a kernel that is all zeros.

    >>> grey, red_green = np.ones((3, 5, 5)), np.zeros((3, 5, 5))
    >>> red_green[0], red_green[1] = 1, -1
    >>> colour_selectivity(np.stack([grey, red_green])).round(6).tolist()
    [0.0, 1.0]

    Raises:
        ValueError: the kernels do not have three input channels.
    """
    _three(weights)
    values = weights.astype(np.float64)
    across = values - values.mean(axis=1, keepdims=True)
    return _share((across**2).sum(axis=(1, 2, 3)), (values**2).sum(axis=(1, 2, 3)))


def orientation_selectivity(weights: Numbers) -> NDArray[np.float64]:
    """The orientation selectivity of each kernel, 0 to 1: (out, 3, h, w) → (out,), float64.

    >>> stripes = np.tile(np.sin(np.arange(11)), (1, 3, 11, 1))
    >>> bool(orientation_selectivity(stripes)[0] > 0.8)
    True

    Raises:
        ValueError: the kernels do not have three input channels.
    """
    _three(weights)
    grey = weights.astype(np.float64).mean(axis=1)
    grey -= grey.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.fft2(grey, s=(SPECTRUM, SPECTRUM))) ** 2
    along = np.fft.fftfreq(SPECTRUM)
    direction = np.arctan2(along[:, None], along[None, :])
    pull = np.abs((power * np.exp(2j * direction)).sum(axis=(1, 2)))
    return _share(pull, power.sum(axis=(1, 2)))


def uniformity(weights: Numbers) -> NDArray[np.float64]:
    """The uniformity of each kernel, 0 to 1: (out, 3, height, width) → (out,), float64.

    >>> patch = np.broadcast_to(np.array([1, -2, 3])[:, None, None], (1, 3, 5, 5))
    >>> wave = np.tile(np.sin(np.arange(8) * np.pi / 4), (1, 3, 8, 1))
    >>> uniformity(patch).round(6).tolist(), uniformity(wave).round(6).tolist()
    ([1.0], [0.0])

    Raises:
        ValueError: the kernels do not have three input channels.
    """
    _three(weights)
    values = weights.astype(np.float64)
    cells = values.shape[2] * values.shape[3]
    reached = cells * (values.mean(axis=(2, 3)) ** 2).sum(axis=1)
    return _share(reached, (values**2).sum(axis=(1, 2, 3)))


MEASURES: dict[str, Callable[[Numbers], NDArray[np.float64]]] = {
    "colour": colour_selectivity,
    "orientation": orientation_selectivity,
    "uniformity": uniformity,
}
"""The measures of first-layer kernels by name: (out, 3, height, width) → (out,), 0 to 1."""


def _three(weights: Numbers) -> None:
    if weights.ndim != 4 or weights.shape[1] != 3:
        raise ValueError(f"kernels of shape (out, 3, height, width) are needed: {weights.shape}")


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
