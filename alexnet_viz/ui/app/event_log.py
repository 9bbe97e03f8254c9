"""The log of a deployment: a line for each request, session, page run and job.

``ALEXNET_VIZ_LOG=json`` or ``text`` turns it on, on standard error.  A line has the time, the
level, the name of the event, milliseconds, and words of this program's own: a page, a status, the
code of a problem.  It never has what comes from a visitor: no address beyond the name of the page,
no query, no file name, no text of an error.  Of a fault, and of what other packages log as warnings
or worse, it has the place in the code and the kind of exception, without the message.

Without the variable nothing is set up: warnings and tracebacks appear as Python prints them.
"""

import json
import logging
import os
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = "ALEXNET_VIZ_LOG"
"""Environment variable: json, text, or nothing."""
OWN = "alexnet_viz"
EVENTS = logging.getLogger(f"{OWN}.events")
FRAMES = 6
"""Most places of a fault that a line names, the innermost last."""
ROUTES = {"health", "static", "media", "component", "stream", "upload_file", "host-config"}
"""Names of addresses besides the pages'."""
METHODS = {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}


class Lines(logging.Formatter):
    """One line an event, as JSON or as ``name=value``."""

    def __init__(self, form: Literal["json", "text"]) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line, without anything that a visitor can have written."""
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields = {"time": f"{when}.{int(record.msecs):03}Z", "level": record.levelname.lower()}
        fields |= getattr(record, "of", None) or {"event": "log", **_place(record)}
        if record.exc_info and record.exc_info[0]:
            fields |= {"event": "fault", "exception": record.exc_info[0].__name__}
            fields["trace"] = _trace(record.exc_info[1])
        if self._form == "json":
            return json.dumps(fields)
        return " ".join(f"{name}={value}" for name, value in fields.items())


def _place(record: logging.LogRecord) -> dict[str, str]:
    return {"logger": record.name, "at": f"{record.module}:{record.lineno}"}


def _trace(error: BaseException | None) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:] if error else []
    return " > ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames)


def set_up() -> bool:
    """Write the lines from now on, if the variable says so; returns whether it does."""
    form = os.environ.get(LOG, "")
    if form not in ("json", "text"):
        return False
    import streamlit.logger as streamlit_logger

    handler = logging.StreamHandler()
    handler.setFormatter(Lines("json" if form == "json" else "text"))

    def ours(logger: logging.Logger) -> None:
        """What Streamlit does for each of its loggers, with the handler of these lines."""
        logger.handlers = [handler]
        logger.setLevel(logging.WARNING)
        logger.streamlit_console_handler = handler  # type: ignore[attr-defined]

    streamlit_logger.setup_formatter = ours
    for logger in streamlit_logger._loggers.values():
        ours(logger)
    logging.getLogger().handlers = [handler]
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)
    return True


def told(event: str, level: int = logging.INFO, /, **fields: object) -> None:
    """Log an event; ``fields`` are words and numbers of this program, never a visitor's."""
    EVENTS.log(level, event, extra={"of": {"event": event, **fields}})


@contextmanager
def timed(event: str, **fields: object) -> Iterator[None]:
    """Log an event with the milliseconds that the block takes, also if it is left early."""
    began = time.perf_counter()
    try:
        yield
    finally:
        told(event, **fields, milliseconds=_milliseconds(began))


def _milliseconds(began: float) -> float:
    return round(1000 * (time.perf_counter() - began), 1)


class EventLog:
    """ASGI middleware that logs requests and sessions; ``pages`` are the addresses it names."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self._app, self._names = app, pages | ROUTES
        self._on = set_up()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and log how it ended."""
        if not self._on or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def looking(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = 101
                told("session.begins", milliseconds=_milliseconds(began))
            await send(message)

        try:
            await self._app(scope, receive, looking)
        finally:
            if scope["type"] == "websocket" and status:
                told("session.ends", milliseconds=_milliseconds(began))
            else:
                self._answered(scope, status or 500, began)

    def _answered(self, scope: Scope, status: int, began: float) -> None:
        refused = scope["type"] == "websocket"
        told(
            "request",
            logging.ERROR if status >= 500 and not refused else logging.INFO,
            route=self._route(scope["path"]),
            method=scope["method"] if scope.get("method") in METHODS else "",
            status=403 if refused else status,
            milliseconds=_milliseconds(began),
        )

    def _route(self, path: str) -> str:
        """The name of what is asked for: a page, a part of Streamlit, or "other"."""
        parts = [*filter(None, path.split("/"))]
        return next((part for part in parts if part in self._names), "other" if parts else "home")
