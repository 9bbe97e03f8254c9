"""The learned numbers of one channel, and what can be said of a first layer's kernels (MEASURES).

Kernels come as numpy copies, (out, in/groups, height, width); a dense unit's is (in, 1, 1).  The
model is only read.

*Colour selectivity* is the share of a kernel's energy that grey pictures cannot reach.  At every
pixel the three weights (R, G, B) are split into a part along grey, (1, 1, 1)/√3, and a part across
it: c = Σ |w - (w·g) g|² / Σ |w|², from 0 (the kernel answers to brightness alone) to 1 (it answers
to colour contrast alone, and a grey picture leaves it at its bias).  It is symmetric in the three
channels, so RGB and BGR weights give the same.

*Orientation selectivity* is one minus the circular variance (Ringach, Shapley, Hawken, "Orientation
selectivity in macaque V1", Journal of Neuroscience 22, 2002) of the power spectrum of the kernel's
grey part: |Σ P e^(2iθ)| / Σ P over all frequencies but the mean, θ the direction of the frequency.
It is 1 for a pure grating and 0 for a blob or a kernel that is as fine in every direction.

*Uniformity* is the share of a kernel's energy that a patch of one colour can reach, that of the
three channels' means: h·w Σ mean² / Σ w², from 0 (such a patch, whatever its colour, leaves the
kernel at its bias) to 1 (it looks at nothing but the average colour under it).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

Floats = NDArray[np.float32]
Numbers = NDArray[np.floating[Any]]

SPECTRUM = 64
"""Kernels are set in this many zeros a side, so that frequencies lie finely all around."""


def kernels(layer: nn.Module) -> Floats:
    """All kernels of a convolution (out, in/groups, height, width), or of a dense layer.

    Raises:
        TypeError: the layer has no kernels.
    """
    weights = _numpy(_weight(layer))
    return weights if weights.ndim == 4 else weights[:, :, None, None]


def kernel(layer: nn.Module, channel: int) -> Floats:
    """One channel's kernel (in/groups, height, width); a dense unit's is (in, 1, 1).

    Raises:
        TypeError: the layer has no kernels.
    """
    weights = _numpy(_weight(layer)[channel])
    return weights if weights.ndim == 3 else weights[:, None, None]


def bias(layer: nn.Module, channel: int) -> float:
    """What is added to one channel's sums; 0 for a layer without biases."""
    biases = getattr(layer, "bias", None)
    return float(biases.detach()[channel]) if isinstance(biases, Tensor) else 0.0


def batch_norm(layer: nn.Module, channel: int) -> dict[str, float]:
    """What batch normalisation does one channel's values with: gamma, beta, mean, variance.

    Raises:
        TypeError: the layer is no batch normalisation with statistics of its own.
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
    """A copy: nobody writes into the model that all visitors share."""
    return np.array(weights.detach().float().cpu().numpy())


def colour_selectivity(weights: Numbers) -> NDArray[np.float64]:
    """Each kernel's share of energy that is not grey, 0 to 1: (out, 3, height, width) → (out,).

    A kernel of nothing but zeros has 0.

    >>> grey, red_green = np.ones((3, 5, 5)), np.zeros((3, 5, 5))
    >>> red_green[0], red_green[1] = 1, -1
    >>> colour_selectivity(np.stack([grey, red_green])).round(6).tolist()
    [0.0, 1.0]

    Raises:
        ValueError: the kernels do not read three channels.
    """
    _three(weights)
    values = weights.astype(np.float64)
    across = values - values.mean(axis=1, keepdims=True)
    return _share((across**2).sum(axis=(1, 2, 3)), (values**2).sum(axis=(1, 2, 3)))


def orientation_selectivity(weights: Numbers) -> NDArray[np.float64]:
    """How much each kernel prefers one direction, 0 to 1: (out, 3, height, width) → (out,).

    >>> stripes = np.tile(np.sin(np.arange(11)), (1, 3, 11, 1))
    >>> bool(orientation_selectivity(stripes)[0] > 0.8)
    True

    Raises:
        ValueError: the kernels do not read three channels.
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
    """How much of each kernel a patch of one colour reaches, 0 to 1: (out, 3, h, w) → (out,).

    >>> patch = np.broadcast_to(np.array([1, -2, 3])[:, None, None], (1, 3, 5, 5))
    >>> wave = np.tile(np.sin(np.arange(8) * np.pi / 4), (1, 3, 8, 1))
    >>> uniformity(patch).round(6).tolist(), uniformity(wave).round(6).tolist()
    ([1.0], [0.0])

    Raises:
        ValueError: the kernels do not read three channels.
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
"""What each of a first layer's kernels (out, 3, height, width) can be ranked by, 0 to 1."""


def _three(weights: Numbers) -> None:
    if weights.ndim != 4 or weights.shape[1] != 3:
        raise ValueError(f"kernels of shape (out, 3, height, width) are needed: {weights.shape}")


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
