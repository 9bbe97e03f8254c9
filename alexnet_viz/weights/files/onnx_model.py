"""The graph of an ONNX file, its constants, and the kinds of layer of its operators.

Used by the reader of networks and by the importer of weights.  Operators: onnx/docs/Operators.md.
"""

from collections.abc import Mapping
from math import prod

import onnx
from onnx import GraphProto, NodeProto, TensorProto

from alexnet_viz.text.problem import Problem
from alexnet_viz.weights.files.wire_format import refuse_swelling

FORMAT = "ONNX"

MAX_AXES = 8
"""Most axes of a weight that a shape is read for."""

KINDS = {
    "Conv": "conv",
    "Gemm": "linear",
    "MatMul": "linear",
    "BatchNormalization": "batch_norm",
    "Relu": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "LRN": "lrn",
    "MaxPool": "max_pool",
    "AveragePool": "avg_pool",
    "GlobalAveragePool": "adaptive_avg_pool",
    "Pad": "zero_pad",
    "Dropout": "dropout",
    "Flatten": "flatten",
    "Squeeze": "squeeze",
    "Softmax": "softmax",
    "LogSoftmax": "softmax",
}
"""Kinds by operator."""


def parsed(data: bytes) -> GraphProto:
    """The graph of an ONNX model; no other file is opened.

    Raises:
        Problem: no ONNX model, or one of too many parts.
    """
    refuse_swelling(data, onnx.ModelProto.DESCRIPTOR, FORMAT)
    try:
        return onnx.load_model_from_string(data).graph
    except Exception as error:  # DecodeError, of either of protobuf's two implementations
        raise Problem("weights_damaged", format=FORMAT) from error


def constants(
    graph: GraphProto, fed: Mapping[str, TensorProto] | None = None
) -> dict[str, TensorProto]:
    """The tensors that a file holds, by the names under which nodes read them.

    Initializers, values of Constant nodes, and copies of these by Identity nodes; of what
    ConstantOfShape and Reshape make of them the shape, not the numbers.  ``fed`` are inputs of the
    graph that are weights.
    """
    found = {**(fed or {}), **{tensor.name: tensor for tensor in graph.initializer}}
    for node in graph.node:
        for output in node.output:
            if node.op_type == "Constant":
                found[output] = _value(node)
            elif node.op_type == "Reshape" and all(each in found for each in node.input):
                found[output] = _reshaped(*(found[each] for each in node.input))
            elif node.op_type == "ConstantOfShape" and node.input and node.input[0] in found:
                found[output] = TensorProto(dims=_numbers(found[node.input[0]]))
            elif node.op_type == "Identity" and node.input and node.input[0] in found:
                found[output] = found[node.input[0]]
    return found


def _value(node: NodeProto) -> TensorProto:
    """The tensor of a Constant node; of a list of numbers only the shape."""
    for attribute in node.attribute:
        if attribute.name == "value":
            tensor: TensorProto = attribute.t
            return tensor
        if attribute.name in ("value_ints", "value_floats"):
            return TensorProto(dims=[len(attribute.ints) + len(attribute.floats)])
    return TensorProto()


def _reshaped(tensor: TensorProto, shape: TensorProto) -> TensorProto:
    """A tensor in another shape, without its numbers; no shape if it does not fit."""
    dims = _numbers(shape)
    return TensorProto(dims=dims if prod(dims) == prod(tensor.dims) else [])


def _numbers(shape: TensorProto) -> list[int]:
    """The numbers of a tensor that holds a shape; none if it holds anything else."""
    if shape.data_type != TensorProto.INT64 or len(shape.dims) != 1 or shape.dims[0] > MAX_AXES:
        return []
    if shape.data_location == TensorProto.EXTERNAL:
        return []
    try:
        return [int(each) for each in onnx.numpy_helper.to_array(shape)]
    except (ValueError, TypeError, KeyError):  # dims, type and bytes disagree
        return []
