"""Files made to hurt: whatever the bytes are, the answer is a network or a problem, and soon."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_viz.network.trace import trace
from alexnet_viz.readers import load, onnx_graph, read, state_dict
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem
from alexnet_viz.variants import VARIANTS
from tests.architecture_files import FILES, HEAD, PUBLISHED, onnx_of

pytestmark = pytest.mark.slow

assert onnx_graph, state_dict  # imported ahead: torch is not what a file makes of the memory
MEGABYTES = 1_000_000

SEEDS = {name: (FILES / name).read_bytes() for name in PUBLISHED}
SEEDS["net.onnx"] = onnx_of(VARIANTS["caffe_bvlc_alexnet"])


def answered(data: bytes, name: str) -> None:
    """See that a file is a network that can be traced, or a problem with words for it."""
    said = []
    try:
        network = read(data, name)
    except Problem as problem:
        said = [problem.explained(language) for language in LANGUAGES]
    else:
        trace(network)
    assert all(said)


@contextmanager
def within(megabytes: int) -> Iterator[None]:
    """Python's own memory stays below this while the block runs."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * MEGABYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["net.prototxt", "net.cfg", "net.json"])
def test_a_text_of_a_hundred_megabytes_is_not_read(name: str, tmp_path: Path) -> None:
    """One line of it; on the command line not even its second megabyte leaves the disk."""
    begins = {"net.prototxt": b"layer { name: ", "net.cfg": b"[net]\nx=", "net.json": b'{"id": "'}
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(begins[name])
        file.truncate(100 * MEGABYTES)
    with within(8), pytest.raises(Problem, match=r"read at most|longer than"):
        load(path)


HOSTILE = {
    "deep": ("net.prototxt", b"a { " * 200_000, "more than 20 levels of brackets"),
    "many": ("net.prototxt", b"a{}" * 40_000, "more than 100,000 parts"),
    "words": ("net.prototxt", b"a:1 " * 60_000, "more than 100,000 parts"),
    "quote": ("net.prototxt", b'a: "' + b"\\" * 900_000, "Line 1"),
    "blank": ("net.prototxt", b"layer" + b" " * 900_000, "middle of a layer"),
    "digits": (
        "net.prototxt",
        HEAD.encode() + b'layer { name: "a" type: "Convolution" bottom: "data" top: "a" '
        b"convolution_param { num_output: " + b"9" * 900_000 + b" kernel_size: 1 } }",
        "num_output must be a whole number, not '999",
    ),
    "not a number": (
        "net.prototxt",
        HEAD.encode() + b'layer { name: "a" type: "LRN" bottom: "data" top: "a" '
        b"lrn_param { alpha: nan beta: inf k: 1e999 } }",
        "(?s)alpha must be a number, not 'nan'.*beta must be a number.*k=inf is out of range",
    ),
    "sections": ("net.cfg", b"[net]\n" * 150_000, "more than 2,000 parts"),
    "lines": ("net.cfg", b"[net]\n" + b"\n" * 900_000, "0×0×0 is neither an image"),
    "spaces": ("net.cfg", b" " * 900_000, "neither Darknet's"),
    "newlines": ("unnamed", b"\n \n" * 300_000, "not in a known format"),
    "words of layers": ("unnamed", b"layer " * 150_000, "not in a known format"),
    "binary": ("net.prototxt", bytes(range(256)) * 100, "not UTF-8"),
    "zeros": ("net.cfg", b"\0" * 900_000, "neither Darknet's"),
    "towers": (
        "net.cfg",
        b"[d]\ntype=data\n"
        + b"".join(b"[c%d]\ntype=conv\ninputs=d\nfilters=1\nfilterSize=1\n" % n for n in range(900))
        + b"".join(b"[e%d]\ntype=pool\ninputs=c0\nsizeX=2\n" % n for n in range(900)),
        "'e0', 'e1'",
    ),
    "layers": (
        "net.prototxt",
        HEAD.encode() + b'layer{type:"ReLU" bottom:"data" top:"data"}' * 5_000,
        "not 5000",
    ),
    "names": (
        "net.prototxt",
        HEAD.encode() + b'layer{name:"a" type:"X" bottom:"data" top:"a"}' * 5_000,
        "and 4,996 more",
    ),
    "deep json": ("net.json", b'{"id":' + b"[" * 500_000, "too deep|nested|levels"),
    "onnx": ("net.onnx", b"\x3a\x00" * 500_000, "ONNX"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_made_to_hurt_is_refused_in_words(case: str) -> None:
    name, data, words = HOSTILE[case]
    with within(120), pytest.raises(Problem, match=words):
        read(data, name)


CUT = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12))
"""Where, how much is lost, and what stands there instead."""


@settings(max_examples=250)
@given(
    name=st.sampled_from(sorted(SEEDS)),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), max_size=6
    ),
)
def test_a_damaged_file_is_a_network_or_a_problem(
    name: str, cuts: list[tuple[float, int, bytes]]
) -> None:
    data = SEEDS[name]
    for place, length, inserted in cuts:
        start = int(place * len(data))
        data = data[:start] + inserted + data[start + length :]
    answered(data, name)


WORDS = st.sampled_from(
    [
        *("layer {", "layers {", "}", "name:", "type:", '"Convolution"', "CONVOLUTION", "bottom:"),
        *('"data"', '"a"', '"b"', "top:", "convolution_param {", "num_output: 3", "kernel_size: 3"),
        *("pooling_param {", '"Pooling"', '"Split"', "include { phase: TEST }", "[", "]", "#", ":"),
        *('input: "data"', "input_dim: 8", "input_shape { dim: 3 }", "-1", "0", "1e9", "\n"),
    ]
)
LINES = st.sampled_from(
    [
        *("[net]", "[data]", "[conv1]", "[conv1a]", "[conv1b]", "[convolutional]", "[maxpool]"),
        *("[connected]", "[softmax]", "type=data", "type=conv", "type=pool", "type=fc", "size=3"),
        *("inputs=data", "inputs=conv1a,conv1b", "inputs=conv1", "filters=4", "filters=4,4"),
        *("filterSize=3", "sizeX=0", "stride=0", "stride=2", "padding=-1", "pad=1", "outputs=9"),
        *(
            "height=8",
            "width=8",
            "channels=3",
            "groups=2",
            "neuron=relu",
            "activation=relu",
            "=",
            "#",
        ),
    ]
)


@settings(max_examples=150)
@given(st.lists(WORDS, max_size=60))
def test_any_words_of_caffe_are_a_network_or_a_problem(words: list[str]) -> None:
    answered(" ".join(words).encode() or b" ", "net.prototxt")


@settings(max_examples=150)
@given(st.lists(LINES, max_size=40))
def test_any_lines_of_a_cfg_are_a_network_or_a_problem(lines: list[str]) -> None:
    answered("\n".join(lines).encode() or b" ", "net.cfg")


@settings(max_examples=80)
@given(st.binary(max_size=400), st.sampled_from(["x.onnx", "x.pt", "x.safetensors", "x.json", "x"]))
def test_any_bytes_are_a_network_or_a_problem(data: bytes, name: str) -> None:
    answered(data, name)
