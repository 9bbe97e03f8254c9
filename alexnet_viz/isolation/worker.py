"""The child: runs one function after another on untrusted bytes, within limits.

``main`` reads jobs from standard input and writes answers to what was standard output.  Both are
pickles, each after its length in eight bytes.  A job is ``(module, function, arguments, limits)``,
where a ``Following`` stands for bytes that follow the pickle, so that no large file is copied into
it; the answers are ``("started", None)`` once the function is imported, and then ``("result",
value)``, ``("problem", Problem)``, ``("memory", None)`` or ``("fault", traceback)``.
"""

import os
import pickle
import select
import sys
import traceback
from importlib import import_module
from typing import IO, Any, NamedTuple

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's wall time holds there too
    resource = None  # type: ignore[assignment]

from alexnet_viz.text.problem import Problem

LENGTH = 8
IDLE_SECONDS = 300
"""A child that has had no job for this long ends; it holds torch and what it has read."""


class Limits(NamedTuple):
    """What one job may use."""

    seconds: int
    """CPU time; the parent waits as long by the clock."""
    bytes: int
    """Address space beyond what the child has when the job starts."""


class Following(NamedTuple):
    """An argument whose bytes follow the job."""

    length: int


def send(stream: IO[bytes], message: object, *following: bytes) -> None:
    """Write one message, and the bytes that belong to it."""
    content = pickle.dumps(message, protocol=5)
    stream.write(len(content).to_bytes(LENGTH, "big"))
    stream.write(content)
    for each in following:
        stream.write(each)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """The pickle of the next message; empty if the other side has ended."""
    length = stream.read(LENGTH)
    if len(length) < LENGTH:
        return b""
    content = stream.read(int.from_bytes(length, "big"))
    return content if len(content) == int.from_bytes(length, "big") else b""


def main() -> None:
    """Answer jobs until the parent ends or sends none for ``IDLE_SECONDS``."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to the log
    jobs = sys.stdin.buffer
    while _waiting(jobs) and (content := receive(jobs)):
        module, name, arguments, limits = pickle.loads(content)  # from the parent, which is trusted
        del content
        arguments = tuple(
            jobs.read(each.length) if isinstance(each, Following) else each for each in arguments
        )
        function = getattr(import_module(module), name)
        send(answers, ("started", None))
        answer = _answered(function, arguments, limits)
        del arguments
        try:
            send(answers, answer)
        except MemoryError:
            send(answers, ("memory", None))


def _waiting(jobs: IO[bytes]) -> bool:
    if os.name != "posix":  # select takes only sockets there
        return True
    return bool(select.select([jobs], [], [], IDLE_SECONDS)[0])


def _answered(function: Any, arguments: tuple[Any, ...], limits: Limits) -> tuple[str, Any]:
    _limit(limits)
    try:
        return "result", function(*arguments)
    except Problem as problem:
        return "problem", problem
    except MemoryError:
        return "memory", None
    except RecursionError:
        return "fault", "RecursionError"
    except Exception as error:
        if "alloc" in str(error).lower():  # torch's allocator raises RuntimeError
            return "memory", None
        return "fault", traceback.format_exc()
    finally:
        _limit(None)


def _limit(limits: Limits | None) -> None:
    """Set the soft limits for a job; without one, lift them."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    for what, most in (
        (resource.RLIMIT_AS, limits and _address_space() + limits.bytes),
        (resource.RLIMIT_CPU, limits and spent + limits.seconds),
    ):
        hard = resource.getrlimit(what)[1]
        soft = hard if most is None else most if hard < 0 else min(most, hard)
        resource.setrlimit(what, (soft, hard))


def _address_space() -> int:
    """Bytes of address space that this process has; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 1 << 32
