"""``python -m alexnet_viz.towers_run``: what it asks for, prints, writes and refuses."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz.commands import cli
from alexnet_viz.commands import run_towers as command
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.network.spec_file import dumps
from alexnet_viz.text.problem import Problem
from tests.parallel import request, small, trained


@pytest.fixture
def result() -> Result:
    return trained()


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def towers_run(
    result: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """The command on the small network; what would be launched is kept in ``run.asked``."""
    spec = tmp_path / "small.json"
    spec.write_text(dumps(small()), "utf-8")
    asked: list[Any] = []

    def launched(request: Request, processes: int, **more: Any) -> Result:
        asked.append((request, processes, more))
        return result

    monkeypatch.setattr(command, "launch", launched)

    def run(*words: str, spec: str | None = str(spec)) -> tuple[int, str, str]:
        code = cli.main(["run-towers", *(["--spec", spec] if spec else []), *words])
        return code, *capsys.readouterr()

    run.asked = asked  # type: ignore[attr-defined]
    return run


def test_the_command_says_it_all(towers_run: Run, tmp_path: Path) -> None:
    code, out, err = towers_run("--train", "--batch", "2", "--trace", str(tmp_path / "t.json"))
    assert (code, err) == (0, "")
    assert out.startswith("One process: a single cpu")
    assert "Bytes of one pass" in out
    assert "Milliseconds of the pass" in out
    assert "One process, one clock." in out
    assert json.loads((tmp_path / "t.json").read_text("utf-8"))["traceEvents"]
    ((asked, processes, _),) = towers_run.asked  # type: ignore[attr-defined]
    assert (asked.network.id, asked.gpus, asked.batch, asked.train, processes) == (
        "small", 2, 2, True, 2,
    )  # fmt: skip
    assert "与单设备上的 small" in towers_run("--language", "zh")[1]
    assert json.loads(towers_run("--format", "json")[1])["network"] == "small"


def test_options_become_the_request(towers_run: Run) -> None:
    towers_run("--gpus", "3", "--last", "halves", "--in-process", "--patience", "99", "--seed", "5")
    (asked, processes, more) = towers_run.asked[-1]  # type: ignore[attr-defined]
    assert (asked.gpus, asked.last, asked.seed, processes) == (3, "halves", 5, 1)
    assert more["patience"] == 99
    assert asked.silence > 99


def test_a_verdict_against_the_towers_is_an_exit_code(
    towers_run: Run, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = replace(result, output=replace(result.output, relative=1.0))
    monkeypatch.setattr(command, "launch", lambda *asked, **more: far)
    assert towers_run()[0] == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--nonsense",), "See python -m alexnet_viz --help"),
        (("--batch", "0"), "--batch 0 is out of range: it must be 1 to 1,024."),
        (("--rounds", "x"), "--rounds needs a whole number, not 'x'."),
        (("--input", "2"), "kernel_size=11 does not fit an input of 2"),
        (("--trace", "/nowhere/t.json"), "cannot be written: /nowhere/t.json"),
        (("--trace", "."), "cannot be written: .: Is a directory"),
        (("--trace", "a\0b"), "cannot be written: a b: embedded null byte"),
        (("--gpus", ""), "--gpus needs a whole number, not ''."),
        (("--threads", ""), "--threads needs a whole number, not ''."),
    ],
)
def test_requests_without_an_answer(
    towers_run: Run, words: tuple[str, ...], complaint: str
) -> None:
    code, out, err = towers_run(*words)
    assert (code, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1
    assert towers_run.asked == []  # type: ignore[attr-defined]  # before anything is launched


def test_one_tower_needs_a_number_of_gpus(towers_run: Run) -> None:
    code, _, err = towers_run("torchvision_alexnet", spec=None)
    assert code == 2
    assert "torchvision_alexnet has one tower" in err
    assert "--gpus 2" in err
    assert towers_run("torchvision_alexnet", "--gpus", "2", spec=None)[0] == 0


def test_torchrun_says_how_many(towers_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    around = {"RANK": "0", "WORLD_SIZE": "3", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1"}
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    assert "--gpus 2, but torchrun started 3:" in towers_run("--gpus", "2")[2]
    assert "--in-process is one process for all GPUs" in towers_run("--in-process")[2]


def test_too_few_gpus_are_told() -> None:
    from alexnet_viz.model_parallel.worker import process_group

    here = torch.cuda.device_count()
    needed = here + 1
    with (
        pytest.raises(Problem, match=f"has {here} CUDA GPUs .* the run needs {needed}"),
        process_group(request(device="cuda", gpus=needed), 0, needed),
    ):
        pass
