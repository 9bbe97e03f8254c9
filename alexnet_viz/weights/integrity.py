"""Whether a file of weights is still what was shipped or fetched, asked when it is first read.

A file is compared with the checksum that is stated for it (SHA-256, of Caffe's SHA-1), and where
none is stated with the SHA-256 that ``record`` wrote beside it when it was fetched, or when a file
that somebody copied there was first read.  What was compared once is not compared again in this
process, unless it changed on the disk.

A fetched file that differs is moved aside, so that it can be fetched again; a file that ships
belongs to the installation and is left alone.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from alexnet_viz.text import Language, running, t
from alexnet_viz.text.problem import Problem
from alexnet_viz.weights import Weights

DIGITS = {"sha256": 64, "sha1": 40}
"""Hex digits of a whole checksum, by method."""
SHOWN = 8
"""Hex digits of a checksum in a message."""

_CHECKED: set[tuple[str, int, int]] = set()
"""Path, size and time of change (ns) of the files that were compared."""


def checksum(weights: Weights) -> tuple[str, str]:
    """The hash method of a file and the hex digits with which its checksum must begin.

    Both are empty if the maker states no checksum; then only the length is checked.
    """
    for method in DIGITS:
        if digits := getattr(weights, method):
            return method, digits
    return "", ""


def warning(weights: Weights, language: Language = "en") -> str:
    """What is to be said before a file is fetched that nothing vouches for; else empty."""
    if not weights.url or checksum(weights)[0]:
        return ""
    key = "in_the_clear" if weights.url.startswith("http:") else "unchecked"
    return running((t(f"weights.{key}", language), t("weights.apart", language)), language)


def known(path: Path, weights: Weights) -> bool:
    """Whether a checksum of this file is stated or was recorded."""
    return bool(_expected(path, weights)[0])


def record(path: Path, weights: Weights) -> None:
    """Write the SHA-256 beside a file whose maker states no checksum, as ``sha256sum`` does.

    In a folder that cannot be written nothing is recorded.
    """
    if not checksum(weights)[0]:
        with suppress(OSError):
            _note(path).write_text(f"{_digest(path, 'sha256')}  {path.name}\n", "utf-8")


def verify(path: Path, weights: Weights) -> None:
    """Compare a file with its checksum, once in a process.

    Raises:
        Problem: a shipped file is missing or damaged; a fetched one was damaged and moved aside.
    """
    try:
        facts = path.stat()
    except OSError:
        raise Problem("weights_shipped_missing", path=str(path)) from None
    seen = (str(path), facts.st_size, facts.st_mtime_ns)
    if seen in _CHECKED:
        return
    method, digits = _expected(path, weights)
    if method and not (found := _digest(path, method)).startswith(digits):
        raise _damaged(path, weights, method, digits, found)
    _CHECKED.add(seen)


def set_aside(path: Path, weights: Weights, reason: str) -> Problem:
    """Rename a fetched file so that it is not read again; returns the problem that says so."""
    try:
        os.replace(path, aside(path))
        _note(path).unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        return Problem("weights_stuck", path=str(path), reason=reason, why=why)
    return Problem(
        "weights_set_aside", id=weights.id, file=path.name, aside=str(aside(path)), reason=reason
    )


def aside(path: Path) -> Path:
    """Where a damaged file is put."""
    return path.with_name(f"{path.name}.damaged")


def _damaged(path: Path, weights: Weights, method: str, expected: str, found: str) -> Problem:
    expected, found = expected[:SHOWN], found[:SHOWN]
    if not weights.url:
        return Problem("weights_shipped_damaged", path=str(path), expected=expected, found=found)
    name = method.upper().replace("SHA", "SHA-")
    return set_aside(path, weights, f"{name} {found} … ≠ {expected} …")


def _expected(path: Path, weights: Weights) -> tuple[str, str]:
    """As ``checksum``, or what was recorded beside the file."""
    stated = checksum(weights)
    if not stated[0]:
        with suppress(OSError, ValueError, IndexError):
            return "sha256", _note(path).read_text("utf-8").split()[0]
    return stated


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _digest(path: Path, method: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, method).hexdigest()
