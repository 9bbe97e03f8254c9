"""Visitors who left: their sessions are closed without another visitor's help."""

import asyncio
import time
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

from alexnet_viz.ui.app import uploads
from alexnet_viz.ui.app.sessions import sweep
from benchmarks.load import Visitor, opened
from tests.browser.server import serving
from tests.conftest import ROOT


class Session:
    """What the sweep sees of a session."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.closed = False
        self.session_state = {"weights": Session}

    def shutdown(self) -> None:
        self.closed = True


def test_a_session_whose_time_is_over_is_closed_and_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    storage = MemorySessionStorage(ttl_seconds=60)
    storage._cache._timer = lambda: now  # type: ignore[attr-defined]
    manager = SimpleNamespace(_session_storage=storage, list_sessions=storage.list)
    runtime: Any = SimpleNamespace(_session_mgr=manager)
    monkeypatch.setattr(uploads, "_allowed", {"early": 1, "late": 2})
    early, late = Session("early"), Session("late")
    storage.save(SessionInfo(client=None, session=early, script_run_count=1))  # type: ignore
    now = 30
    storage.save(SessionInfo(client=None, session=late, script_run_count=1))  # type: ignore
    assert sweep(runtime) == 0
    now = 61
    assert sweep(runtime) == 1
    assert (early.closed, late.closed) == (True, False)
    assert (early.session_state, len(late.session_state)) == ({}, 1)
    assert uploads._allowed == {"late": 2}
    held = weakref.ref(early)
    del early
    assert held() is None


@pytest.mark.process
def test_a_server_that_nobody_visits_any_more_closes_its_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "1")
    monkeypatch.setenv("STREAMLIT_LOGGER_LEVEL", "debug")
    log = tmp_path / "log"
    with serving(ROOT / "app.py", log) as server:
        session = asyncio.run(_seen(server.url))
        until = time.monotonic() + 60
        while f"Shutting down (id={session})" not in log.read_text("utf-8"):
            assert time.monotonic() < until, "the session was not closed"
            time.sleep(0.2)


async def _seen(url: str) -> str:
    async with opened(url) as socket:
        visitor = Visitor(socket, url)
        await visitor.open("layer", "lang=en")
    return visitor.session
