"""Read Caffe's weights, the protocol buffers of a ``.caffemodel``.

The few messages that hold weights are declared here, so neither Caffe nor its compiled schema is
needed.  Field numbers: src/caffe/proto/caffe.proto of BVLC/caffe at 8a65ae316b, messages
BlobShape, BlobProto, NetParameter, LayerParameter and V1LayerParameter (files of 2014).

Caffe declares ``data`` as packed floats.  A packed list and a string of bytes have the same
encoding, so it is declared as bytes here and converted to an array at once, not number by number.
"""

from functools import cache
from math import prod
from typing import Any

import numpy as np
import torch
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from torch import Tensor

from alexnet_viz.network.caffe_types import KINDS, current_type
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights.files.contents import Contents
from alexnet_viz.weights.files.wire_format import refuse_swelling

FORMAT = "Caffe"
PACKAGE = "alexnet_viz.caffe"

MESSAGES: dict[str, tuple[tuple[int, str, str], ...]] = {
    "BlobShape": ((1, "dim", "int64*"),),
    "BlobProto": (
        (1, "num", "int32"),
        (2, "channels", "int32"),
        (3, "height", "int32"),
        (4, "width", "int32"),
        (5, "data", "bytes*"),
        (7, "shape", "BlobShape"),
        (8, "double_data", "bytes*"),
    ),
    "LayerParameter": ((1, "name", "bytes"), (2, "type", "bytes"), (7, "blobs", "BlobProto*")),
    "V1LayerParameter": ((4, "name", "bytes"), (5, "type", "int32"), (6, "blobs", "BlobProto*")),
    "NetParameter": (
        (1, "name", "bytes"),
        (2, "layers", "V1LayerParameter*"),
        (100, "layer", "LayerParameter*"),
    ),
}
"""Fields by message: number, name, type; a star marks a repeated field."""


@cache
def net_parameter() -> Any:
    """The class of the message ``NetParameter``, built from ``MESSAGES``.

    It has a descriptor pool of its own, so it does not clash with a schema that Caffe has loaded.
    """
    scalars = {
        "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
        "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
        "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    }
    file = descriptor_pb2.FileDescriptorProto(name="caffe.proto", package=PACKAGE, syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, field_name, described in fields:
            kind = described.rstrip("*")
            field = message.field.add(name=field_name, number=number)
            field.label = field.LABEL_REPEATED if "*" in described else field.LABEL_OPTIONAL
            field.type = scalars.get(kind, field.TYPE_MESSAGE)
            if kind not in scalars:
                field.type_name = f".{PACKAGE}.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.NetParameter"))


def read(data: bytes) -> Contents:
    """The blobs of a caffemodel as float32 tensors, named ``conv1.weight``, ``conv1.bias``.

    Raises:
        Problem: no caffemodel, or a blob of another size than its shape says.
    """
    refuse_swelling(data, net_parameter().DESCRIPTOR, FORMAT)
    net = net_parameter()()
    try:
        net.ParseFromString(data)
    except DecodeError as error:
        raise Problem("weights_damaged", format=FORMAT) from error
    layers = [(layer, layer.type.decode("utf-8", "replace")) for layer in net.layer]
    layers += [(layer, current_type(str(layer.type))) for layer in net.layers]
    if not layers:
        raise Problem("weights_damaged", format=FORMAT)
    tensors = {}
    for layer, kind in layers:
        name = layer.name.decode("utf-8", "replace")
        learned = KINDS.get(kind) in ("conv", "linear")
        roles = ("weight", "bias") if learned else ()
        for number, blob in enumerate(layer.blobs):
            role = roles[number] if number < len(roles) else f"blob{number}"
            tensors[f"{name}.{role}"] = _numbers(blob, name)
    return Contents(
        tensors=tensors, kinds=tuple(KINDS[kind] for _, kind in layers if kind in KINDS)
    )


def _numbers(blob: Any, layer: str) -> Tensor:
    """A blob as a float32 tensor of the shape that it declares."""
    packed, width = (blob.double_data, "<f8") if blob.double_data else (blob.data, "<f4")
    content = b"".join(packed)
    if blob.HasField("shape"):
        shape = tuple(blob.shape.dim)
    else:
        shape = (blob.num, blob.channels, blob.height, blob.width)
    if min(shape, default=1) < 0 or prod(shape) * np.dtype(width).itemsize != len(content):
        raise Problem(
            "caffe_blob",
            layer=shown(layer),
            shape=shown("×".join(map(str, shape))),
            bytes=len(content),
        )
    # a copy: the bytes are read-only, and torch needs a writable array
    return torch.from_numpy(np.frombuffer(content, width).astype(np.float32)).reshape(shape)
