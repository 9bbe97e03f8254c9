"""``/health``: whether this process can serve, for probes of proxies, containers and people.

200 with ``"status": "ok"``, or 503 with ``"failing"``.  That it answers shows that the event loop
runs; a small pass through the weights that ship shows that torch and the file are sound.  An answer
is computed at most every ``SECONDS``, in a thread, and shared by all who ask meanwhile.  It names
no visitor, no path, no address and no version.

The first probe imports torch, if no visitor has needed it yet: a container is then healthy when its
first visitor need not wait.
"""

import asyncio
import os
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from alexnet_viz.text.problem import Problem

HEALTH = "/health"
SECONDS = 5.0
"""For how long a finding is true."""
BACKEND = "ALEXNET_VIZ_BACKEND"
"""Environment variable of the engine; an address in it is not told."""

_began = time.monotonic()
_found: dict[str, Any] = {}
"""The last finding about the model."""
_found_at = float("-inf")
_asking = asyncio.Lock()


def engine() -> str:
    """The name of the engine that computes: embedded or ray."""
    return os.environ.get(BACKEND, "").strip().partition(":")[0] or "embedded"


def _look() -> dict[str, Any]:
    """What a small pass found."""
    try:
        from alexnet_viz.weights.first_pass import first_pass

        return {"ok": True, "pass_milliseconds": round(first_pass(), 2)}
    except Exception as error:  # whatever it is, this process cannot compute
        reason = error.code if isinstance(error, Problem) else type(error).__name__
        return {"ok": False, "reason": reason}


async def health(_request: Request) -> JSONResponse:
    """Answer a probe."""
    global _found, _found_at
    async with _asking:
        if time.monotonic() - _found_at > SECONDS:
            _found = await asyncio.to_thread(_look)
            _found_at = time.monotonic()
    sound = bool(_found["ok"])
    told = {
        "status": "ok" if sound else "failing",
        "process": {"seconds": round(time.monotonic() - _began)},
        "model": _found | {"seconds_ago": round(time.monotonic() - _found_at, 1)},
        "engine": engine(),
    }
    return JSONResponse(told, 200 if sound else 503, {"cache-control": "no-store"})
