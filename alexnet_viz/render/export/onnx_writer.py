"""A network as an ONNX model (opset 17), with weights or with their shapes only.

Every window declares its padding on all four sides, so no rounding rule is needed.  Without weights
the parameters are inputs of the graph, and the file takes a few kilobytes.  The output of every
layer is declared with the shape from the trace; ONNX's checker infers the shapes again and raises
if they differ.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Shape,
    Sigmoid,
    Softmax,
    Squeeze,
    Tanh,
    Window,
    ZeroPad,
)
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.network.window_padding import even_window, outside, steps
from alexnet_viz.render.export.refusal import heading, odd_window, written
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem

OPSET, IR_VERSION = 17, 8
FORMAT = "ONNX"

Weights = Mapping[str, NDArray[np.float32]]

PLAIN = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"}


class Piece:
    """The nodes of one layer, their constants, and the names and shapes of their weights."""

    def __init__(self, row: Row, arriving: str) -> None:
        self.row, self.last = row, arriving
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.weights: dict[str, Shape] = {}

    def step(self, kind: str, *more: str, last: bool = True, **attributes: Any) -> None:
        """Append a node that reads the last output; the ``last`` node has the layer's name."""
        self.node(kind, self.last, *more, last=last, **attributes)

    def node(self, kind: str, *inputs: str, last: bool = True, **attributes: Any) -> str:
        """Append a node with the given inputs; returns the name of its output."""
        self.last = self.row.name if last else f"{self.row.name}.{len(self.nodes)}"
        made = helper.make_node(kind, inputs, [self.last], name=self.last, **attributes)
        self.nodes.append(made)
        return self.last

    def weight(self, role: str, *shape: int) -> str:
        """Declare a weight of this layer; returns its name."""
        name = f"{self.row.name}.{role}"
        self.weights[name] = shape
        return name

    def constant(self, role: str, values: NDArray[np.generic]) -> str:
        """Add an array that is not learned; returns its name."""
        name = f"{self.row.name}.{role}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def reshape(self, *shape: int, last: bool = True) -> None:
        """Append a Reshape; -1 is the batch axis, or batch times groups."""
        role = f"shape_{len(self.nodes)}"
        self.step("Reshape", self.constant(role, np.array(shape, np.int64)), last=last)


def onnx_file(trace: Trace, language: Language = "en", *, weights: Weights | None = None) -> bytes:
    """The bytes of an ONNX model of a traced network.

    ``weights`` are float32 arrays by name, ``conv1.weight`` (out, in / groups, height, width) and
    so on, as in the state dict of the network's torch model; more names than needed are ignored.
    Without them the weights are inputs of the graph.

    Raises:
        Problem: the network fails at its input, or ONNX has no such layer.
        ValueError: a weight is missing or has another shape.
    """
    before = "input"
    while before in trace.by_name:
        before += "_"
    arriving = {}
    for row in trace.rows:
        arriving[row.name] = before
        before = row.name
    pieces = [piece for _, piece in written(trace, FORMAT, lambda row: _piece(row, arriving))]
    first = next(iter(arriving.values()), before)
    inputs = [_shaped(first, trace.input_shape)]
    constants = [constant for piece in pieces for constant in piece.constants]
    shapes = {name: shape for piece in pieces for name, shape in piece.weights.items()}
    if weights is None:
        inputs += [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in shapes.items()
        ]
    else:
        constants += _initializers(weights, shapes)
    graph = helper.make_graph(
        [node for piece in pieces for node in piece.nodes],
        trace.network.id,
        inputs,
        [_shaped(before, trace.rows[-1].output_shape if trace.rows else trace.input_shape)],
        constants,
        value_info=[_shaped(row.name, row.output_shape) for row in trace.rows[:-1]],
    )
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="AlexNet Viz",
        doc_string="\n".join(heading(trace, language, FORMAT)),
    )
    onnx.checker.check_model(made, full_check=True)
    return bytes(made.SerializeToString())


def _shaped(name: str, shape: Shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])


def _initializers(weights: Weights, shapes: Mapping[str, Shape]) -> list[onnx.TensorProto]:
    if any(name not in weights or weights[name].shape != shapes[name] for name in shapes):
        raise ValueError("the weights are not of this network at this input")
    return [numpy_helper.from_array(weights[name], name) for name in shapes]


def _piece(row: Row, arriving: Mapping[str, str]) -> Piece:
    piece = Piece(row, arriving[row.name])
    _fill(piece, row)
    return piece


def _fill(piece: Piece, row: Row) -> None:
    layer, channels = row.layer, row.input_shape[0]
    match layer:
        case Conv(out_channels=count, groups=groups):
            names = [piece.weight("weight", count, channels // groups, *steps(layer)[0])]
            names += [piece.weight("bias", count)] if layer.bias else []
            piece.step("Conv", *names, **_window(row, layer), group=groups)
        case MaxPool():
            piece.step("MaxPool", **_window(row, layer))
        case AvgPool():
            if steps(layer)[2] != (1, 1):
                raise Problem("dilated_average", dilation=layer.dilation)
            window = _window(row, layer)
            del window["dilations"]
            piece.step("AveragePool", **window, count_include_pad=0)
        case AdaptiveAvgPool():
            if side := even_window(row):
                piece.step("AveragePool", kernel_shape=side, strides=side)
            else:
                _adaptive(piece, row)
        case ReLU() | Tanh() | Sigmoid():
            piece.step(PLAIN[layer.kind])
        case LRN():
            _response_norm(piece, layer)
        case BatchNorm(eps=eps):
            roles = ("weight", "bias", "running_mean", "running_var")
            names = [piece.weight(role, channels) for role in roles]
            piece.step("BatchNormalization", *names, epsilon=eps)
        case Dropout(p=p, scale=scale):
            ratio = piece.constant("ratio", np.array(p, np.float32))
            piece.step("Dropout", ratio, last=scale == "train")
            if scale == "test":
                piece.step("Mul", piece.constant("scale", np.array(1 - p, np.float32)))
        case Flatten():
            piece.step("Flatten")
        case Squeeze():
            piece.step("Squeeze", piece.constant("axes", np.array([2, 3], np.int64)))
        case Linear():
            _dense(piece, layer, channels)
        case ZeroPad(padding=(top, bottom, left, right)):
            pads = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
            piece.step("Pad", piece.constant("pads", pads))
        case Softmax(log=log):
            piece.step("LogSoftmax" if log else "Softmax", axis=1)
        case _:
            raise Problem("no_such_layer", format=FORMAT, kind=layer.kind)


def _window(row: Row, layer: Window) -> dict[str, Any]:
    top, bottom, left, right = outside(row)
    return {
        "kernel_shape": layer.kernel_size,
        "strides": layer.stride,
        "dilations": layer.dilation,
        "pads": (top, left, bottom, right),
    }


def _adaptive(piece: Piece, row: Row) -> None:
    """Adaptive average pooling as two matrix products, one an axis; each row is a window."""
    _, height, width = row.input_shape
    _, down, across = row.output_shape
    left = piece.constant("rows", _means(height, down))
    right = piece.constant("columns", _means(width, across).T.copy())
    piece.node("MatMul", left, piece.last, last=False)
    piece.step("MatMul", right)


def _means(cells: int, count: int) -> NDArray[np.float32]:
    """float32 (count, cells): row i averages cells floor(iW/N) to ceil((i + 1)W/N) - 1."""
    means = np.zeros((count, cells), np.float32)
    for i in range(count):
        start, stop = i * cells // count, -(-(i + 1) * cells // count)
        means[i, start:stop] = 1 / (stop - start)
    return means


def _response_norm(piece: Piece, layer: LRN) -> None:
    """LRN across channels; with groups, a Reshape makes every group a separate image."""
    if layer.region == "map":
        _map_norm(piece, layer)
        return
    odd_window(layer, FORMAT)
    # ONNX divides alpha by the size, so it is multiplied by it first
    alpha = layer.alpha if layer.divide_alpha else layer.alpha * layer.size
    constants: dict[str, Any] = {
        "size": layer.size,
        "alpha": alpha,
        "beta": layer.beta,
        "bias": layer.k,
    }
    if layer.groups == 1:
        piece.step("LRN", **constants)
        return
    channels, *size = piece.row.input_shape
    piece.reshape(-1, channels // layer.groups, *size, last=False)
    piece.step("LRN", last=False, **constants)
    piece.reshape(-1, channels, *size)


def _map_norm(piece: Piece, layer: LRN) -> None:
    """LRN within a map: a / (k + alpha' * mean(a^2)) ** beta, alpha' = alpha times its cells."""
    arriving, around = piece.last, (layer.size // 2, (layer.size - 1) // 2)
    alpha = layer.effective_alpha * layer.size**2
    size = (layer.size, layer.size)
    pads = (around[0], around[0], around[1], around[1])
    piece.step("Mul", arriving, last=False)
    piece.step("AveragePool", last=False, kernel_shape=size, pads=pads, count_include_pad=1)
    for kind, role, number in (("Mul", "alpha", alpha), ("Add", "k", layer.k)):
        piece.step(kind, piece.constant(role, np.array(number, np.float32)), last=False)
    piece.step("Pow", piece.constant("beta", np.array(-layer.beta, np.float32)), last=False)
    piece.step("Mul", arriving)


def _dense(piece: Piece, layer: Linear, features: int) -> None:
    """A Gemm; with groups a grouped 1 x 1 convolution of a 1 x 1 map."""
    count, groups = layer.out_features, layer.groups
    if groups == 1:
        names = [piece.weight("weight", count, features)]
        names += [piece.weight("bias", count)] if layer.bias else []
        piece.step("Gemm", *names, transB=1)
        return
    weight = piece.weight("weight", count, features // groups)
    shape = piece.constant("shape_weight", np.array([count, features // groups, 1, 1], np.int64))
    arriving = piece.last
    kernel = piece.node("Reshape", weight, shape, last=False)
    piece.last = arriving
    piece.reshape(-1, features, 1, 1, last=False)
    names = [kernel] + ([piece.weight("bias", count)] if layer.bias else [])
    piece.step("Conv", *names, last=False, kernel_shape=(1, 1), group=groups)
    piece.reshape(-1, count)
