"""A web server on this machine that behaves as badly as a test wants."""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from alexnet_viz.text.problem import Problem
from alexnet_viz.weights import Weights, download
from alexnet_viz.weights.published import TORCHVISION_IMAGENET

CONTENT = random.Random(0).randbytes(3 * download.CHUNK + 1000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SHA1 = hashlib.sha1(CONTENT).hexdigest()


def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder for one test, and no proxy but those it sets."""
    monkeypatch.setenv("ALEXNET_VIZ_CACHE", str(tmp_path / "cache"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "cache"


def weights(url: str, **fields: Any) -> Weights:
    """Weights whose file is ``CONTENT``."""
    described = {"file": "weights.pth", "sha256": SHA256, "bytes": 0, "url": url} | fields
    return replace(TORCHVISION_IMAGENET, **described)


def refused(wanted: Weights, **how: Any) -> Problem:
    """The problem that a download ends with."""
    with pytest.raises(Problem) as problem:
        download.fetch(wanted, **how)
    assert problem.value.message("zh") != problem.value.message()
    assert len(problem.value.explained()) < 600
    return problem.value


@dataclass
class Served:
    """One file, and how the server gives it."""

    content: bytes
    cuts: list[int] = field(default_factory=list)
    """After how many bytes of the body each of the next answers breaks off."""
    ranges: bool = True
    """Whether a Range is honoured."""
    tag: str | None = "strong"
    """The ETag; "strong" stands for one made of the content."""
    status: int = 200
    length: bool = True
    """Whether Content-Length is stated."""
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    """The headers of every request so far."""
    url: str = ""

    @property
    def etag(self) -> str | None:
        return (
            f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'
            if self.tag == "strong"
            else self.tag
        )


@contextmanager
def serving(content: bytes, **how: object) -> Iterator[Served]:
    """Serve these bytes at ``url`` until the block ends."""
    served = Served(content, **how)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests.append({"path": self.path, **dict(self.headers.items())})
            answer(self, served)

        def log_message(self, *words: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}/weights.pth"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(handler: BaseHTTPRequestHandler, served: Served) -> None:
    """RFC 9110: a range if it is asked for, honoured, and of the same file; else everything."""
    content, begin, status = served.content, 0, served.status
    wanted = handler.headers.get("Range")
    same = handler.headers.get("If-Range") in (None, served.etag)
    if wanted and served.ranges and same and status == 200:
        begin = int(wanted.removeprefix("bytes=").rstrip("-"))
        status = 206 if begin < len(content) else 416
    body = content[begin:] if status in (200, 206) else b"no"
    handler.send_response(status)
    if status == 206:
        handler.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
    if served.length:
        handler.send_header("Content-Length", str(len(body)))
    if served.etag:
        handler.send_header("ETag", served.etag)
    for name, value in served.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    cut = served.cuts.pop(0) if served.cuts else len(body)
    handler.wfile.write(body[:cut])
    handler.close_connection = True


def ranges(served: Served) -> list[str | None]:
    """What part of the file each request asked for."""
    return [request.get("Range") for request in served.requests]
