"""Files of sections as networks: Darknet's cfg and cuda-convnet's layer files."""

import pytest

from alexnet_viz.network.layers import BatchNorm, Conv, Linear, MaxPool
from alexnet_viz.network.trace import trace
from alexnet_viz.readers import read
from tests.architecture_files import text


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


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("darknet_alexnet.cfg", "a.cfg"),
        ("convnet_145.cfg", "a.cfg"),
        ("alexnet_deploy.prototxt", "a.prototxt"),
        ("alexnet_deploy.prototxt", "a.txt"),
    ],
)
def test_a_text_saved_by_windows_is_the_same_network(file: str, name: str) -> None:
    plain = text(file).encode()
    plain = plain[plain.find(b"[net]") :] if b"[net]" in plain else plain  # without comments before
    saved = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    assert read(saved, name).layers == read(plain, name).layers
