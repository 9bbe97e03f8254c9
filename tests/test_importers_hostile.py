"""Files that lie or are broken: a ``Problem``, and nothing opened or filled up."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import onnx
import pytest
import torch
from google.protobuf.message import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alexnet_viz.readers import format_registry
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem
from alexnet_viz.weights import files
from alexnet_viz.weights.files import safetensors_file, tensor_reader, wire_format
from alexnet_viz.weights.files.imported import opened
from tests.weight_files import (
    blob,
    caffemodel,
    code,
    field,
    flipped,
    numbers,
    onnx_model,
    safetensors_bytes,
    small,
    torch_bytes,
)

pytestmark = pytest.mark.slow

NETWORK = small("caffe_bvlc_alexnet")
FEW = {name: tensor for name, tensor in numbers(NETWORK).items() if name.startswith("conv5")}
NARROW = NETWORK.edited(id="narrow", without=tuple(layer.name for layer in NETWORK.layers[3:]))

FILES = {
    ".pt": torch_bytes(FEW),
    ".pth": torch_bytes(FEW, zipped=False),
    ".safetensors": safetensors_bytes(FEW, network="x"),
    ".onnx": onnx_model(NARROW, numbers(NARROW)).SerializeToString(),
    ".caffemodel": caffemodel(NARROW, numbers(NARROW)),
}
"""One small, sound file a format; torch's own old format under .pth."""

each_format = pytest.mark.parametrize("suffix", FILES)


def survived(data: bytes, suffix: str) -> None:
    """A file is read or refused; any other exception fails the test."""
    with suppress(Problem):
        assert isinstance(files.read(data, f"x{suffix}"), dict)


SMALL = {
    "keys without a layer": {"weight": torch.zeros(4, 3), "bias": torch.zeros(4)},
    "a convolution without a name": {"weight": torch.zeros(4, 3, 3, 3)},
    "one class of one feature": {"fc8.weight": torch.zeros(1, 1)},
    "a small dense layer": {"fc6.weight": torch.zeros(10, 20)},
    "nothing in it": {"fc6.weight": torch.zeros(10, 0)},
}


@pytest.mark.parametrize("case", SMALL)
def test_a_file_of_few_tensors_is_refused_in_words(case: str) -> None:
    for data, name in (
        (torch_bytes(SMALL[case]), "x.pth"),
        (safetensors_bytes(SMALL[case]), "x.safetensors"),
    ):
        for read in (opened, format_registry.read):
            with pytest.raises(Problem) as refused:
                read(data, name)
            for language in LANGUAGES:
                assert refused.value.explained(language).encode()


def test_an_onnx_identity_without_an_output_is_no_constant() -> None:
    """It copies a weight to nowhere; readers of weights and of networks say what they find."""
    model = onnx_model(NARROW, numbers(NARROW))
    weight = model.graph.initializer[0].name
    model.graph.node.append(onnx.NodeProto(op_type="Identity", input=[weight]))
    data = model.SerializeToString()
    assert files.read(data, "x.onnx").keys() == files.read(FILES[".onnx"], "x.onnx").keys()
    with suppress(Problem):
        format_registry.read(data, "x.onnx")


def test_a_key_that_utf8_has_not_can_be_repeated() -> None:
    data = torch_bytes({"a\ud800.weight": torch.zeros(4, 3)})
    (key,) = files.read(data, "x.pth")
    assert key == "a\\ud800.weight"
    with pytest.raises(Problem) as refused:
        format_registry.read(data, "x.pth")
    assert refused.value.explained("en").encode()


# --- broken files --------------------------------------------------------------------------------


@each_format
def test_the_files_are_sound(suffix: str) -> None:
    assert files.read(FILES[suffix], f"x{suffix}")


@each_format
@settings(max_examples=60)
@given(data=st.data())
def test_a_file_cut_off_anywhere(suffix: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(FILES[suffix]) - 1))
    survived(FILES[suffix][:length], suffix)


@each_format
@settings(max_examples=150)
@given(flips=st.lists(st.tuples(st.integers(-400, 700), st.integers(0, 7)), min_size=1, max_size=8))
def test_a_file_with_bits_turned_over(suffix: str, flips: list[tuple[int, int]]) -> None:
    """Near both ends, where headers, directories and opcodes are."""
    survived(flipped(FILES[suffix], flips), suffix)


@each_format
@settings(max_examples=100)
@given(noise=st.binary(max_size=300))
@example(noise=b"")
@example(noise=b"PK\3\4")
@example(noise=b"\x80\x02.")
def test_bytes_that_mean_nothing(suffix: str, noise: bytes) -> None:
    survived(noise, suffix)


@each_format
def test_a_file_of_another_format(suffix: str) -> None:
    for other, data in FILES.items():
        if {suffix, other} not in ({suffix}, {".pt", ".pth"}):
            survived(data, suffix)
            assert code(data, suffix) in ("weights_damaged", "weights_no_tensors", "weights_parts")


@pytest.mark.parametrize("name", ["weights.bin", "x.ckpt", "x.pth.zip", "", "onnx", "x" * 5000])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(Problem, match=r"must end in one of \.pt \.pth") as refused:
        files.read(b"x", name)
    assert len(refused.value.explained()) < 500


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert code(b"", ".pt") == "weights_empty"
    monkeypatch.setattr(tensor_reader, "MAX_BYTES", 1000)
    assert code(bytes(1001), ".onnx") == "weights_too_large"
    path = tmp_path / "x.onnx"
    path.write_bytes(bytes(5000))
    with pytest.raises(Problem, match="larger than 0 MB"):
        files.read(path, path.name)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no file"):
        files.read(tmp_path / "x.pt", "x.pt")
    with pytest.raises(Problem, match="is a directory"):
        files.read(tmp_path, "x.pt")
    with pytest.raises(Problem, match="cannot be read"):
        files.read(Path("a\0b"), "x.pt")


# --- safetensors ---------------------------------------------------------------------------------


def test_a_header_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safetensors_file, "MAX_HEADER", 100)
    assert code(FILES[".safetensors"], ".safetensors") == "weights_damaged"
    assert code(safetensors_bytes({}), ".safetensors") == "weights_no_tensors"


# --- protocol buffers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "swelling"),
    [
        (".onnx", field(7, field(1, b"") * 200_000)),
        (".onnx", field(7, field(1, field(1, b"") * 200_000))),
        (".caffemodel", field(100, b"") * 200_000),
        (".caffemodel", field(2, field(6, b"") * 200_000)),
    ],
    ids=["nodes", "inputs", "layers", "blobs"],
)
def test_messages_of_endless_parts_are_not_parsed(suffix: str, swelling: bytes) -> None:
    assert code(swelling, suffix) == "weights_parts"


def test_long_lists_of_small_integers_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte each in the file, eight in memory."""
    monkeypatch.setattr(wire_format, "MAX_INTEGERS", 1000)
    layer = field(1, b"x") + field(7, field(7, field(1, bytes(1001))))
    assert code(field(100, layer), ".caffemodel") == "weights_parts"


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_the_walk_refuses_whatever_the_parser_refuses(noise: bytes) -> None:
    """What ``wire`` lets through may still be damaged; what it calls damaged, protobuf does too."""
    try:
        wire_format.refuse_swelling(noise, onnx.ModelProto.DESCRIPTOR, "ONNX")
    except Problem:
        if any(byte & 7 in (3, 4) for byte in noise):
            return  # groups, which protobuf skips
        with pytest.raises(DecodeError):
            onnx.ModelProto.FromString(noise)


def test_a_blob_must_be_as_large_as_it_says() -> None:
    right = blob(torch.ones(2, 3))
    layer = field(1, b"fc6") + field(2, b"InnerProduct")
    assert files.read(field(100, layer + field(7, right)), "x.caffemodel")
    wrong = right.replace(field(7, field(1, b"\x02\x03")), field(7, field(1, b"\x02\x04")))
    with pytest.raises(Problem, match=r"layer 'fc6' should hold 2×4 numbers, but has 24 bytes"):
        files.read(field(100, layer + field(7, wrong)), "x.caffemodel")


def refused_onnx(change: Callable[[onnx.ModelProto], None]) -> str:
    model = onnx_model(NARROW, numbers(NARROW))
    change(model)
    return code(model.SerializeToString(), ".onnx")


def test_an_onnx_file_opens_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "numbers.bin"
    other.write_bytes(bytes(11 * 11 * 3 * 8 * 4))

    def outside(model: onnx.ModelProto) -> None:
        weight = model.graph.initializer[0]
        weight.ClearField("raw_data")
        weight.data_location = onnx.TensorProto.EXTERNAL
        weight.external_data.add(key="location", value=str(other))

    monkeypatch.chdir(tmp_path)
    assert refused_onnx(outside) == "onnx_external"


def test_onnx_weights_must_be_there_in_floating_point() -> None:
    def computed(model: onnx.ModelProto) -> None:
        model.graph.node[0].input[1] = "nowhere"

    def lacking(model: onnx.ModelProto) -> None:
        del model.graph.node[0].input[1:]

    def quantised(model: onnx.ModelProto) -> None:
        model.graph.node[0].op_type = "QLinearConv"

    def integers(model: onnx.ModelProto) -> None:
        model.graph.initializer[0].data_type = onnx.TensorProto.INT32

    def empty(model: onnx.ModelProto) -> None:
        del model.graph.node[:]

    assert refused_onnx(computed) == "onnx_computed"
    assert refused_onnx(lacking) == "onnx_computed"
    assert refused_onnx(quantised) == "onnx_quantised"
    assert refused_onnx(integers) == "weights_not_float"
    assert refused_onnx(empty) == "weights_no_tensors"
