"""Read the network of an ONNX model from its nodes and the shapes of its weights.

Weights in another file, as torch.onnx writes them, are not needed, and that file is not opened.
Nodes that make or copy a constant are skipped, and so are those that compute the shape for a
Reshape, as PyTorch's older exporter writes them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onnx import GraphProto, NodeProto, TensorProto

from alexnet_viz.network.spec import Axis, Network
from alexnet_viz.readers import onnx_nodes
from alexnet_viz.readers.chain import Chain, Spec, Step, chained
from alexnet_viz.readers.diagnostics import Finding, listed
from alexnet_viz.readers.network_builder import network
from alexnet_viz.readers.onnx_compositions import composed
from alexnet_viz.readers.onnx_nodes import FACTOR, REGROUPED, Node
from alexnet_viz.text.problem import Problem
from alexnet_viz.weights.files.onnx_model import FORMAT, constants, parsed

SIZE = 224
"""Side of the input that is assumed where the graph leaves it open."""

LEARNED = frozenset({"Conv", "Gemm", "MatMul", "BatchNormalization", "Add"})
"""Operators whose inputs after the first may be weights."""

SIZING = frozenset(
    {"Gather", "Unsqueeze", "Squeeze", "Concat", "Cast", "Slice", "Mul", "Add", "Sub", "Div"}
    | {"Identity"}
)
"""Operators that compute a shape for Reshape from the sizes of a map."""


def read(data: bytes, name: str) -> Network:
    """The network of an ONNX model.

    Raises:
        Problems: every node that is not part of a chain or has no counterpart here.
        Problem: no ONNX model.
    """
    graph = parsed(data)
    if not all(isinstance(name, str) for name in _names(graph)):  # bytes that are no UTF-8
        raise Problem("weights_damaged", format=FORMAT)
    found = Finding()
    if any(each.data_location == TensorProto.EXTERNAL for each in graph.initializer):
        found.assume("open.assumed_external")
    held = constants(graph, _weights_fed(graph))
    read = {name for node in graph.node for name in node.input}
    inputs = [each for each in graph.input if each.name not in held and each.name in read]
    inputs = inputs or [each for each in graph.input if each.name not in held]
    steps = _steps(graph.node, held, found)
    shape = _shape(inputs, found)
    if not graph.node:
        found.refuse("open_no_layers")
    chain = chained(_joined(steps, found), [each.name for each in inputs], found)
    chain = _merged(chain, found)
    found.assume("open.assumed_roles")
    return network(name, shape, chain, None, found, format=FORMAT)


def _names(graph: Any) -> Iterator[str | bytes]:
    """Every name that this module or ``onnx_nodes`` reads; bytes if it is not UTF-8."""
    for each in (*graph.initializer, *graph.input):
        yield each.name
    for node in graph.node:
        yield from (node.name, node.op_type, node.domain, *node.input, *node.output)
        yield from (attribute.name for attribute in node.attribute)


def _merged(chain: Chain, found: Finding) -> Chain:
    """The chain with groups of nodes that are one layer here merged.

    A multiplication, after a dropout or alone, is a dropout scaled at test time.  Between two
    Reshapes an LRN is an LRN with ``groups``, and a convolution of 1×1 maps is a dense layer.
    """
    merged: Chain = []
    waiting = list(reversed(chain))
    while waiting:
        name, spec = waiting.pop()
        if spec["kind"] == FACTOR:
            before = (
                merged.pop() if merged and merged[-1][1] == {**spec, "kind": "dropout"} else None
            )
            if before is None:
                found.assume("open.assumed_factor", layer=name, factor=1 - spec["p"])
            spec = {"kind": "dropout", "p": spec["p"], "scale": "test"}
        elif spec["kind"] == REGROUPED:
            after = [each for _, each in waiting[:-3:-1]]
            inside, whole = spec["channels"], after[-1].get("channels", 0) if after else 0
            kinds = [each["kind"] for each in after]
            if kinds == ["conv", "flatten"] and _dense(after[0]):
                name, conv = waiting.pop()
                waiting.pop()
                kept = {key: conv[key] for key in ("groups", "bias")}
                merged.append(
                    (name, {"kind": "linear", "out_features": conv["out_channels"], **kept})
                )
                continue
            if kinds != ["lrn", REGROUPED] or inside < 1 or whole % inside:
                found.refuse("open_setting", layer=name, setting="axes", value="4")
                continue
            name, norm = waiting.pop()
            waiting.pop()
            spec = {**norm, "groups": whole // inside}
        merged.append((name, spec))
    return merged


def _dense(conv: Spec) -> bool:
    """Whether a convolution of a 1×1 map is a dense layer."""
    sizes = (conv["kernel_size"], conv["stride"], conv["padding"])
    return sizes == ((1, 1), (1, 1), (0, 0, 0, 0))


def _weights_fed(graph: GraphProto) -> dict[str, TensorProto]:
    """Graph inputs that nodes read as weights, as tensors without numbers.

    A file of the architecture alone declares its weights so.
    """
    read = {name for node in graph.node if node.op_type in LEARNED for name in list(node.input)[1:]}
    read |= {
        node.input[0]
        for node in graph.node
        if node.op_type == "Reshape" and node.input and read.intersection(node.output)
    }
    return {
        each.name: TensorProto(dims=[axis.dim_value for axis in each.type.tensor_type.shape.dim])
        for each in graph.input
        if each.name in read
    }


def _steps(
    nodes: Sequence[NodeProto], held: Mapping[str, TensorProto], found: Finding
) -> list[Step]:
    """The nodes that process the image, as steps; ``held`` are the constants by name."""
    sizes: set[str] = set()
    steps = []
    passed = 0
    for place, node in enumerate(nodes):
        if place < passed:
            continue
        title = node.name or (node.output[0] if node.output else "") or f"{node.op_type} {place}"
        if node.output and node.output[0] in held:  # Constant, or a copy of a constant
            continue
        if whole := composed(nodes, place, held):
            passed = place + whole.length
            steps.append(Step(title, (whole.reads,), (whole.makes,), whole.layer))
            continue
        given = [each for each in node.input if each]
        passing = [each for each in given if each not in held and each not in sizes]
        if node.op_type == "Shape" or (given and not passing and node.op_type in SIZING):
            sizes.update(node.output)
            continue
        spec = onnx_nodes.spec(Node(title, node, held), found)
        # further outputs of Dropout and BatchNormalization (a mask, statistics) are not used
        steps.append(Step(title, tuple(passing), tuple(node.output[:1]), spec))
    return steps


def _joined(steps: Sequence[Step], found: Finding) -> list[Step]:
    """The steps with an Add after a MatMul merged as its bias; any other Add is refused."""
    joined: list[Step] = []
    for step in steps:
        before = joined[-1] if joined else None
        if step.layer != onnx_nodes.BIAS:
            joined.append(step)
            continue
        layer = before.layer if before and step.reads == before.makes else None
        if before and layer and layer["kind"] == "linear" and not layer["bias"]:
            joined[-1] = replace(before, makes=step.makes, layer={**layer, "bias": True})
        else:
            found.refuse("open_type", layer=step.name, type="Add")
            joined.append(replace(step, layer=None))
    return joined


def _shape(inputs: Sequence[Any], found: Finding) -> list[int]:
    """The input shape, (channels, height, width) or (features,); open sizes are assumed."""
    if len(inputs) != 1:
        found.refuse("open_inputs", layers=listed([each.name for each in inputs]))
        return [1, 1, 1]
    sizes = [axis.dim_value for axis in inputs[0].type.tensor_type.shape.dim]
    if len(sizes) not in (2, 4) or min(sizes) < 0 or sizes[1] == 0:
        found.refuse("open_input", shape="×".join(map(str, sizes)) or "?")
        return [1, 1, 1]
    axes: tuple[Axis, ...] = ("height", "width")
    found.assumed = tuple(axis for axis, size in zip(axes, sizes[2:], strict=False) if not size)
    return [sizes[1], *(size or SIZE for size in sizes[2:])]
