"""Files of other programs read as networks: the published ones are the variants, layer by layer."""

from dataclasses import replace

import pytest

from alexnet_viz.analysis.compare.nearest import nearest
from alexnet_viz.network import spec_file
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import FORMATS, format_of, load, read
from alexnet_viz.readers.format_registry import MAX_WEIGHTS
from alexnet_viz.text import has
from alexnet_viz.text.problem import Problem
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
    if name.startswith("convnet"):  # a layer file states no input, which ties no dense layer
        network, variant = (each.rounded("ceil").refitted() for each in (network, variant))
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
    narrow = narrow.replace("num_output: 4096", "num_output: 512", 1)
    near = nearest(read(narrow.encode(), "narrow.prototxt"), VARIANTS.values())
    assert near.network.id == "caffe_bvlc_alexnet"
    assert [(match.name, match.differing) for match in near.differing] == [
        ("conv1", {"out_channels"}),
        ("fc6", {"out_features"}),
    ]


SMALL = """
input: "data" input_dim: 1 input_dim: 3 input_dim: 32 input_dim: 32
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 20 kernel_size: 5 } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
  pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer { name: "conv2" type: "Convolution" bottom: "pool1" top: "conv2"
  convolution_param { num_output: 50 kernel_size: 5 } }
layer { name: "fc" type: "InnerProduct" bottom: "conv2" top: "fc"
  inner_product_param { num_output: 10 } }
"""


def test_a_network_unlike_all_variants_has_no_near_relative() -> None:
    near = nearest(read(SMALL.encode(), "small.prototxt"), VARIANTS.values())
    assert not near.related
    # variants fail at 32 px: their later layers count all the same
    assert near.layers >= len(near.network.layers)
    assert near.equal + len(near.differing) == near.layers
    assert nearest(VARIANTS["torchvision_alexnet"], [VARIANTS["alexnet_2012_paper"]]).related
    half = replace(near, layers=10, differing=near.differing[:5])
    assert half.related
    assert not replace(half, differing=near.differing[:6]).related


def test_a_short_variant_is_not_nearer_for_its_few_layers() -> None:
    paper = VARIANTS["alexnet_2012_paper"]
    kept = ("conv1", "relu1", "pool1", "flatten", "fc8")
    mine = paper.edited(
        id="mine", without=tuple(each.name for each in paper.layers if each.name not in kept)
    )
    other = {"conv1": {"out_channels": 7}, "pool1": {"stride": 1}, "fc8": {"out_features": 7}}
    short = mine.edited(id="short", without=("relu1", "flatten"), **other)
    assert len(nearest(mine, [short]).differing) < len(nearest(mine, [paper]).differing)
    assert nearest(mine, [short, paper]).network.id == paper.id


def test_a_different_order_is_a_difference() -> None:
    paper, moved = VARIANTS["caffe_bvlc_alexnet"], VARIANTS["caffe_bvlc_reference_caffenet"]
    near = nearest(moved, [paper])
    assert {match.name for match in near.differing} == {"norm1", "pool1", "norm2", "pool2"}
    assert all("order" in match.differing for match in near.differing)


def test_what_a_file_leaves_open_is_said() -> None:
    def assumed(name: str) -> str:
        return " ".join(each.en for each in opened(name).assumptions)

    assert assumed("alexnet_deploy.prototxt") == assumed("darknet_alexnet.cfg") == ""
    training = assumed("alexnet_train_val.prototxt")
    assert "those of the phase TEST are read" in training
    assert "how many channels the images have: 3" in training
    assert "227" not in training
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
    assert spec_file.loads(spec_file.dumps(network)) == network


def test_json_of_this_project_is_read_as_it_is() -> None:
    variant = VARIANTS["alexnet_2012_paper"]
    assert read(spec_file.dumps(variant).encode(), "x.json") == variant
    bare = replace(variant, about=None)
    named = read(spec_file.dumps(bare).encode(), "mine.json")
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
    with pytest.raises(Problem, match=r"'cat\.jpg' is not in a known format.*\.prototxt"):
        read(b"\xff\xd8\xff", "cat.jpg")
    with pytest.raises(Problem, match="neither Darknet's, which begins with"):
        read(b"[section]\nkey=value", "setup.cfg")


def test_every_format_has_its_words() -> None:
    assert all(
        has(f"open.{part}.{key}") for key in FORMATS for part in ("format", "tells", "lacks")
    )


def test_as_much_is_read_as_of_weights() -> None:
    assert MAX_WEIGHTS == MAX_BYTES
