"""The real command in a process of its own: streams, exit codes, speed, no framework."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alexnet_viz.variants import VARIANTS

ROOT = Path(__file__).parents[1]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "alexnet_viz", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_list_names_every_variant_and_is_quick() -> None:
    started = time.perf_counter()
    result = run("list")
    assert result.returncode == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[2 : 2 + len(VARIANTS)]] == list(VARIANTS)
    assert "60,965,224" in lines[2]
    assert time.perf_counter() - started < 5  # a busy machine; about 0.15 s on an idle one


def test_the_table_commands_load_no_framework() -> None:
    code = (
        "import sys; from alexnet_viz.commands.cli import main; main(['list']);"
        "main(['compare', 'alexnet_2012_paper', 'zfnet_paper']);"
        "print(sorted({'torch', 'streamlit', 'plotly', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"


def bare(*words: str) -> subprocess.CompletedProcess[str]:
    """The real command with the standard library alone."""
    command = [sys.executable, "-S", "-m", "alexnet_viz", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def test_table_commands_need_no_package() -> None:
    failed = []
    for words in (
        "list",
        "trace zfnet_paper",
        f"open {ROOT / 'tests/files/alexnet_deploy.prototxt'}",
        "compare zfnet_paper alexnet_2012_paper",
        "towers alexnet_2012_paper",
        "which-inputs zfnet_paper",
        "sweep zfnet_paper",
        "export zfnet_paper --to svg",
        "claims --summary",
        "weights list",
        "weights show torchvision_imagenet",
        "run-towers --help",
    ):
        done = bare(*words.split())
        if done.returncode or not done.stdout:
            failed.append((words, done.stderr))
    assert failed == []


@pytest.mark.parametrize(
    ("words", "package"),
    [
        ("weights check x.pt", "torch"),
        ("export zfnet_paper --to png", "resvg_py"),
        ("run-towers alexnet_2012_paper", "torch"),
        ("practice sheet --gen conv --to moodle", "resvg_py"),
    ],
)
def test_a_missing_package_is_named(words: str, package: str) -> None:
    done = bare(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"alexnet_viz: {words.split()[0]} needs {package}, which is not installed. "
        'Install it with: python -m pip install "alexnet-viz[app]", or in a copy of the repository '
        "python -m pip install -r requirements.txt\n"
    )


def test_a_trace_in_a_plain_locale_is_utf_8() -> None:
    result = run("trace", "alexnet_2012_paper", LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "96×55×55" in result.stdout
    assert run("trace", "网", LC_ALL="C", PYTHONIOENCODING="ascii").stderr.count("网") == 1


def test_a_bad_request_is_one_line_and_exit_code_2() -> None:
    result = run("trace", "alexnet2012")
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        "alexnet_viz: No variant 'alexnet2012'. Did you mean 'alexnet_2012_paper'?\n"
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list"], 0),
        (["trace", "zfnet_paper", "--format", "json"], 0),
        (["diff", "zfnet_paper", "zfnet_paper"], 0),
        (["diff", "zfnet_paper", "owt_paper_2014"], 1),
        (["diff", "zfnet_paper", "owt_paper_2014", "--json"], 1),  # more than a buffer holds
    ],
)
def test_a_reader_that_leaves_is_no_error(words: list[str], code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "alexnet_viz", *words],
            cwd=ROOT,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)
    assert result.stderr == b""
    assert result.returncode == code


def test_a_full_disk_is_one_line_and_exit_code_1() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs a device that is always full")
    for words in (["list"], ["trace", "zfnet_paper"]):
        with full.open("w") as device:
            result = subprocess.run(
                [sys.executable, "-m", "alexnet_viz", *words],
                cwd=ROOT,
                stdout=device,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                check=False,
            )
        assert result.stderr == (
            "alexnet_viz: The result cannot be written: No space left on device.\n"
        )
        assert result.returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes a stream")
@pytest.mark.parametrize(
    ("closed", "said", "code"),
    [
        (">&-", "alexnet_viz: The result cannot be written: Bad file descriptor.\n", 1),
        (">&- 2>&-", "", 1),
        ("2>&- --format xml", "", 2),
    ],
)
def test_a_closed_stream_is_no_traceback(closed: str, said: str, code: int) -> None:
    result = subprocess.run(
        ["sh", "-c", f'"$0" -m alexnet_viz list {closed}', sys.executable],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (result.stdout, result.stderr, result.returncode) == ("", said, code)
