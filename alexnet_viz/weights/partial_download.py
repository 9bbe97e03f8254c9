"""A file that is still arriving: written by one download at a time, and able to go on.

``alexnet.pth.part`` holds what has come, ``alexnet.pth.part.json`` what the server said of the file
when it began: its address, its length, and the validator by which it can be recognised.
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

from alexnet_viz.text.problem import Problem

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True)
class Said:
    """What a server says of a file."""

    url: str
    total: int | None = None
    validator: str | None = None
    """A strong ETag or a date of change: the same again means the same bytes."""


def part_of(target: Path) -> Path:
    """Where a file lies while it arrives."""
    return target.with_name(f"{target.name}.part")


@contextmanager
def owned(part: Path) -> Iterator[FileIO]:
    """The unfinished file, opened for one download alone, without a buffer.

    Raises:
        Problem: it cannot be written, or another download is writing it.
    """
    with writing(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        file = part.open("r+b", buffering=0)
    with file:
        # the other may have finished and renamed it while we were waiting to open it
        if not _locked(file) or not _still_there(file, part):
            raise Problem("fetch_busy", file=part.stem)
        yield file


def append(file: FileIO, chunk: bytes, part: Path) -> None:
    """Write all of a chunk.

    Raises:
        Problem: the disk is full, or refuses otherwise.
    """
    rest = memoryview(chunk)
    with writing(part):
        while rest:  # without a buffer a write may take a part only
            rest = rest[file.write(rest) :]


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say as a ``Problem`` what a disk refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Problem("fetch_disk_full", folder=str(path.parent)) from error
        reason = error.strerror or str(error)
        raise Problem("fetch_unwritable", path=str(path), reason=reason) from error


def said(part: Path, url: str) -> Said:
    """What the server said when this file began; nothing if it began elsewhere."""
    with suppress(OSError, ValueError, TypeError):
        noted = Said(**json.loads(_note(part).read_text("utf-8")))
        if noted.url == url:
            return noted
    return Said(url)


def remember(part: Path, said: Said) -> None:
    """Note what the server says, for a later download to go on from here."""
    with writing(part):
        _note(part).write_text(json.dumps(asdict(said)), "utf-8")


def forget(part: Path) -> None:
    """Remove the unfinished file and the note."""
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
    """Whether the file is ours now.  The lock ends with the file's handle, whatever happens.

    Windows has no such lock.  There a second download of the same file writes the same bytes.
    """
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # a network folder without locks is none that is locked
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True
