"""The wheel and the sdist: what is in them, and that what they install works by itself."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import time
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.request import urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.sync.client import connect

from alexnet_viz import __version__
from tests.conftest import ROOT
from tests.test_cli import free_port
from tests.test_warm_up import COLLECTED, telling

pytestmark = pytest.mark.process

BYTES = 24_000_000
"""Most bytes of the wheel."""
START_SECONDS = 120
NAME = f"alexnet_viz-{__version__}"
WHEEL = f"{NAME}-py3-none-any.whl"


def run(
    *command: str | Path, cwd: Path, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A program outside the checkout: its output; it must end with ``code``."""
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=outside | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def bare(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of an environment that holds the wheel and nothing else."""
    environment = tmp_path_factory.mktemp("installed") / "an environment 环境"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=dist)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    run(
        *(sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet"),
        *("--no-index", "--disable-pip-version-check", dist / WHEEL),
        cwd=dist,
    )
    return programs


@pytest.fixture(scope="module")
def full(bare: Path) -> Iterator[Path]:
    """The same environment, which now finds the packages of this one too."""
    printed = run(
        bare / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=bare
    )
    path = Path(printed.stdout.strip()) / "everything.pth"
    path.write_text(sysconfig.get_path("purelib"), "utf-8")
    yield bare
    path.unlink()


def pinned() -> dict[str, list[str]]:
    """By extra of the package, what it pins."""
    files = {"app": "requirements.txt", "cluster": "requirements-cluster.txt"}
    return {extra: (ROOT / name).read_text("utf-8").split() for extra, name in files.items()}


def test_what_is_in_the_wheel(dist: Path) -> None:
    assert (dist / WHEEL).stat().st_size < BYTES
    with zipfile.ZipFile(dist / WHEEL) as wheel:
        names = set(wheel.namelist())
        metadata = Parser().parsestr(wheel.read(f"{NAME}.dist-info/METADATA").decode())
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"alexnet_viz", f"{NAME}.dist-info"}
    scripts = {
        f"alexnet_viz/scripts/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "app.py", ROOT / ".streamlit/config.toml", *ROOT.glob("pages/*.py"))
    }
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "alexnet_viz").rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    assert {name for name in names if name.startswith("alexnet_viz/")} == scripts | package
    assert "alexnet_viz/py.typed" in names
    assert f"{NAME}.dist-info/licenses/LICENSE" in names
    needed = metadata.get_all("Requires-Dist") or []
    assert sorted(needed) == sorted(
        f"{pin}; extra == '{extra}'" for extra, pins in pinned().items() for pin in pins
    )


def test_what_the_code_imports_is_pinned() -> None:
    trees = [
        ast.parse(path.read_text("utf-8"))
        for path in (ROOT / "app.py", *ROOT.glob("pages/*.py"), *ROOT.glob("alexnet_viz/**/*.py"))
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {
        *(alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names),
        *(node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)),
    }
    foreign = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    packages = packages_distributions()
    pins = [pin for several in pinned().values() for pin in several]
    named = {re.split(r"\[|==", pin)[0] for pin in pins}
    offered = [
        [each.lower().replace("_", "-") for each in packages[name]]
        for name in foreign - {"alexnet_viz"}
    ]
    # of several packages with the same folder (google) the one that is pinned
    imported = {next((each for each in some if each in named), some[0]) for some in offered}
    assert imported == named


def test_the_sdist_builds_the_wheel_of_the_checkout(dist: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, cwd=ROOT)
    assert (tmp_path / WHEEL).read_bytes() == (dist / WHEEL).read_bytes()
    with tarfile.open(dist / f"{NAME}.tar.gz") as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"Makefile", "requirements.txt", "tests/test_package.py", "docs/adding.md"} <= names


def test_the_bare_command_line(bare: Path, tmp_path: Path) -> None:
    """Tables need no other package; what needs one says so in a line."""
    program = bare / "alexnet-viz"
    tables = ("list", "trace alexnet_2012_paper", "claims --summary", "weights list")
    for words in map(str.split, tables):
        there = run(program, *words, cwd=tmp_path).stdout
        assert there == run(sys.executable, "-m", "alexnet_viz", *words, cwd=ROOT).stdout
        assert there.count("\n") > 5
    assert run(program, "--version", cwd=tmp_path).stdout == f"{__version__}\n"
    assert "usage: alexnet-viz " in run(program, "--help", cwd=tmp_path).stdout
    for words, sentence in (
        ([], "needs Streamlit, which is not installed"),
        (["weights", "check", "any.pt"], "weights needs torch, which is not installed"),
        (["export", "alexnet_2012_paper", "--to", "png"], "export needs resvg_py, which is not"),
        (["trace", "nothing"], "are printed by: alexnet-viz list"),
    ):
        refused = run(program, *words, cwd=tmp_path, code=2).stderr
        assert refused.count("\n") == 1
        assert sentence in refused


def test_the_installed_app_is_served(full: Path, tmp_path: Path) -> None:
    """Its pages, settings and theme are those of the checkout, in a folder of its own."""
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [full / "alexnet-viz", "serve", "--port", str(port)],
            cwd=tmp_path,
            env=dict(os.environ) | {"PYTHONPATH": str(telling(tmp_path))},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not answers(port):
            assert server.poll() is None, (tmp_path / "log").read_text("utf-8")
            assert time.monotonic() < until
            time.sleep(0.2)
        with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
            assert "<title>Start · AlexNet Viz</title>" in page.read().decode()
        session = visited(port, "layer", "3×224×224 → 96×55×55")
        assert str(full.parent) in session.main_script_path
        assert not session.config.gather_usage_stats
        assert session.config.toolbar_mode == session.config.ToolbarMode.VIEWER
        assert session.custom_theme.light.primary_color == "#0060A0"
        visited(port, "calculator", "224")
        assert COLLECTED not in (tmp_path / "log").read_text("utf-8")
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert not answers(port)


def answers(port: int) -> bool:
    """Whether a Streamlit server on this port says that it is well."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


def visited(port: int, page: str, words: str) -> NewSession:
    """What the server says of the session to a visitor of a page, who waits for these words."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = "lang=en"
    with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        socket.send(asked.SerializeToString())
        session = NewSession()
        while True:
            sent = socket.recv(timeout=START_SECONDS)
            message = ForwardMsg.FromString(sent)
            if message.HasField("new_session"):
                session = message.new_session
            if message.HasField("delta") and words.encode() in sent:
                return session
