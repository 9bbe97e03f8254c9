"""Spec files: what is written is read back, and every problem of a bad one is named."""

import copy
import json
import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.network.from_plain import BOUNDS
from alexnet_viz.network.layers import KINDS, LRN, Squeeze
from alexnet_viz.network.spec import Network
from alexnet_viz.network.spec_file import dumps, load, loads
from alexnet_viz.network.to_plain import default_of
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem, Problems
from alexnet_viz.variants import VARIANTS

GUIDE = Path(__file__).parents[1] / "docs" / "spec-format.md"

GOOD: dict[str, Any] = {
    "id": "good",
    "input_shape": [3, 12, 12],
    "layers": [
        {"name": "conv1", "kind": "conv", "out_channels": 4, "kernel_size": 3},
        {"name": "norm1", "kind": "lrn", "k": 2, "alpha": 1e-4},
        {"name": "flatten", "kind": "flatten"},
        {"name": "fc6", "kind": "linear", "out_features": 10},
    ],
}


def test_every_variant_survives_the_round_trip(subtests: pytest.Subtests, tmp_path: Path) -> None:
    for variant in VARIANTS:
        with subtests.test(variant=variant):
            network = VARIANTS[variant]
            path = tmp_path / "network.json"
            path.write_text(dumps(network), encoding="utf-8")
            assert load(path) == network
            assert Network.from_dict(network.to_dict()) == network
            assert trace(load(path)).rows == trace(network).rows


def test_the_guides_example_is_a_network() -> None:
    text = re.search(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)[1]
    network = loads(text)
    assert trace(network).failure is None
    assert {layer.kind for layer in network.layers} == set(KINDS) - {Squeeze.kind}
    assert loads(dumps(network)) == network


def row_of_the_guide(kind: str) -> str:
    """The kind, its required fields, its other fields with their defaults."""
    required, optional = [], []
    for field in fields(KINDS[kind])[1:]:
        default = default_of(field)
        if default is MISSING:
            required.append(f"`{field.name}`")
        else:
            short = default[0] if isinstance(default, tuple) else default
            optional.append(f"`{field.name}` {json.dumps(short)}")
    return f"| `{kind}` | {', '.join(required)} | {', '.join(optional)} |"


def test_the_guide_has_every_kind_with_its_fields() -> None:
    table = re.search(r"\| kind \|.*?\n\n", GUIDE.read_text("utf-8"), re.DOTALL)[0]
    assert table.strip().splitlines()[2:] == [row_of_the_guide(kind) for kind in KINDS]


def test_defaults_are_left_out_and_pairs_are_short() -> None:
    conv1 = VARIANTS["alexnet_2012_paper"].to_dict()["layers"][0]
    assert conv1 == {
        "name": "conv1",
        "kind": "conv",
        "kernel_size": 11,
        "stride": 4,
        "rounding": "ceil",
        "out_channels": 96,
    }


def test_an_integer_serves_as_a_number() -> None:
    assert Network.from_dict(GOOD)["norm1"] == LRN(name="norm1", k=2.0)


def changed(path: str, value: object) -> dict[str, Any]:
    """The good spec with one thing changed: ``layers.0.stride``; ``...`` deletes."""
    data = copy.deepcopy(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target: Any = data
    for step in steps:
        target = target[step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("id", ..., "id is missing"),
        ("id", "", "id='' must be 1 to 100 printable letters"),
        ("id", "a" * 101, "id='a{38}… must be 1 to 100 printable letters"),
        ("id", "a\x1b[31m", "printable"),
        ("id", 7, "id must be a string, not 7"),
        ("layers", ..., "layers is missing"),
        ("layers", [], "layers must hold 1 to 200 layers, not 0"),
        ("layers", {}, "layers must be a list, not {…}"),
        ("layers", [{"name": "r", "kind": "relu"}] * 201, "not 201"),
        ("input_shape", ..., "input_shape is missing"),
        ("input_shape", [3, 12], r"must be \[channels, height, width\] or \[features\], not \[2\]"),
        ("input_shape", "3x12x12", "input_shape must be .*, not '3x12x12'"),
        ("input_shape", [3, 12, 0], "input_shape=0 is out of range: 1 to 1,000,000"),
        ("input_shape", [3, 12, -1], "input_shape=-1 is out of range"),
        ("input_shape", [3, 12, 10_001], "input_shape=10001 is out of range: 1 to 10,000"),
        ("input_shape", [3, 12, 10**4300], r"input_shape=10\^40… is out of range"),
        ("input_shape", [3, 12, 12.0], "input_shape must be an integer, not 12.0"),
        ("input_shape", [True, 12, 12], "input_shape must be an integer, not true"),
        ("layer", [], "unknown field 'layer': did you mean 'layers'"),
        ("rows", [], "unknown field 'rows': there are id, input_shape, layers, about"),
        ("layers.0", 7, r"layers\[0\]: layer must be an object, not 7"),
        ("layers.0", None, r"layers\[0\]: layer must be an object, not null"),
        ("layers.0.kind", ..., r"layers\[0\] 'conv1': kind is missing"),
        ("layers.0.kind", "convolution", "unknown kind 'convolution': "),
        ("layers.0.kind", "maxpool", "unknown kind 'maxpool': did you mean 'max_pool'"),
        ("layers.0.kind", ["conv"], r"kind must be a string, not \[1\]"),
        ("layers.0.name", ..., r"layers\[0\]: name is missing"),
        ("layers.0.name", "fc6", "the layer name 'fc6' is used 2 times"),
        (
            "layers.0.name",
            "conv.1",
            r"\] 'conv.1': name='conv.1' must be letters a to z, digits and",
        ),
        ("layers.0.name", "1conv", "begin with a letter"),
        ("layers.0.name", "conv 1", "name='conv 1' must be letters"),
        ("layers.0.name", "卷积", "name='卷积' must be letters"),
        ("layers.0.name", "c" * 41, "must be 1 to 40 printable letters"),
        ("layers.0.kernal_size", 3, "unknown field 'kernal_size': did you mean 'kernel_size'"),
        ("layers.0.kernel_size", ..., r"layers\[0\] 'conv1': kernel_size is missing"),
        ("layers.0.kernel_size", 0, "kernel_size=0 is out of range: 1 to 10,000"),
        ("layers.0.kernel_size", 10_001, "kernel_size=10001 is out of range"),
        ("layers.0.kernel_size", "3", "kernel_size must be an integer, not '3'"),
        ("layers.0.kernel_size", 3.0, "kernel_size must be an integer, not 3.0"),
        ("layers.0.kernel_size", True, "kernel_size must be an integer, not true"),
        ("layers.0.kernel_size", None, "kernel_size must be an integer, not null"),
        ("layers.0.kernel_size", [3, 3, 3], r"one integer or \[n, n\], not \[3\]"),
        ("layers.0.kernel_size", [3, 0], "kernel_size=0 is out of range"),
        ("layers.0.padding", [1, 1, 1], r"\[n, n\] / \[n, n, n, n\], not \[3\]"),
        ("layers.0.padding", -1, "padding=-1 is out of range: 0 to 10,000"),
        ("layers.0.stride", 10**1000, "stride=10\\^40… is out of range"),
        ("layers.0.out_channels", 1_000_001, "out_channels=1000001 is out of range"),
        ("layers.0.groups", 0, "groups=0 is out of range"),
        ("layers.0.groups", 4097, "groups=4097 is out of range: 1 to 4,096"),
        ("layers.0.bias", 1, "bias must be true or false, not 1"),
        ("layers.0.rounding", "ceiling", "rounding='ceiling' is unknown: did you mean 'ceil'"),
        ("layers.0.rounding", "xxx", "rounding='xxx' is unknown: there are floor, ceil, caffe"),
        ("layers.0.rounding", 1, "rounding must be a string, not 1"),
        ("layers.1.alpha", float("nan"), "alpha=nan is out of range"),
        ("layers.1.alpha", float("inf"), "alpha=inf is out of range"),
        ("layers.1.alpha", "1e-4", "alpha must be a number, not '1e-4'"),
        ("layers.1.alpha", False, "alpha must be a number, not false"),
        ("layers.1.k", 10**400, "k=10\\^40… is out of range"),
        ("layers.3.in_features", 0, "in_features=0 is out of range"),
        ("about", 1, "about must be an object, not 1"),
        ("about", {"title": 1}, "title must be a string, or an object with en and zh, not 1"),
    ],
)
def test_what_a_spec_refuses(path: str, value: object, sentence: str) -> None:
    with pytest.raises(Problems) as caught:
        Network.from_dict(changed(path, value))
    assert any(re.search(sentence, each) for each in caught.value.sentences()), str(caught.value)
    chinese = caught.value.sentences("zh")
    assert len(chinese) == len(caught.value.sentences())
    assert all(re.search("[\u4e00-\u9fff]", each) for each in chinese)


@pytest.mark.parametrize("data", [None, 7, "conv", [], [1], True])
def test_a_spec_is_an_object(data: object) -> None:
    with pytest.raises(Problems, match="spec must be an object, not"):
        Network.from_dict(data)


def test_every_problem_is_named_once_and_together() -> None:
    data = changed("layers.0.stride", "2")
    data["layers"][1]["beta"] = None
    data["layers"][3]["outfeatures"] = data["layers"][3].pop("out_features")
    data["input_shape"] = [3]
    data["extra"] = 1
    with pytest.raises(Problems) as caught:
        Network.from_dict(data)
    assert [each.split(":")[0] for each in caught.value.sentences()] == [
        "unknown field 'extra'",
        "layers[0] 'conv1'",
        "layers[1] 'norm1'",
        "layers[3] 'fc6'",
        "layers[3] 'fc6'",
    ]
    assert str(caught.value) == "; ".join(caught.value.sentences())


def test_one_line_names_the_first_problems_and_counts_the_rest() -> None:
    data = changed("layers", [{"name": f"layer{n}", "kind": "?"} for n in range(200)])
    with pytest.raises(Problems) as caught:
        Network.from_dict(data)
    assert len(caught.value.sentences()) == 200
    assert caught.value.message().endswith("; and 190 more")
    assert "layers[9]" in caught.value.message()
    assert "layers[10]" not in caught.value.message()
    assert caught.value.message("zh").endswith("；另有 190 个问题。")


def test_what_was_given_is_repeated_in_brief() -> None:
    long = "x" * 5000
    for path in ("id", "layers.0.name", "layers.0.kind", "layers.0.rounding", "layers.0.stride"):
        with pytest.raises(Problems) as caught:
            Network.from_dict(changed(path, long))
        assert len(caught.value.message()) < 300, path
    with pytest.raises(Problems) as caught:
        Network.from_dict(changed("layers", [{"name": long, "kind": "relu"}] * 2))
    assert len(caught.value.message()) < 500
    with pytest.raises(Problem, match=r"key 'x{39}…' twice"):
        loads(f'{{"{long}": 1, "{long}": 2}}')
    with pytest.raises(Problem) as unread:
        load(long)
    assert len(str(unread.value)) < 400


def test_every_bound_belongs_to_a_field() -> None:
    known = {field.name for layer in KINDS.values() for field in fields(layer)}
    assert set(BOUNDS) <= known


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "kind", "size", "en", "zh", "x"]), inner)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(["id", "input_shape", "layers", "about", "layers.0", "layers.0.kind"])
    | st.sampled_from(["layers.0.kernel_size", "layers.0.padding", "layers.1.alpha"]),
    json_values,
)
def test_any_json_is_a_network_or_a_spec_problem(path: str, value: object) -> None:
    try:
        network = Network.from_dict(changed(path, value))
    except Problems:
        return  # any other exception fails the test
    trace(network)
    assert Network.from_dict(json.loads(dumps(network))) == network


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"{", "not JSON: line 1, column 2"),
        (b"", "not JSON"),
        (b"\x89PNG\r\n\x1a\n\x00", "not UTF-8 text: byte 0"),
        (b"[" * 100_000, "too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "integer of thousands of digits"),
        (b'{"id": "a", "id": "b"}', "key 'id' twice"),
        (b" " * 1_000_001, "longer than 1,000,000 bytes"),
        (b'{"id": NaN}', "id must be a string, not nan"),
    ],
)
def test_what_a_file_refuses(content: bytes, match: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_bytes(content)
    with pytest.raises(Problem, match=match):
        load(path)


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8-sig")
    assert load(path) == Network.from_dict(GOOD)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no file"):
        load(tmp_path / "nowhere.json")
    with pytest.raises(Problem, match="is a directory, not a file"):
        load(tmp_path)
    with pytest.raises(Problem, match="cannot be read"):
        load("a\0b")
