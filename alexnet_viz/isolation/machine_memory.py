"""The memory that this process and its children may use, and claims on what is free.

The limit is ``SHARE`` of the machine's memory or of its container's (control groups of both
versions), whichever is less, or as many megabytes as the variable ``ALEXNET_VIZ_MEMORY`` says.
What is used is measured: memory of the process and its children that the system cannot take back,
and what others leave of the machine.  Work that will need much claims it first: ``claimed`` raises
a ``Problem`` while there is still memory to say so, and the system never has to end a process.

Where the system does not tell (Windows, macOS), nothing is measured, and only a limit that is set
by the variable holds, against the claims alone.
"""

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from alexnet_viz.text.problem import Problem

SHARE = 0.7
"""Share of the machine's memory that is ours."""
KEPT_FREE = 0.1
"""Share of the machine's memory that stays free, whoever uses the rest."""
VARIABLE = "ALEXNET_VIZ_MEMORY"
"""Megabytes (10**6 bytes) that the process and its children may use."""
UNKNOWN = 1 << 62
"""What is reported where the system does not tell."""

PROCESSES, GROUPS = Path("/proc"), Path("/sys/fs/cgroup")
VERSION_1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
VERSION_2 = ("memory.max", "memory.current", "inactive_file")
"""A control group's files for its limit and its use, and the field of its caches."""

_LOCK = RLock()
_claims: list[int] = []
_caches: list[Callable[[int], object]] = []


def limit() -> int:
    """Bytes that this process and its children may use together."""
    stated = os.environ.get(VARIABLE, "")
    if stated.isdecimal() and int(stated) > 0:
        return int(stated) * 10**6
    whole = _machine()
    return int(SHARE * whole) if whole < UNKNOWN else UNKNOWN


def used() -> int:
    """Bytes of this process and its children that no file on a disk backs; 0 if unknown."""
    pids = [os.getpid(), *_children(os.getpid())]
    return sum(
        1024 * int(fields.get(name, "0 kB").split()[0])
        for fields in (_fields(PROCESSES / str(pid) / "status") for pid in pids)
        for name in ("RssAnon", "RssShmem")
    )


def free() -> int:
    """Bytes that may still be used, without what is claimed."""
    room = limit() - used()
    available = _fields(PROCESSES / "meminfo").get("MemAvailable")
    if available:
        room = min(room, 1024 * int(available.split()[0]) - int(KEPT_FREE * _machine()))
    for most, current in _groups():
        room = min(room, most - current - int(KEPT_FREE * most))
    return room - sum(_claims)


@contextmanager
def claimed(size: int) -> Iterator[None]:
    """Keep ``size`` bytes free for the block; caches are emptied for it if need be.

    Raises:
        Problem: there is not so much.
    """
    with _LOCK:
        if size > (room := free()):
            for give_back in _caches:
                give_back(size - room)
            room = free()
        if size > room:
            raise Problem("memory_full", needed=_megabytes(size), free=_megabytes(room))
        _claims.append(size)
    try:
        yield
    finally:
        with _LOCK:
            _claims.remove(size)


def give_back_with(cache: Callable[[int], object]) -> None:
    """Have a cache asked to give back so many bytes when there is not enough for a claim."""
    _caches.append(cache)


def trim() -> None:
    """Return to the system what the C library keeps of freed memory (glibc only)."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _megabytes(size: int) -> int:
    return max(0, size) // 10**6


def _machine() -> int:
    """Bytes of the machine or of the container, whichever is less."""
    total = _fields(PROCESSES / "meminfo").get("MemTotal")
    sizes = [1024 * int(total.split()[0])] if total else []
    return min([*sizes, *(most for most, _ in _groups())], default=UNKNOWN)


def _children(pid: int) -> list[int]:
    found = []
    for listed in (PROCESSES / str(pid) / "task").glob("*/children"):
        children = [int(each) for each in _read(listed).split()]
        found += [each for child in children for each in (child, *_children(child))]
    return found


def _groups() -> list[tuple[int, int]]:
    """The limit and the use of every control group around this process that has a limit."""
    found = []
    for line in _read(PROCESSES / "self" / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = GROUPS / "memory" if controllers else GROUPS
        files = VERSION_1 if controllers else VERSION_2
        folder = root / path.strip("/")
        for each in (folder, *folder.parents[: len(folder.parts) - len(root.parts)]):
            most, current = (_read(each / name).strip() for name in files[:2])
            if most.isdecimal() and current.isdecimal() and int(most) < UNKNOWN >> 1:
                stat = _fields(each / "memory.stat", " ")
                found.append((int(most), int(current) - int(stat.get(files[2], "0"))))
    return found


def _fields(path: Path, between: str = ":") -> dict[str, str]:
    parts = (line.partition(between) for line in _read(path).splitlines())
    return {name: value.strip() for name, _, value in parts}


def _read(path: Path) -> str:
    """The text of one of the system's files; empty if there is none."""
    try:
        return path.read_text("ascii", errors="replace")
    except OSError:
        return ""
