"""``make run`` on awkward machines: a busy port, no new Python, a cut installation, an odd folder.

Where nothing shall be installed, ``python3`` is a shell script that writes down what it is asked.
"""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_cli import free_port
from tests.test_package import START_SECONDS, answers

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name == "nt", reason="the README says what to do without make"),
]

STUB = """#!/bin/sh
case "$1 $2" in
    "-c "*) exit {new_enough} ;;
    "-m venv") rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo venv >>log ;;
    "-m pip")
        echo pip >>log
        if [ -e cut ]; then kill -9 $PPID; sleep 1; fi
        if [ -e offline ]; then exit 1; fi ;;
    *) echo "$@" >>log ;;
esac
"""
SERVED = "-m alexnet_viz serve --address 127.0.0.1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what ``make run`` needs, in a folder with a space and Chinese in its name."""
    copy = tmp_path / "my copy 副本"
    copy.mkdir()
    for name in ("Makefile", *(path.name for path in ROOT.glob("requirements*.txt")), "app.py"):
        shutil.copy(ROOT / name, copy)
    for name in ("alexnet_viz", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def made(folder: Path, *words: str, new_enough: int = 0) -> subprocess.CompletedProcess[str]:
    """``make`` with stand-ins for every Python."""
    programs = folder.parent / "programs"
    programs.mkdir(exist_ok=True)
    for name in ("python", "python3", "python3.11", "python3.12", "python3.13"):
        (programs / name).write_text(STUB.format(new_enough=new_enough), "utf-8")
        (programs / name).chmod(0o755)
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=os.environ
        | {"PATH": f"{programs}:{os.environ['PATH']}", "MAKEFLAGS": "--no-print-directory"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def log(folder: Path) -> list[str]:
    """What the stand-ins were asked since the last call."""
    lines = (folder / "log").read_text("utf-8").splitlines()
    (folder / "log").unlink()
    return lines


def test_it_installs_once(folder: Path) -> None:
    assert made(folder, "run").returncode == 0
    assert log(folder) == ["venv", "pip", SERVED]
    assert made(folder, "run", "PORT=8600", "ADDRESS=0.0.0.0").returncode == 0
    assert log(folder) == ["-m alexnet_viz serve --address 0.0.0.0 --port 8600"]


def test_a_cluster_is_installed_once_and_then_computes(folder: Path) -> None:
    assert made(folder, "cluster").returncode == 0
    assert log(folder) == ["venv", "pip", "pip", SERVED]
    assert made(folder, "run").returncode == 0
    assert log(folder) == [SERVED]
    shown = made(folder, "-n", "cluster", "PORT=8600").stdout
    assert "ALEXNET_VIZ_BACKEND=ray exec .venv/bin/python -m alexnet_viz serve" in shown
    assert shown.rstrip().endswith("--port 8600")


def test_no_python_is_new_enough(folder: Path) -> None:
    refused = made(folder, "run", new_enough=1)
    assert refused.returncode == 2
    assert refused.stderr.startswith("Python 3.11 or newer with its venv module is needed")
    assert not (folder / ".venv").exists()


def test_an_interrupted_installation_begins_again(folder: Path) -> None:
    (folder / "cut").touch()
    assert made(folder, "run").returncode == 2
    assert log(folder) == ["venv", "pip"]
    (folder / "cut").unlink()
    assert made(folder, "run").returncode == 0
    assert log(folder) == ["venv", "pip", SERVED]


def test_without_network_the_environment_is_kept(folder: Path) -> None:
    (folder / "offline").touch()
    assert made(folder, "run").returncode == 2
    assert log(folder) == ["venv", "pip"]
    (folder / "offline").unlink()
    assert made(folder, "run").returncode == 0
    assert log(folder) == ["pip", SERVED]


def test_an_old_python_is_told_so() -> None:
    old = "import sys; sys.version_info = (3, 10, 9); sys.version = '3.10.9 (main)'"
    refused = subprocess.run(
        [sys.executable, "-c", f"{old}; import alexnet_viz.commands.cli"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr == "alexnet_viz: Python 3.11 or newer is needed, not 3.10.9\n"


@pytest.mark.parametrize("port", ["", "explicit"])
def test_a_busy_port(folder: Path, port: str) -> None:
    """The next free one is taken, and said; one that was asked for is refused."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    (packages,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    (packages / "everything.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    (folder / ".venv" / "made").touch()
    with socket.socket() as other:
        if port:
            port = str(free_port())
        try:
            other.bind(("127.0.0.1", int(port or 8501)))
            other.listen()
        except OSError:
            assert not port  # somebody else's 8501 is as good
        server = subprocess.Popen(
            ["make", "run", "INSTALL=:", f"PORT={port}"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            assert server.stderr
            line = server.stderr.readline()
            if port:
                assert (
                    f"Port {port} of this machine cannot be used: Address already in use." in line
                )
                assert server.wait(timeout=20) == 2
                return
            first, taken = (int(word) for word in line.replace(".", "").split() if word.isdigit())
            assert first == 8501 < taken
            until = time.monotonic() + START_SECONDS
            while not answers(taken):
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
        finally:
            server.terminate()
            server.communicate(timeout=20)
        assert not answers(taken)
