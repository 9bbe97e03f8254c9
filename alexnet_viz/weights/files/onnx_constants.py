"""Read weights from the constants of an ONNX graph.

Exporters name the constants as they like, so weights are identified by the nodes that read them:
those of the first Conv are conv1's, and those of the first Gemm or MatMul after five Convs are
fc6's.  A dense layer's weight is stored as (in, out), with ``transB`` as (out, in)
(onnx/docs/Operators.md: Gemm, MatMul, Conv, BatchNormalization).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights.files.contents import Contents
from alexnet_viz.weights.files.onnx_model import FORMAT, KINDS, constants, parsed

QUANTISED = frozenset(
    {"QLinearConv", "ConvInteger", "QLinearMatMul", "MatMulInteger", "DequantizeLinear", "QGemm"}
)

FLOATS = frozenset(
    {
        onnx.TensorProto.FLOAT,
        onnx.TensorProto.FLOAT16,
        onnx.TensorProto.BFLOAT16,
        onnx.TensorProto.DOUBLE,
    }
)

Constants = Mapping[str, onnx.TensorProto]
Nodes = list[onnx.NodeProto]


def read(data: bytes) -> Contents:
    """The weights of an ONNX model as float32 tensors, named by layer and role.

    Raises:
        Problem: no ONNX model, or its weights are in another file, quantised or computed.
    """
    graph = parsed(data)
    nodes = list(graph.node)
    try:
        held = constants(graph)
        tensors = dict(_tensors(nodes, held))
    except Problem:
        raise
    except Exception as error:  # from numpy: dimensions that do not fit; a node without outputs
        raise Problem("weights_damaged", format=FORMAT) from error
    if not tensors:
        raise Problem("weights_no_tensors", format=FORMAT)
    kinds = tuple(KINDS[node.op_type] for node in nodes if node.op_type in KINDS)
    return Contents(tensors=tensors, kinds=kinds, side=_side(graph, held))


def _tensors(nodes: Nodes, held: Constants) -> Iterator[tuple[str, Tensor]]:
    """Names and tensors, node by node; dense weights are (out, in)."""
    learned = 0
    for place, node in enumerate(nodes):
        if node.op_type in QUANTISED:
            raise Problem("onnx_quantised", operator=node.op_type)
        if node.op_type == "Conv":
            learned += 1
            yield from _pair(f"conv{learned}", node, held)
        elif node.op_type == "Gemm":
            learned += 1
            yield from _gemm(f"fc{learned}", node, held)
        elif node.op_type == "MatMul":
            learned += 1
            yield f"fc{learned}.weight", _numbers(node, 1, held).t()
            yield from _added(f"fc{learned}", node, nodes[place + 1 :], held)
        elif node.op_type == "BatchNormalization":
            roles = ("weight", "bias", "running_mean", "running_var")
            for number, role in enumerate(roles, 1):
                yield f"norm{learned}.{role}", _numbers(node, number, held)


def _pair(layer: str, node: onnx.NodeProto, held: Constants) -> Iterator[tuple[str, Tensor]]:
    """Weight and bias as the node reads them."""
    yield f"{layer}.weight", _numbers(node, 1, held)
    if len(node.input) > 2 and node.input[2]:
        yield f"{layer}.bias", _numbers(node, 2, held)


def _gemm(layer: str, node: onnx.NodeProto, held: Constants) -> Iterator[tuple[str, Tensor]]:
    """Weight and bias of Gemm, alpha x A x B + beta x C, with the factors multiplied in."""
    settings = {attribute.name: attribute for attribute in node.attribute}
    transposed = "transB" in settings and settings["transB"].i
    factors = {"weight": "alpha", "bias": "beta"}
    for name, tensor in _pair(layer, node, held):
        role = name.rpartition(".")[2]
        factor = settings[factors[role]].f if factors[role] in settings else 1.0
        scaled = tensor if factor == 1.0 else tensor * factor
        yield name, scaled.t() if role == "weight" and not transposed else scaled


def _added(
    layer: str, node: onnx.NodeProto, later: Nodes, held: Constants
) -> Iterator[tuple[str, Tensor]]:
    """The bias of a MatMul: the constant of the Add after it."""
    for follower in later:
        if node.output[0] in follower.input:
            for number, name in enumerate(follower.input):
                if follower.op_type == "Add" and name in held:
                    yield f"{layer}.bias", _numbers(follower, number, held)
            return


def _numbers(node: onnx.NodeProto, number: int, held: Constants) -> Tensor:
    """The constant at a node's input ``number``, as a float32 tensor."""
    name = node.input[number] if number < len(node.input) else ""
    if name not in held:
        raise Problem("onnx_computed", operator=node.op_type, name=shown(name or "-"))
    tensor = held[name]
    # before to_array, which would open the file that the tensor names
    if tensor.data_location == onnx.TensorProto.EXTERNAL:
        raise Problem("onnx_external", name=shown(name))
    if tensor.data_type not in FLOATS:
        raise Problem("weights_not_float", name=shown(name))
    return torch.from_numpy(np.asarray(numpy_helper.to_array(tensor)).astype(np.float32))


def _side(graph: Any, held: Constants) -> int | None:
    """Side of the square input that the graph declares, in pixels; None if it declares none."""
    for given in graph.input:
        sizes = [axis.dim_value for axis in given.type.tensor_type.shape.dim]
        if given.name not in held and len(sizes) == 4 and sizes[2] == sizes[3] > 0:
            return int(sizes[2])
    return None
