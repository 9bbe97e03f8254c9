"""The command line in-process: what good requests print and how bad ones are refused."""

import csv
import io
import json
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from alexnet_viz.commands import cli, serve
from alexnet_viz.network.spec_file import dumps
from alexnet_viz.network.trace import trace
from alexnet_viz.render.tables.trace_table import DEFAULT_KEYS, EXPORTS
from alexnet_viz.variants import VARIANTS
from tests.test_arguments import refused

PAPER = VARIANTS["alexnet_2012_paper"]


def output(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a good request prints."""
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_a_network_that_fails_is_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert "'pool5'" in output(capsys, "trace", "article_002_text")
    data = json.loads(output(capsys, "trace", "article_002_text", "--format", "json"))
    assert data["failure"]["layer"] == "pool5"
    text = output(capsys, "compare", "article_002_text", "alexnet_2012_paper")
    assert "'pool5'" in text
    assert "fc6" in output(capsys, "towers", "alexnet_2012_paper", "--input", "300")


@pytest.mark.parametrize("format", EXPORTS)
def test_trace_is_the_export(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "trace", "alexnet_2012_paper", "--format", format)
    assert text == EXPORTS[format].render(trace(PAPER), DEFAULT_KEYS, "en")


def test_trace_takes_a_reading(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("trace", "alexnet_2012_paper", "--input", "224", "--rounding", "floor")
    assert "fc6" in json.loads(output(capsys, *words, "--format", "json"))["failure"]["layer"]
    data = json.loads(output(capsys, *words, "--refit", "--format", "json"))
    assert data["failure"] is None
    assert data["totals"]["params"] == 49_430_888


def test_trace_takes_columns(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("trace", "alexnet_2012_paper", "--format", "csv", "--columns", "cost,stride,cost")
    header = next(csv.reader(io.StringIO(output(capsys, *words))))
    assert header == ["layer", "weights", "biases", "params", "MACs", "stride"]


def test_trace_speaks_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert "合计" in output(capsys, "trace", "alexnet_2012_paper", "--language", "zh")


def test_a_spec_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.json"
    path.write_text(dumps(PAPER.edited(id="own", input_size=227)), encoding="utf-8")
    data = json.loads(output(capsys, "trace", "--spec", str(path), "--format", "json"))
    assert (data["variant"], data["input_shape"]) == ("own", [3, 227, 227])
    assert "own" in output(capsys, "towers", "--spec", str(path))
    assert "196 to 227" in output(capsys, "which-inputs", "--spec", str(path), "--fc6", "9216")


@pytest.mark.parametrize("format", EXPORTS)
def test_compare(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    pair = ("alexnet_2012_paper", "caffe_bvlc_reference_caffenet")
    text = output(capsys, "compare", *pair, "--format", format)
    if format == "json":
        data = json.loads(text)
        assert data["changed_order"] == ["norm1", "norm2", "pool1", "pool2"]
        norm1 = {layer["name"]: layer for layer in data["layers"]}["norm1"]
        assert norm1["differing"]["k"] == [2.0, 1.0]
        assert [each["id"] for each in data["variants"]] == list(pair)
    else:
        assert "In a different order: norm1, pool1, norm2, pool2." in text
        assert "rounding ceil / floor" in text


def test_compare_at_one_input(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("compare", "alexnet_2012_paper", "caffe_bvlc_alexnet", "--input", "224")
    text = output(capsys, *words)
    assert "96×54×54" in text
    assert "3×227×227" not in text
    assert "MACs 105,415,200 / 101,616,768" in text


@pytest.mark.parametrize(("last", "params"), [("first", 32_531_112), ("halves", 30_482_612)])
def test_towers(last: str, params: int, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("towers", "alexnet_2012_paper", "--last", last)
    assert f"{params:,}" in output(capsys, *words)
    data = json.loads(output(capsys, *words, "--format", "json"))
    assert data["params"][0] == params
    assert data["crossing"] == sum(sum(stage["fetched"]) for stage in data["stages"])


def test_one_tower(capsys: pytest.CaptureFixture[str]) -> None:
    assert "has one tower" in output(capsys, "towers", "torchvision_alexnet")
    data = json.loads(output(capsys, "towers", "torchvision_alexnet", "--format", "json"))
    assert (data["towers"], data["stages"]) == (1, [])


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(output(capsys, "list", "--format", "json"))
    assert [each["id"] for each in data] == list(VARIANTS)
    paper = data[0]
    assert (paper["params"], paper["neurons"], paper["learned_layers"]) == (60_965_224, 659_272, 8)
    assert paper["failure"] is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["alexnet_2012_paper", "--keep", "fc6=9216"], "inputs of 196 to 227 px (32 sizes)"),
        (["--keep=fc6=9216", "alexnet_2012_paper"], "inputs of 196 to 227 px (32 sizes)"),
        (["alexnet_2012_paper", "--keep", "fc6"], "fc6 is built for 9,216 values"),
        (["alexnet_2012_paper", "--keep", "fc6", "--features", "9216"], "196 to 227 px"),
        (["alexnet_2012_paper", "--layer", "fc6"], "fc6 is built for 9,216 values"),
        (["alexnet_2012_paper", "--fc6", "9216"], "inputs of 196 to 227 px (32 sizes)"),
        (["--fc6=9216", "alexnet_2012_paper"], "inputs of 196 to 227 px (32 sizes)"),
        (["alexnet_2012_227", "--layer", "fc6", "--features", "9216"], "227 to 258 px"),
        (["torchvision_alexnet", "--fc6", "9216"], "every square input from 63 px up"),
        (["alexnet_2012_paper", "--fc6", "9217"], "At no square input of 1 to 10,000 px"),
        (["alexnet_2012_paper", "--fc6"], "fc6 is built for 9,216 values"),
        (["alexnet_2012_paper"], "runs at square inputs of 196 to 227 px"),
        (["alexnet_2012_paper"], "fc8 is built for 4,096 values"),
        (["alexnet_2012_227"], "fc6 accepts any number of values: 9,216 at 3×227×227"),
        (["article_002_text"], "fc6 accepts any number of values, but is not reached at 3×227×227"),
        (["alexnet_2012_paper", "--fc6", "9216", "--language", "zh"], "196 到 227 像素"),
        (["alexnet_2012_paper", "--fc7", "4096"], "fc7 reads 4,096 values at square inputs of 196"),
        (["alexnet_2012_paper", "--fc8", "4096"], "inputs of 196 to 227 px (32 sizes)"),
        (["--fc6", "alexnet_2012_paper"], "fc6 is built for 9,216 values"),
        (["--language", "en", "alexnet_2012_paper", "--fc6", "9216"], "196 to 227 px"),
    ],
)
def test_which_inputs(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sentence in output(capsys, "which-inputs", *words)


def test_which_inputs_answers_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("which-inputs", "--fc6", "9216", "alexnet_2012_paper", "--fc7=4096", "--fc8")
    lines = output(capsys, *words).splitlines()
    assert [line.split()[0] for line in lines] == ["fc6", "fc7", "alexnet_2012_paper", "fc8"]
    words = (*words[:1], words[3], "--keep", "fc6=9216", "--keep", "fc8", "--fc7", "4096")
    lines = output(capsys, *words).splitlines()
    assert [line.split()[0] for line in lines] == ["fc6", "fc7", "alexnet_2012_paper", "fc8"]


def test_which_inputs_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("which-inputs", "--format", "json", "alexnet_2012_paper")
    data = json.loads(output(capsys, *words))
    assert data["fitting"] == [196, 227]
    assert data["keeping"] == []
    assert data["dense_layers"][0] == {"layer": "fc6", "in_features": 9216, "arriving": 9216}
    data = json.loads(output(capsys, *words, "--fc6", "9216", "--fc7", "1"))
    assert [each["inputs"] for each in data["keeping"]] == [[196, 227], None]
    assert data["dense_layers"] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "not JSON: line 1, column 2"),
        (b"\xff\xfe\x00\x01", "not UTF-8"),
        (b"[]", "spec must be an object"),
        (b'{"id": 1, "layers": []}', "id must be a string, not 1; input_shape is missing; layers"),
        (b'{"id": "a", "input_shape": [9], "layers": [{"name": "r", "kind": "rely"}]}', "'relu'?"),
    ],
)
def test_bad_specs(
    content: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "spec.json"
    path.write_bytes(content)
    for command in ("trace", "towers", "which-inputs"):
        refused([command, "--spec", str(path)], sentence, capsys)
    refused(["trace", "--spec", str(tmp_path)], "is a directory", capsys)
    refused(["trace", "--spec", str(path) + "x"], "There is no file", capsys)


def test_a_flat_input_has_no_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "flat.json"
    path.write_text('{"id": "flat", "input_shape": [9], "layers": [{"name": "r", "kind": "relu"}]}')
    assert "9" in output(capsys, "trace", "--spec", str(path))
    for words in (["trace", "--input", "9"], ["which-inputs"]):
        refused([*words, "--spec", str(path)], "flat row of 9 features", capsys)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as trial:
        trial.bind((serve.HOST, 0))
        return int(trial.getsockname()[1])


def test_serve_says_that_a_port_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve.subprocess, "run", None)
    with socket.socket() as other:
        other.bind((serve.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = f"Port {port} of this machine cannot be used: Address already in use."
        refused(["serve", "--port", str(port)], sentence, capsys)


def test_serve_runs_the_app_on_loopback_without_telemetry(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[list[str]] = []

    def record(command: list[str], check: bool) -> SimpleNamespace:
        started.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(serve, "APP", tmp_path / "app.py")
    serve.APP.touch()
    monkeypatch.setattr(serve.subprocess, "run", record)
    port = free_port()
    assert cli.main(["serve", "--port", str(port)]) == 0
    assert started[0][1:5] == ["-m", "streamlit", "run", str(serve.APP)]
    assert {"--server.address=127.0.0.1", f"--server.port={port}"} <= set(started[0])
    assert "--browser.gatherUsageStats=false" in started[0]


@pytest.mark.parametrize(
    "address", ["999.1.1.1", "x..y", "::zz", "192.0.2.1", "", "a b", "\0", "é" * 100, "http://x"]
)
def test_serve_says_that_an_address_is_unusable(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve.subprocess, "run", None)
    refused(["serve", "--address", address], "cannot be used on this machine: ", capsys)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_serve_leaves_no_address_for_streamlit_to_ask_for(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []

    def record(command: list[str], check: bool) -> SimpleNamespace:
        started.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(serve.subprocess, "run", record)
    assert cli.main(["serve", "--address", address]) == 0
    stated = f"--browser.serverAddress={address}"
    assert (stated in started[0]) == (address == "localhost")
    assert (socket.gethostname() in capsys.readouterr().err) == (address == "0.0.0.0")


def test_serve_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "APP", tmp_path / "app.py")
    refused(["serve"], "There is no file", capsys)
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    refused(["serve"], "needs Streamlit, which is not installed", capsys)
