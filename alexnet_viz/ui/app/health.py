"""``/health``: whether this process can serve, for probes of proxies, containers and people.

200 with ``"status": "ok"``, or 503 with ``"failing"``.  That it answers shows that the event loop
runs; a small pass through the weights that ship shows that torch and the file are sound; a cluster,
if one is to compute, must be connected.  A finding holds for ``SECONDS``, is made in a thread, and
is shared by all who ask meanwhile.  It names no visitor, no path, no address and no version.

The first probe imports torch, if no visitor has needed it yet: a container is then healthy when its
first visitor need not wait.
"""

import asyncio
import sys
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from alexnet_viz.text.problem import Problem

HEALTH = "/health"
SECONDS = 5.0
"""For how long a finding is true."""
EMBEDDED = "embedded"
"""The engine that needs no connection."""

_began = time.monotonic()
_found: dict[str, Any] = {}
"""The last finding."""
_found_at = float("-inf")
_asking = asyncio.Lock()


def _engine() -> dict[str, Any]:
    """The engine's name, without its address, and whether this process is connected with it."""
    from alexnet_viz.serving.choice_of_engine import chosen

    try:
        name = chosen().partition(":")[0]
    except Problem as problem:
        return {"ok": False, "reason": problem.code}
    ray = sys.modules.get(name)
    return {"name": name, "ok": name == EMBEDDED or bool(ray and ray.is_initialized())}


def _look() -> dict[str, Any]:
    """What was found about the model and the engine."""
    return {"model": _model(), "engine": _engine()}


def _model() -> dict[str, Any]:
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
    sound = all(each["ok"] for each in _found.values())
    told = {
        "status": "ok" if sound else "failing",
        "process": {"seconds": round(time.monotonic() - _began)},
        "seconds_ago": round(time.monotonic() - _found_at, 1),
        **_found,
    }
    return JSONResponse(told, 200 if sound else 503, {"cache-control": "no-store"})
