"""Captured activations compared with an independent computation of every layer.

``replay`` computes the layers of a trace with ``torch.nn.functional`` from the model's tensors.  It
shares no module with the model: it pads explicitly, computes a convolution as a matrix product of
kernels and patches, groups one by one, and a mean as a sum over a count.  It runs on the CPU in
float32 whatever the model runs on, so it measures the error of a model in half precision.

Every layer is replayed twice: on the replay of the layers before it (``chained``, the error of the
whole) and on what was captured before it (``alone``, the error of this layer).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import inf
from statistics import median
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.model.device import dtype_name, milliseconds
from alexnet_viz.model.precision import TOLERANCE, largest_difference, relative_difference
from alexnet_viz.network.layers import (
    LRN,
    AvgPool,
    BatchNorm,
    Conv,
    Linear,
    MaxPool,
    Softmax,
)
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.text import Language, t

Floats = NDArray[np.float32]
Captured = Mapping[str, Floats]
Tensors = Mapping[str, Tensor]

RUNS = 3


@dataclass(frozen=True)
class Faithfulness:
    """The differences of a capture from its replay, and the time of each layer of the model."""

    differences: Mapping[str, float]
    """By layer, chained: largest |captured - replayed| over largest |replayed|."""
    alone: Mapping[str, float]
    """The same with the captured input of every layer."""
    absolute: float
    """Largest |captured - replayed| of all layers, chained."""
    milliseconds: Mapping[str, float]
    """By layer, the time of the model's module: the median of a few runs."""
    device: str
    dtype: str
    tolerance: float

    @property
    def largest(self) -> float:
        """The largest of ``differences``."""
        return max(self.differences.values(), default=0.0)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The layers whose ``alone`` exceeds the tolerance."""
        return tuple(name for name, found in self.alone.items() if not found <= self.tolerance)


def replay(
    result: Trace, model: nn.Sequential, image: Floats, kept: Captured, runs: int = RUNS
) -> Faithfulness:
    """Compare a model's activations for an image [C, H, W] (float32) with an independent pass.

    ``result`` is the trace of the model's network, ``kept`` what ``capture`` returned.
    """
    like = next(model.parameters(), torch.empty(0))
    chained = arriving = torch.tensor(image[None], dtype=torch.float32)
    differences, alone, absolute, spent = {}, {}, [0.0], {}
    with torch.inference_mode():
        for row in result.rows:
            name = row.name
            layer = model.get_submodule(name)
            tensors = {key: each.cpu().float() for key, each in layer.state_dict().items()}
            run = partial(layer, arriving.to(like.device, like.dtype))
            spent[name] = median(milliseconds(run, like.device) for _ in range(runs))
            chained = replayed(row, tensors, chained)
            differences[name] = relative_difference(kept[name], chained[0].numpy())
            absolute.append(largest_difference(kept[name], chained[0].numpy()))
            alone[name] = relative_difference(
                kept[name], replayed(row, tensors, arriving)[0].numpy()
            )
            arriving = torch.tensor(kept[name][None])
    return Faithfulness(
        differences,
        alone,
        max(absolute),
        spent,
        device=str(like.device),
        dtype=dtype_name(like.dtype),
        tolerance=TOLERANCE[like.dtype],
    )


def replayed(row: Row, tensors: Tensors, x: Tensor) -> Tensor:
    """The output (images, *output_shape) of one row of a trace for ``x`` (images, *input_shape)."""
    if row.kind not in REPLAYS:
        raise TypeError(f"no replay of the layer kind {row.kind!r}")
    return REPLAYS[row.kind](row, row.layer, tensors, x)


def _convolution(row: Row, layer: Conv, tensors: Tensors, x: Tensor) -> Tensor:
    around, groups = functional.pad(x, _padding(row)), layer.groups
    unfolded = functional.unfold(around, layer.kernel_size, layer.dilation, stride=layer.stride)
    kernels, patches = tensors["weight"].flatten(1).chunk(groups), unfolded.chunk(groups, dim=1)
    towers = [each @ read for each, read in zip(kernels, patches, strict=True)]
    sums = torch.cat(towers, dim=1).reshape(len(x), *row.output_shape)
    return sums + tensors["bias"][:, None, None] if layer.bias else sums


def _max_pool(row: Row, layer: MaxPool, tensors: Tensors, x: Tensor) -> Tensor:
    around = functional.pad(x, _padding(row), value=-inf)
    return functional.max_pool2d(around, layer.kernel_size, layer.stride, dilation=layer.dilation)


def _avg_pool(row: Row, layer: AvgPool, tensors: Tensors, x: Tensor) -> Tensor:
    sums, cells = (
        functional.avg_pool2d(
            functional.pad(each, _padding(row)), layer.kernel_size, layer.stride, divisor_override=1
        )
        for each in (x, torch.ones_like(x))
    )
    return sums / cells


def _response_norm(row: Row, layer: LRN, tensors: Tensors, x: Tensor) -> Tensor:
    n, alpha, beta, k = layer.size, layer.effective_alpha, layer.beta, layer.k
    if layer.region == "map":
        window, channels = (n // 2, (n - 1) // 2) * 2, x.shape[1]
        squares = functional.pad(x**2, window)
        sums = functional.conv2d(squares, torch.ones(channels, 1, n, n), groups=channels)
        return x / (k + alpha * sums) ** beta
    # torch divides alpha by the size
    norms = [
        functional.local_response_norm(tower, n, alpha * n, beta, k)
        for tower in x.chunk(layer.groups, dim=1)
    ]
    return torch.cat(norms, dim=1)


def _batch_norm(row: Row, layer: BatchNorm, tensors: Tensors, x: Tensor) -> Tensor:
    mean, variance = tensors["running_mean"], tensors["running_var"]
    weight, bias = tensors["weight"], tensors["bias"]
    return functional.batch_norm(x, mean, variance, weight, bias, eps=layer.eps)


def _dense(row: Row, layer: Linear, tensors: Tensors, x: Tensor) -> Tensor:
    parts, blocks = x.chunk(layer.groups, dim=1), tensors["weight"].chunk(layer.groups)
    sums = torch.cat([part @ block.T for part, block in zip(parts, blocks, strict=True)], dim=1)
    return sums + tensors["bias"] if layer.bias else sums


def _softmax(row: Row, layer: Softmax, tensors: Tensors, x: Tensor) -> Tensor:
    below = x - x.amax(dim=1, keepdim=True)
    whole = below.exp().sum(dim=1, keepdim=True)
    return below - whole.log() if layer.log else below.exp() / whole


def _padding(row: Row) -> tuple[int, int, int, int]:
    """The padding (left, right, top, bottom) to exactly the cells that the windows cover.

    The trailing sides are negative where no window reads the last cells.
    """
    assert row.slides is not None
    vertical, horizontal = (
        (slide.padding[0], slide.end - slide.input_size) for slide in row.slides
    )
    return (*horizontal, *vertical)


REPLAYS: dict[str, Callable[[Row, Any, Tensors, Tensor], Tensor]] = {
    "conv": _convolution,
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "adaptive_avg_pool": lambda row, layer, tensors, x: functional.adaptive_avg_pool2d(
        x, layer.output_size
    ),
    "zero_pad": lambda row, layer, tensors, x: functional.pad(x, _padding(row)),
    "relu": lambda row, layer, tensors, x: functional.relu(x),
    "tanh": lambda row, layer, tensors, x: torch.tanh(x),
    "sigmoid": lambda row, layer, tensors, x: torch.sigmoid(x),
    "lrn": _response_norm,
    "batch_norm": _batch_norm,
    "dropout": lambda row, layer, tensors, x: x * (1 - layer.p) if layer.scale == "test" else x,
    "flatten": lambda row, layer, tensors, x: x.flatten(1),
    "squeeze": lambda row, layer, tensors, x: x[..., 0, 0],
    "linear": _dense,
    "softmax": _softmax,
}
"""By kind of layer, its formula: row, layer, the module's tensors by name, input to output."""


def badge(found: Faithfulness, language: Language = "en") -> str:
    """The result in one line: the largest difference, the dtype, and the wrong layers if any."""
    values = {"largest": found.largest, "dtype": found.dtype, "layers": len(found.differences)}
    if found.wrong:
        return t("replay.wrong", language, layer=", ".join(found.wrong), **values)
    return t("replay.faithful", language, **values)
