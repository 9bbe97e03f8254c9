"""Layers that slide a window over a map: convolution and pooling; and the padding of one.

``kernel_size`` and ``stride`` are ``int`` or ``(vertical, horizontal)``; ``padding`` is ``int``,
``(before, after)`` or ``(top, bottom, left, right)``; the attributes always have the longest form.
Each window has its own rule for rounding the output size (``alexnet_viz.network.geometry``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd, prod
from typing import ClassVar

from alexnet_viz.network.geometry import Rounding, Slide, slide
from alexnet_viz.network.layers.base import (
    Family,
    Field,
    Layer,
    Pair,
    PairField,
    Shape,
    SidesField,
    Slides,
    feature_maps,
    groups_read,
)
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Window(Layer):
    """A kernel that slides over both axes of a map: the base class of convolution and pooling."""

    keeps_shape: ClassVar[bool] = False

    kernel_size: PairField = PairField()
    stride: PairField = PairField(1)
    padding: SidesField = SidesField(0)
    dilation: PairField = PairField(1)
    rounding: Rounding = "floor"

    @property
    def kernel_cells(self) -> int:
        """Kernel height x kernel width: the cells that a window reads of one map."""
        height, width = self.kernel_size
        return height * width

    def slides(self, input_shape: Shape) -> tuple[Slide, Slide]:
        _, height, width = feature_maps(self, input_shape)
        top, bottom, left, right = self.padding
        kernel, stride, dilation = self.kernel_size, self.stride, self.dilation
        rounding, padded = self.rounding, any(self.padding)  # of either axis, as Caffe asks
        return (
            slide(height, kernel[0], stride[0], (top, bottom), dilation[0], rounding, padded),
            slide(width, kernel[1], stride[1], (left, right), dilation[1], rounding, padded),
        )

    def _map_size(self, input_shape: Shape) -> Pair:
        vertical, horizontal = self.slides(input_shape)
        return vertical.output_size, horizontal.output_size


@dataclass(frozen=True, kw_only=True)
class Conv(Window):
    """2-D convolution; with ``groups`` each kernel reads in_channels/groups maps."""

    kind: ClassVar[str] = "conv"
    family: ClassVar[Family] = "convolution"
    weighted: ClassVar[bool] = True

    out_channels: int
    groups: int = 1
    bias: bool = True

    def output_shape(self, input_shape: Shape) -> Shape:
        size = self._map_size(input_shape)
        for name, channels in (
            ("in_channels", input_shape[0]),
            ("out_channels", self.out_channels),
        ):
            if channels % self.groups:
                raise Problem("groups", name=name, channels=channels, groups=self.groups)
        return (self.out_channels, *size)

    def channels_read(self, outputs: range, input_shape: Shape) -> range:
        return groups_read(outputs, self.out_channels, input_shape[0], self.groups)

    def weights(self, input_shape: Shape) -> int:
        """out_channels x in_channels/groups x kernel height x kernel width."""
        return self.out_channels * self.kernel_depth(input_shape) * self.kernel_cells

    def biases(self, input_shape: Shape) -> int:
        return self.out_channels if self.bias else 0

    def macs(self, input_shape: Shape) -> int:
        """Weights x map positions: every weight is used once at every position."""
        return self.weights(input_shape) * prod(self._map_size(input_shape))

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        return {"additions": prod(self.output_shape(input_shape))} if self.bias else {}


@dataclass(frozen=True, kw_only=True)
class MaxPool(Window):
    """Largest value in each window; cells outside the map are ignored."""

    kind: ClassVar[str] = "max_pool"
    family: ClassVar[Family] = "pooling"

    def output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *self._map_size(input_shape))

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        windows = prod(self.output_shape(input_shape))
        return {"comparisons": (self.kernel_cells - 1) * windows}


@dataclass(frozen=True, kw_only=True)
class AvgPool(Window):
    """Mean of each window over the cells inside the map."""

    kind: ClassVar[str] = "avg_pool"
    family: ClassVar[Family] = "pooling"

    def output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *self._map_size(input_shape))

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        windows = prod(self.output_shape(input_shape))
        return {"additions": (self.kernel_cells - 1) * windows, "divisions": windows}


@dataclass(frozen=True, kw_only=True)
class ZeroPad(Layer):
    """Zeros around every map, as a layer of its own (``ZeroPadding2D`` of Keras)."""

    kind: ClassVar[str] = "zero_pad"
    family: ClassVar[Family] = "layout"
    keeps_shape: ClassVar[bool] = False

    padding: SidesField = SidesField()

    def slides(self, input_shape: Shape) -> tuple[Slide, Slide]:
        """The padding as the sweeps of a window of one cell over the padded map."""
        _, height, width = feature_maps(self, input_shape)
        top, bottom, left, right = self.padding
        return slide(height, 1, padding=(top, bottom)), slide(width, 1, padding=(left, right))

    def output_shape(self, input_shape: Shape) -> Shape:
        vertical, horizontal = self.slides(input_shape)
        return input_shape[0], vertical.output_size, horizontal.output_size


@dataclass(frozen=True, kw_only=True)
class AdaptiveAvgPool(Layer):
    """Mean over windows chosen so that the output has a given size (torch's rule).

    Output cell i averages input cells floor(iW/N) … ceil((i+1)W/N) - 1: the identity at W = N.
    """

    kind: ClassVar[str] = "adaptive_avg_pool"
    family: ClassVar[Family] = "pooling"
    keeps_shape: ClassVar[bool] = False

    output_size: PairField = PairField()

    def output_shape(self, input_shape: Shape) -> Shape:
        return (feature_maps(self, input_shape)[0], *self.output_size)

    def receptive_field(self, field: Field, slides: Slides, grid: Shape) -> Field:
        """The input's own at an unchanged size, else None: the windows need not be alike."""
        return field if self.output_size == grid else None

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        channels, *size = input_shape
        # the lengths of all windows of one axis add up to W + N - gcd(W, N): they cover the axis
        # once, and share a cell at each of the N - 1 inner borders iW/N that is no integer
        read = [
            cells + count - gcd(cells, count)
            for cells, count in zip(size, self.output_size, strict=True)
        ]
        windows = channels * prod(self.output_size)
        return {"additions": channels * prod(read) - windows, "divisions": windows}
