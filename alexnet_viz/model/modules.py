"""The torch modules of layers: torch's own where it computes the same, else a subclass.

torch pads both sides of an axis alike and has two rounding rules; sources of AlexNet use windows
that extend over one edge only.  ``outside`` is the number of cells outside the map that such
windows cover, in the order of ``F.pad``: left, right, top, bottom.  Each kind of layer reads there:

convolution      zeros (filter_acts.cu lines 22-29 of cuda-convnet2 load 0 outside the image)
max pooling      minus infinity, which is never the maximum
average pooling  nothing: the mean is over the cells inside the map

Of a window wholly outside the map (a stride beyond the kernel, rounded up) the maximum is minus
infinity and the mean is not a number; no published network has one.
"""

from collections.abc import Callable
from functools import reduce
from math import inf, prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.network.layers import LRN, AvgPool, BatchNorm, Conv, Dropout, Linear, MaxPool
from alexnet_viz.network.trace import Row
from alexnet_viz.network.window_padding import alike, outside, torch_pooling, windows
from alexnet_viz.text.problem import Problem

Outside = tuple[int, int, int, int]

AT_ONCE = 4
"""Images of a batch that the CPU normalises together, so that the intermediate values stay in the
cache and need no new memory."""


class PaddedConv2d(nn.Conv2d):
    """A convolution of (images, channels, height, width) padded by ``outside`` zeros."""

    def __init__(self, *args: Any, outside: Outside, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outside = outside

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(functional.pad(input, self.outside))

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, outside={self.outside}"  # type: ignore[no-untyped-call]


class SeparableMaxPool2d(nn.MaxPool2d):
    """Max pooling; on the CPU of the rows of each window first, then of its columns.

    The values are torch's, three to six times as fast: torch compares a window's cells one by one.
    With gradients it is torch's own, which says to which of equal cells a gradient goes.
    """

    def forward(self, input: Tensor) -> Tensor:
        recorded = torch.is_grad_enabled() and input.requires_grad
        if recorded or not input.is_cpu or not self._reads_inside(input):
            output: Tensor = super().forward(input)
            return output
        for axis, size, stride in zip(
            (-2, -1), _pair(self.kernel_size), _pair(self.stride), strict=True
        ):
            input = reduce(torch.maximum, input.unfold(axis, size, stride).unbind(-1))
        return input.contiguous()

    def _reads_inside(self, input: Tensor) -> bool:
        """Whether the windows are whole and on the map, without gaps between their cells."""
        if _pair(self.padding) != (0, 0) or _pair(self.dilation) != (1, 1):
            return False
        axes = zip(input.shape[-2:], _pair(self.kernel_size), _pair(self.stride), strict=True)
        return all(
            size <= cells and not (self.ceil_mode and (cells - size) % stride)
            for cells, size, stride in axes
        )


class PaddedMaxPool2d(SeparableMaxPool2d):
    """Max pooling whose windows cover ``outside`` cells around the map, which are ignored."""

    def __init__(self, *args: Any, outside: Outside, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outside = outside

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(functional.pad(input, self.outside, value=-inf))

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, outside={self.outside}"


class PaddedAvgPool2d(nn.AvgPool2d):
    """Average pooling whose windows cover ``outside`` cells around the map, which are left out."""

    def __init__(self, *args: Any, outside: Outside, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outside = outside

    def forward(self, input: Tensor) -> Tensor:
        # mean of the padded map = share of cells inside x mean over those cells
        inside = input.new_ones(1, 1, *input.shape[2:])
        share = super().forward(functional.pad(inside, self.outside))
        return super().forward(functional.pad(input, self.outside)) / share

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, outside={self.outside}"


class GroupedLinear(nn.Linear):
    """A dense layer with block-diagonal weights: each of ``groups`` reads its own inputs.

    As in a grouped convolution ``weight`` is (out_features, in_features / groups): the blocks below
    each other, without the zeros between them.
    """

    def __init__(self, in_features: int, out_features: int, *, groups: int, bias: bool) -> None:
        super().__init__(in_features // groups, out_features, bias=bias)
        self.in_features = in_features
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        inputs = input.reshape(len(input), self.groups, -1).movedim(1, 0)
        blocks = self.weight.reshape(self.groups, -1, self.weight.shape[1])
        sums = (inputs @ blocks.mT).movedim(0, 1).flatten(1)
        return sums if self.bias is None else sums + self.bias

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, groups={self.groups}"


class ChannelResponseNorm(nn.LocalResponseNorm):
    """Local response normalisation over neighbouring channels, inside each of ``groups`` towers.

    b = a / (k + alpha / size · Σ a²) ** beta over ``size`` channels around each (section 3.3 of the
    paper; torch divides alpha by the size).  The values are torch's, computed faster: torch
    averages in three dimensions and takes a power; here the channels are the rows of an image for
    a 2-D average pooling and, for the paper's beta of 3/4, s ** -3/4 = r · sqrt(r) with
    r = 1 / sqrt(s).
    """

    def __init__(self, *args: Any, groups: int = 1, **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        recorded = torch.is_grad_enabled() and input.requires_grad
        if recorded or not input.is_cpu or len(input) <= AT_ONCE:
            return self._normalised(input)
        output = torch.empty_like(input)
        parts = (torch.split(each, AT_ONCE) for each in (input, output))
        for images, place in zip(*parts, strict=True):
            place.copy_(self._normalised(images))
        return output

    def _normalised(self, input: Tensor) -> Tensor:
        # the squares of a few hundred exceed float16
        values = input if input.dtype.itemsize > 2 else input.float()
        channels = input.shape[1] // self.groups
        cells = prod(input.shape[2:])
        rows = values.square().reshape(len(input) * self.groups, channels, 1, cells).movedim(3, 1)
        # pooling pads both ends alike: of an even size, the last mean belongs to no channel
        mean = functional.avg_pool2d(rows, (self.size, 1), 1, (self.size // 2, 0))[:, :, :channels]
        factor = _power(self.k + self.alpha * mean, -self.beta).movedim(1, 3)
        return (values * factor.reshape(input.shape)).to(input.dtype)

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, groups={self.groups}"  # type: ignore[no-untyped-call]


def _pair(sizes: int | tuple[int, ...]) -> tuple[int, ...]:
    return sizes if isinstance(sizes, tuple) else (sizes, sizes)


def _power(base: Tensor, exponent: float) -> Tensor:
    if exponent != -0.75:
        return base.pow(exponent)
    root = base.rsqrt()
    return root * root.sqrt()


class MapResponseNorm(nn.LocalResponseNorm):
    """Response normalisation over ``size`` x ``size`` neighbours in the same map.

    cuda-convnet's ``rnorm``; as in torch's own kind ``alpha`` is divided by the number of cells
    in the window, here size².
    """

    def forward(self, input: Tensor) -> Tensor:
        before, after = self.size // 2, (self.size - 1) // 2
        squares = functional.pad(input.square(), (before, after, before, after))
        mean = functional.avg_pool2d(squares, self.size, stride=1)
        return input / (self.k + self.alpha * mean).pow(self.beta)


class UnscaledDropout(nn.Dropout):
    """The paper's dropout: units are zeroed in training and multiplied by 1 - p at test time.

    Section 4.2: "At test time, we use all the neurons but multiply their outputs by 0.5."  torch
    divides by 1 - p in training, so the factor 1 - p is right in both modes.
    """

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input) * (1 - self.p)


def convolution(row: Row, layer: Conv) -> nn.Conv2d:
    """The module of a convolution."""
    channels = row.input_shape[0], layer.out_channels
    padding = alike(row, "floor")
    more: dict[str, Any] = {"dilation": layer.dilation, "groups": layer.groups, "bias": layer.bias}
    if padding:
        return nn.Conv2d(*channels, layer.kernel_size, layer.stride, padding, **more)
    return PaddedConv2d(*channels, layer.kernel_size, layer.stride, outside=_outside(row), **more)


def dense(row: Row, layer: Linear) -> nn.Linear:
    """The module of a dense layer."""
    in_features = row.input_shape[0]
    if layer.groups == 1:
        return nn.Linear(in_features, layer.out_features, bias=layer.bias)
    return GroupedLinear(in_features, layer.out_features, groups=layer.groups, bias=layer.bias)


def max_pooling(row: Row, layer: MaxPool) -> nn.Module:
    """The module of a max pooling."""
    return _pooling(row, SeparableMaxPool2d, PaddedMaxPool2d, dilation=layer.dilation)


def average_pooling(row: Row, layer: AvgPool) -> nn.Module:
    """The module of an average pooling.

    Raises:
        Problem: its windows are dilated, which torch has not.
    """
    if layer.dilation != (1, 1):
        raise Problem("dilated_average", dilation=layer.dilation)
    return _pooling(row, nn.AvgPool2d, PaddedAvgPool2d, count_include_pad=False)


def _pooling(
    row: Row, plain: Callable[..., nn.Module], padded: Callable[..., nn.Module], **options: object
) -> nn.Module:
    """``plain`` pooling where it reads the same windows, else ``padded`` pooling."""
    kernel_size = tuple(window.kernel_size for window in windows(row))
    stride = tuple(window.stride for window in windows(row))
    if found := torch_pooling(row):
        padding, ceil_mode = found
        return plain(kernel_size, stride, padding=padding, ceil_mode=ceil_mode, **options)
    return padded(kernel_size, stride, outside=_outside(row), **options)


def response_norm(row: Row, layer: LRN) -> nn.LocalResponseNorm:
    """The module of a local response normalisation."""
    # torch divides alpha by the cells of the window, so it is multiplied by them first
    constants = (layer.size, layer.effective_alpha * layer.cells, layer.beta, layer.k)
    if layer.region == "map":
        return MapResponseNorm(*constants)
    return ChannelResponseNorm(*constants, groups=layer.groups)


def batch_norm(row: Row, layer: BatchNorm) -> nn.Module:
    """The module of a batch normalisation, of maps or of features."""
    made = nn.BatchNorm2d if len(row.input_shape) == 3 else nn.BatchNorm1d
    return made(row.input_shape[0], eps=layer.eps)


def dropout(row: Row, layer: Dropout) -> nn.Module:
    """The module of a dropout; which of the two depends on where the factor 1 - p is applied."""
    return (UnscaledDropout if layer.scale == "test" else nn.Dropout)(layer.p)


def _outside(row: Row) -> Outside:
    """The cells beyond the map that its windows cover, as ``F.pad`` orders them."""
    top, bottom, left, right = outside(row)
    return left, right, top, bottom
