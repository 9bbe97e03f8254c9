"""Open a local file for reading, or a temporary folder; errors become a ``Problem``."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from alexnet_viz.text.problem import Problem, shown

MAX_PATH = 255
"""Most letters of a path in a message; file systems allow names of 255."""
FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""Errors of a disk without room, or without room for this user."""


@contextmanager
def readable(path: str | Path) -> Iterator[BinaryIO]:
    """The file, opened in binary mode.

    Raises:
        Problem: no such file, a directory, or unreadable.
    """
    named = shown(str(path), MAX_PATH)
    try:
        with Path(path).open("rb") as file:
            yield file
    except Problem:
        raise
    except FileNotFoundError:
        raise Problem("file_missing", path=named) from None
    except IsADirectoryError:
        raise Problem("file_is_directory", path=named) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem("file_unreadable", path=named, reason=reason) from None


def refuse_pointer(content: bytes) -> None:
    """Check that the bytes are a file and not the pointer that Git LFS leaves in its place.

    Raises:
        Problem: they are a pointer, a text of about 130 bytes (git-lfs, docs/spec.md).
    """
    if content.startswith(b"version https://git-lfs.github.com/spec/"):
        raise Problem("file_lfs_pointer")


@contextmanager
def temporary_folder(prefix: str = "alexnet_viz_") -> Iterator[Path]:
    """A new folder for files that are large or that other processes read; it is removed at the end.

    Raises:
        Problem: it cannot be made, or what is written there finds no room.
    """
    import tempfile  # the commands that print tables start without it

    try:
        folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:  # full, read-only, or no temporary folder at all
        raise no_room(Path(os.environ.get("TMPDIR", "/tmp"))) from error
    with folder as name:
        try:
            yield Path(name)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise no_room(Path(name).parent) from error


def no_room(folder: Path) -> Problem:
    """The problem of a temporary folder that is full or cannot be written."""
    return Problem("no_room", folder=shown(str(folder), MAX_PATH))
