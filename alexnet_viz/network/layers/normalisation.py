"""Normalisation and dropout: LRN, BatchNorm, Dropout."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar, Literal

from alexnet_viz.network.layers.base import Family, Layer, Shape, feature_maps, groups_read
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True, kw_only=True)
class LRN(Layer):
    """Local response normalisation, b = a / (k + alpha * sum(a^2))^beta.

    Krizhevsky et al. 2012, section 3.3: k=2, n=5, alpha=1e-4, beta=0.75, the sum over ``size``
    neighbouring channels at the same position.  The published implementations differ in three
    ways, so each is a field: ``divide_alpha`` (alpha is divided by the number of cells in the
    window: layer.py ``NormLayerParser`` of the 2012 code, Caffe, torch; the paper's formula does
    not), ``groups`` (the window stays inside each tower), ``region`` ("channels", or "map" for a
    spatial ``size`` x ``size`` window within one channel, cuda-convnet's ``rnorm``).
    """

    kind: ClassVar[str] = "lrn"
    family: ClassVar[Family] = "normalisation"

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0
    divide_alpha: bool = False
    groups: int = 1
    region: Literal["channels", "map"] = "channels"

    @property
    def cells(self) -> int:
        """The cells of a window: ``size`` over channels, its square over a map."""
        return self.size if self.region == "channels" else self.size**2

    @property
    def effective_alpha(self) -> float:
        """The factor of the plain sum of squares."""
        return self.alpha / self.cells if self.divide_alpha else self.alpha

    def output_shape(self, input_shape: Shape) -> Shape:
        channels = feature_maps(self, input_shape)[0]
        if channels % self.groups:
            raise Problem("groups", name="channels", channels=channels, groups=self.groups)
        return input_shape

    def channels_read(self, outputs: range, input_shape: Shape) -> range:
        """The neighbours in the same group; of an even ``size`` one more before than after."""
        if self.region == "map":
            return outputs
        group = groups_read(outputs, input_shape[0], input_shape[0], self.groups)
        first, stop = outputs.start - self.size // 2, outputs.stop + (self.size - 1) // 2
        return range(max(group.start, first), min(group.stop, stop))

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        channels, height, width = input_shape
        if self.region == "channels":
            read = self.groups * height * width * _reads(channels // self.groups, self.size)
        else:
            read = channels * _reads(height, self.size) * _reads(width, self.size)
        n = prod(input_shape)
        return {"multiplications": 2 * n, "additions": read, "powers": n, "divisions": n}


def _reads(cells: int, size: int) -> int:
    """Cells read by windows centred on each of ``cells`` cells, clipped at both ends."""
    lost = sum(
        side * (side + 1) // 2 - max(0, side - cells) * (max(0, side - cells) + 1) // 2
        for side in (size // 2, (size - 1) // 2)
    )
    return cells * size - lost


@dataclass(frozen=True, kw_only=True)
class BatchNorm(Layer):
    """gamma (x - mean) / sqrt(variance + eps) + beta, per channel (Ioffe, Szegedy 2015)."""

    kind: ClassVar[str] = "batch_norm"
    family: ClassVar[Family] = "normalisation"
    eps: float = 1e-5

    def weights(self, input_shape: Shape) -> int:
        """gamma, one a channel."""
        return input_shape[0]

    def biases(self, input_shape: Shape) -> int:
        """beta, one a channel."""
        return input_shape[0]

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        n = prod(input_shape)
        return {"multiplications": n, "additions": n}


@dataclass(frozen=True, kw_only=True)
class Dropout(Layer):
    """Zero each unit with probability ``p`` in training.

    ``scale`` says where the change of the expected value is undone: "test" multiplies by 1 - p at
    test time (the paper, section 4.2), "train" divides by 1 - p in training (inverted dropout:
    Caffe, torch, Keras).
    """

    kind: ClassVar[str] = "dropout"
    family: ClassVar[Family] = "dropout"
    elementwise: ClassVar[bool] = True
    p: float = 0.5
    scale: Literal["train", "test"] = "train"

    def operations(self, input_shape: Shape) -> Mapping[str, int]:
        return {"multiplications": prod(input_shape)} if self.scale == "test" else {}
