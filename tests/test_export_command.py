"""``export`` on the command line: files, standard output, refusals in both languages."""

import json
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import onnx
import pytest

from alexnet_viz.commands import cli
from alexnet_viz.network.spec_file import dumps
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.export import onnx_writer
from alexnet_viz.render.export.formats import FORMATS
from alexnet_viz.render.export.html_report import html_report
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.loader import load
from tests.odd_networks import ODD_NETWORKS
from tests.test_arguments import refused

CAFFE = VARIANTS["caffe_bvlc_alexnet"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_to_a_file_and_to_standard_output(
    name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    expected = FORMATS[name].write(trace(CAFFE), "zh")
    data = expected.encode("utf-8") if isinstance(expected, str) else expected
    words = ("export", CAFFE.id, "--to", name, "--language", "zh")
    path = tmp_path / "exported"
    assert cli.main([*words, "--output", str(path)]) == 0
    assert capfdbinary.readouterr() == (b"", b"")
    assert path.read_bytes() == data
    assert cli.main(words) == 0
    sys.stdout.flush()
    assert capfdbinary.readouterr() == (data, b"")


def test_an_export_takes_a_reading(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "export",
        "alexnet_2012_paper",
        "--to",
        "json",
        "--input",
        "227",
        "--rounding",
        "caffe",
    ]
    assert cli.main(words) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["input_shape"] == [3, 227, 227]
    assert data["layers"][0]["rounding"] == "caffe"


def test_a_network_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.json"
    path.write_text(dumps(ODD_NETWORKS["odd"]), encoding="utf-8")
    assert cli.main(["export", "--spec", str(path), "--to", "torch"]) == 0
    assert "GroupedLinear" in capsys.readouterr().out


def test_several_networks_make_one_report(capsys: pytest.CaptureFixture[str]) -> None:
    ids = ("alexnet_2012_paper", "article_002_text")
    assert cli.main(["export", *ids, "--to", "html"]) == 0
    assert capsys.readouterr().out == html_report([trace(VARIANTS[id]) for id in ids])


def test_onnx_takes_weights(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(dumps(ODD_NETWORKS["squeezed"]), encoding="utf-8")
    words = ["export", "--spec", str(path), "--to", "onnx", "--output", str(tmp_path / "a.onnx")]
    assert cli.main([*words, "--weights", "random"]) == 0
    model = onnx.load(tmp_path / "a.onnx")
    names = {each.name for each in model.graph.initializer}
    assert {"conv1.weight", "conv1.bias", "fc6.weight", "fc6.bias"} <= names


def test_onnx_takes_the_weights_that_ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They reach the writer whole; to write their 230 MB here would only take time."""
    weights, given = WEIGHTS["drawings"], []

    def write(result: Trace, language: str, *, weights: dict[str, np.ndarray]) -> bytes:
        given.append((result, weights))
        return b"onnx"

    monkeypatch.setattr(onnx_writer, "onnx_file", write)
    words = ["export", weights.network.id, "--input", str(weights.network.input_size)]
    path = tmp_path / "a.onnx"
    assert cli.main([*words, "--to", "onnx", "--weights", "drawings", "--output", str(path)]) == 0
    assert path.read_bytes() == b"onnx"
    ((result, arrays),) = given
    assert result["fc8"].output_shape == (len(weights.classes),)
    assert np.array_equal(arrays["conv1.weight"], load(weights).conv1.weight.numpy())


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["--to", "torch"], "Give a variant to export", "请写出要导出的变体"),
        (["alexnet", "--to", "torch"], "No variant 'alexnet'. Did you mean", "没有变体"),
        (
            ["zfnet_paper", "d2l_alexnet", "--to", "csv"],
            "csv holds one network, and 2",
            "只能写一个",
        ),
        (["zfnet_paper", "--to", "csv", "--weights", "random"], "csv holds no weights", "不含权重"),
        (["zfnet_paper", "--to", "onnx", "--weights", "x"], "No weights 'x'", "x"),
        (
            ["tf_slim_alexnet_v2", "--to", "onnx", "--weights", "drawings"],
            "The weights drawings do not fit tf_slim_alexnet_v2: conv1, ",
            "不匹配",
        ),
        (["alexnet_2012_paper", "--to", "prototxt"], "conv1: its windows cover 0 + 3", "无法写成"),
        (["article_002_text", "--to", "torch"], "max pooling 'pool5' on input", "pool5"),
        (
            ["zfnet_paper", "--to", "csv", "--output", "/nowhere/x"],
            "cannot be written: No",
            "无法写入",
        ),
        (["zfnet_paper", "--to", "csv", "--output", "a\0b"], "cannot be written", "无法写入"),
        (["zfnet_paper", "--to", "csv", "--output", ""], "'' cannot be written", "无法写入 “”"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    words: list[str], english: str, chinese: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(["export", *words], english, capsys)
    refused(["export", *words, "--language", "zh"], chinese, capsys)


@pytest.mark.parametrize("name", ["onnx", "png"])
def test_pixels_do_not_go_to_a_terminal(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.main(["export", CAFFE.id, "--to", name]) == 2
    assert screen.getvalue() == ""
    assert (
        f"{name} is a binary format and is not written to a terminal. Name a file with --output"
        in capsys.readouterr().err
    )
