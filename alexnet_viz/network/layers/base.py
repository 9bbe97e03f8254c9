"""What every layer is: a role, a shape rule and what the layer costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from alexnet_viz.text.problem import Problem

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
