"""``open FILE`` on the command line: the table of a trace, and what was assumed beside it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_viz.commands.cli import main
from tests.architecture_files import FILES
from tests.conftest import ROOT

DEPLOY = str(FILES / "alexnet_deploy.prototxt")
CONVNET = str(FILES / "convnet_145.cfg")


def test_a_file_is_printed_like_a_variant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "caffe_bvlc_alexnet"]) == 0
    variant = capsys.readouterr().out
    assert main(["open", DEPLOY]) == 0
    printed = capsys.readouterr()
    assert printed.out.partition("\n")[2] == variant.partition("\n")[2]
    assert printed.out.startswith("alexnet_deploy  3×227×227")
    assert printed.err == ""


def test_the_options_are_those_of_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", DEPLOY, "--input", "224", "--rounding", "floor", "--refit",
                 "--format", "json"]) == 0  # fmt: skip
    record = json.loads(capsys.readouterr().out)
    assert record["totals"]["params"] == 49_430_888
    assert main(["open", DEPLOY, "--columns", "name,params", "--format", "csv"]) == 0
    assert "fc6,37752832" in capsys.readouterr().out


def test_what_is_assumed_goes_beside_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", CONVNET, "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["totals"]["params"] == 60_965_224
    notes = printed.err.splitlines()
    assert len(notes) == 3
    assert all(note.startswith("Assumed: ") for note in notes)
    assert main(["open", CONVNET, "--language", "zh"]) == 0
    assert capsys.readouterr().err.startswith("假定：")


def test_what_is_no_network_is_a_line_a_problem_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: pytest.TempPathFactory
) -> None:
    path = str(tmp_path / "bad.cfg")  # type: ignore[operator]
    with open(path, "w", encoding="utf-8") as file:
        file.write("[net]\nheight=8\nwidth=8\nchannels=3\n[route]\n[yolo]\n")
    assert main(["open", path]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    first, second = printed.err.splitlines()
    assert first.endswith("the type route is not supported")
    assert "the type yolo is not supported. Supported: " in second
    assert main(["open", path, "--format", "json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 2


def test_what_has_no_known_format_is_not_called_unreadable(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "cat.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    assert main(["open", str(path)]) == 2
    said = capsys.readouterr().err
    assert "is not in a known format" in said
    assert "cannot be read" not in said


def test_texts_are_opened_without_a_framework() -> None:
    """Nor are numpy and protobuf loaded: a text needs the standard library only."""
    script = (
        "import sys\nfrom alexnet_viz.commands.cli import main\n"
        f"for name in ({DEPLOY!r}, {CONVNET!r}):\n    assert main(['open', name]) == 0\n"
        "heavy = {'torch', 'onnx', 'google', 'numpy', 'pandas', 'streamlit', 'plotly'}\n"
        "assert not heavy & {name.partition('.')[0] for name in sys.modules}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
