"""Questions about counts: learnable numbers, multiply-accumulates, weight shapes, crops."""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import ClassVar

from alexnet_viz.network.geometry import output_size
from alexnet_viz.network.layers import Conv, Flatten, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, trace
from alexnet_viz.teaching.questions.question import Form, Question, Step


@dataclass(frozen=True)
class ConvQuestion(Question):
    """The numbers of a convolution on square maps of ``map_size`` cells a side."""

    in_channels: int
    out_channels: int
    kernel_size: int
    map_size: int
    stride: int = 1
    padding: int | tuple[int, int] = 0
    groups: int = 1
    bias: bool = True

    @cached_property
    def row(self) -> Row:
        """The convolution, traced.

        Raises:
            Problem: it does not fit, or the groups do not divide the channels.
        """
        conv = Conv(
            name="conv",
            out_channels=self.out_channels,
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            groups=self.groups,
            bias=self.bias,
        )
        shape = (self.in_channels, self.map_size, self.map_size)
        return trace(Network(id="question", input_shape=shape, layers=(conv,))).complete_rows()[0]

    @property
    def depth(self) -> int:
        """The channels that one kernel reads."""
        return self.row.layer.kernel_depth(self.row.input_shape)

    @property
    def out_size(self) -> int:
        """The side of the output map."""
        return self.row.output_shape[1]

    @property
    def _weights_by_hand(self) -> tuple[Step, ...]:
        area = self.kernel_size**2
        cut = ((self.depth, self.groups),) if self.groups > 1 else ()
        square = ((self.kernel_size, self.kernel_size),) if self.kernel_size > 1 else ()
        return (*square, *cut, (area, self.depth), (area * self.depth, self.out_channels))

    @property
    def values(self) -> dict[str, object]:
        """The fields, and what the trace computes from them."""
        return {
            **super().values,
            "depth": self.depth,
            "out_size": self.out_size,
            "weights": self.row.weights,
            "biases": self.row.biases,
            "kernels": self.out_channels // self.groups,
        }


@dataclass(frozen=True)
class ConvParams(ConvQuestion):
    """The learnable numbers of a convolution."""

    kind: ClassVar[str] = "conv_params"
    form: ClassVar[Form] = "count"

    @cached_property
    def answer(self) -> int:
        return self.row.params

    @property
    def variant(self) -> str:
        return "biased" if self.bias else "unbiased"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self._weights_by_hand, *([(self.out_channels,)] if self.bias else []))

    @property
    def worked(self) -> str:
        return "conv_params" if self.bias else "conv_weights"


@dataclass(frozen=True)
class ConvMacs(ConvQuestion):
    """The multiply-accumulates of a convolution, for one image."""

    kind: ClassVar[str] = "conv_macs"
    form: ClassVar[Form] = "count"

    @cached_property
    def answer(self) -> int:
        return self.row.macs

    @property
    def steps(self) -> tuple[Step, ...]:
        size = self.out_size
        return (*self._weights_by_hand, (size, size), (self.row.weights, size**2))


@dataclass(frozen=True)
class WeightShape(ConvQuestion):
    """The shape of a convolution's weight as torch stores it: (out, in / groups, F, F)."""

    kind: ClassVar[str] = "weight_shape"
    form: ClassVar[Form] = "shape"

    @cached_property
    def answer(self) -> tuple[int, ...]:
        return self.row.weight_shape or ()

    @property
    def steps(self) -> tuple[Step, ...]:
        cut = ((self.depth, self.groups),) if self.groups > 1 else ()
        return ((self.out_channels,), *cut, (self.kernel_size,))


@dataclass(frozen=True)
class DenseParams(Question):
    """The learnable numbers of a dense layer behind maps of (channels, height, width)."""

    kind: ClassVar[str] = "dense_params"
    form: ClassVar[Form] = "count"

    shape: tuple[int, int, int]
    out_features: int
    bias: bool = True

    @cached_property
    def row(self) -> Row:
        """The dense layer, traced behind the layer that flattens the maps."""
        dense = Linear(name="dense", out_features=self.out_features, bias=self.bias)
        layers = (Flatten(name="flatten"), dense)
        network = Network(id="question", input_shape=self.shape, layers=layers)
        return trace(network).complete_rows()[1]

    @cached_property
    def answer(self) -> int:
        return self.row.params

    @property
    def variant(self) -> str:
        return "biased" if self.bias else "unbiased"

    @property
    def steps(self) -> tuple[Step, ...]:
        channels, height, width = self.shape
        return (
            (height, width),
            (height * width, channels),
            (prod(self.shape), self.out_features),
            *([(self.out_features,)] if self.bias else []),
        )

    @property
    def values(self) -> dict[str, object]:
        """The fields, the sides of the maps, the inputs and the two parts of the sum."""
        channels, height, width = self.shape
        return {
            **super().values,
            "channels": channels,
            "height": height,
            "width": width,
            "inputs": self.row.input_shape[0],
            "weights": self.row.weights,
            "biases": self.row.biases,
        }

    @property
    def worked(self) -> str:
        return "dense_params" if self.bias else "dense_weights"


@dataclass(frozen=True)
class FlattenedInputs(Question):
    """The inputs of a dense layer behind maps of (channels, height, width)."""

    kind: ClassVar[str] = "flattened"
    form: ClassVar[Form] = "count"

    shape: tuple[int, int, int]

    @cached_property
    def answer(self) -> int:
        return Flatten(name="flatten").output_shape(self.shape)[0]

    @property
    def steps(self) -> tuple[Step, ...]:
        channels, height, width = self.shape
        return ((height, width), (height * width, channels))

    @property
    def values(self) -> dict[str, object]:
        """The channels and the side of the maps."""
        return {"channels": self.shape[0], "side": self.shape[1]}


@dataclass(frozen=True)
class Crops(Question):
    """The crops of an image, each with its mirror image if ``mirrored``."""

    kind: ClassVar[str] = "crops"
    form: ClassVar[Form] = "count"

    image_size: int
    crop_size: int
    mirrored: bool = True

    @property
    def places(self) -> int:
        """The places of a crop along one axis."""
        return output_size(self.image_size, self.crop_size)

    @cached_property
    def answer(self) -> int:
        return self.places**2 * (2 if self.mirrored else 1)

    @property
    def variant(self) -> str:
        return "mirrored" if self.mirrored else "plain"

    @property
    def steps(self) -> tuple[Step, ...]:
        views = ((2, self.places**2),) if self.mirrored else ()
        return ((self.places - 1,), (self.places,), (self.places, self.places), *views)

    @property
    def values(self) -> dict[str, object]:
        """The fields, and the places along an axis."""
        return {**super().values, "places": self.places, "views": 2 if self.mirrored else 1}

    @property
    def worked(self) -> str:
        return "crops" if self.mirrored else "crops_plain"
