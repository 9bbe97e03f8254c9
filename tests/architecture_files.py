"""Networks written as other programs write them, for tests of ``alexnet_viz.readers``.

What lies in tests/files was written by hand from the published files.  ONNX graphs are made here
with onnx's own helper; their weights have dims and no numbers, which is all a reader may look at.
"""

from collections.abc import Sequence
from pathlib import Path

import onnx
from onnx import NodeProto, TensorProto, helper

from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Linear,
    MaxPool,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import load, read
from alexnet_viz.text.problem import Problems

FILES = Path(__file__).parent / "files"

PUBLISHED = {
    "alexnet_deploy.prototxt": "caffe_bvlc_alexnet",
    "alexnet_train_val.prototxt": "caffe_bvlc_alexnet",
    "alexnet_train_val_2014.prototxt": "caffe_bvlc_alexnet",
    "caffenet_deploy_2014.prototxt": "caffe_bvlc_reference_caffenet",
    "darknet_alexnet.cfg": "darknet_alexnet",
    "convnet_145.cfg": "alexnet_2012_code_145",
    "convnet2_1gpu.cfg": "cuda_convnet2_1gpu",
}
"""Files of tests/files and the variants they are."""


def text(name: str) -> str:
    """A file of tests/files."""
    return (FILES / name).read_text("utf-8")


def opened(name: str) -> Network:
    """The network of a file of tests/files."""
    return load(FILES / name)


def sentences(data: bytes | str, name: str) -> list[str]:
    """Every sentence with which a file is refused."""
    try:
        read(data.encode() if isinstance(data, str) else data, name)
    except Problems as refused:
        return refused.sentences()
    raise AssertionError("the file was read")


HEAD = 'input: "data" input_shape { dim: 1 dim: 3 dim: 32 dim: 24 }\n'


def caffe(*layers: str, head: str = HEAD) -> str:
    """A chain in Caffe's words; each layer is ``name Type fields``, reading the one before."""
    written, blob = [head], "data"
    for each in layers:
        name, type, fields = (*each.split(" ", 2), "")[:3]
        written.append(
            f'layer {{ name: "{name}" type: "{type}" bottom: "{blob}" top: "{name}" {fields} }}'
        )
        blob = name
    return "\n".join(written)


def tensor(name: str, *dims: int) -> TensorProto:
    """A weight of these dims without a single number."""
    return TensorProto(name=name, dims=dims, data_type=TensorProto.FLOAT)


def model(
    nodes: Sequence[NodeProto],
    weights: Sequence[TensorProto] = (),
    shape: Sequence[int | str] = (1, 3, 224, 224),
) -> bytes:
    """An ONNX model with one input ``x``."""
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    last = nodes[-1].output[0] if nodes else "x"
    made = helper.make_tensor_value_info(last, TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "net", [given], [made], initializer=weights)
    return helper.make_model(graph).SerializeToString()


def onnx_of(network: Network) -> bytes:
    """A network as an ONNX graph, node by node, for its own input."""
    nodes, weights, blob = [], [], "x"
    for row in trace(network).rows:
        layer, name, out = row.layer, row.name, f"{row.name}_out"
        inputs, attributes, operator = [blob], {}, OPERATORS.get(row.kind, "")
        match layer:
            case Conv():
                top, bottom, left, right = layer.padding
                attributes = {
                    "kernel_shape": layer.kernel_size,
                    "strides": layer.stride,
                    "pads": (top, left, bottom, right),
                    "group": layer.groups,
                }
                dims = (layer.out_channels, row.input_shape[0] // layer.groups, *layer.kernel_size)
                weights += [tensor(f"{name}.w", *dims)]
                inputs += [f"{name}.w"]
                if layer.bias:
                    weights += [tensor(f"{name}.b", layer.out_channels)]
                    inputs += [f"{name}.b"]
            case MaxPool():
                top, bottom, left, right = layer.padding
                attributes = {
                    "kernel_shape": layer.kernel_size,
                    "strides": layer.stride,
                    "pads": (top, left, bottom, right),
                    "ceil_mode": int(layer.rounding in ("ceil", "caffe")),
                }
            case LRN():
                attributes = {
                    "size": layer.size, "alpha": layer.alpha, "beta": layer.beta, "bias": layer.k,
                }  # fmt: skip
            case AdaptiveAvgPool(output_size=(1, 1)):
                operator = "GlobalAveragePool"
            case BatchNorm():
                attributes = {"epsilon": layer.eps}
                roles = [f"{name}.{role}" for role in ("scale", "bias", "mean", "var")]
                weights += [tensor(role, row.input_shape[0]) for role in roles]
                inputs += roles
            case Dropout():
                attributes = {"ratio": layer.p}
            case Linear():
                attributes = {"transB": 1}
                weights += [tensor(f"{name}.w", layer.out_features, row.input_shape[0])]
                inputs += [f"{name}.w"]
                if layer.bias:
                    weights += [tensor(f"{name}.b", layer.out_features)]
                    inputs += [f"{name}.b"]
        nodes.append(helper.make_node(operator, inputs, [out], name=name, **attributes))
        blob = out
    return model(nodes, weights, (1, *network.input_shape))


OPERATORS = {
    "conv": "Conv",
    "max_pool": "MaxPool",
    "relu": "Relu",
    "tanh": "Tanh",
    "lrn": "LRN",
    "batch_norm": "BatchNormalization",
    "dropout": "Dropout",
    "flatten": "Flatten",
    "linear": "Gemm",
    "softmax": "Softmax",
}


def parsed(data: bytes) -> onnx.ModelProto:
    """An ONNX model to be changed and written again."""
    return onnx.load_model_from_string(data)
