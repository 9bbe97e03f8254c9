"""Files that are no network here: every offending layer is named, in either language."""

import pytest

from alexnet_viz.readers import load, read
from alexnet_viz.text import catalogue
from alexnet_viz.text.problem import Problem, Problems
from tests.architecture_files import FILES, HEAD, caffe, sentences, text


def test_every_offending_layer_of_caffe_is_named() -> None:
    written = caffe(
        "conv1 Convolution convolution_param { kernel_size: 3 }",
        "relu1 ReLU relu_param { negative_slope: 0.1 }",
        "prelu PReLU",
        "pool1 Pooling pooling_param { pool: STOCHASTIC kernel_size: 2.5 }",
        "pool2 Pooling pooling_param { global_pooling: true }",
        "bn BatchNorm",
        "flat Flatten flatten_param { axis: 2 }",
        "drop Dropout dropout_param { dropout_ratio: half }",
        "scale Scale",
        "fc InnerProduct inner_product_param { num_output: 10 bias_term: maybe }",
    )
    assert sentences(written, "net.prototxt") == [
        "layer 'conv1': num_output is missing",
        "layer 'relu1': negative_slope=0.1 is not supported",
        "layer 'prelu': the type PReLU is not supported",
        "layer 'pool1': pool=STOCHASTIC is not supported",
        "layer 'pool1': kernel_size must be a whole number, not '2.5'",
        "layer 'pool2': global_pooling=true is not supported",
        "layer 'flat': axis=2 is not supported",
        "layer 'drop': dropout_ratio must be a number, not 'half'",
        "layer 'scale': bias_term=false is not supported",
        "layer 'fc': bias_term=maybe is not supported",
        "layer 'scale': the type Scale is not supported",
        "layer 'bn': a BatchNorm without a Scale layer after it has no gamma and beta, which a "
        "batch normalisation here has",
    ]


def test_a_branch_is_refused_with_all_its_arms() -> None:
    one = "convolution_param { num_output: 4 kernel_size: 1 }"
    three = "convolution_param { num_output: 4 kernel_size: 3 pad: 1 }"
    written = (
        HEAD
        + f"""
    layer {{ name: "stem" type: "Convolution" bottom: "data" top: "stem" {one} }}
    layer {{ name: "arm1" type: "Convolution" bottom: "stem" top: "arm1" {one} }}
    layer {{ name: "arm3" type: "Convolution" bottom: "stem" top: "arm3" {three} }}
    layer {{ name: "join" type: "Concat" bottom: "arm1" bottom: "arm3" top: "join" }}
    layer {{ name: "far" type: "ReLU" bottom: "stem" bottom: "join" top: "far" }}
    layer {{ name: "lost" type: "ReLU" bottom: "nowhere" top: "lost" }}
    """
    )
    said = sentences(written, "net.prototxt")
    assert said == [
        "the network branches at 'stem', after 1 layers of a chain: 'arm1', 'arm3' all read it and "
        "are not equal towers",
        "layer 'join': the type Concat is not supported",
        "layer 'far' reads 'stem' and skips the layers between: a bypass is not a chain",
        "layer 'lost' reads 'nowhere', which no earlier layer produces",
    ]


def test_two_heads_of_caffe_are_no_towers() -> None:
    """Alike or not: Caffe's layers read one map, so two that stand side by side are two outputs."""
    head = 'type: "InnerProduct" bottom: "data" inner_product_param { num_output: 4 }'
    written = HEAD + f'layer {{ name: "a" top: "a" {head} }} layer {{ name: "b" top: "b" {head} }}'
    assert sentences(written, "net.prototxt") == [
        "the network branches at 'data', after 0 layers of a chain: 'a', 'b' all read it and are "
        "not equal towers"
    ]


def test_a_cycle_is_refused() -> None:
    written = HEAD + (
        'layer { name: "a" type: "ReLU" bottom: "b" top: "a" }'
        'layer { name: "b" type: "ReLU" bottom: "a" top: "b" }'
    )
    assert "layer 'a' reads 'b', which no earlier layer produces" in sentences(
        written, "n.prototxt"
    )


def test_two_inputs_and_two_outputs_are_refused() -> None:
    two = 'input: "left" input: "right" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
    written = two + 'layer { name: "a" type: "ReLU" bottom: "left" bottom: "right" top: "a" }'
    said = sentences(written, "n.prototxt")
    assert "the network has several inputs: 'left', 'right'" in said
    mask = HEAD + (
        'layer { name: "p" type: "Pooling" bottom: "data" top: "p" top: "mask" '
        "pooling_param { kernel_size: 2 } }"
    )
    assert sentences(mask, "n.prototxt") == ["layer 'p' has several inputs or outputs"]


def test_caffe_s_oldest_syntax_says_how_it_is_rewritten() -> None:
    written = (
        'input: "data" layers { layer { name: "conv1" type: "conv" } bottom: "data" top: "c" }'
    )
    said = sentences(written, "net.prototxt")
    assert any("upgrade_net_proto_text" in each for each in said)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "file is empty"),
        ("# nothing\n", "the file has no layers"),
        ('name: "x" layer {', "ends in the middle"),
        ('layer { name: "x"\n\n } }', r"Line 3: unexpected '\}'"),
        ('layer { name: [ "x" { } ] }', r"Line 1: unexpected '\{'"),
        ("layer { name: \x00 }", "Line 1"),
        ('layer { name: "open }', "Line 1"),
    ],
)
def test_what_is_no_prototxt_is_refused_with_its_line(written: str, words: str) -> None:
    with pytest.raises(Problem, match=words):
        read(written.encode(), "net.prototxt")


def test_every_offending_section_of_darknet_is_named_with_its_line() -> None:
    written = (
        "[net]\nheight=32\nwidth=32\nchannels=3\n[convolutional]\nfilters=many\nactivation=leaky\n"
        "[route]\nlayers=-1\n[softmax]\ngroups=2\n[convolutional]\nbinary=1\nactivation=linear\n"
        "[connected]\noutput=2\n"
    )
    assert sentences(written, "yolo.cfg") == [
        "layer '[convolutional], 5': filters must be a whole number, not 'many'",
        "layer '[convolutional], 5': activation=leaky is not supported",
        "layer '[route], 8': the type route is not supported",
        "layer '[softmax], 10': groups=2 is not supported",
        "layer '[convolutional], 12': binary=1 is not supported",
    ]


def test_a_darknet_net_without_a_size_is_refused() -> None:
    said = sentences("[net]\nheight=32\n[softmax]\n", "x.cfg")
    assert said == ["the input 0×32×0 is neither an image nor a row of features"]
    with pytest.raises(Problem, match="Line 2: unexpected 'stray'"):
        read(b"[net]\nstray\n", "x.cfg")


def test_every_offending_layer_of_cuda_convnet_is_named() -> None:
    written = text("convnet_145.cfg")
    written = written.replace(
        "[conv2b]\ntype=conv\ninputs=pool1b\nfilters=128",
        "[conv2b]\ntype=conv\ninputs=pool1b\nfilters=64",
    )
    written = written.replace("type=rnorm", "type=cnorm").replace("neuron=relu", "neuron=abs", 1)
    written = written.replace("inputs=conv4a", "inputs=conv4a,conv2a")
    said = sentences(written, "layers.cfg")
    for words in (
        "layer 'cnorm2a': the type cnorm is not supported",
        "layer 'cnorm2b': the type cnorm is not supported",
        "layer 'pool1a': neuron=abs is not supported",
        "the layers 'conv2a', 'conv2b' are parallel branches and not equal towers",
        "layer 'conv5a' reads 'conv2a' and skips the layers between: a bypass is not a chain",
    ):
        assert words in said
    twice = sentences("[c]\ntype=softmax\ninputs=c\n[c]\ntype=softmax\n", "layers.cfg")
    assert "layer 'c' appears 2 times" in twice
    assert "layer 'c': inputs is missing" in twice


def test_towers_that_swap_what_they_read_are_refused() -> None:
    """Each tower must read its own: the other's would need an order that groups do not have."""
    swapped = text("convnet_145.cfg").replace("inputs=rnorm1a", "inputs=x").replace(
        "inputs=rnorm1b", "inputs=rnorm1a"
    ).replace("inputs=x", "inputs=rnorm1b")  # fmt: skip
    assert sentences(swapped, "layers.cfg") == [
        "the layers 'pool1a', 'pool1b' are parallel branches and not equal towers"
    ]


def test_numbers_out_of_bounds_are_refused_like_a_spec_s() -> None:
    wide = text("alexnet_deploy.prototxt").replace("num_output: 96", "num_output: 999999999999")
    (said,) = sentences(wide, "net.prototxt")
    assert said.startswith("layers[0] 'conv1': out_channels=999999999999 is out of range")
    deep = caffe(*["relu ReLU"] * 201)
    assert sentences(deep, "net.prototxt") == ["layers must hold 1 to 200 layers, not 201"]


def test_a_refusal_is_a_line_a_problem_in_either_language() -> None:
    with pytest.raises(Problems) as raised:
        read(caffe("a PReLU", "b PReLU").encode(), "net.prototxt")
    assert raised.value.explained("en") == (
        "layer 'a': the type PReLU is not supported\nlayer 'b': the type PReLU is not supported. "
        "Supported: a chain of known layers, or equal parallel towers, as every AlexNet is; a "
        "viewer of graphs such as Netron shows the rest."
    )
    assert raised.value.sentences("zh") == [
        "层 “a”：不支持 PReLU 类型的层", "层 “b”：不支持 PReLU 类型的层",
    ]  # fmt: skip


def test_files_that_are_not_there_are_said_to_be_missing() -> None:
    with pytest.raises(Problem, match="There is no file"):
        load(FILES / "nothing.prototxt")
    with pytest.raises(Problem, match="is a directory"):
        load(FILES)
    with pytest.raises(Problem, match="cannot be read"):
        load("\0.prototxt")


def test_every_sentence_about_a_file_was_seen_in_these_tests() -> None:
    """A new problem needs a test of its words; these are all that the tests here match."""
    ours = {key.removeprefix("problem.open_") for key in catalogue() if "problem.open_" in key}
    assert ours == {
        *("unknown", "cfg", "too_large", "syntax", "unfinished", "deep", "many", "no_layers"),
        *("type", "setting", "not_whole", "not_number", "missing", "twice", "unmade", "bypass"),
        *("unequal", "unread", "learning", "state_of_caffe"),
        *("branch", "several", "inputs", "input", "unscaled", "caffe_v0", "state"),
    }
