"""What a server imports, and when; and that it does not collect garbage after every page run."""

import asyncio
import time
from pathlib import Path

import pytest

from benchmarks.load import Visitor, opened
from tests.browser.server import serving
from tests.conftest import ROOT

pytestmark = pytest.mark.process

HEAVY = ("pandas", "pyarrow", "torch")
"""What takes long to import; Streamlit itself imports Plotly when it starts."""
COLLECTED = "collected after a run"
SITE = f"""
import gc, sys

def told(phase, info):
    if phase == "start" and sys._getframe(1).f_code.co_name == "_on_script_finished":
        if info["generation"] == 2 and sys._getframe(1).f_lineno in asked():
            print({COLLECTED!r}, flush=True)

def asked():
    import inspect
    from streamlit.runtime.scriptrunner import script_runner
    lines, first = inspect.getsourcelines(script_runner.ScriptRunner._on_script_finished)
    return [first + n for n, line in enumerate(lines) if "gc.collect" in line]

def imported(event, values):
    if event == "import" and values[0] in {HEAVY} and values[0] not in sys.modules:
        print("imports", values[0], flush=True)

gc.callbacks.append(told)
sys.addaudithook(imported)
"""
"""A ``sitecustomize`` that tells of heavy imports, and of collections at the end of a run."""


def telling(folder: Path) -> Path:
    """``folder`` with a ``sitecustomize``: on PYTHONPATH it makes a server tell."""
    (folder / "sitecustomize.py").write_text(SITE, "utf-8")
    return folder


def test_the_first_page_is_drawn_before_the_heavy_libraries_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are imported after the first run, once, whatever the visitor does then."""
    monkeypatch.setenv("PYTHONPATH", str(telling(tmp_path)))
    log = tmp_path / "log"
    with serving(ROOT / "app.py", log) as server:
        asyncio.run(seen(server.url, ""))
        assert heavy(log) == []
        until = time.monotonic() + 60
        while "torch" not in heavy(log):
            assert time.monotonic() < until
            time.sleep(0.2)
        asyncio.run(seen(server.url, ""))
    assert sorted(heavy(log)) == sorted(HEAVY)


def heavy(log: Path) -> list[str]:
    """The heavy libraries that the server of this log has begun to import."""
    lines = log.read_text("utf-8").splitlines()
    return [line.split()[1] for line in lines if line.startswith("imports ")]


@pytest.mark.parametrize("collecting", [False, True], ids=["as configured", "Streamlit's default"])
def test_no_collection_after_a_run(
    collecting: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit's option is hidden: with its default the same server is caught collecting."""
    monkeypatch.setenv("PYTHONPATH", str(telling(tmp_path)))
    if collecting:
        monkeypatch.setenv("STREAMLIT_RUNNER_POST_SCRIPT_GC", "true")
    log = tmp_path / "log"
    with serving(ROOT / "app.py", log) as server:
        asyncio.run(seen(server.url, "calculator", "layer"))
        time.sleep(1)
    assert (COLLECTED in log.read_text("utf-8")) == collecting


async def seen(url: str, *pages: str) -> None:
    """Open pages in one session."""
    async with opened(url) as socket:
        visitor = Visitor(socket, url)
        for page in pages:
            await visitor.open(page, "lang=en")
    assert not visitor.errors
