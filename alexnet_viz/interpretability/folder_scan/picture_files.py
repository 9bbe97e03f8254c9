"""The pictures of a folder, and the bytes of one of them."""

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from alexnet_viz.pictures.images import MAX_BYTES, MAX_MEGABYTES
from alexnet_viz.text.problem import Problem, shown

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")


class Listing(NamedTuple):
    """What a folder holds."""

    names: tuple[str, ...]
    """Paths of the pictures below the folder, with "/" between their parts, sorted."""
    links: int
    """Symbolic links, which are not followed."""
    digest: str
    """SHA-256 of the names, sizes and times of change."""


def listed(folder: Path) -> Listing:
    """The files of a folder and the folders in it that are named like pictures.

    Symbolic links are counted and not followed, so nothing outside the folder is read and no circle
    is walked.  Names that begin with a dot are passed over, files and folders alike.

    Raises:
        Problem: there is no such folder, or it cannot be read.
    """
    found: list[tuple[str, int, int]] = []
    links = 0

    def refused(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise Problem("scan_folder", folder=shown(str(folder), 255), reason=error.strerror)

    for where, folders, files in os.walk(folder, onerror=refused):
        inside = Path(where)
        seen = [each for each in folders if not each.startswith(".")]
        folders[:] = sorted(each for each in seen if not (inside / each).is_symlink())
        links += len(seen) - len(folders)
        for name in files:
            path = inside / name
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            try:
                about = path.lstat()
            except OSError:
                continue  # it is gone
            if stat.S_ISLNK(about.st_mode):
                links += 1
            else:
                relative = path.relative_to(folder).as_posix()
                found.append((relative, about.st_size, about.st_mtime_ns))
    found.sort()
    digest = hashlib.sha256(os.fsencode(repr(found))).hexdigest()
    return Listing(tuple(name for name, _, _ in found), links, digest)


def read(folder: Path, name: str) -> bytes:
    """The bytes of a picture.

    Raises:
        Problem: it is no plain file, is too large, or cannot be read.
    """
    try:
        # a pipe in place of a picture would never answer; a link may lead out of the folder
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise Problem("scan_no_file")
            if about.st_size > MAX_BYTES:
                raise Problem(
                    "image_too_heavy", megabytes=about.st_size / 2**20, limit=MAX_MEGABYTES
                )
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Problem("scan_unreadable", reason=error.strerror or type(error).__name__) from None


def printable(names: Sequence[str]) -> list[str]:
    """Names as they can be written: bytes that are no UTF-8 become question marks."""
    return [os.fsencode(name).decode("utf-8", "replace") for name in names]
