"""Layers that ONNX has no operator for, recognised in the nodes that they are written as.

``alexnet_viz.render.export.onnx_writer`` writes them so, and other programs do alike:

- LRN within a map, ``a * (k + alpha * mean(a * a)) ** -beta``, in six nodes;
- an average over windows of unequal sizes (``AdaptiveAvgPool``), the product with one matrix of
  shares from the left and one from the right.

A dense layer with groups, a convolution between two Reshapes, is merged in ``onnx_graph``.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from onnx import NodeProto, TensorProto, numpy_helper

from alexnet_viz.readers.chain import Spec
from alexnet_viz.readers.onnx_nodes import Node

MOST_SHARES = 10_000
"""Most numbers of a matrix of shares that is read."""

MAP_NORM = ("Mul", "AveragePool", "Mul", "Add", "Pow", "Mul")
AVERAGE = ("MatMul", "MatMul")


class Composed(NamedTuple):
    """A layer that several nodes compute: their number, the layer, the blobs read and made."""

    length: int
    layer: Spec
    reads: str
    makes: str


def composed(
    nodes: Sequence[NodeProto], place: int, constants: Mapping[str, TensorProto]
) -> Composed | None:
    """The layer that the nodes from ``place`` on compute together; None if there is none."""
    for types, layer in ((MAP_NORM, _map_norm), (AVERAGE, _average)):
        found = nodes[place : place + len(types)]
        if tuple(node.op_type for node in found) == types and all(node.output for node in found):
            made = layer([Node(each.name, each, constants) for each in found], found)
            if made:
                return Composed(len(types), made[1], made[0], found[-1].output[0])
    return None


def _map_norm(nodes: Sequence[Node], found: Sequence[NodeProto]) -> tuple[str, Spec] | None:
    """LRN within a map, by the map that it reads."""
    square, mean, alpha, k, power, product = nodes
    outputs = [each.output[0] for each in found]
    source = square.inputs[0]
    linked = [mean.inputs[:1], alpha.inputs[:1], k.inputs[:1], power.inputs[:1]]
    size = mean.wholes("kernel_shape", ())
    half = (size[0] // 2, size[0] // 2, (size[0] - 1) // 2, (size[0] - 1) // 2) if size else ()
    numbers = [each.numbers(1) for each in (alpha, k, power)]
    if (
        square.inputs != [source, source]
        or linked != [[each] for each in outputs[:4]]
        or sorted(product.inputs) != sorted([outputs[4], source])
        or size != (size[:1] * 2)
        or mean.wholes("pads", (0, 0, 0, 0)) != half
        or mean.wholes("strides", (1, 1)) != (1, 1)
        or not mean.whole("count_include_pad", 0)
        or any(len(each) != 1 for each in numbers)
    ):
        return None
    layer = {"size": size[0], "alpha": numbers[0][0], "k": numbers[1][0], "beta": -numbers[2][0]}
    return source, {"kind": "lrn", **layer, "divide_alpha": True, "region": "map"}


def _average(nodes: Sequence[Node], found: Sequence[NodeProto]) -> tuple[str, Spec] | None:
    """Adaptive average pooling, by the map that it reads."""
    down, across = nodes
    rows, columns = _shares(down, 0), _shares(across, 1)
    if rows is None or columns is None or across.inputs[0] != found[0].output[0]:
        return None
    return down.inputs[1], {"kind": "adaptive_avg_pool", "output_size": (rows, columns)}


def _shares(node: Node, place: int) -> int | None:
    """The number of windows of a matrix of shares, at an input of a product; None if it is none."""
    tensor = node.constant(place)
    if tensor is None or tensor.data_location == TensorProto.EXTERNAL or len(tensor.dims) != 2:
        return None
    if not 0 < tensor.dims[0] * tensor.dims[1] <= MOST_SHARES:
        return None
    try:
        matrix = numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError):  # dims, type and bytes disagree
        return None
    matrix = matrix if place == 0 else matrix.T
    windows, cells = matrix.shape
    expected = np.zeros(matrix.shape)
    for window in range(windows):
        start, stop = window * cells // windows, -(-(window + 1) * cells // windows)
        expected[window, start:stop] = 1 / (stop - start)
    return windows if np.allclose(matrix, expected, atol=1e-6) else None
