"""Download a file of weights: resume after an interruption, verify, rename.

The data is written to a partial file (``weights.partial_download``) and renamed atomically after
its checksum was verified, so a file under its own name in the cache folder is complete.  If
its maker states no checksum, only its length is compared here; ``loader.fits`` does the rest.
Proxies are taken from the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY).

A download resumes if the server confirms that the file is unchanged: RFC 9110, sections 13.1.5
(If-Range) and 14 (Range).
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
from alexnet_viz.text.local_file import bytes_below, disk_limit
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import MAX_BYTES, Weights
from alexnet_viz.weights.integrity import aside, checksum
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
"""Seconds without data after which a connection is closed."""

TRIES = 4
"""Most consecutive connections that bring less than a chunk."""

CHUNK = 1 << 18
MAX_REASON = 120

Progress = Callable[[int, int | None], None]
"""Called with the bytes received and the total, None if the server does not state it."""


class _Cut(Exception):
    """The connection ended before the file did."""


@dataclass
class _Watch:
    """Reports progress and asks whether to stop; reported progress never decreases."""

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
    """The folder of fetched files: ALEXNET_VIZ_CACHE, else the platform's cache folder."""
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
    """The fetched file of these weights, None if there is none."""
    path = cache_folder() / weights.file
    return path if weights.url and path.is_file() else None


def fetch(
    weights: Weights,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    folder: Path | None = None,
) -> Path:
    """Download the file of these weights, unless it was fetched already; returns its path.

    ``stop`` is called after every chunk; a stopped or interrupted download resumes next time.

    Raises:
        Problem: no network, another response than the file, an interrupted connection, a full or
            read-only disk, a cache folder over its limit, a wrong checksum, or another process is
            downloading the file.
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
    with writing(target):
        aside(target).unlink(missing_ok=True)
    return target


def _complete(file: FileIO, part: Path, weights: Weights, watch: _Watch) -> None:
    """Download the missing bytes of a file, over several connections if needed."""
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
    """Download over one connection, from the bytes already here to the end.

    Raises:
        _Cut: the connection ended early.
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
    """The response to a request for the missing bytes."""
    headers = {"User-Agent": f"alexnet_viz/{__version__}", "Accept-Encoding": "identity"}
    if here and validator:
        headers |= {"Range": f"bytes={here}-", "If-Range": validator}
    host = urllib.parse.urlsplit(weights.url).hostname
    request = urllib.request.Request(weights.url, headers=headers)
    try:
        # a new opener reads the current proxies of the environment
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
    """The offset in the file at which the response begins; None if it is not stated."""
    if answer.status != HTTPStatus.PARTIAL_CONTENT:
        return 0
    given = re.match(r"bytes (\d{1,18})-", answer.headers.get("Content-Range", ""))
    return int(given[1]) if given else None


def _validator(answer: Any) -> str | None:
    """The validator of a response: its strong ETag, else its date of change.

    A weak ETag does not promise equal bytes (RFC 9110, section 8.8.1).
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
    """Refuse a file that is too large or for which the disk has no room."""
    size = total or weights.bytes
    if size > MAX_BYTES:
        raise Problem("fetch_length", file=weights.file, limit=MAX_BYTES / 1e6)
    with writing(part):
        free = shutil.disk_usage(part.parent).free
    missing = size - begin
    folder, held = str(part.parent), bytes_below(part.parent)
    if missing > disk_limit() - held:
        raise Problem(
            "fetch_cache_full",
            folder=folder,
            held=held / 1e6,
            needed=missing / 1e6,
            limit=disk_limit() / 1e6,
        )
    if missing > free:
        raise Problem("fetch_no_room", folder=folder, needed=missing / 1e6, free=free / 1e6)


def _cut(weights: Weights, here: int, total: int | None) -> Problem:
    host = urllib.parse.urlsplit(weights.url).hostname
    if not here:
        return Problem("fetch_nothing", host=host)
    return Problem("fetch_cut", host=host, here=here / 1e6, total=(total or weights.bytes) / 1e6)


def _refusal(file: FileIO | BufferedReader, weights: Weights) -> Problem | None:
    """The problem of a complete file: its checksum, or its length if there is no checksum."""
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
