"""What the server refuses before Streamlit sees it, what every answer has, and whom it asks."""

import asyncio
import errno
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from alexnet_viz.text import t
from alexnet_viz.ui.app.request_guard import METRICS, middleware
from alexnet_viz.ui.app.routes import PROTECTION, routes
from alexnet_viz.ui.app.shell import HOME, PAGES
from benchmarks.load import Visitor, opened
from tests.browser.server import Server, _free_port, serving

ROOT = Path(__file__).parents[1]
UPLOAD, STREAM = "/_stcore/upload_file/a/b", "/_stcore/stream"
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def served(path: str, *, kind: str = "http", query: str = "", **headers: str) -> tuple[int, str]:
    """Status and body of an answer of the guarded app, without a server; 403 of a websocket."""

    def said(request: Request) -> Response:
        return PlainTextResponse("said")

    def full(request: Request) -> Response:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def talk(socket: WebSocket) -> None:
        await socket.accept()

    own = [WebSocketRoute(STREAM, talk), Route(UPLOAD, full, methods=["PUT"]), Route("/full", full)]
    app = Starlette(routes=[*routes(), *own, Route("/{rest:path}", said)], middleware=middleware())
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": "PUT" if path == UPLOAD else "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(key.replace("_", "-").encode(), headers[key].encode()) for key in headers],
        "subprotocols": [],
    }
    asyncio.run(app(scope, receive, send))
    if kind == "websocket":
        return (403 if sent[0]["type"] == "websocket.close" else 101), ""
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert named.items() >= PROTECTION.items()
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode()


OWN = ("127.0.0.1:8501", "localhost:8501", "[::1]:8501", "192.168.7.9", "LOCALHOST", "a.localhost.")
FOREIGN = ("evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example",
           "evil.example@127.0.0.1", "", "127.0.0.1:80:80", "[evil]", "a/b", "例子")  # fmt: skip


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/layer", "/_stcore/health", "/static/x.js", UPLOAD])
def test_a_foreign_name_is_refused_everywhere(host: str, path: str) -> None:
    status, words = served(path, host=host)
    assert status == 421
    assert "STREAMLIT_SERVER_ALLOWED_HOSTS" in words
    assert served(STREAM, kind="websocket", host=host)[0] == 403


def test_this_machine_s_names_are_answered(subtests: pytest.Subtests) -> None:
    for host in OWN:
        with subtests.test(host=host):
            assert served("/layer", host=host)[0] == 200
    assert served("/layer")[0] == 200  # HTTP/1.0 without a name: no browser


def test_names_that_are_listed_are_answered_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    listed, option = (
        {"server.allowedHosts": ["Alex.example.org", "*.school.example"]},
        st.get_option,
    )
    monkeypatch.setattr(st, "get_option", lambda name: listed.get(name, option(name)))
    for host in ("alex.example.org", "alex.example.org:443", "a.b.school.example"):
        assert served("/layer", host=host)[0] == 200
    for host in ("school.example", "xschool.example", "127.0.0.1", "evil.example"):
        assert served("/layer", host=host)[0] == 421
    assert served("/_stcore/health", host="127.0.0.1:8501")[0] == 200  # a probe on the machine
    assert served("/_stcore/health", host="evil.example")[0] == 421


def test_a_page_of_another_site_opens_no_session() -> None:
    for origin, status in {
        "http://127.0.0.1:8501": 101,
        "http://127.0.0.1:3000": 403,
        "https://evil.example": 403,
        "null": 403,
        "http://[": 403,
    }.items():
        given = {"host": "127.0.0.1:8501", "origin": origin}
        assert served(STREAM, kind="websocket", **given)[0] == status
    assert served(STREAM, kind="websocket", host="127.0.0.1:8501")[0] == 101  # no browser


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/base/_stcore/metrics"])
def test_the_server_s_figures_are_closed_unless_opened(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served(path, query="families=active_sessions")[0] == 404
    monkeypatch.setenv(METRICS, "1")
    assert served(path)[0] == 200


def test_no_room_for_an_upload_is_said_in_the_page_s_language() -> None:
    for language in ("en", "zh"):
        status, words = served(UPLOAD, referer=f"http://127.0.0.1/weights?lang={language}")
        assert status == 507
        assert t("problem.no_room_for_upload", language) in words
    assert t("problem.no_room_for_upload", "zh") in served(UPLOAD, accept_language="zh-CN")[1]
    assert served(UPLOAD, referer="http://[")[0] == 507
    with pytest.raises(OSError, match="space"):  # what is no upload stays a fault
        served("/full")


# --- the real server ------------------------------------------------------------------------------

HOOK = """
import errno, os, sys, tempfile

def look(event, given):
    if event == "socket.connect" or event == "socket.sendto":
        host = given[1][0] if isinstance(given[1], tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = given[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host or "")
    if host not in ("", "127.0.0.1", "::1", "0.0.0.0", "::", "localhost"):
        with open({log!r}, "a") as log:
            print(event, given, file=log)

sys.addaudithook(look)

def full(*given, **named):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

if {full}:
    tempfile.TemporaryFile = full
"""


def watched(folder: Path, monkeypatch: pytest.MonkeyPatch, *, full: bool = False) -> Path:
    """Have every Python that starts write down whom it asks; returns that file."""
    log = folder / "asked"
    log.touch()
    (folder / "sitecustomize.py").write_text(HOOK.format(log=str(log), full=full))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("STREAMLIT_SERVER_HEADLESS", "true")
    return log


def asked(server: Server, method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a request with just these headers."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_host="host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as answer:
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """The real server, watched, with a temporary folder that is full."""
    folder = tmp_path_factory.mktemp("watched")
    with pytest.MonkeyPatch.context() as patch:
        log = watched(folder, patch, full=True)
        with serving(ROOT / "app.py", folder / "log") as running:
            yield running, log


@pytest.mark.process
def test_no_page_and_no_visitor_makes_the_server_ask_another_host(
    server: tuple[Server, Path],
) -> None:
    """A websocket from another site once made it ask for its address."""
    running, log = server

    async def visit() -> list[str]:
        async with opened(running.url) as socket:
            visitor = Visitor(socket, running.url)
            for page in PAGES:
                for language in ("en", "zh"):
                    await visitor.open("" if page == HOME else page, f"lang={language}")
            return visitor.errors

    assert asyncio.run(visit()) == []
    assert asked(running, "GET", STREAM, origin="https://evil.example", **HANDSHAKE)[0] == 403
    assert log.read_text() == ""


@pytest.mark.process
def test_the_running_server_refuses_a_foreign_name(server: tuple[Server, Path]) -> None:
    running, _ = server
    for path in ("/", "/layer", "/nowhere", "/_stcore/health", "/static/js/x.js"):
        status, named = asked(running, "GET", path, host=f"evil.example:{running.port}")
        assert status == 421
        assert named.items() >= PROTECTION.items()
    assert asked(running, "GET", STREAM, host="evil.example", **HANDSHAKE)[0] == 403
    assert asked(running, "GET", STREAM, **HANDSHAKE)[0] == 101


@pytest.mark.process
def test_the_running_server_protects_every_answer(server: tuple[Server, Path]) -> None:
    running, _ = server
    for path, status in {"/": 200, "/nowhere": 200, "/_stcore/health": 200,
                         "/_stcore/host-config": 200, "/_stcore/metrics": 404,
                         "/media/none": 404, "/static/none.js": 200}.items():  # fmt: skip
        found, named = asked(running, "GET", path)
        assert (path, found) == (path, status)
        assert named.items() >= PROTECTION.items(), path


@pytest.mark.process
def test_a_full_temporary_folder_is_said_and_the_server_goes_on(
    server: tuple[Server, Path],
) -> None:
    running, _ = server
    running.complaints()

    async def visit() -> None:
        async with opened(running.url) as socket:
            visitor = Visitor(socket, running.url)
            await visitor.open("feature_maps", "source=upload")
            await visitor.upload(bytes(3 << 20))

    with pytest.raises(Exception, match="507") as refused:
        asyncio.run(visit())
    assert t("problem.no_room_for_upload", "en") in refused.value.read().decode()  # type: ignore
    assert running.complaints() == []
    assert running.health() == "ok"


@pytest.mark.process
def test_a_server_for_other_machines_asks_nobody_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, port = watched(tmp_path, monkeypatch), _free_port()
    command = [sys.executable, "-m", "alexnet_viz", "serve", "--address", "0.0.0.0"]
    with (tmp_path / "log").open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            until = time.monotonic() + 60
            while b"URL" not in (tmp_path / "log").read_bytes() and time.monotonic() < until:
                time.sleep(0.1)
            time.sleep(1)
            assert process.poll() is None
        finally:
            process.terminate()
            process.wait(timeout=20)
    printed = (tmp_path / "log").read_text()
    assert urlsplit(printed.split("URL: ")[1].split()[0]).port == port
    assert log.read_text() == ""
