"""Open a local file for reading, or a temporary folder; errors become a ``Problem``."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from alexnet_viz.text.problem import Problem, shown

MAX_PATH = 255
"""Most letters of a path in a message; file systems allow names of 255."""
DISK = "ALEXNET_VIZ_DISK"
"""Environment variable: megabytes (10**6 bytes) that the cache folder may hold, and the program's
temporary files."""
DISK_MEGABYTES = 4_000
PREFIX = "alexnet_viz_"
"""How the names of temporary folders begin."""
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
def temporary_folder(name: str = "", size: int = 0) -> Iterator[Path]:
    """A new folder for files that are large or that other processes read; it is removed at the end.

    ``name`` follows ``PREFIX``; ``size`` is how many bytes will be written there, if that is known.

    Raises:
        Problem: it cannot be made, what is written there finds no room, or with it the temporary
            files of this program would take more than ``disk_limit``.
    """
    import tempfile  # the commands that print tables start without it

    prefix = PREFIX + name
    try:
        parent = Path(tempfile.gettempdir())
        taken = sum(map(bytes_below, parent.glob(f"{PREFIX}*")))
        if taken + size > disk_limit():
            raise Problem(
                "temporary_full",
                folder=shown(str(parent), MAX_PATH),
                taken=taken / 1e6,
                needed=size / 1e6,
                limit=disk_limit() / 1e6,
            )
        folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:  # full, read-only, or no temporary folder at all
        raise no_room(Path(os.environ.get("TMPDIR", "/tmp"))) from error
    with folder as made:
        try:
            yield Path(made)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise no_room(Path(made).parent) from error


def disk_limit() -> int:
    """Bytes that the cache folder may hold, and so may the temporary files."""
    stated = os.environ.get(DISK, "")
    return 10**6 * (int(stated) if stated.isdecimal() and int(stated) else DISK_MEGABYTES)


def bytes_below(folder: Path) -> int:
    """The bytes of all files in a folder and below it; what goes away meanwhile counts nothing."""
    found = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                found += os.lstat(os.path.join(where, name)).st_size
    return found


def no_room(folder: Path) -> Problem:
    """The problem of a temporary folder that is full or cannot be written."""
    return Problem("no_room", folder=shown(str(folder), MAX_PATH))
