"""Weights from the network: one file, resumed where it was cut, checked, then put in its place.

What arrives is written beside the target (``weights.unfinished``), and only a file with the right
checksum gets the target's name, in one step: whatever lies in the cache folder under a file's own
name is whole.  Proxies are those of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY).

A download goes on where it stopped if the server can say that it still has the same file: RFC 9110,
sections 13.1.5 (If-Range) and 14 (Range).
"""

import hashlib
import http.client
import os
import re
import shutil
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

from alexnet_viz import __version__
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import MAX_BYTES, Weights
from alexnet_viz.weights.partial_download import (
    Said,
    append,
    forget,
    owned,
    part_of,
    remember,
    said,
    writing,
)

TIMEOUT = 30
"""Seconds without a byte, after which a connection is given up."""

TRIES = 4
"""Connections in a row that may bring less than a chunk."""

CHUNK = 1 << 18
MAX_REASON = 120

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are here and, where the server states it, with how many there are."""


class _Cut(Exception):
    """The connection ended before the file did."""


@dataclass
class _Watch:
    """Who looks on; what was once reported is never taken back, even where a download restarts."""

    progress: Progress | None
    stop: Callable[[], bool] | None
    most: int = 0

    def at(self, done: int, total: int | None) -> None:
        self.most = max(self.most, done)
        if self.progress:
            self.progress(self.most, total)
        if self.stop and self.stop():
            raise Problem("fetch_stopped", megabytes=done / 1e6)


def cache_folder() -> Path:
    """Where fetched files lie: ALEXNET_VIZ_CACHE, else the platform's folder for caches."""
    if chosen := os.environ.get("ALEXNET_VIZ_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        places = [os.environ.get("LOCALAPPDATA", "")]
    elif sys.platform == "darwin":
        places = [os.path.expanduser("~/Library/Caches")]
    else:  # the XDG base directory specification: a relative path is to be ignored
        places = [os.environ.get("XDG_CACHE_HOME", ""), os.path.expanduser("~/.cache")]
    known = [place for place in places if os.path.isabs(place)]
    return Path(known[0] if known else tempfile.gettempdir()) / "alexnet_viz"


def cached(weights: Weights) -> Path | None:
    """The file of these weights, if it was fetched; its checksum was right when it came."""
    path = cache_folder() / weights.file
    return path if weights.url and path.is_file() else None


def checksum(weights: Weights) -> tuple[str, str]:
    """By which method a file is checked, and the digits its checksum must begin with.

    Both are empty where the file's maker states no checksum; then only its length is looked at.
    """
    for method in ("sha256", "sha1"):
        if digits := getattr(weights, method):
            return method, digits
    return "", ""


def fetch(
    weights: Weights,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    folder: Path | None = None,
) -> Path:
    """Fetch the file of these weights, unless it is here; return where it lies.

    ``stop`` is asked between chunks; a download that was stopped or cut goes on next time.

    Raises:
        Problem: no network, an answer other than the file, a cut connection, a full or read-only
            disk, a wrong checksum, or somebody else is fetching it now.
    """
    if not weights.url:
        raise Problem("fetch_ships", id=weights.id)
    target = (folder or cache_folder()) / weights.file
    if target.is_file():
        with writing(target), target.open("rb") as there:
            if _refusal(there, weights):
                raise Problem("fetch_other_file", path=str(target))
        return target
    part = part_of(target)
    with owned(part) as file:
        _complete(file, part, weights, _Watch(progress, stop))
        refusal = _refusal(file, weights)
        if refusal is None:
            os.fsync(file.fileno())
    if refusal:
        forget(part)
        raise refusal
    with writing(target):
        os.replace(part, target)
    forget(part)
    return target


def _complete(file: FileIO, part: Path, weights: Weights, watch: _Watch) -> None:
    """Bring what is missing of a file, over several connections if need be."""
    tries = 0
    while True:
        before = file.seek(0, os.SEEK_END)
        try:
            return _receive(file, part, weights, watch)
        except _Cut:
            after = file.seek(0, os.SEEK_END)
            tries = 0 if after - before >= CHUNK else tries + 1
            noted = said(part, weights.url)
            if tries == TRIES or not noted.validator:
                raise _cut(weights, after, noted.total) from None


def _receive(file: FileIO, part: Path, weights: Weights, watch: _Watch) -> None:
    """One connection: from what is here to the end of the file.

    Raises:
        _Cut: the connection ended before.
    """
    here, noted = file.seek(0, os.SEEK_END), said(part, weights.url)
    if here and here == noted.total:
        return
    with _answer(weights, here, noted.validator) as answer:
        begin = _begin(answer)
        if begin is None or begin > here:
            file.truncate(0)
            raise _Cut
        file.truncate(begin)
        file.seek(begin)
        length = answer.headers.get("Content-Length", "")
        total = begin + int(length) if length.isdecimal() else None
        _refuse_unlikely(total, begin, part, weights)
        remember(part, Said(weights.url, total, _validator(answer)))
        watch.at(begin, total)
        done = begin
        while chunk := _read(answer):
            append(file, chunk, part)
            done += len(chunk)
            if done > MAX_BYTES:
                raise Problem("fetch_length", file=weights.file, limit=MAX_BYTES / 1e6)
            watch.at(done, total)
        if total is not None and done < total:
            raise _Cut


def _answer(weights: Weights, here: int, validator: str | None) -> Any:
    """The server's answer to a request for what is missing."""
    headers = {"User-Agent": f"alexnet_viz/{__version__}", "Accept-Encoding": "identity"}
    if here and validator:
        headers |= {"Range": f"bytes={here}-", "If-Range": validator}
    host = urllib.parse.urlsplit(weights.url).hostname
    request = urllib.request.Request(weights.url, headers=headers)
    try:
        # an opener of its own reads the proxies of the environment as they are now
        return urllib.request.build_opener().open(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and here:
            return _answer(weights, 0, None)
        reason = shown(str(error.reason), MAX_REASON)
        raise Problem("fetch_status", host=host, status=error.code, reason=reason) from None
    except urllib.error.URLError as error:
        reason = getattr(error.reason, "strerror", None) or str(error.reason)
        raise Problem("fetch_unreachable", host=host, reason=shown(reason, MAX_REASON)) from None
    except (OSError, http.client.HTTPException):  # hung up instead of answering, or too late
        raise _Cut from None


def _begin(answer: Any) -> int | None:
    """At which byte of the file the answer begins; None if it says so of no byte."""
    if answer.status != HTTPStatus.PARTIAL_CONTENT:
        return 0
    given = re.match(r"bytes (\d{1,18})-", answer.headers.get("Content-Range", ""))
    return int(given[1]) if given else None


def _validator(answer: Any) -> str | None:
    """By what the file can be recognised.

    A weak ETag does not promise the same bytes (RFC 9110, section 8.8.1).
    """
    tag, date = (answer.headers.get(name) for name in ("ETag", "Last-Modified"))
    strong = tag and not tag.startswith("W/")
    return str(tag) if strong else date and str(date)


def _read(answer: Any) -> bytes:
    try:
        return bytes(answer.read(CHUNK))
    except (OSError, http.client.HTTPException):
        raise _Cut from None


def _refuse_unlikely(total: int | None, begin: int, part: Path, weights: Weights) -> None:
    """See that a file of this size is no surprise and has room."""
    size = total or weights.bytes
    if size > MAX_BYTES:
        raise Problem("fetch_length", file=weights.file, limit=MAX_BYTES / 1e6)
    with writing(part):
        free = shutil.disk_usage(part.parent).free
    missing = size - begin
    if missing > free:
        folder = str(part.parent)
        raise Problem("fetch_no_room", folder=folder, needed=missing / 1e6, free=free / 1e6)


def _cut(weights: Weights, here: int, total: int | None) -> Problem:
    host = urllib.parse.urlsplit(weights.url).hostname
    if not here:
        return Problem("fetch_nothing", host=host)
    return Problem("fetch_cut", host=host, here=here / 1e6, total=(total or weights.bytes) / 1e6)


def _refusal(file: FileIO | BufferedReader, weights: Weights) -> Problem | None:
    """What is wrong with a whole file: its checksum, or its length where no checksum is stated."""
    method, digits = checksum(weights)
    if not method:
        length = file.seek(0, os.SEEK_END)
        if length >= weights.bytes:
            return None
        return Problem("fetch_too_short", file=weights.file, length=length, least=weights.bytes)
    file.seek(0)
    found = hashlib.file_digest(file, method).hexdigest()
    if found.startswith(digits):
        return None
    return Problem(
        "fetch_checksum",
        file=weights.file,
        method=method.upper().replace("SHA", "SHA-"),
        expected=digits,
        found=found[: len(digits)],
    )
