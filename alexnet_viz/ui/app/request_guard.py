"""Looks at every request before Streamlit does, and at every answer after it.

``CHECKS`` are asked in turn; the first that refuses answers the request, in the visitor's language.
A new rule about requests is one more function there.  What is answered, by whomever, gets the
headers ``PROTECTION``.

Streamlit compares the header ``Host`` with ``server.allowedHosts`` for its websocket only, and asks
a foreign host for this machine's address when a websocket's ``Origin`` is not its own.  Here both
are compared first, for every request, and nobody is asked.
"""

import errno
import os
import re
import socket
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.ui.app.event_log import EventLog
from alexnet_viz.ui.app.health import HEALTH
from alexnet_viz.ui.app.routes import PROTECTION, negotiated
from alexnet_viz.ui.app.shell import PAGES

METRICS = "ALEXNET_VIZ_METRICS"
"""Environment variable; 1 opens ``/_stcore/metrics``, which lists sessions and memory."""
METRICS_PATH, UPLOADS = "/_stcore/metrics", "/_stcore/upload_file/"
NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.ENOENT}
"""Errors of a temporary folder that is full, or of none that can be written."""
HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[^\s\[\]:/@?#\\]{1,255}?)\.?(?::\d{1,5})?")
MAX_HOST = 60
"""Most characters of a foreign name that an answer repeats."""


@dataclass(frozen=True)
class Refusal:
    """The answer to a request that a check refuses."""

    status: HTTPStatus
    problem: Problem


Check = Callable[[HTTPConnection], Refusal | None]


def foreign_name(request: HTTPConnection) -> Refusal | None:
    """Refuse a name that is not this server's: another site's, led here to read it (DNS rebinding).

    Browsers state the name in ``Host``.  ``server.allowedHosts`` lists the names; where it is
    empty they are those of ``_own``.  What asks only for the server's health (``/health``,
    ``/_stcore/health``) may use these too.
    """
    host = request.headers.get("host")
    if host is None:  # no browser
        return None
    parts = HOST.fullmatch(host)
    name = parts[1].strip("[]").lower() if parts else ""
    listed = [each.strip().lower().rstrip(".") for each in st.get_option("server.allowedHosts")]
    if name and (not listed or request.scope["path"].endswith(HEALTH)) and _own(name):
        return None
    if name and any(_matches(name, pattern) for pattern in listed):
        return None
    problem = Problem("foreign_name", name=shown(ascii(host)[1:-1], MAX_HOST))
    return Refusal(HTTPStatus.MISDIRECTED_REQUEST, problem)


def _own(name: str) -> bool:
    """Whether a name is this machine's whatever a foreign name server says.

    An address is: a rebound name is a name.
    """
    try:
        ip_address(name)
    except ValueError:
        here = socket.gethostname().lower().rstrip(".")
        bound = (st.get_option(each) or "" for each in ("server.address", "browser.serverAddress"))
        own = {"localhost", here, f"{here}.local", *(str(each).lower() for each in bound)}
        return name in own or name.endswith(".localhost")
    return True


def _matches(name: str, pattern: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def foreign_origin(request: HTTPConnection) -> Refusal | None:
    """Refuse a websocket that a page of another site opens: it would drive a session here."""
    origin = request.headers.get("origin")
    if request.scope["type"] != "websocket" or origin is None:  # browsers always state it
        return None
    allowed = [each.strip() for each in st.get_option("server.corsAllowedOrigins")]
    own = _split(origin).netloc.lower() == request.headers.get("host", "").lower()
    if own or origin in allowed or not st.get_option("server.enableCORS"):
        return None
    return Refusal(HTTPStatus.FORBIDDEN, Problem("foreign_origin"))


def _split(address: str) -> SplitResult:
    """The parts of an address; of what is none, no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def closed_metrics(request: HTTPConnection) -> Refusal | None:
    """Refuse the server's own figures, unless the environment opens them."""
    if request.scope["path"].rstrip("/").endswith(METRICS_PATH) and os.environ.get(METRICS) != "1":
        return Refusal(HTTPStatus.NOT_FOUND, Problem("closed_metrics", variable=METRICS))
    return None


CHECKS: tuple[Check, ...] = (foreign_name, foreign_origin, closed_metrics)


class RequestGuard:
    """ASGI middleware: refuses what ``CHECKS`` refuse, and protects every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request, begun = HTTPConnection(scope), False

        async def protecting(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                _protect(message)
            await send(message)

        refusal = next(filter(None, (check(request) for check in CHECKS)), None)
        if refusal is None:
            try:
                await self.app(scope, receive, protecting)
            except OSError as error:
                if begun or UPLOADS not in scope["path"] or error.errno not in NO_ROOM:
                    raise
                refusal = Refusal(HTTPStatus.INSUFFICIENT_STORAGE, Problem("no_room_for_upload"))
        if refusal is not None:
            await _refuse(refusal, request, receive, protecting)


async def _refuse(refusal: Refusal, request: HTTPConnection, receive: Receive, send: Send) -> None:
    if request.scope["type"] == "websocket":  # closed before it opens, the server answers 403
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    words = refusal.problem.explained(_language(request))
    await PlainTextResponse(f"{words}\n", refusal.status)(request.scope, receive, send)


def _language(request: HTTPConnection) -> Language:
    """The language of the page that asks, or of the link."""
    page = parse_qs(_split(request.headers.get("referer", "")).query).get("lang", [""])[0]
    asked = request.query_params.get("lang", "") or page
    return negotiated(asked, request.headers.get("accept-language", ""))


def _protect(message: MutableMapping[str, Any]) -> None:
    """Add the headers that an answer lacks."""
    headers = MutableHeaders(raw=message.setdefault("headers", []))
    for name, value in PROTECTION.items():
        headers.setdefault(name, value)


def middleware() -> list[Middleware]:
    """What ``st.App`` puts before Streamlit."""
    return [Middleware(EventLog, pages=frozenset(PAGES)), Middleware(RequestGuard)]
