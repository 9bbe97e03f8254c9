"""One output cell of a layer: the inputs it reads, the products with its kernel, and their sum.

Every cell reads a block of the layer's input, some channels at some rows and columns (``reach``).
Convolutions and dense layers multiply that block by a kernel: ``lens`` returns the block, the
kernel, the products and their sum in float64, to be compared with the float32 output of the model.
A dense layer after a feature map is treated as a convolution whose kernel covers the whole map: the
9,216 inputs of fc6 are 256 maps of 6 x 6.

Cells are (channel, row, column), 0-based; a dense unit is (unit, 0, 0).  Rows and columns below 0
or beyond the map are padding, where a convolution reads zeros.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.interpretability import kernels
from alexnet_viz.network.geometry import Slide
from alexnet_viz.network.layers import LRN, AdaptiveAvgPool, Flatten, Linear
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.text.problem import Problem

Floats = NDArray[np.float32]
Cell = tuple[int, int, int]
Maps = tuple[int, int, int]


class Source(NamedTuple):
    """The layer that another layer reads, and the shape of its output."""

    layer: str
    """Name of the layer that is read; empty for the input image."""
    shape: Maps
    """(channels, height, width); a feature vector is (features, 1, 1)."""


class Reach(NamedTuple):
    """The block of inputs that one cell reads; rows and columns may lie outside the map."""

    channels: range
    rows: range
    columns: range


@dataclass(frozen=True)
class Lens:
    """The computation of one cell of a convolution or a dense layer, in float64."""

    reach: Reach
    inside: NDArray[np.bool_]
    """(height, width): which positions of the window lie on the map; the others are padding."""
    window: NDArray[np.float64]
    """(channels, height, width): the inputs that the cell reads."""
    kernel: NDArray[np.float64]
    """(channels, height, width): the weights, one for each input."""
    bias: float

    @property
    def products(self) -> NDArray[np.float64]:
        """(channels, height, width): each input times its weight."""
        return self.window * self.kernel

    @property
    def contributions(self) -> NDArray[np.float64]:
        """(channels,): the sum of the products of each input channel."""
        return np.array(self.products.sum(axis=(1, 2)))

    @property
    def activation(self) -> float:
        """The sum of all products plus the bias."""
        return float(self.contributions.sum()) + self.bias

    def ranked(self) -> list[tuple[int, float]]:
        """(channel, contribution) by decreasing absolute value; channels as in the source."""
        sums = self.contributions
        order = np.argsort(-np.abs(sums), kind="stable")
        return [(self.reach.channels[place], float(sums[place])) for place in order]


def source(result: Trace, layer: str) -> Source:
    """The layer that a layer reads, and the shape of its output.

    The source of a dense layer that reads flattened feature maps is the layer with these maps.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> source(trace(VARIANTS["alexnet_2012_paper"]), "fc6")
    Source(layer='pool5', shape=(256, 6, 6))
    """
    rows = list(result.rows)
    place = rows.index(result[layer])
    below, arriving = rows[:place], rows[place].input_shape
    if isinstance(rows[place].layer, Linear):
        while below and (below[-1].layer.is_view or below[-1].layer.family == "dropout"):
            below.pop()
        shape = below[-1].output_shape if below else result.input_shape
        if len(shape) == 3:
            return Source(below[-1].name if below else "", _maps(shape))
    return Source(rows[place - 1].name if place else "", _maps(arriving))


def arriving(result: Trace, layer: str, image: Floats, kept: Mapping[str, Floats]) -> Floats:
    """The input of a layer, float32, in the shape of its source: (channels, height, width).

    ``image`` is the input of the network, ``kept`` every layer's output (``activations.capture``).
    """
    names = [row.name for row in result.rows]
    place = names.index(layer)
    values = kept[names[place - 1]] if place else image
    return values.reshape(source(result, layer).shape)


def reach(row: Row, shape: Maps, cell: Cell) -> Reach:
    """The block of inputs that one cell reads, in a source of this shape."""
    channel, y, x = cell
    channels = row.layer.channels_read(_one(channel), shape)
    if row.slides:
        return Reach(channels, _tap(row.slides[0], y), _tap(row.slides[1], x))
    match row.layer:
        case AdaptiveAvgPool(output_size=(height, width)):
            return Reach(channels, _bin(y, shape[1], height), _bin(x, shape[2], width))
        case LRN(region="map", size=size):
            return Reach(channels, _near(y, size, shape[1]), _near(x, size, shape[2]))
        case Linear():  # a group reads whole maps (``trace``)
            return Reach(channels, *map(range, shape[1:]))
        case Flatten():
            y, x = divmod(channel % prod(shape[1:]), shape[2])
    return Reach(channels, _one(y), _one(x))


def lens(row: Row, module: nn.Module, values: Floats, cell: Cell) -> Lens:
    """The computation of one cell of a convolution or a dense layer, in float64.

    ``module`` is the torch layer of ``row``; ``values`` is its input in the shape of its source,
    float32, (channels, height, width): see ``arriving``.

    Raises:
        Problem: the layer has no kernel, or no such cell.
    """
    if not row.layer.weighted:
        raise Problem("lens_no_kernel", layer=row.name, kind=row.kind)
    axes = ("channel", "row", "column")
    for axis, value, size in zip(axes, cell, _maps(row.output_shape), strict=True):
        if not 0 <= value < size:
            raise Problem("lens_no_cell", layer=row.name, axis=axis, value=value, last=size - 1)
    block = reach(row, _maps(values.shape), cell)
    window, inside = read(values, block)
    weights = kernels.kernel(module, cell[0]).astype(np.float64).reshape(window.shape)
    return Lens(block, inside, window, weights, kernels.bias(module, cell[0]))


def read(values: Floats, block: Reach) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values of a block, with 0 outside the map, and which positions lie on the map.

    ``values`` is (channels, height, width), any dtype.  Returns the block, float64,
    (block channels, rows, columns), and a boolean mask (rows, columns).

    >>> maps = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    >>> read(maps, Reach(range(1), range(-1, 1), range(2, 4)))[0].tolist()
    [[[0.0, 0.0], [2.0, 0.0]]]
    """
    ys, xs = np.array(block.rows), np.array(block.columns)
    _, height, width = values.shape
    inside = ((ys >= 0) & (ys < height))[:, None] & ((xs >= 0) & (xs < width))
    channels = values[block.channels.start : block.channels.stop]
    found = channels[:, np.clip(ys, 0, height - 1)[:, None], np.clip(xs, 0, width - 1)]
    return np.where(inside, found.astype(np.float64), 0.0), inside


def strongest(plane: Floats, count: int) -> list[tuple[int, int]]:
    """(row, column) of the ``count`` largest values of a map (height, width), largest first."""
    order = np.argsort(-plane, axis=None, kind="stable")[:count]
    ys, xs = np.unravel_index(order, plane.shape)
    return [(int(y), int(x)) for y, x in zip(ys, xs, strict=True)]


def _maps(shape: tuple[int, ...]) -> Maps:
    """A shape as (channels, height, width); (features,) is (features, 1, 1)."""
    return (shape[0], shape[1], shape[2]) if len(shape) == 3 else (shape[0], 1, 1)


def _one(place: int) -> range:
    return range(place, place + 1)


def _tap(window: Slide, place: int) -> range:
    start = window.starts[place]
    return range(start, start + window.extent, window.dilation)


def _bin(place: int, cells: int, count: int) -> range:
    """The cells in bin i = ``place`` of N = ``count``: floor(iW/N) to ceil((i+1)W/N) - 1."""
    return range(place * cells // count, -(-(place + 1) * cells // count))


def _near(place: int, size: int, cells: int) -> range:
    """``size`` cells around a cell, clipped at the ends; an even size has one more before it."""
    return range(max(0, place - size // 2), min(cells, place + (size - 1) // 2 + 1))
