"""ONNX graphs as networks: by onnx's own helper, with weights that have dims and no numbers."""

import struct
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from alexnet_viz.network.layers import (
    AdaptiveAvgPool,
    Conv,
    Dropout,
    Linear,
    MaxPool,
    Softmax,
    ZeroPad,
)
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import read
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.architecture_files import model, onnx_of, parsed, sentences, tensor

SAME = (
    *("caffe_bvlc_alexnet", "caffe_bvlc_reference_caffenet", "onnx_zoo_bvlcalexnet"),
    *("nvcaffe_alexnet_bn", "rotnet_alexnet_bn", "pytorchcv_alexnetb"),
)
"""Variants of which ONNX says everything."""

COUNTED = ("alexnet_2012_227", "chainer_alex", "zfnet_paper")
"""Variants of which it says all that has a size: their LRN or their rounding is another."""


@pytest.mark.parametrize("variant", SAME)
def test_a_graph_of_a_variant_is_the_variant(variant: str) -> None:
    network = read(onnx_of(VARIANTS[variant]), "net.onnx")
    assert network.layers == VARIANTS[variant].layers
    assert network.input_shape == VARIANTS[variant].input_shape


@pytest.mark.parametrize("variant", COUNTED)
def test_a_graph_of_a_variant_has_its_numbers(variant: str) -> None:
    ours, theirs = trace(read(onnx_of(VARIANTS[variant]), "net.onnx")), trace(VARIANTS[variant])
    assert [(row.name, row.output_shape, row.params, row.macs) for row in ours.rows] == [
        (row.name, row.output_shape, row.params, row.macs) for row in theirs.rows
    ]


def node(operator: str, reads: str, makes: str, **attributes: object) -> onnx.NodeProto:
    return helper.make_node(operator, reads.split(), [makes], name=f"n_{makes}", **attributes)


def test_a_view_of_computed_sizes_is_a_flatten() -> None:
    """What older exporters of PyTorch write for x.view(x.size(0), -1)."""
    nodes = [
        node("Shape", "x", "s"),
        node("Constant", "", "zero", value=helper.make_tensor("z", TensorProto.INT64, [], [0])),
        node("Gather", "s zero", "n", axis=0),
        node("Unsqueeze", "n zero", "u"),
        node("Constant", "", "rest", value=helper.make_tensor("r", TensorProto.INT64, [1], [-1])),
        node("Concat", "u rest", "shape", axis=0),
        node("Reshape", "x shape", "flat"),
        node("MatMul", "flat w", "m"),
        node("Add", "m b", "fc"),
        node("Dropout", "fc", "d", ratio=0.25),
        node("Identity", "d", "same"),
        node("LogSoftmax", "same", "out", axis=-1),
    ]
    network = read(model(nodes, [tensor("w", 12, 10), tensor("b", 10)], (1, 3, 2, 2)), "n.onnx")
    assert [layer.kind for layer in network.layers] == ["flatten", "linear", "dropout", "softmax"]
    assert network.layers[1] == Linear(name="fc1", in_features=12, out_features=10)
    assert network.layers[2] == Dropout(name="drop1", p=0.25)
    assert network.layers[3] == Softmax(name="prob", log=True)


def test_windows_of_onnx() -> None:
    nodes = [
        node("Conv", "x w", "c", pads=[0, 1, 2, 3], strides=[2, 1], group=3),
        node("MaxPool", "c", "p", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        node("AveragePool", "p", "a", kernel_shape=[2, 2], auto_pad="SAME_UPPER"),
        node("GlobalAveragePool", "a", "g"),
    ]
    conv, pool, average, last = read(
        model(nodes, [tensor("w", 6, 1, 3, 5)], ("batch", 3, "h", "w")), "n.onnx"
    ).layers
    assert conv == Conv(
        name="conv1", out_channels=6, kernel_size=(3, 5), stride=(2, 1), padding=(0, 2, 1, 3),
        groups=3, bias=False,
    )  # fmt: skip
    assert pool == MaxPool(name="pool1", kernel_size=3, stride=2, rounding="caffe")
    assert getattr(average, "rounding", "") == "same"
    assert last == AdaptiveAvgPool(name="avgpool", output_size=1)


def test_sizes_the_graph_leaves_open_are_assumed() -> None:
    network = read(model([node("Relu", "x", "y")], (), ("n", 3, "h", "w")), "n.onnx")
    assert network.input_shape == (3, 224, 224)
    assert "224×224" in network.assumptions[0].en


def test_weights_in_another_file_are_not_needed_and_not_opened() -> None:
    graph = parsed(onnx_of(VARIANTS["caffe_bvlc_alexnet"]))
    for weight in graph.graph.initializer:
        weight.data_location = TensorProto.EXTERNAL
        weight.external_data.add(key="location", value="/etc/passwd")
    network = read(graph.SerializeToString(), "net.onnx")
    assert network.layers == VARIANTS["caffe_bvlc_alexnet"].layers
    assert network.about is not None
    assert any("was not opened" in each.en for each in network.about.assumptions)


def test_every_node_without_a_counterpart_is_named() -> None:
    nodes = [
        node("Conv", "x w", "a"),
        node("LeakyRelu", "a", "b"),
        node("Clip", "b", "c"),
        node("Softmax", "c", "d", axis=2),
        node("Flatten", "d", "e", axis=2),
        node("Gemm", "e v", "f", alpha=0.5),
        node("Reshape", "f s", "g"),
        helper.make_node("Foo", ["g"], ["h"], name="n_h", domain="my.own"),
        node("MatMul", "h h", "i"),
        node("MaxPool", "i", "j", kernel_shape=[2, 2, 2]),
        node("Conv", "j w", "k", auto_pad="SAME_LOWER"),
    ]
    weights = [tensor("w", 3, 3, 1, 1), tensor("v", 4, 4), tensor("s", 3)]
    assert sentences(model(nodes, weights), "net.onnx") == [
        "layer 'n_b': the type LeakyRelu is not supported",
        "layer 'n_c': the type Clip is not supported",
        "layer 'n_d': axis=2 is not supported",
        "layer 'n_e': axis=2 is not supported",
        "layer 'n_f': alpha=0.5 is not supported",
        "layer 'n_g': axes=3 is not supported",
        "layer 'n_h': the type my.own.Foo is not supported",
        "layer 'n_i': B=– is not supported",
        "layer 'n_j': kernel_shape=2×2×2 is not supported",
        "layer 'n_k': auto_pad=SAME_LOWER is not supported",
    ]


def test_a_graph_that_is_no_chain_is_refused_with_what_branches() -> None:
    nodes = [
        node("Relu", "x", "a"),
        node("Tanh", "a", "left"),
        node("Sigmoid", "a", "right"),
        node("Add", "left right", "sum"),
        node("Relu", "ghost", "lost"),
    ]
    said = sentences(model(nodes), "net.onnx")
    assert "layer 'n_sum': the type Add is not supported" in said
    assert (
        "the network branches at 'a', after 1 layers of a chain: 'n_left', 'n_right' all read"
        in (said[0])
    )
    assert "layer 'n_lost' reads 'ghost', which no earlier layer produces" in said


def test_a_bypass_is_named() -> None:
    nodes = [
        node("Relu", "x", "a"),
        node("Tanh", "a", "b"),
        helper.make_node("Relu", ["b", "x"], ["c"], name="n_c"),
    ]
    assert sentences(model(nodes), "net.onnx") == [
        "layer 'n_c' reads 'x' and skips the layers between: a bypass is not a chain"
    ]


def test_an_add_of_a_constant_that_is_no_bias_is_named() -> None:
    said = sentences(model([node("Add", "x w", "a")], [tensor("w", 3)]), "net.onnx")
    assert said == ["layer 'n_a': the type Add is not supported"]


def test_inputs_that_are_no_image_are_refused() -> None:
    relu = [node("Relu", "x", "y")]
    assert sentences(model(relu, (), (1, 3, 8)), "n.onnx") == [
        "the input 1×3×8 is neither an image nor a row of features"
    ]
    two = parsed(model(relu))
    two.graph.input.add(name="z")
    two.graph.node.add(op_type="Sum", name="both", input=["y", "z"], output=["s"])
    assert "the network has several inputs: 'x', 'z'" in sentences(
        two.SerializeToString(), "n.onnx"
    )
    assert sentences(model([]), "n.onnx") == ["the file has no layers"]


@pytest.mark.parametrize("name", [b"relu6", b"Relu", b"kernel_shape", b"fc6.w", b"fc6_out"])
def test_names_that_are_no_text_are_refused(name: bytes) -> None:
    """protobuf hands out bytes where a name is no UTF-8."""
    data = onnx_of(VARIANTS["caffe_bvlc_alexnet"]).replace(name, b"\xff" + name[1:])
    with pytest.raises(Problem, match="ONNX"):
        read(data, "n.onnx")


def test_what_is_no_onnx_is_refused() -> None:
    with pytest.raises(Problem, match="ONNX"):
        read(b"\x08\x07garbage", "n.onnx")


def constant(name: str, *values: float, integers: bool = False) -> TensorProto:
    kind = TensorProto.INT64 if integers else TensorProto.FLOAT
    return helper.make_tensor(name, kind, [len(values)], values)


def test_a_factor_is_a_dropout_that_is_put_right_in_tests() -> None:
    nodes = [
        node("Pad", "x pads", "p"),
        node("Dropout", "p half", "d"),
        node("Mul", "d half", "right"),
        node("Mul", "right most", "alone"),
    ]
    values = [
        constant("pads", 0, 0, 1, 2, 0, 0, 3, 4, integers=True),
        constant("half", 0.5),
        constant("most", 0.9),
    ]
    network = read(model(nodes, values), "n.onnx")
    assert network.layers == (
        ZeroPad(name="pad1", padding=(1, 3, 2, 4)),
        Dropout(name="drop0", p=0.5, scale="test"),
        Dropout(name="drop0b", p=0.1, scale="test"),
    )
    assert network.about is not None
    said = [each.en for each in network.about.assumptions]
    assert any(each.startswith("n_alone multiplies by 0.9") for each in said)
    assert not any(each.startswith("n_right") for each in said)


def test_factors_pads_and_shapes_of_other_kinds_are_refused() -> None:
    nodes = [
        node("Mul", "x two", "a"),
        node("Pad", "a channels", "b"),
        node("Pad", "b pads", "c", mode="reflect"),
        node("Reshape", "c four", "d"),
        node("LRN", "d", "e", size=5),
    ]
    values = [
        constant("two", 2.0),
        constant("channels", 0, 1, 0, 0, 0, 0, 0, 0, integers=True),
        constant("pads", *[0] * 8, integers=True),
        constant("four", -1, 1, 224, 224, integers=True),
    ]
    assert sentences(model(nodes, values), "n.onnx") == [
        "layer 'n_a': the type Mul is not supported",
        "layer 'n_b': pads=0.0×1.0×0.0×0.0×0.0×0.0×0.0×0.0 is not supported",
        "layer 'n_c': pads=0.0×0.0×0.0×0.0×0.0×0.0×0.0×0.0 is not supported",
        "layer 'n_d': axes=4 is not supported",
    ]


def test_weights_that_the_graph_is_fed_are_weights() -> None:
    """A file of the architecture alone: the weights are inputs with shapes."""
    graph = parsed(model([node("Conv", "x w b", "y")], (), (1, 3, 8, 8)))
    for name, shape in (("w", (4, 3, 3, 3)), ("b", (4,))):
        graph.graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    (conv,) = read(graph.SerializeToString(), "n.onnx").layers
    assert conv == Conv(name="conv1", out_channels=4, kernel_size=3)


@pytest.mark.parametrize("place", range(3))
def test_constants_that_contradict_themselves_are_no_numbers(place: int) -> None:
    """Bytes, dims and type of a tensor that do not fit; nothing of any size is made of them."""
    broken = constant("half", 0.5)
    broken.MergeFrom(
        (
            TensorProto(dims=[16], raw_data=b"\0"),
            TensorProto(data_type=999),
            TensorProto(dims=[-1, -1]),
        )[place]
    )
    said = sentences(model([node("Mul", "x half", "a")], [broken]), "n.onnx")
    assert said == ["layer 'n_a': the type Mul is not supported"]


def test_a_number_in_another_file_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of weights the shape is enough; a factor whose number lies elsewhere is no number."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "half.bin").write_bytes(struct.pack("<f", 0.5))
    elsewhere = TensorProto(
        name="half", dims=[1], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL
    )
    elsewhere.external_data.add(key="location", value="half.bin")
    said = sentences(model([node("Mul", "x half", "a")], [elsewhere]), "n.onnx")
    assert said == ["layer 'n_a': the type Mul is not supported"]
