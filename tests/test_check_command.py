"""``check FILE --expect FILE``: what holds, what does not, and what is no expectation."""

import json
import tomllib
from pathlib import Path

import pytest

from alexnet_viz.analysis.expectations import mismatches, read, written
from alexnet_viz.commands.cli import main
from alexnet_viz.network.layers import ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS
from tests.architecture_files import FILES
from tests.conftest import ROOT
from tests.test_arguments import refused

DEPLOY = str(FILES / "alexnet_deploy.prototxt")
CAFFENET = str(FILES / "caffenet_deploy_2014.prototxt")
PAPER = trace(VARIANTS["alexnet_2012_paper"])

# Krizhevsky's network on Caffe's 227, by hand: 96 kernels of 11*11*3 and a bias each, at 55*55
BY_HAND = f"""
input = [3, 227, 227]
output = [1000]
params = 60965224
macs = 724406816

[layers.conv1]
kind = "conv"
output = [96, 55, 55]
params = {96 * 11 * 11 * 3 + 96}
macs = {96 * 11 * 11 * 3 * 55 * 55}
kernel_size = 11
stride = [4, 4]
padding = 0
bias = true

[layers.norm1]
size = 5
k = 1
beta = 0.75

[layers.fc6]
input = [9216]
out_features = 4096
"""


def check(path: Path, expected: str, *words: str, file: str = DEPLOY) -> int:
    path.write_text(expected, "utf-8")
    return main(["check", file, "--expect", str(path), *words])


def test_what_is_right_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert check(tmp_path / "e.toml", BY_HAND) == 0
    assert capsys.readouterr().out == "alexnet_deploy.prototxt: all 17 expected values hold\n"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("params = 60965224", "params = 60965225",
         "network: params is 60,965,224, expected 60,965,225"),
        ("[3, 227, 227]", "[3, 224, 224]", "network: input is 3×227×227, expected 3×224×224"),
        ("[96, 55, 55]", "[96, 54, 54]", "conv1: output is 96×55×55, expected 96×54×54"),
        ("stride = [4, 4]", "stride = [4, 2]", "conv1: stride is 4×4, expected 4×2"),
        ("stride = [4, 4]", "stride = 2", "conv1: stride is 4×4, expected 2"),
        ("k = 1", "k = 2", "norm1: k is 1.0, expected 2"),
        ("bias = true", "bias = false", "conv1: bias is True, expected False"),
        ("bias = true", "bias = 1", "conv1: bias is True, expected 1"),
        ("size = 5", "stride = 5", "norm1: it has no stride, expected 5"),
        ("[layers.fc6]", "[layers.fc9]", "fc9: there is no such layer"),
        ("kind = \"conv\"", "kind = \"linear\"", "conv1: kind is conv, expected linear"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_line(
    old: str, new: str, sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert BY_HAND.count(old) == 1
    assert check(tmp_path / "e.toml", BY_HAND.replace(old, new)) == 1
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == sentence
    assert "do not hold" in last


@pytest.mark.parametrize("id", VARIANTS)
def test_what_is_written_holds(id: str) -> None:
    result = trace(VARIANTS[id])
    if result.failure is None:
        expected = written(result)
        assert mismatches(result, read(expected.encode())) == []
        params = [table.get("params", 0) for table in tomllib.loads(expected)["layers"].values()]
        assert sum(params) == result.params


def test_written_for_one_it_does_not_hold_for_the_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "expect.toml"
    assert main(["check", DEPLOY, "--write", str(path)]) == 0
    assert "69 expected values written" in capsys.readouterr().out
    assert main(["check", DEPLOY, "--expect", str(path)]) == 0
    capsys.readouterr()
    assert main(["check", CAFFENET, "--expect", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "network: order is pool1 norm1 pool2 norm2, expected norm1 pool1 norm2 pool2",
        "norm1: output is 96×27×27, expected 96×55×55",
        "norm2: output is 256×13×13, expected 256×27×27",
        "caffenet_deploy_2014.prototxt: 3 of 69 expected values do not hold",
    ]


def test_a_new_layer_and_a_lost_one() -> None:
    expected = read(b'order = ["conv1", "relu1", "gone"]')
    layers = PAPER.network.layers[:2]
    network = Network(id="x", input_shape=(3, 224, 224), layers=(*layers, ReLU(name="new")))
    said = [each.sentence() for each in mismatches(trace(network), expected)]
    assert said == ["new: this layer is not expected", "gone: there is no such layer"]


def test_a_network_that_stops_does_not_hold(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert check(tmp_path / "e.toml", BY_HAND, "--at", "300") == 1
    lines = capsys.readouterr().out.splitlines()
    assert "it was built for 9,216 inputs and gets 20,736" in lines[0]
    assert "fc6: not reached, the network stops at fc6" in lines
    words = ["check", DEPLOY, "--at", "300", "--write", str(tmp_path / "no")]
    refused(words, "built for 9,216", capsys)
    assert not (tmp_path / "no").exists()


def test_mismatches_as_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert check(tmp_path / "e.toml", BY_HAND.replace("55, 55", "54, 54"), "--json") == 1
    record = json.loads(capsys.readouterr().out)
    assert (record["holds"], record["expected"]) == (False, 17)
    (wrong,) = record["mismatches"]
    assert (wrong["layer"], wrong["key"]) == ("conv1", "output")
    assert (wrong["expected"], wrong["actual"]) == ([96, 54, 54], [96, 55, 55])
    assert check(tmp_path / "e.toml", BY_HAND, "--json") == 0


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("parms = 3", "no key 'parms'. Did you mean 'params'?"),
        ("[layers.conv1]\noutptu = [1]", "layers.conv1: no key 'outptu'. Did you mean 'output'?"),
        ("[layers.conv1]\nkind = 'con'", "layers.conv1.kind: no kind of layer 'con': conv."),
        ("[layers.conv1]\nparams = -1", "layers.conv1.params: a whole number of 0 or more"),
        ("params = true", "params: a whole number of 0 or more"),
        ("params = '3'", "params: a whole number of 0 or more"),
        ("output = 3", "output: a shape is a list"),
        ("output = []", "output: a shape is a list"),
        ("output = [1.5]", "output: a shape is a list"),
        ("order = [1]", "order: the order is a list"),
        ("layers = 3", "layers: this must be a table"),
        ("layers.conv1 = 3", "layers.conv1: this must be a table"),
        ("[layers.conv1]\nstride = { a = 1 }", "layers.conv1.stride: a number, a word"),
        ("[layers.conv1]\nstride = 1979-05-27", "layers.conv1.stride: a number, a word"),
        ("", "expects nothing"),
        ("[layers.conv1]", "expects nothing"),
        ("params = ", "is not TOML"),
        ("x = " + "[" * 5000, "is not TOML"),
    ],
)
def test_what_is_no_expectation_is_exit_code_2(
    written: str, sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert check(tmp_path / "e.toml", written) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err


def test_every_wrong_key_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert check(tmp_path / "e.toml", "parms = 1\noutptu = 2\n") == 2
    assert "'params'" in (err := capsys.readouterr().err)
    assert "'output'" in err


def test_requests_that_make_no_sense(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(tmp_path / "e.toml")
    words = ["check", DEPLOY, "--expect", path]
    refused(["check", DEPLOY], "either --expect FILE or --write FILE", capsys)
    refused([*words, "--write", path], "either --expect FILE or --write FILE", capsys)
    refused(words, "There is no file", capsys)
    for content, sentence in ((b"\xff", "is not TOML"), (b"#" * 1_000_001, "1,000,000 bytes")):
        Path(path).write_bytes(content)
        refused(words, sentence, capsys)


def test_names_are_toml_whatever_they_are() -> None:
    names = ('a"b', "c\\d", "e.f", "层", "g\nh", "i j")
    network = Network(id="x", input_shape=(3,), layers=tuple(ReLU(name=name) for name in names))
    expected = written(trace(network))
    assert tomllib.loads(expected)["order"] == list(names)
    assert mismatches(trace(network), read(expected.encode())) == []


def test_the_document_shows_a_file_that_holds() -> None:
    words = (ROOT / "docs" / "ci.md").read_text("utf-8")
    shown = words.partition("```toml\n")[2].partition("```")[0]
    assert mismatches(trace(VARIANTS["caffe_bvlc_alexnet"]), read(shown.encode())) == []


def test_the_document_shows_commands_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """No option that is not known: each fails because its file is missing, if at all."""
    words = (ROOT / "docs" / "ci.md").read_text("utf-8")
    lines = {line.strip().partition("alexnet-viz ")[2] for line in words.splitlines()}
    commands = [line.partition("  #")[0] for line in lines if line.startswith(("diff ", "check "))]
    assert len(commands) >= 7
    for command in commands:
        assert main(command.split()) == 2, command
        assert "There is no file" in capsys.readouterr().err, command
