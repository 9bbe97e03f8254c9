"""What every layer is: a role, a shape rule and what the layer costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from alexnet_viz.problem import Problem

Shape = tuple[int, ...]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One step of a network.  ``name`` is its role: conv1, relu1, norm1, pool1 … fc8, prob."""

    name: str
    kind: ClassVar[str]

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape this layer makes of ``input_shape``.

        Raises:
            Problem: the layer cannot take that shape.
        """
        return input_shape

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
        Problem: it is flat.
    """
    if len(shape) != 3:
        raise Problem("needs_maps", kind=layer.kind, shape=shape_text(shape))
    return shape[0], shape[1], shape[2]


def pair(value: int | tuple[int, int]) -> Pair:
    """``n`` or ``(vertical, horizontal)`` in the long form."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def sides(value: int | tuple[int, ...]) -> Sides:
    """``n``, ``(before, after)`` or ``(top, bottom, left, right)`` in the long form.

    >>> sides((1, 2))
    (1, 2, 1, 2)
    """
    if isinstance(value, int):
        return (value,) * 4
    before, after, *rest = value
    left, right = rest or (before, after)
    return (before, after, left, right)


def shape_text(shape: Shape) -> str:
    """A shape as it is written everywhere: 96×55×55.

    >>> shape_text((96, 55, 55))
    '96×55×55'
    """
    return "×".join(map(str, shape))
