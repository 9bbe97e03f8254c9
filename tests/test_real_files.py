"""Files as programs write them: sizes in data layers, stages, light weights, pointers, dialects."""

import json
from pathlib import Path

import onnx
import pytest

from alexnet_viz.commands.cli import main
from alexnet_viz.network import spec_file
from alexnet_viz.network.layers import Conv, MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import read
from alexnet_viz.readers.caffe_state import State
from alexnet_viz.text.problem import Problem
from tests.architecture_files import caffe, sentences

LIGHT = Path(onnx.__file__).parent / "backend/test/data/light"

CONV = "conv1 Convolution convolution_param { num_output: 8 kernel_size: 3 }"
DENSE = "fc InnerProduct inner_product_param { num_output: 10 }"


def fed(type: str, fields: str = "", *layers: str) -> Network:
    """A net that one data layer feeds."""
    head = f'layer {{ name: "data" type: "{type}" top: "data" top: "label" {fields} }}\n'
    return read(caffe(*(layers or (CONV, DENSE)), head=head).encode(), "net.prototxt")


@pytest.mark.parametrize(
    ("type", "fields", "shape", "assumed"),
    [
        ("DummyData", "dummy_data_param { shape { dim: 64 dim: 3 dim: 224 dim: 200 } "
         "shape { dim: 64 } }", (3, 224, 200), ()),
        ("DummyData", "dummy_data_param { num: 2 num: 2 channels: 4 channels: 1 height: 9 height: 1"
         " width: 7 width: 1 }", (4, 9, 7), ()),
        ("MemoryData", "memory_data_param { batch_size: 1 channels: 1 height: 28 width: 30 }",
         (1, 28, 30), ()),
        ("ImageData", "image_data_param { new_height: 64 new_width: 48 is_color: false }",
         (1, 64, 48), ()),
        ("ImageData", "image_data_param { new_height: 64 new_width: 64 } "
         "transform_param { crop_size: 60 }", (3, 60, 60), ()),
        ("ImageData", "", (3, 227, 227), ("height", "width")),
        ("Data", "transform_param { crop_size: 28 force_gray: true }", (1, 28, 28), ()),
        ("Data", "transform_param { crop_size: 60 }", (3, 60, 60), ("channels",)),
        ("Data", "data_param { crop_size: 60 }", (3, 60, 60), ("channels",)),
        ("WindowData", "window_data_param { crop_size: 60 }", (3, 60, 60), ()),
        ("HDF5Data", "", (3, 227, 227), ("channels", "height", "width")),
        ("AnnotatedData", "transform_param { resize_param { height: 30 width: 40 } }",
         (3, 30, 40), ("channels",)),
    ],
)  # fmt: skip
def test_a_data_layer_states_the_input(
    type: str, fields: str, shape: tuple[int, ...], assumed: tuple[str, ...]
) -> None:
    network = fed(type, fields)
    assert network.input_shape == shape
    assert tuple(network.assumed_input) == assumed


def test_a_net_that_states_one_shape_an_input_is_given_its_own() -> None:
    two = 'input: "label" input: "data" ' + "".join(
        f"input_dim: {each} " for each in (1, 1, 1, 1, 1, 3, 40, 30)
    )
    loss = (
        'layer { name: "conv1" type: "Convolution" bottom: "data" top: "c" '
        "convolution_param { num_output: 8 kernel_size: 3 } }"
        'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "c" bottom: "label" top: "loss" }'
    )
    assert read((two + loss).encode(), "net.prototxt").input_shape == (3, 40, 30)


def test_an_assumed_input_ties_no_dense_layer() -> None:
    """LeNet's file states neither size nor colours: 28 in grey is another input, and no fault."""
    network = fed("HDF5Data")
    assert network.dense[0].in_features is None
    small = network.with_channels(1).at(28)
    assert trace(small)["fc"].params == 8 * 26 * 26 * 10 + 10
    assert small.assumed_input == {}
    assert small.assumptions == ()
    assert list(network.at(28).assumed_input) == ["channels"]


def test_a_stated_size_ties_a_dense_layer_whatever_the_colours_are() -> None:
    crop = "transform_param { crop_size: 28 }"
    assert fed("Data", crop).dense[0].in_features == 8 * 26 * 26
    assert fed("Data", crop, DENSE).dense[0].in_features is None  # three times as many in colour


def test_the_guess_is_marked_in_json_and_replaced_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lenet.prototxt"
    head = 'layer { name: "data" type: "HDF5Data" top: "data" }\n'
    file.write_text(caffe(CONV, DENSE, head=head))
    assert main(["open", str(file), "--format", "json"]) == 0
    shown = capsys.readouterr()
    guess = {"channels": 3, "height": 227, "width": 227}
    assert json.loads(shown.out)["assumed"] == {"input": guess}
    assert "how large the images are" in shown.err
    asked = ["open", str(file), "--format", "json", "--input", "28", "--channels", "1"]
    assert main(asked) == 0
    shown = capsys.readouterr()
    assert "assumed" not in json.loads(shown.out)
    assert json.loads(shown.out)["input_shape"] == [1, 28, 28]
    assert shown.err == ""
    again = spec_file.loads(spec_file.dumps(fed("HDF5Data")))
    assert again.assumed_input == guess


def test_the_stages_of_digits_select_layers() -> None:
    """Without a stage nothing would feed the net: the deployed one is read, and said."""
    rules = 'include { stage: "%s" }'
    data = 'layer { name: "%s" type: "Data" top: "data" top: "label" %s %s }'
    written = (
        data % ("train", rules % "train", "transform_param { crop_size: 60 }")
        + data % ("val", rules % "val", "transform_param { crop_size: 50 }")
        + 'layer { name: "deploy" type: "Input" top: "data" include { stage: "deploy" } '
        "input_param { shape { dim: 1 dim: 1 dim: 28 dim: 28 } } }"
        'layer { name: "scale" type: "Power" bottom: "data" top: "scaled" '
        "power_param { scale: 0.0125 } }"
        'layer { name: "conv1" type: "Convolution" bottom: "scaled" top: "c" '
        "convolution_param { num_output: 8 kernel_size: 3 } }"
        'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "c" bottom: "label" top: "loss" '
        'exclude { stage: "deploy" } }'
        'layer { name: "accuracy" type: "Accuracy" bottom: "c" bottom: "label" top: "a" '
        'include { stage: "val" } }'
        'layer { name: "softmax" type: "Softmax" bottom: "c" top: "s" include { stage: "deploy" } }'
    )
    network = read(written.encode(), "digits.prototxt")
    assert network.input_shape == (1, 28, 28)
    assert [layer.name for layer in network.layers] == ["conv1", "prob"]
    said = " ".join(each.en for each in network.assumptions)
    assert "'deploy'" in said
    assert "scale multiplies the picture by 0.0125" in said
    validated = read(written.encode(), "digits.prototxt", State(stages=frozenset({"val"})))
    assert validated.input_shape == (3, 50, 50)
    with pytest.raises(Problem, match="another format"):
        read(b"[net]\nheight=8\nwidth=8\nchannels=3\n", "x.cfg", State("TRAIN"))


def test_a_phase_is_asked_for_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.prototxt"
    drop = 'layer { name: "drop" type: "Dropout" bottom: "data" top: "data" %s }'
    head = 'input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }'
    file.write_text(head + drop % "" + drop % "include { phase: TRAIN }")
    assert main(["open", str(file), "--format", "csv", "--columns", "name"]) == 0
    assert capsys.readouterr().out.count("drop") == 1
    assert (
        main(["open", str(file), "--format", "csv", "--columns", "name", "--phase", "TRAIN"]) == 0
    )
    assert capsys.readouterr().out.count("drop") == 2


def test_a_softmax_beside_its_loss_is_read_once_and_other_losses_are_left_out() -> None:
    head = 'layer { name: "data" type: "Input" top: "data" top: "label" input_param { shape { ' \
        "dim: 1 dim: 3 dim: 8 dim: 8 } shape { dim: 1 } } }"  # fmt: skip
    ends = "".join(
        f'layer {{ name: "{name}" type: "{type}" bottom: "data" {label} top: "{name}" }}'
        for name, type, label in (
            ("loss", "SoftmaxWithLoss", 'bottom: "label"'),
            ("out", "Softmax", ""),
            ("hinge", "HingeLoss", 'bottom: "label"'),
            ("top5", "Accuracy", 'bottom: "label"'),
        )
    )
    network = read((head + ends).encode(), "net.prototxt")
    assert [layer.kind for layer in network.layers] == ["softmax"]
    assert "The loss hinge (HingeLoss) is left out." in [each.en for each in network.assumptions]
    beside = 'input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8 '
    assert read((beside + head + ends).encode(), "net.prototxt").input_shape == (3, 8, 8)


@pytest.mark.parametrize(
    ("name", "params"),
    [("bvlc_alexnet", 60_965_224), ("zfnet512", 87_250_536), ("vgg19", 143_667_240)],
)
def test_the_light_models_of_the_onnx_package_open(name: str, params: int) -> None:
    """Their weights are made by ConstantOfShape: the package's size counts as published."""
    data = (LIGHT / f"light_{name}.onnx").read_bytes()
    network = read(data, f"light_{name}.onnx")
    assert network.input_shape == (3, 224, 224)
    result = trace(network)
    assert result.failure is None
    assert result.params == params
    graph = onnx.load_model_from_string(data).graph
    weights = {node.output[0] for node in graph.node if node.op_type == "ConstantOfShape"}
    assert weights
    assert result.rows[-1].output_shape == (1000,)


def test_an_input_that_no_node_reads_is_no_input() -> None:
    graph = onnx.load_model_from_string((LIGHT / "light_bvlc_alexnet.onnx").read_bytes())
    graph.graph.input.add(name="unread")
    assert read(graph.SerializeToString(), "n.onnx").input_shape == (3, 224, 224)


def test_a_refusal_states_five_problems_a_line_each_the_branch_first() -> None:
    data = (LIGHT / "light_squeezenet.onnx").read_bytes()
    with pytest.raises(Problem) as refused:
        read(data, "light_squeezenet.onnx")
    lines = refused.value.message().splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("the network branches at ")
    assert lines[-1].startswith("and ")
    assert "Netron" in refused.value.remedy()


def test_a_pointer_of_git_lfs_is_named() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    for name in ("net.onnx", "net.caffemodel", "net.pth", "net.prototxt"):
        with pytest.raises(Problem, match="Git LFS pointer: the file itself was not downloaded"):
            read(pointer, name)


def test_the_parameter_file_of_cuda_convnet_is_named() -> None:
    with pytest.raises(Problem, match="parameter file of a cuda-convnet"):
        read(b"[conv1]\nepsW=0.001\nepsB=0.002\nmomW=0.9\nwc=0\n", "layer-params.cfg")


CONVNET = """[data]
type=data
dataIdx=0
[conv1]
type=conv
inputs=data
channels=3
filters=32
padding=2
filterSize=5
[conv2]
type=conv
inputs=conv1
filters=32
padding=2
filterSize=5
groups=4
"""


def test_the_filters_of_cuda_convnet_are_those_of_one_group() -> None:
    """layer.py, ``ConvLayerParser``: the layer has filters * groups outputs."""
    network = read(CONVNET.encode(), "layers.cfg")
    conv = network["conv2"]
    assert isinstance(conv, Conv)
    assert (conv.out_channels, conv.groups) == (128, 4)
    assert list(network.assumed_input) == ["height", "width"]
    pool = "[pool]\ntype=pool\npool=max\ninputs=conv2\nsizeX=3\nstride=2\noutputsX=9\n"
    assert sentences(CONVNET + pool, "layers.cfg") == ["layer 'pool': outputsX=9 is not supported"]


def test_a_tower_that_no_layer_reads_is_named() -> None:
    conv = "[conv1%s]\ntype=conv\ninputs=data\nchannels=3\nfilters=8\nfilterSize=5\n"
    written = "[data]\ntype=data\n" + conv % "a" + conv % "b"
    pool = "[pool]\ntype=pool\npool=max\ninputs=conv1a\nsizeX=3\nstride=2\n"
    assert sentences(written + pool, "layers.cfg") == [
        "'pool' reads a part of what is made before it: no layer reads 'conv1b'"
    ]


DARKNET = "[net]\nheight=32\nwidth=32\nchannels=3\n"


def test_darknet_is_read_in_the_dialect_of_its_settings() -> None:
    forked = read(
        (
            DARKNET + "[convolutional]\nfilters=8\nsize=3\npad=1\ndilation=2\nstride_x=2\n"
            "activation=linear\n[maxpool]\nsize=2\nstride=2\nstride_y=1\n"
        ).encode(),
        "net.cfg",
    )
    conv, pool = forked.layers
    assert conv == Conv(
        name="conv1", out_channels=8, kernel_size=3, stride=(1, 2), padding=2, dilation=2
    )
    assert isinstance(pool, MaxPool)
    assert pool.stride == (1, 2)
    assert forked.about is not None
    assert forked.about.source.where == "Darknet cfg (AlexeyAB)"
    assert "dilation, stride_x, stride_y" in forked.assumptions[0].en
    plain = read((DARKNET + "[convolutional]\nsize=3\nactivation=linear\n").encode(), "net.cfg")
    assert plain.about is not None
    assert plain.about.source.where == "Darknet cfg"


def test_what_darknets_fork_computes_otherwise_is_refused() -> None:
    deep = DARKNET + "[maxpool]\nsize=2\nstride=2\nmaxpool_depth=1\nout_channels=4\n"
    assert sentences(deep, "n.cfg") == ["layer '[maxpool], 5': maxpool_depth=1 is not supported"]
    wide = DARKNET + "[convolutional]\nsize=3\ndilation=2\nactivation=linear\n"
    assert sentences(wide, "n.cfg") == ["layer '[convolutional], 5': dilation=2 is not supported"]
    pair = DARKNET + "[convolutional]\nsize=3,5\nactivation=linear\n"
    assert "size must be a whole number, not '3,5'" in sentences(pair, "n.cfg")[0]
