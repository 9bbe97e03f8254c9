"""Files of weights as others write them, for tests of the importers.

The writers are the formats' own libraries; a caffemodel is encoded by hand, byte by byte, so that
it shares nothing with the reader.
"""

import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import onnx
import pytest
import safetensors.torch
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from alexnet_viz.network.layers import LRN, Conv, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.files import read

Tensors = Mapping[str, Tensor]

SMALL: dict[str, Any] = {
    "conv1": {"out_channels": 8},
    "conv2": {"out_channels": 16},
    "conv3": {"out_channels": 24},
    "conv4": {"out_channels": 24},
    "conv5": {"out_channels": 16},
    "fc6": {"in_features": 576, "out_features": 20},
    "fc7": {"in_features": 20, "out_features": 18},
    "fc8": {"in_features": 18, "out_features": 10},
}
"""Widths at which a network is AlexNet in everything but size."""


def small(id: str) -> Network:
    """A variant with few kernels, under its own id."""
    return VARIANTS[id].edited(id=id, **SMALL)


def numbers(network: Network, seed: int = 0) -> dict[str, Tensor]:
    """Random weights of a network, large enough that every layer speaks."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for row in trace(network).rows:
        if isinstance(row.layer, Conv | Linear):
            shape = (
                (
                    row.layer.out_channels,
                    row.input_shape[0] // row.layer.groups,
                    *row.layer.kernel_size,
                )
                if isinstance(row.layer, Conv)
                else (row.layer.out_features, row.input_shape[0])
            )
            fan_in = torch.tensor(shape[1:]).prod()
            tensors[f"{row.name}.weight"] = torch.randn(shape, generator=generator) / fan_in**0.5
            tensors[f"{row.name}.bias"] = torch.rand(shape[0], generator=generator)
    return tensors


def torch_bytes(saved: object, zipped: bool = True) -> bytes:
    """What ``torch.save`` writes, now or before torch 1.6."""
    out = BytesIO()
    torch.save(saved, out, _use_new_zipfile_serialization=zipped)
    return out.getvalue()


def safetensors_bytes(tensors: Tensors, **metadata: str) -> bytes:
    """A safetensors file."""
    return safetensors.torch.save(dict(tensors), metadata or None)


# --- Caffe, by hand: https://protobuf.dev/programming-guides/encoding/ ---------------------------


def varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number: int, content: bytes | int) -> bytes:
    """A field with a length, or a varint."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def blob(tensor: Tensor, old: bool = False, double: bool = False) -> bytes:
    """BlobProto: shape = 7, or num, channels, height, width = 1 … 4; data = 5, double_data = 8."""
    shape = tuple(tensor.shape)
    if old:
        axes = (1,) * (4 - len(shape)) + shape
        sizes = b"".join(field(number, size) for number, size in enumerate(axes, 1))
    else:
        sizes = field(7, field(1, b"".join(map(varint, shape))))
    values = tensor.flatten().tolist()
    packed = struct.pack(f"<{len(values)}{'d' if double else 'f'}", *values)
    return sizes + field(8 if double else 5, packed)


CAFFE_TYPES = {
    Conv: ("Convolution", 4),
    Linear: ("InnerProduct", 14),
    ReLU: ("ReLU", 18),
    LRN: ("LRN", 15),
    MaxPool: ("Pooling", 17),
    Softmax: ("Softmax", 20),
}


def caffemodel(network: Network, tensors: Tensors, *, old: bool = False, **how: bool) -> bytes:
    """NetParameter: name = 1, layer = 100 (name 1, type 2, blobs 7).

    Files of 2014: layers = 2 (name 4, type 5, blobs 6), shapes of four axes.
    """
    out = field(1, network.id.encode())
    for layer in network.layers:
        if type(layer) not in CAFFE_TYPES:
            continue
        name, number = CAFFE_TYPES[type(layer)]
        blobs = [
            blob(tensors[f"{layer.name}.{role}"], old, **how)
            for role in ("weight", "bias")
            if f"{layer.name}.{role}" in tensors
        ]
        if old:
            inside = field(4, layer.name.encode()) + field(5, number)
            out += field(2, inside + b"".join(field(6, each) for each in blobs))
        else:
            inside = field(1, layer.name.encode()) + field(2, name.encode())
            out += field(100, inside + b"".join(field(7, each) for each in blobs))
    return out


# --- ONNX ----------------------------------------------------------------------------------------


def onnx_model(
    network: Network, tensors: Tensors, *, opset: int = 12, dense: str = "gemm", raw: bool = True
) -> onnx.ModelProto:
    """A network as ONNX, layer by layer; ``dense`` is gemm, gemm_plain (no transB) or matmul."""
    nodes, constants, here = [], [], "data_0"

    def constant(name: str, tensor: Tensor) -> str:
        array = tensor.contiguous().numpy()
        if raw:
            constants.append(numpy_helper.from_array(array, name))
        else:
            shape, values = array.shape, array.flatten().tolist()
            constants.append(helper.make_tensor(name, TensorProto.FLOAT, shape, values))
        return name

    def node(operator: str, *inputs: str, **settings: object) -> None:
        nonlocal here
        there = f"{operator}_{len(nodes)}"
        nodes.append(helper.make_node(operator, [here, *inputs], [there], **settings))
        here = there

    for row in trace(network).rows:
        layer = row.layer
        if isinstance(layer, Conv | Linear):
            weight, bias = (tensors[f"{row.name}.{role}"] for role in ("weight", "bias"))
            names = f"{row.name}_w_0", f"{row.name}_b_0"
        match layer:
            case Conv():
                assert row.slides
                pads = [slide.padding[side] for side in (0, 1) for slide in row.slides]
                settings = {"strides": list(layer.stride), "pads": pads, "group": layer.groups}
                node("Conv", constant(names[0], weight), constant(names[1], bias), **settings)
            case Linear() if dense == "gemm":
                node("Gemm", constant(names[0], weight), constant(names[1], bias), transB=1)
            case Linear() if dense == "gemm_plain":
                node("Gemm", constant(names[0], weight.t()), constant(names[1], bias))
            case Linear():
                node("MatMul", constant(names[0], weight.t()))
                node("Add", constant(names[1], bias))
            case MaxPool():
                assert row.slides
                pads = [slide.padding[side] for side in (0, 1) for slide in row.slides]
                settings = {
                    "kernel_shape": list(layer.kernel_size),
                    "strides": list(layer.stride),
                    "pads": pads,
                }
                node("MaxPool", **settings)
            case LRN():
                alpha = layer.alpha if layer.divide_alpha else layer.alpha * layer.size
                node("LRN", size=layer.size, alpha=alpha, beta=layer.beta, bias=layer.k)
            case ReLU():
                node("Relu")
            case Softmax():
                node("Softmax", axis=1)
            case _ if layer.kind == "flatten":
                node("Flatten", axis=1)
    shape = [1, *network.input_shape]
    graph = helper.make_graph(
        nodes,
        network.id,
        [helper.make_tensor_value_info("data_0", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(here, TensorProto.FLOAT, [1, *row.output_shape])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def flipped(data: bytes, flips: Sequence[tuple[int, int]]) -> bytes:
    """Bytes with some bits turned over: (place, bit), the place counted round the end."""
    changed = bytearray(data)
    for place, bit in flips:
        changed[place % len(changed)] ^= 1 << bit
    return bytes(changed)


def code(data: bytes, suffix: str) -> str:
    """The code of the problem that a file is refused with."""
    with pytest.raises(Problem) as refused:
        read(data, f"x{suffix}")
    assert refused.value.message("zh")
    assert len(refused.value.explained()) < 500
    return refused.value.code
