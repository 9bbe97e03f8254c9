"""Layers without a window: activations, flatten and squeeze, dense layers, softmax."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from alexnet_viz.network.layers.base import (
    Family,
    Field,
    Layer,
    Shape,
    Slides,
    feature_maps,
    groups_read,
    shape_text,
)
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True, kw_only=True)
class ReLU(Layer):
    """max(x, 0)."""

    kind: ClassVar[str] = "relu"
    family: ClassVar[Family] = "activation"
    elementwise: ClassVar[bool] = True

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        return {"comparisons": prod(input_shape)}


@dataclass(frozen=True, kw_only=True)
class Tanh(Layer):
    """tanh x = 1 - 2 / (exp(2x) + 1)."""

    kind: ClassVar[str] = "tanh"
    family: ClassVar[Family] = "activation"
    elementwise: ClassVar[bool] = True

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        n = prod(input_shape)
        return {"exponentials": n, "additions": 2 * n, "divisions": n}


@dataclass(frozen=True, kw_only=True)
class Sigmoid(Layer):
    """1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"
    family: ClassVar[Family] = "activation"
    elementwise: ClassVar[bool] = True

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        n = prod(input_shape)
        return {"exponentials": n, "additions": n, "divisions": n}


@dataclass(frozen=True, kw_only=True)
class Flatten(Layer):
    """(channels, height, width) to (channels x height x width,), in that order."""

    kind: ClassVar[str] = "flatten"
    family: ClassVar[Family] = "layout"
    keeps_shape: ClassVar[bool] = False
    is_view: ClassVar[bool] = True

    def output_shape(self, input_shape: Shape) -> Shape:
        return (prod(input_shape),)

    def channels_read(self, outputs: range, input_shape: Shape) -> range:
        """The channels whose cells lie among the features ``outputs``."""
        cells = prod(input_shape[1:])
        return range(outputs.start // cells, -(-outputs.stop // cells))


@dataclass(frozen=True, kw_only=True)
class Squeeze(Layer):
    """(channels, 1, 1) to (channels,): ``tf.squeeze([1, 2])`` of TF-slim."""

    kind: ClassVar[str] = "squeeze"
    family: ClassVar[Family] = "layout"
    keeps_shape: ClassVar[bool] = False
    is_view: ClassVar[bool] = True

    def output_shape(self, input_shape: Shape) -> Shape:
        channels, height, width = feature_maps(self, input_shape)
        if (height, width) != (1, 1):
            raise Problem("squeeze", height=height, width=width)
        return (channels,)


@dataclass(frozen=True, kw_only=True)
class Linear(Layer):
    """A dense layer: every output reads every input of its group.

    ``in_features`` is the size the layer was built for; ``None`` takes what arrives.  With
    ``groups`` the weights are block-diagonal: the first of n groups of outputs reads the first
    n-th of the inputs, as in the two columns of run 150, which exchange nothing (layers-150.cfg).
    """

    kind: ClassVar[str] = "linear"
    family: ClassVar[Family] = "dense"
    keeps_shape: ClassVar[bool] = False
    weighted: ClassVar[bool] = True

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

    def channels_read(self, outputs: range, input_shape: Shape) -> range:
        """The features read; the maps read where ``input_shape`` is that of the maps laid out."""
        return groups_read(outputs, self.out_features, input_shape[0], self.groups)

    def receptive_field(self, field: Field, slides: Slides, grid: Shape) -> Field:
        """That of the whole map."""
        return field and (field[0].whole(grid[0]), field[1].whole(grid[1]))

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
    Torch7, the input of its negative log-likelihood.
    """

    kind: ClassVar[str] = "softmax"
    family: ClassVar[Family] = "softmax"
    log: bool = False

    def channels_read(self, outputs: range, input_shape: Shape) -> range:
        return range(input_shape[0])

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
