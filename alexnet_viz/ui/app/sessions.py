"""Closes the sessions of visitors who left, on a timer.

Streamlit keeps a session for ``server.disconnectedSessionTTL`` seconds, in case its visitor comes
back, and after that until another one leaves.  ``swept`` (for ``st.App``) closes it when its time
is over, and gives back what it held.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from streamlit.logger import get_logger
from streamlit.runtime import Runtime

from alexnet_viz.isolation import machine_memory
from alexnet_viz.ui.app import uploads, warm_up

SECONDS = 15.0
"""Between two sweeps, or the time for which sessions are kept if that is less."""

_caches: list[Callable[[], object]] = []


def sweep_also(cache: Callable[[], object]) -> None:
    """Have a cache swept after the sessions."""
    _caches.append(cache)


@asynccontextmanager
async def swept(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Sweep for as long as the server runs."""
    warm_up.engine_ahead()
    task = asyncio.create_task(_sweeps())
    try:
        yield {}
    finally:
        task.cancel()


async def _sweeps() -> None:
    pause = max(1.0, min(SECONDS, float(st.get_option("server.disconnectedSessionTTL"))))
    while True:
        await asyncio.sleep(pause)
        try:
            ended = sweep(Runtime.instance())
            if ended:
                await asyncio.to_thread(_give_back)
        except Exception:  # the next sweep may succeed
            get_logger(__name__).exception("The sessions were not swept")


def sweep(runtime: Runtime) -> int:
    """Close the stored sessions whose time is over; returns how many there were.

    Runs in the event loop, as everything that Streamlit does with its sessions.
    """
    manager: Any = runtime._session_mgr
    ended = manager._session_storage._cache.expire()
    for _, info in ended:
        info.session.shutdown()
        # what was there when the warm-up froze the collector's objects is not collected in cycles
        info.session.session_state.clear()
    uploads.forget_all_but(info.session.id for info in manager.list_sessions())
    return len(ended)


def _give_back() -> None:
    gc.collect()  # a session and what it holds refer to each other
    for cache in _caches:
        cache()
    machine_memory.trim()
