"""Files of other programs read as networks: the published ones are the variants, layer by layer."""

from dataclasses import replace

import pytest

from alexnet_viz import specfile
from alexnet_viz.architectures import FORMATS, format_of, load, read
from alexnet_viz.architectures.reading import MAX_WEIGHTS
from alexnet_viz.layers import LRN, AdaptiveAvgPool, AvgPool, BatchNorm, Conv, Linear, MaxPool
from alexnet_viz.nearest import nearest
from alexnet_viz.problem import Problem
from alexnet_viz.text import has
from alexnet_viz.trace import trace
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import MAX_BYTES
from tests.architecture_files import FILES, PUBLISHED, opened, text

TOTALS = {
    "alexnet_deploy.prototxt": (60_965_224, 724_406_816),
    "alexnet_train_val.prototxt": (60_965_224, 724_406_816),
    "alexnet_train_val_2014.prototxt": (60_965_224, 724_406_816),
    "caffenet_deploy_2014.prototxt": (60_965_224, 724_406_816),
    "darknet_alexnet.cfg": (62_378_344, 1_135_256_096),
    "convnet_145.cfg": (60_965_224, 724_406_816),
    "convnet2_1gpu.cfg": (61_100_840, 714_188_480),
}
"""Parameters and MACs as published, for the input each file or its programme states."""

published = pytest.mark.parametrize("name", PUBLISHED)


@published
def test_a_published_file_is_its_variant(name: str) -> None:
    """Every field of every layer; cuda-convnet rounds up where the variant had nothing to round."""
    network, variant = opened(name), VARIANTS[PUBLISHED[name]]
    if name.startswith("convnet"):
        network, variant = network.rounded("ceil"), variant.rounded("ceil")
    assert network.layers == variant.layers
    assert network.input_shape == variant.input_shape


@published
def test_a_published_file_has_the_published_totals(name: str) -> None:
    result = trace(opened(name))
    assert result.failure is None
    assert (result.params, result.macs) == TOTALS[name]


@published
def test_the_nearest_variant_of_a_published_file_is_itself(name: str) -> None:
    near = nearest(opened(name), VARIANTS.values())
    assert near.network.id == PUBLISHED[name]
    assert near.differing == ()
    assert near.layers == len(near.network.layers)


def test_the_nearest_variant_counts_what_layers_do_not_what_follows() -> None:
    narrow = text("alexnet_deploy.prototxt").replace("num_output: 96", "num_output: 48")
    near = nearest(read(narrow.encode(), "narrow.prototxt"), VARIANTS.values())
    assert near.network.id == "caffe_bvlc_alexnet"
    assert [(match.name, match.differing) for match in near.differing] == [
        ("conv1", {"out_channels"})
    ]


def test_a_different_order_is_a_difference() -> None:
    paper, moved = VARIANTS["caffe_bvlc_alexnet"], VARIANTS["caffe_bvlc_reference_caffenet"]
    near = nearest(moved, [paper])
    assert {match.name for match in near.differing} == {"norm1", "pool1", "norm2", "pool2"}
    assert all("order" in match.differing for match in near.differing)


def test_what_a_file_leaves_open_is_said() -> None:
    def assumed(name: str) -> str:
        about = opened(name).about
        assert about is not None
        return " ".join(each.en for each in about.assumptions)

    assert assumed("alexnet_deploy.prototxt") == assumed("darknet_alexnet.cfg") == ""
    training = assumed("alexnet_train_val.prototxt")
    assert "those for testing are read" in training
    assert "crops images to 227×227" in training
    assert "softmax inside the loss" in training
    convnet = assumed("convnet_145.cfg")
    assert "224×224" in convnet
    assert "layer-params-145.cfg" in convnet
    assert "once for each GPU" in convnet
    assert "once for each GPU" not in assumed("convnet2_1gpu.cfg")


def test_a_file_says_what_it_is() -> None:
    network = load(FILES / "alexnet_deploy.prototxt")
    assert network.id == "alexnet_deploy"
    assert network.about is not None
    assert network.about.title.zh == "alexnet_deploy.prototxt"
    assert network.about.year is None
    assert network.about.source.where == "Caffe prototxt"
    assert specfile.loads(specfile.dumps(network)) == network


def test_json_of_this_project_is_read_as_it_is() -> None:
    variant = VARIANTS["alexnet_2012_paper"]
    assert read(specfile.dumps(variant).encode(), "x.json") == variant
    bare = replace(variant, about=None)
    named = read(specfile.dumps(bare).encode(), "mine.json")
    assert named.layers == variant.layers
    assert named.about is not None
    assert named.about.title.en == "mine.json"


@pytest.mark.parametrize(
    ("begins", "name", "format"),
    [
        (b"", "net.PROTOTXT", "prototxt"),
        (b"# alexnet\n [net]\nwidth=3", "alexnet.cfg", "darknet"),
        (b"[conv1]\ntype = conv", "layers-145.cfg", "cuda_convnet"),
        (b"", "alexnet.pth.tar", "weights"),
        (b"", "a.onnx", "onnx"),
        (b'layer { name: "x" }', "net.txt", "prototxt"),
        (b'layers: { name: "x" }', "no_suffix", "prototxt"),
        (b'\n{ "id": "x" }', "net.txt", "json"),
    ],
)
def test_the_format_is_told_by_the_name_or_the_beginning(
    begins: bytes, name: str, format: str
) -> None:
    assert format_of(begins, name) == format


def test_a_format_nobody_knows_is_refused() -> None:
    with pytest.raises(Problem, match=r"'cat\.jpg' is of no known format.*\.prototxt"):
        read(b"\xff\xd8\xff", "cat.jpg")
    with pytest.raises(Problem, match="neither Darknet's, which begins with"):
        read(b"[section]\nkey=value", "setup.cfg")


def test_every_format_has_its_words() -> None:
    assert all(
        has(f"open.{part}.{key}") for key in FORMATS for part in ("format", "tells", "lacks")
    )


def test_as_much_is_read_as_of_weights() -> None:
    assert MAX_WEIGHTS == MAX_BYTES


# --- Caffe ---------------------------------------------------------------------------------------

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


def layers_of(written: str) -> list[object]:
    return list(read(written.encode(), "net.prototxt").layers)


def test_windows_of_caffe_may_differ_between_the_axes() -> None:
    conv, pool, wide = layers_of(
        caffe(
            "conv1 Convolution convolution_param { num_output: 8 kernel_h: 3 kernel_w: 5 pad_h: 1 "
            "pad_w: 2 stride: 2 bias_term: false }",
            "pool1 Pooling pooling_param { pool: AVE kernel_size: 3 stride: 2 round_mode: FLOOR }",
            "conv2 Convolution convolution_param { num_output: 8 kernel_size: 3 kernel_size: 1 "
            "dilation: 2 }",
        )
    )
    assert conv == Conv(
        name="conv1", out_channels=8, kernel_size=(3, 5), padding=(1, 1, 2, 2), stride=2, bias=False
    )
    assert pool == AvgPool(name="pool1", kernel_size=3, stride=2, rounding="floor")
    assert wide == Conv(name="conv2", out_channels=8, kernel_size=(3, 1), dilation=2)


def test_defaults_are_caffe_s() -> None:
    norm, within, pool = layers_of(
        caffe(
            "norm1 LRN",
            "norm2 LRN lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 alpha: 0.5 k: 7 }",
            "pool1 Pooling pooling_param { kernel_size: 2 }",
        )
    )
    assert norm == LRN(name="norm1", size=5, alpha=1.0, beta=0.75, k=1.0, divide_alpha=True)
    assert isinstance(within, LRN)
    assert (within.region, within.effective_alpha, within.k) == ("map", 0.5 / 9, 1.0)
    assert pool == MaxPool(name="pool1", kernel_size=2, stride=1, rounding="caffe")


def test_batch_norm_and_scale_are_one_layer() -> None:
    made = layers_of(
        caffe(
            "conv1 Convolution convolution_param { num_output: 8 kernel_size: 3 }",
            "bn1 BatchNorm batch_norm_param { eps: 0.001 }",
            "scale1 Scale scale_param { bias_term: true }",
            "nv BatchNorm batch_norm_param { scale_bias: true }",
            "gap Pooling pooling_param { pool: AVE global_pooling: true }",
            "fc InnerProduct inner_product_param { num_output: 10 bias_term: false }",
        )
    )
    assert made[1:4] == [
        BatchNorm(name="bn1", eps=0.001),
        BatchNorm(name="nv", eps=1e-5),
        AdaptiveAvgPool(name="avgpool", output_size=1),
    ]
    assert made[-1] == Linear(name="fc", out_features=10, in_features=8, bias=False)


def test_names_that_begin_with_a_role_become_it() -> None:
    names = [
        layer.name
        for layer in read(
            caffe(
                "conv1 Convolution convolution_param { num_output: 8 kernel_size: 1 }",
                "conv2_1 Convolution convolution_param { num_output: 8 kernel_size: 1 }",
                "conv2_2 Convolution convolution_param { num_output: 8 kernel_size: 1 }",
                "features/relu ReLU",
                "features/relu ReLU",
                "fc8_birds InnerProduct inner_product_param { num_output: 10 }",
                "out Softmax",
            ).encode(),
            "net.prototxt",
        ).layers
    ]
    assert names == [
        *("conv1", "conv2_1", "conv2_2", "features_relu", "features_relu_2"),
        *("flatten", "fc8", "prob"),
    ]


def test_layers_of_the_other_phase_and_of_stages_are_left_out() -> None:
    relu = 'layer { name: "%s" type: "ReLU" bottom: "data" top: "data" %s }\n'
    rules = {
        "kept": "",
        "test": "include { phase: TEST }",
        "either": "include { phase: TRAIN } include { phase: TEST }",
        "not_train": "exclude { phase: TRAIN }",
        "train": "include { phase: TRAIN }",
        "staged": 'include { stage: "deploy" }',
        "not_test": "exclude { phase: TEST }",
        "late": "include { min_level: 2 }",
    }
    written = HEAD + "".join(relu % each for each in rules.items())
    names = [layer.name for layer in read(written.encode(), "net.prototxt").layers]
    assert names == ["kept", "test", "either", "not_train"]


def test_a_file_without_an_input_says_so() -> None:
    conv = "conv1 Convolution convolution_param { num_output: 8 kernel_size: 3 }"
    network = read(caffe(conv, head="").encode(), "part.prototxt")
    assert network.input_shape == (3, 227, 227)
    assert network.about is not None
    assert "how large the images are: 227×227" in network.about.assumptions[0].en


# --- Darknet and cuda-convnet --------------------------------------------------------------------


def test_padding_means_other_things_in_a_convolution_and_in_a_pool() -> None:
    conv, norm, pool, bare = read(
        b"[net]\nheight=33\nwidth=33\nchannels=3\n"
        b"[convolutional]\nfilters=8\nsize=5\npad=1\nbatch_normalize=1\nactivation=linear\n"
        b"[maxpool]\nsize=4\nstride=2\n"
        b"[convolutional]\nfilters=4\nsize=3\npadding=2\nstride=2\nactivation=linear\n",
        "x.cfg",
    ).layers
    assert conv == Conv(name="conv1", out_channels=8, kernel_size=5, padding=2, bias=False)
    assert norm == BatchNorm(name="norm1", eps=1e-6)
    # size - 1 = 3 cells of padding in all, the smaller half before: (33 + 3 - 4) / 2 + 1 = 17
    assert pool == MaxPool(name="pool1", kernel_size=4, stride=2, padding=(1, 2))
    assert bare == Conv(name="conv2", out_channels=4, kernel_size=3, padding=2, stride=2)


def test_darknet_s_crop_is_the_input() -> None:
    network = read(
        b"[net]\nheight=256\nwidth=256\nchannels=3\n[crop]\ncrop_height=224\ncrop_width=224\n"
        b"[connected]\noutput=10\nactivation=tanh\n[cost]\ntype=sse\n",
        "x.cfg",
    )
    assert network.input_shape == (3, 224, 224)
    assert [layer.name for layer in network.layers] == ["flatten", "fc1", "tanh1"]


def test_columns_that_never_meet_are_groups_in_dense_layers_too() -> None:
    """Run 150: fc6 and fc7 read their own column alone (layers-150.cfg)."""
    written = text("convnet_145.cfg")
    for name, column in (("fc2048a", "a"), ("fc2048b", "b")):
        written = written.replace(
            f"[{name}]\ntype=fc\ninputs=pool3a,pool3b", f"[{name}]\ntype=fc\ninputs=pool3{column}"
        )
    network = read(written.encode(), "layers-150.cfg")
    fc6, fc7 = network["fc6"], network["fc7"]
    assert isinstance(fc6, Linear)
    assert isinstance(fc7, Linear)
    assert (fc6.groups, fc7.groups) == (2, 1)
    assert trace(network)["fc6"].weights == 9216 // 2 * 4096


def test_a_neuron_of_its_own_is_a_layer() -> None:
    network = read(
        b"[data]\ntype=data\n[conv1]\ntype=conv\ninputs=data\nchannels=1\nfilters=4\n"
        b"filterSize=3\n[n]\ntype=neuron\ninputs=conv1\nneuron=tanh[1,1]\n"
        b"[p]\ntype=pool\npool=avg\ninputs=n\nsizeX=3\nstride=2\n",
        "x.cfg",
    )
    assert network.input_shape == (1, 224, 224)
    assert [layer.kind for layer in network.layers] == ["conv", "tanh", "avg_pool"]
