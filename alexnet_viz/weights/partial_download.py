"""A partly downloaded file: written by one process at a time, and resumable.

``alexnet.pth.part`` holds the bytes received, ``alexnet.pth.part.json`` the file's address, its
length and its validator (ETag or date) as the server stated them.
"""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from alexnet_viz.text.local_file import FULL
from alexnet_viz.text.problem import Problem


@dataclass(frozen=True)
class Said:
    """What a server states about a file."""

    url: str
    total: int | None = None
    validator: str | None = None
    """A strong ETag or a date of change; equal validators mean equal bytes."""


def part_of(target: Path) -> Path:
    """The path of the partial file."""
    return target.with_name(f"{target.name}.part")


@contextmanager
def owned(part: Path) -> Iterator[FileIO]:
    """The partial file, locked for this process and opened without a buffer.

    Raises:
        Problem: it cannot be written, or another download is writing it.
    """
    with writing(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        file = part.open("r+b", buffering=0)
    with file:
        # the other process may have renamed it before it was opened here
        if not _locked(file) or not _still_there(file, part):
            raise Problem("fetch_busy", file=part.stem)
        yield file


def append(file: FileIO, chunk: bytes, part: Path) -> None:
    """Write all of a chunk.

    Raises:
        Problem: the disk is full or not writable.
    """
    rest = memoryview(chunk)
    with writing(part):
        while rest:  # without a buffer a write may take a part only
            rest = rest[file.write(rest) :]


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise errors of the disk as a ``Problem``."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Problem("fetch_disk_full", folder=str(path.parent)) from error
        reason = error.strerror or str(error)
        raise Problem("fetch_unwritable", path=str(path), reason=reason) from error


def said(part: Path, url: str) -> Said:
    """What the server stated when the download began; empty if it began at another address."""
    with suppress(OSError, ValueError, TypeError):
        noted = Said(**json.loads(_note(part).read_text("utf-8")))
        if noted.url == url:
            return noted
    return Said(url)


def remember(part: Path, said: Said) -> None:
    """Store what the server states, so that a later download can resume."""
    with writing(part):
        _note(part).write_text(json.dumps(asdict(said)), "utf-8")


def forget(part: Path) -> None:
    """Delete the partial file and its note."""
    with writing(part):
        part.unlink(missing_ok=True)
        _note(part).unlink(missing_ok=True)


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _still_there(file: FileIO, part: Path) -> bool:
    with suppress(OSError):
        return os.path.samestat(os.fstat(file.fileno()), part.stat())
    return False


def _locked(file: FileIO) -> bool:
    """Whether this process got the lock, which ends with the file's handle.

    Windows has no such lock; there a second download of the file writes the same bytes.
    """
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # a network folder may not support locks
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True
