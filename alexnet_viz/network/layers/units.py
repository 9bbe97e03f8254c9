"""Layers without a window: non-linearities, the change from maps to a row, dense layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from alexnet_viz.network.layers.base import Layer, Shape, feature_maps, shape_text
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True, kw_only=True)
class ReLU(Layer):
    """max(x, 0)."""

    kind: ClassVar[str] = "relu"

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        return {"comparisons": prod(input_shape)}


@dataclass(frozen=True, kw_only=True)
class Tanh(Layer):
    """tanh x = 1 - 2 / (exp(2x) + 1)."""

    kind: ClassVar[str] = "tanh"

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        n = prod(input_shape)
        return {"exponentials": n, "additions": 2 * n, "divisions": n}


@dataclass(frozen=True, kw_only=True)
class Sigmoid(Layer):
    """1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        n = prod(input_shape)
        return {"exponentials": n, "additions": n, "divisions": n}


@dataclass(frozen=True, kw_only=True)
class Flatten(Layer):
    """Lay the maps out in one row, channel by channel (C, H, W order)."""

    kind: ClassVar[str] = "flatten"

    def output_shape(self, input_shape: Shape) -> Shape:
        return (prod(input_shape),)


@dataclass(frozen=True, kw_only=True)
class Squeeze(Layer):
    """Drop the map axes of a 1 x 1 map (``tf.squeeze([1, 2])`` of TF-slim)."""

    kind: ClassVar[str] = "squeeze"

    def output_shape(self, input_shape: Shape) -> Shape:
        channels, height, width = feature_maps(self, input_shape)
        if (height, width) != (1, 1):
            raise Problem("squeeze", height=height, width=width)
        return (channels,)


@dataclass(frozen=True, kw_only=True)
class Linear(Layer):
    """Every output reads every input of its group.

    ``in_features`` is the size the layer was built for; ``None`` takes what arrives.  With
    ``groups`` the weights are block-diagonal: the first of n groups of outputs reads the first
    n-th of the inputs, as in the columns of run 150 that never talk (layers-150.cfg).
    """

    kind: ClassVar[str] = "linear"
    out_features: int
    in_features: int | None = None
    bias: bool = True
    groups: int = 1

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise Problem("needs_flat", kind=self.kind, shape=shape_text(input_shape))
        if self.in_features not in (None, *input_shape):
            raise Problem("in_features", given=input_shape[0], needed=self.in_features)
        for name, features in (("in_features", *input_shape), ("out_features", self.out_features)):
            if features % self.groups:
                raise Problem("groups", name=name, channels=features, groups=self.groups)
        return (self.out_features,)

    def kernel_depth(self, input_shape: Shape) -> int:
        """Inputs each output reads: in_features / groups."""
        return input_shape[0] // self.groups

    def weights(self, input_shape: Shape) -> int:
        """out_features x in_features / groups."""
        return self.out_features * self.kernel_depth(input_shape)

    def biases(self, input_shape: Shape) -> int:
        return self.out_features if self.bias else 0

    def macs(self, input_shape: Shape) -> int:
        """Each weight is used once."""
        return self.weights(input_shape)

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        return {"additions": self.out_features} if self.bias else {}


@dataclass(frozen=True, kw_only=True)
class Softmax(Layer):
    """exp(x_i - max x) / sum exp(x_j - max x), over the channels or features.

    With ``log`` the logarithm of that, x_i - max x - log sum exp(x_j - max x): ``LogSoftMax`` of
    Torch7, which the negative log-likelihood is read from.
    """

    kind: ClassVar[str] = "softmax"
    log: bool = False

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        n, rows = prod(input_shape), prod(input_shape[1:])
        if self.log:
            return {
                "comparisons": n - rows,
                "exponentials": n,
                "additions": 3 * n - rows,
                "logarithms": rows,
            }
        return {
            "comparisons": n - rows,
            "exponentials": n,
            "additions": 2 * n - rows,
            "divisions": n,
        }
