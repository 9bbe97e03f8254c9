"""Where a process is, on a card of four bytes that another process can read at any time.

A memory-mapped file: writing it takes a microsecond, no call of the system, and outlives whoever
wrote it, killed or not.
"""

import struct
from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path

NUMBER = struct.Struct("<i")


def writer(path: Path) -> Callable[[], None]:
    """A function that counts its calls on the card at ``path``."""
    path.write_bytes(NUMBER.pack(0))
    with path.open("r+b") as file:
        card = mmap(file.fileno(), NUMBER.size)
    count = 0

    def come() -> None:
        nonlocal count
        count += 1
        NUMBER.pack_into(card, 0, count)

    return come


def read(path: Path) -> int:
    """The number on a card; 0 where there is none yet."""
    try:
        with path.open("rb") as file, mmap(file.fileno(), NUMBER.size, access=ACCESS_READ) as card:
            return int(NUMBER.unpack_from(card, 0)[0])
    except (OSError, ValueError):  # not there, or still empty
        return 0
