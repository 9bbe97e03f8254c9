"""What Caffe makes of a net in text form: shapes by the rules of its own sources.

Caffe itself is not at hand; what its sources do to shapes is written down here once more:
base_conv_layer.cpp and conv_layer.cpp (``compute_output_shape``), pooling_layer.cpp (``Reshape``).
"""

import math
import re
from math import prod
from typing import Any

Message = dict[str, list[Any]]


def parsed(text: str) -> Message:
    """Protobuf's text format as lists of values by field."""
    tokens = re.findall(r'"[^"]*"|[{}]|[^\s{}:]+', re.sub(r"#.*", "", text))
    stack: list[Message] = [{}]
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token == "}":
            stack.pop()
            position += 1
        elif tokens[position + 1] == "{":
            inner: Message = {}
            stack[-1].setdefault(token, []).append(inner)
            stack.append(inner)
            position += 2
        else:
            value = tokens[position + 1].strip('"')
            stack[-1].setdefault(token, []).append(value)
            position += 2
    assert len(stack) == 1
    return stack[0]


def number(message: Message, name: str, default: int) -> int:
    return int(message.get(name, [default])[0])


def pair(message: Message, name: str, both: str, default: int) -> tuple[int, int]:
    if f"{name}_h" in message:
        return number(message, f"{name}_h", 0), number(message, f"{name}_w", 0)
    return (number(message, both, default),) * 2


def caffe_shape(layer: Message, shape: tuple[int, ...]) -> tuple[int, ...]:
    """What Caffe makes of a blob without its batch axis."""
    kind = layer["type"][0]
    if kind == "Convolution":
        (said,) = layer["convolution_param"]
        dilation = [int(each) for each in said.get("dilation", [1, 1])]
        assert shape[0] % number(said, "group", 1) == 0
        size = [
            (w + 2 * p - (d * (k - 1) + 1)) // s + 1
            for w, p, d, k, s in zip(
                shape[1:],
                pair(said, "pad", "pad", 0),
                dilation,
                pair(said, "kernel", "kernel_size", 0),
                pair(said, "stride", "stride", 1),
                strict=True,
            )
        ]
        return (number(said, "num_output", 0), *size)
    if kind == "Pooling":
        (said,) = layer["pooling_param"]
        pads = pair(said, "pad", "pad", 0)
        kernels = pair(said, "kernel", "kernel_size", 0)
        strides = pair(said, "stride", "stride", 1)
        assert all(p < k for p, k in zip(pads, kernels, strict=True))  # CHECK_LT(pad_h_, kernel_h_)
        rounded = math.floor if said.get("round_mode") == ["FLOOR"] else math.ceil
        size = []
        for w, p, k, s in zip(shape[1:], pads, kernels, strides, strict=True):
            pooled = rounded((w + 2 * p - k) / s) + 1
            if any(pads) and (pooled - 1) * s >= w + p:
                pooled -= 1
            size.append(pooled)
        return (shape[0], *size)
    if kind == "InnerProduct":
        return (number(layer["inner_product_param"][0], "num_output", 0),)
    return (prod(shape),) if kind == "Flatten" else shape


def blobs(net: Message) -> dict[str, tuple[int, ...]]:
    """The shape behind every layer by its name, run as Caffe runs a chain of blobs."""
    first, *layers = net["layer"]
    assert first["type"] == ["Input"]
    _, *dims = first["input_param"][0]["shape"][0]["dim"]
    blob, shapes = first["top"][0], {}
    shape = tuple(map(int, dims))
    for layer in layers:
        assert layer["bottom"] == [blob], layer
        blob = layer["top"][0]
        shape = shapes[layer["name"][0]] = caffe_shape(layer, shape)
    return shapes
