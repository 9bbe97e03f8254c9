"""What every test shares: where the repository is, how Hypothesis runs, which marker a test has."""

import inspect
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# before torch is loaded: its threads wait for one another, which on a busy machine takes longer
# than the small networks of the tests; the browser's server has its threads back (server.py)
os.environ.setdefault("OMP_NUM_THREADS", "1")

# a busy machine is not a failing property
settings.register_profile("alexnet_viz", deadline=None)
settings.load_profile("alexnet_viz")


BROWSER = ROOT / "tests" / "browser"
MARKERS = {"AppTest": "page", "subprocess": "process", "launch": "process"}
"""By a name that the code of a test uses, itself or through functions of tests/ that it calls."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that are not quick; those in a browser run last.

    ``browser``: all in tests/browser.  ``page``: runs the app under Streamlit's test harness.
    ``process``: starts a process.  The last two wait for other threads and processes, which a busy
    machine delays: what fails is tried once more, and named at the end (``-rR``).
    """
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker("browser")
        elif isinstance(item, pytest.Function):
            fixtures = (vars(item.module).get(name) for name in item.fixturenames)
            for name in MARKERS.keys() & names([item.function, *fixtures]):
                item.add_marker(MARKERS[name])
                item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: BROWSER in item.path.parents)


def names(functions: Iterable[Any]) -> set[str]:
    """The global names that these functions of tests/ use, and those of tests/ that they call."""
    found: set[str] = set()
    waiting, known = list(functions), set()
    while waiting:
        function = waiting.pop()
        if not str(getattr(function, "__module__", "")).startswith("tests."):
            continue
        function = inspect.unwrap(function)  # a fixture, or one whose results are cached
        if not isinstance(function, FunctionType) or function in known:
            continue
        known.add(function)
        codes = [function.__code__]
        for code in codes:  # and what is nested in it
            codes += [each for each in code.co_consts if isinstance(each, CodeType)]
            used = set(code.co_names) & function.__globals__.keys()
            found |= used
            waiting += [function.__globals__[name] for name in used]
    return found


@pytest.fixture
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A queue of its own for the test, and pages that wait for the jobs they ask for."""
    from alexnet_viz.ui.components import background_work

    monkeypatch.setattr(background_work, "AT_ONCE_SECONDS", 60.0)
    background_work.queues.clear()
    yield
    background_work.queue().close()
    background_work.queues.clear()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT
