"""The graph of an ONNX file, its constants, and the kinds of layer of its operators.

Used by the reader of networks and by the importer of weights.  Operators: onnx/docs/Operators.md.
"""

import onnx
from onnx import GraphProto, NodeProto, TensorProto

from alexnet_viz.text.problem import Problem
from alexnet_viz.weights.files.wire_format import refuse_swelling

FORMAT = "ONNX"

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


def constants(graph: GraphProto) -> dict[str, TensorProto]:
    """The tensors that a file holds, by the names under which nodes read them.

    Initializers, values of Constant nodes, and copies of either by Identity nodes.
    """
    found = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        for output in node.output:
            if node.op_type == "Constant":
                found[output] = _value(node)
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
