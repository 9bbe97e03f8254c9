"""What the server takes from a visitor, and files handed over once.

Streamlit's endpoint takes any number of files from a session, each as large as the largest uploader
of the app allows, and keeps their bytes until the session ends.  ``UploadQuota`` (for ``st.App``)
stands before it: a page takes no more than its own uploaders do, a session holds no more than
``MOST_BYTES`` that are not read yet, and the machine must have the memory.  A file beyond a quota
arrives empty, and whoever takes it gets the ``Problem`` in its place: the page says why, in the
visitor's language.  ``taken`` hands a file over and leaves nothing of it behind.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from alexnet_viz.isolation.machine_memory import claimed
from alexnet_viz.text.problem import Problem

MEGABYTE = 2**20
"""As browsers and Streamlit count."""
MOST_BYTES, MOST_FILES = 320 * MEGABYTE, 200
"""Bytes that a session may hold unread, and files that it may send."""
FRAMING = 64 * 1024
"""Bytes of a request besides those of its file, at most."""
COPIES = 2
"""A file is in memory twice while it arrives: as received, and as kept."""
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
DRAWN = "_uploaders_drawn"
"""Session key of the bytes that the largest uploader of the run in progress takes."""
MOST_REFUSED = 1000

_allowed: dict[str, int] = {}
"""Bytes of a file that each session's page takes."""
_arriving: Counter[str] = Counter()
"""Bytes on their way, by session."""
_refused: OrderedDict[str, Problem] = OrderedDict()
"""By the id of a file: why it arrived empty."""


def page_begins() -> None:
    """No uploader of this run is drawn yet; those of the last run count until it ends."""
    st.session_state[DRAWN] = 0


def page_ends() -> None:
    """From now on the page takes what its uploaders do, and without one nothing."""
    _allowed[_session()] = st.session_state[DRAWN]


def allow(megabytes: int) -> int:
    """Take files of this size while the page is shown; returns ``megabytes`` for the widget."""
    st.session_state[DRAWN] = max(st.session_state.get(DRAWN, 0), megabytes * MEGABYTE)
    session = _session()
    _allowed[session] = max(_allowed.get(session, 0), st.session_state[DRAWN])
    return megabytes


def taken(file: Any, key: str) -> bytes:
    """The bytes of a file of the uploader ``key``, which then holds none of them.

    Raises:
        Problem: the file was beyond a quota and was not received.
    """
    if problem := _refused.get(file.file_id):
        raise problem
    data: bytes = file.getvalue()
    context = get_script_run_ctx()
    assert context
    empty = UploadedFileRec(file.file_id, file.name, file.type, b"")
    context.uploaded_file_mgr.add_file(_session(), empty)  # type: ignore[attr-defined]
    held = st.session_state.get(key)  # what the uploader returned is a copy of this
    for each in (file, *(held if isinstance(held, list) else [held])):
        if each and each.file_id == file.file_id:
            each.seek(0)
            each.truncate()
    return data


def forget_all_but(sessions: Iterable[str]) -> None:
    """Forget the sessions that have ended."""
    for ended in _allowed.keys() - set(sessions):
        _allowed.pop(ended, None)


def _session() -> str:
    context = get_script_run_ctx()
    assert context
    return context.session_id


class UploadQuota:
    """ASGI middleware that refuses uploads beyond the quotas."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, if need be with its file emptied."""
        upload = UPLOAD.search(scope.get("path", "")) if scope.get("method") == "PUT" else None
        if not upload:
            await self._app(scope, receive, send)
            return
        session, file = upload.groups()
        most = _allowed.get(session, 0) + FRAMING
        stated = Headers(scope=scope).get("content-length", "")
        size = int(stated) if stated.isdecimal() else most
        if most == FRAMING or size > most:
            await PlainTextResponse("File too large", 413)(scope, receive, send)
            return
        bounded = _bounded(receive, most)
        with ExitStack() as stack:
            try:
                _check(session, size)
                stack.enter_context(claimed(COPIES * size))
            except Problem as problem:
                _refused[file] = problem
                while len(_refused) > MOST_REFUSED:
                    _refused.popitem(last=False)
                await _emptied(self._app, scope, bounded, send)
                return
            _arriving[session] += size
            try:
                await self._app(scope, bounded, send)
            finally:
                _arriving[session] -= size
                if not _arriving[session]:
                    del _arriving[session]


def _check(session: str, size: int) -> None:
    """Whether a session may send so many bytes more.

    Raises:
        Problem: it may not.
    """
    files = getattr(Runtime.instance().uploaded_file_mgr, "file_storage", {}).get(session, {})
    if len(files) >= MOST_FILES:
        raise Problem("uploads_many", limit=MOST_FILES)
    held = sum(len(each.data) for each in list(files.values())) + _arriving[session]
    if held + size > MOST_BYTES + FRAMING:
        raise Problem(
            "uploads_held", held=held // MEGABYTE, more=size // MEGABYTE,
            limit=MOST_BYTES // MEGABYTE,
        )  # fmt: skip


def _bounded(receive: Receive, most: int) -> Receive:
    """``receive`` that raises an ``HTTPException`` (413) when a body has more than ``most``."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(413, "File too large")
        return message

    return bounded


async def _emptied(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Pass an upload on with the head of its only part and none of its content.

    The whole body is received, because a browser that is answered before it has sent everything
    reports a lost connection.
    """
    head, more = b"", True
    try:
        while more:
            message = await receive()
            more = message.get("more_body", False)
            if b"\r\n\r\n" not in head and len(head) < FRAMING:
                head += message.get("body", b"")
    except HTTPException as error:
        await PlainTextResponse(error.detail, error.status_code)(scope, receive, send)
        return
    head, found, _ = head.partition(b"\r\n\r\n")
    boundary = head.partition(b"\r\n")[0]
    body = head + found + b"\r\n" + boundary + b"--\r\n"

    async def empty() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["content-length"] = str(len(body))
    await app({**scope, "headers": headers.raw}, empty, send)
