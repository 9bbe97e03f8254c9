"""The base class of every kind of layer: its name, shapes, channels read, counts, and traits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

from alexnet_viz.network.geometry import Slide
from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.text.problem import Problem

Shape = tuple[int, ...]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]

Slides = tuple[Slide, Slide] | None
Field = tuple[ReceptiveField, ReceptiveField] | None
"""Vertical and horizontal receptive field; None after windows of unequal sizes."""

Family = Literal[
    "convolution", "dense", "pooling", "normalisation", "activation", "dropout", "layout",
    "softmax", "other",
]  # fmt: skip
"""What a kind of layer is for.  A layout layer moves or pads values and computes nothing."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One step of a network.  ``name`` is its role: conv1, relu1, norm1, pool1 … fc8, prob.

    The class variables are the traits of a kind; the rest of the package asks for them and not for
    the class.  A kind states those in which it differs from a layer that computes each output
    channel from the same input channel and keeps the shape.
    """

    name: str
    kind: ClassVar[str]
    family: ClassVar[Family] = "other"
    keeps_shape: ClassVar[bool] = True
    """Whether the output shape always equals the input shape."""
    is_view: ClassVar[bool] = False
    """Whether the output has the same values in the same order, in another shape."""
    weighted: ClassVar[bool] = False
    """Whether the layer sums inputs times learned kernels: a convolution or a dense layer."""
    elementwise: ClassVar[bool] = False
    """Whether each output value depends on one input value only, in the same way everywhere."""

    @property
    def groups(self) -> int:
        """Into how many groups the channels are cut; an output reads only its own group."""
        return 1

    def output_shape(self, input_shape: Shape) -> Shape:
        """The output shape for an input of ``input_shape``.

        Raises:
            Problem: the layer cannot take that shape.
        """
        return input_shape

    def channels_read(self, outputs: range, input_shape: Shape) -> range:
        """The input channels that the output channels ``outputs`` read, all together.

        ``outputs`` is not empty and has step 1; so has what is returned.  A channel of a flat shape
        ``(features,)`` is a feature.
        """
        return outputs

    def slides(self, input_shape: Shape) -> Slides:
        """The vertical and the horizontal sweep of the window; None for a layer without a window.

        Raises:
            Problem: not a map, or no window fits.
        """
        return None

    def receptive_field(self, field: Field, slides: Slides, grid: Shape) -> Field:
        """The receptive field of an output, given that of an input and ``self.slides``.

        ``grid`` is (height, width) of the input map, or of the map that a flat input was made of.
        """
        if field is None or slides is None:
            return field
        return field[0].through(slides[0]), field[1].through(slides[1])

    def kernel_depth(self, input_shape: Shape) -> int:
        """Input channels, or features, in each group."""
        return input_shape[0] // self.groups

    def weights(self, input_shape: Shape) -> int:
        """Learnable weights, biases apart."""
        return 0

    def biases(self, input_shape: Shape) -> int:
        """Learnable biases."""
        return 0

    def macs(self, input_shape: Shape) -> int:
        """Multiply-accumulates for one image; FLOPs are twice that."""
        return 0

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        """Operations other than MACs at inference, by name, for one image."""
        return {}

    def params(self, input_shape: Shape) -> int:
        """Learnable numbers: weights and biases."""
        return self.weights(input_shape) + self.biases(input_shape)


def feature_maps(layer: Layer, shape: Shape) -> tuple[int, int, int]:
    """``shape`` as (channels, height, width).

    Raises:
        Problem: ``shape`` is flat.
    """
    if len(shape) != 3:
        raise Problem("needs_maps", kind=layer.kind, shape=shape_text(shape))
    return shape[0], shape[1], shape[2]


class PairField:
    """A dataclass field that takes ``n`` or ``(vertical, horizontal)`` and reads as the pair."""

    def __init__(self, default: int | None = None) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, instance: object | None, owner: type) -> Pair:
        if instance is not None:
            return cast(Pair, instance.__dict__[self._name])
        if self._default is None:
            raise AttributeError(self._name)  # tells dataclass that there is no default
        return pair(self._default)

    def __set__(self, instance: object, value: int | Pair) -> None:
        instance.__dict__[self._name] = pair(value)


class SidesField:
    """A dataclass field that takes 1, 2 or 4 paddings and reads as (top, bottom, left, right)."""

    def __init__(self, default: int | None = None) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, instance: object | None, owner: type) -> Sides:
        if instance is not None:
            return cast(Sides, instance.__dict__[self._name])
        if self._default is None:
            raise AttributeError(self._name)  # tells dataclass that there is no default
        return sides(self._default)

    def __set__(self, instance: object, value: int | Pair | Sides) -> None:
        instance.__dict__[self._name] = sides(value)


def pair(value: int | tuple[int, int]) -> Pair:
    """``n`` or ``(vertical, horizontal)`` as ``(vertical, horizontal)``."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def sides(value: int | tuple[int, ...]) -> Sides:
    """``n``, ``(before, after)`` or ``(top, bottom, left, right)`` as the last of these.

    >>> sides((1, 2))
    (1, 2, 1, 2)
    """
    if isinstance(value, int):
        return (value,) * 4
    before, after, *rest = value
    left, right = rest or (before, after)
    return (before, after, left, right)


def groups_read(outputs: range, out_channels: int, in_channels: int, groups: int) -> range:
    """The input channels of every group that some of the output channels ``outputs`` belong to.

    >>> groups_read(range(100, 130), out_channels=256, in_channels=96, groups=2)
    range(0, 96)
    """
    written, read = out_channels // groups, in_channels // groups
    return range(outputs.start // written * read, -(-outputs.stop // written) * read)


def shape_text(shape: Shape) -> str:
    """A shape in words: 96×55×55.

    >>> shape_text((96, 55, 55))
    '96×55×55'
    """
    return "×".join(map(str, shape))
