"""Open a local file for reading; errors become a ``Problem``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from alexnet_viz.text.problem import Problem, shown

MAX_PATH = 255
"""Most letters of a path in a message; file systems allow names of 255."""


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
