"""Proof of faithfulness: what was captured, computed once more in another way.

``replay`` computes the layers of a trace with ``torch.nn.functional`` from the model's tensors.  It
shares no module with the model: padding is laid on by hand, a convolution is a matrix product of
kernels and patches, towers take their turns, means are sums over counts.  It runs on the CPU in
float32 whatever the model runs on, so that of a model in half precision it measures what that
costs.

Every layer is replayed twice: on what the replay made of the layers before (``chained``: is the
whole right?) and on what was captured before it (``alone``: which layer is not?).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import inf
from statistics import median
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.model.activations import capture
from alexnet_viz.model.device import Placement, dtype_name, halves, place
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
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
    Squeeze,
    Tanh,
    ZeroPad,
)
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.text import Language, t

Floats = NDArray[np.float32]
Captured = Mapping[str, Floats]

TOLERANCE = {torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 5e-2}
"""Largest relative difference that rounding explains, by the type of the model's numbers: some
hundred times its rounding error (6e-8, 5e-4, 4e-3), for a sum of thousands of products."""
RUNS = 3


@dataclass(frozen=True)
class Faithfulness:
    """How far a capture is from its replay, and how long each layer of the model takes."""

    differences: Mapping[str, float]
    """By layer, chained: largest |captured - replayed| over largest |replayed|."""
    alone: Mapping[str, float]
    """The same with every layer fed what was captured before it."""
    absolute: float
    """Largest |captured - replayed| of all layers, chained."""
    milliseconds: Mapping[str, float]
    """Of the model's own layer, median of a few runs."""
    device: str
    dtype: str
    tolerance: float

    @property
    def largest(self) -> float:
        """The largest of ``differences``."""
        return max(self.differences.values(), default=0.0)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The layers that did not do what the trace says; () if all are faithful."""
        return tuple(name for name, found in self.alone.items() if not found <= self.tolerance)


def replay(
    result: Trace, model: nn.Sequential, image: Floats, kept: Captured, runs: int = RUNS
) -> Faithfulness:
    """Compare what a model's layers put out for an image [C, H, W] with an independent pass.

    ``result`` is the trace the model was built of, ``kept`` what ``capture`` returned.
    """
    like = next(model.parameters(), torch.empty(0))
    chained = arriving = torch.tensor(image[None], dtype=torch.float32)
    differences, alone, absolute, milliseconds = {}, {}, [0.0], {}
    with torch.inference_mode():
        for row in result.rows:
            name = row.name
            layer = model.get_submodule(name)
            tensors = {key: each.cpu().float() for key, each in layer.state_dict().items()}
            run = partial(layer, arriving.to(like.device, like.dtype))
            milliseconds[name] = _milliseconds(run, like.device, runs)
            chained = replayed(row, tensors, chained)
            differences[name] = relative_difference(kept[name], chained[0].numpy())
            absolute.append(_largest(kept[name], chained[0].numpy()))
            alone[name] = relative_difference(
                kept[name], replayed(row, tensors, arriving)[0].numpy()
            )
            arriving = torch.tensor(kept[name][None])
    return Faithfulness(
        differences,
        alone,
        max(absolute),
        milliseconds,
        device=str(like.device),
        dtype=dtype_name(like.dtype),
        tolerance=TOLERANCE[like.dtype],
    )


def replayed(row: Row, tensors: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """What one row of a trace makes of a batch, from its formula and the layer's tensors."""
    layer: Layer = row.layer
    weight, bias = tensors.get("weight"), tensors.get("bias")
    match layer:
        case Conv(kernel_size=size, stride=stride, dilation=dilation, groups=groups):
            assert weight is not None
            around = functional.pad(x, _padding(row))
            patches = functional.unfold(around, size, dilation, stride=stride).chunk(groups, dim=1)
            kernels = weight.flatten(1).chunk(groups)
            towers = [each @ seen for each, seen in zip(kernels, patches, strict=True)]
            sums = torch.cat(towers, dim=1).reshape(len(x), *row.output_shape)
            return sums if bias is None else sums + bias[:, None, None]
        case MaxPool(kernel_size=size, stride=stride, dilation=dilation):
            around = functional.pad(x, _padding(row), value=-inf)
            return functional.max_pool2d(around, size, stride, dilation=dilation)
        case AvgPool(kernel_size=size, stride=stride):
            sums, cells = (
                functional.avg_pool2d(
                    functional.pad(each, _padding(row)), size, stride, divisor_override=1
                )
                for each in (x, torch.ones_like(x))
            )
            return sums / cells
        case ZeroPad():
            return functional.pad(x, _padding(row))
        case AdaptiveAvgPool(output_size=size):
            return functional.adaptive_avg_pool2d(x, size)
        case LRN(region="map", size=n, effective_alpha=alpha, beta=beta, k=k):
            window, channels = (n // 2, (n - 1) // 2) * 2, x.shape[1]
            squares = functional.pad(x**2, window)
            sums = functional.conv2d(squares, torch.ones(channels, 1, n, n), groups=channels)
            return x / (k + alpha * sums) ** beta
        case LRN(size=n, effective_alpha=alpha, beta=beta, k=k):
            # torch divides alpha by the size
            norms = [
                functional.local_response_norm(tower, n, alpha * n, beta, k)
                for tower in x.chunk(layer.groups, dim=1)
            ]
            return torch.cat(norms, dim=1)
        case BatchNorm(eps=eps):
            mean, variance = tensors["running_mean"], tensors["running_var"]
            return functional.batch_norm(x, mean, variance, weight, bias, eps=eps)
        case Linear(groups=groups):
            assert weight is not None
            blocks = zip(x.chunk(groups, dim=1), weight.chunk(groups), strict=True)
            sums = torch.cat([part @ block.T for part, block in blocks], dim=1)
            return sums if bias is None else sums + bias
        case Dropout(p=p, scale=scale):
            return x * (1 - p) if scale == "test" else x
        case ReLU():
            return functional.relu(x)
        case Tanh():
            return torch.tanh(x)
        case Sigmoid():
            return torch.sigmoid(x)
        case Softmax(log=log):
            below = x - x.amax(dim=1, keepdim=True)
            whole = below.exp().sum(dim=1, keepdim=True)
            return below - whole.log() if log else below.exp() / whole
        case Flatten():
            return x.flatten(1)
        case Squeeze():
            return x[..., 0, 0]
        case _:
            raise TypeError(f"no replay of the layer kind {layer.kind!r}")


def _padding(row: Row) -> tuple[int, int, int, int]:
    """Left, right, top, bottom: what makes a map exactly as large as its windows need it.

    The trailing side is negative where the last cells are left unread.
    """
    assert row.slides is not None
    vertical, horizontal = (
        (slide.padding[0], slide.end - slide.input_size) for slide in row.slides
    )
    return (*horizontal, *vertical)


def _milliseconds(run: Callable[[], object], device: torch.device, runs: int) -> float:
    """Median time of a layer, its device's queue emptied before and after."""
    times = []
    for _ in range(runs):
        _finish(device)
        began = perf_counter()
        run()
        _finish(device)
        times.append(perf_counter() - began)
    return 1000 * median(times)


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def relative_difference(found: Floats, wanted: Floats) -> float:
    """Largest |found - wanted| over largest |wanted|; infinite where they cannot be compared."""
    size = float(np.abs(wanted).max(initial=0))
    return _largest(found, wanted) / (size or 1.0)


def _largest(found: Floats, wanted: Floats) -> float:
    """Largest |found - wanted|; infinite if the shapes differ or a number is missing."""
    if found.shape != wanted.shape:
        return inf
    largest = float(np.abs(found - wanted).max(initial=0))
    return inf if np.isnan(largest) else largest


def exactness(model: nn.Sequential, placement: Placement, image: Floats) -> dict[str, float]:
    """By layer, the largest relative difference of a model placed there from itself in float32.

    ``model`` is the reference: float32, on the CPU, where no convolution is shortened to TF32.
    """
    wanted, found = capture(model, image), capture(place(model, placement), image)
    return {name: relative_difference(found[name], wanted[name]) for name in wanted}


def best(model: nn.Sequential, device: torch.device, image: Floats) -> Placement:
    """Where and how a model runs fastest with numbers that still deserve to be shown.

    The half precision that is nearer to float32 on this image, if it is near enough, else float32.
    """
    measured = {
        placement: max(exactness(model, placement, image).values(), default=0.0)
        for placement in halves(device)
    }
    near = {each: found for each, found in measured.items() if found <= TOLERANCE[each.dtype]}
    return min(near, key=near.__getitem__, default=Placement(device))


def badge(found: Faithfulness, language: Language = "en") -> str:
    """The verdict in a line: how far, in what numbers, and which layer if one is wrong."""
    values = {"largest": found.largest, "dtype": found.dtype, "layers": len(found.differences)}
    if found.wrong:
        return t("replay.wrong", language, layer=", ".join(found.wrong), **values)
    return t("replay.faithful", language, **values)
