"""The parent: hands jobs to child processes and says in words what became of them."""

import atexit
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from queue import LifoQueue
from threading import Timer
from typing import Any, ParamSpec, TypeVar

from alexnet_viz.isolation.machine_memory import claimed, free
from alexnet_viz.isolation.worker import Following, Limits, receive, send
from alexnet_viz.text.problem import Problem

LOG = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

WORKERS = 2
"""Children at most of each kind; further calls wait for one of them."""

START_SECONDS = 120
"""A child that has not imported the function by then is given up."""

LIMITS = Limits(seconds=30, bytes=1536 << 20)
"""For a small file: 6 MB of factors may stand for the 244 MB of AlexNet's weights."""
SECONDS_PER_BYTE = 1 / 2_000_000
MEMORY_PER_BYTE = 8
"""What a larger file gets beyond ``LIMITS``: its bytes, the tensors in them, and these in float32,
are in memory side by side."""

CLAIM_PER_BYTE, CLAIM = 4, 256 << 20
"""Memory that is claimed for a job: so many bytes for each one of its file, and a constant."""

UNBEGUN = ("unbegun", None)
"""The answer of a child that ended before it began the job."""

KNOWN = {
    "builtins": {"set", "frozenset", "complex", "bytearray", "range", "slice"},
    "collections": {"OrderedDict"},
    "fractions": {"Fraction"},
    "pathlib": {"PosixPath", "WindowsPath", "PurePosixPath"},
}
"""Classes besides the project's own that an answer may hold: a child that was taken over by a file
cannot make its parent run something else."""


PACKAGE = str(Path(__file__).parents[2])
"""Where the child finds the project, whatever the working directory is."""


def _python_path() -> list[str]:
    """The folders that the environment adds to Python's path."""
    return [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]


class _Answer(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module.split(".")[0] == "alexnet_viz" or name in KNOWN.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} in an answer")


class _Child:
    """A child process, started at its first job and again after it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits
    ) -> tuple[str, Any]:
        """The child's answer; ``("time", None)`` or ``("end", None)`` if there is none.

        A child that was killed while it waited for work has not begun this job: another does it.
        """
        answer = self._run(function, arguments, limits)
        if answer is UNBEGUN:
            answer = self._run(function, arguments, limits)
        return ("end", None) if answer is UNBEGUN else answer

    def _run(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits
    ) -> tuple[str, Any]:
        files = [each for each in arguments if isinstance(each, bytes)]
        named = tuple(
            Following(len(each)) if isinstance(each, bytes) else each for each in arguments
        )
        process = self._started()
        assert process.stdin
        assert process.stdout
        late: list[bool] = []
        begun = False
        content = b""
        try:
            with _deadline(process, START_SECONDS, late):
                job = (function.__module__, function.__name__, named, limits)
                send(process.stdin, job, *files)
                content = receive(process.stdout)
            if content:
                begun = True
                with _deadline(process, limits.seconds, late):
                    content = receive(process.stdout)
        except BrokenPipeError:
            content = b""
        if content:
            kind, value = _Answer(BytesIO(content)).load()
            if kind not in ("result", "problem"):
                self.stop()  # what it was importing when the memory ended is half imported
            return str(kind), value
        self.stop()
        return ("time", None) if late else ("end", None) if begun else UNBEGUN

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from alexnet_viz.isolation.worker import main; main()"],
                env=os.environ | {"PYTHONPATH": os.pathsep.join([PACKAGE, *_python_path()])},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def stop(self) -> None:
        """End the child, if there is one."""
        if process := self._process:
            self._process = None
            process.kill()
            with suppress(BrokenPipeError):  # of what was left to write
                process.communicate()


@contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float, late: list[bool]) -> Iterator[None]:
    """Kill the process after so many seconds, and then append to ``late``."""

    def kill() -> None:
        late.append(True)
        process.kill()

    timer = Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Children:
    """Up to ``count`` children, for one kind of file."""

    def __init__(self, count: int = WORKERS) -> None:
        self._idle: LifoQueue[_Child] = LifoQueue()
        for _ in range(count):
            child = _Child()
            self._idle.put(child)
            atexit.register(child.stop)

    def isolated(
        self,
        function: Callable[Arguments, Result],
        *arguments: Arguments.args,
        **_: Arguments.kwargs,
    ) -> Result:
        """The function's result, computed in a child process.

        ``function`` is one of a module of this project, its arguments and result can be pickled;
        the limits grow with the bytes among the arguments.

        Raises:
            Problem: one that the function raised, the child reached a limit or ended, or the
                machine has not enough memory.
        """
        size = sum(len(each) for each in arguments if isinstance(each, bytes))
        seconds = int(LIMITS.seconds + size * SECONDS_PER_BYTE)
        most = LIMITS.bytes + size * MEMORY_PER_BYTE
        child = self._idle.get()
        try:
            with claimed(claim := CLAIM + size * CLAIM_PER_BYTE):
                limits = Limits(seconds, min(most, claim + max(0, free())))
                kind, value = child.run(function, arguments, limits)
        finally:
            self._idle.put(child)
        if kind == "result":
            result: Result = value
            return result
        if kind == "problem":
            raise value
        if kind == "fault":
            LOG.error("A reader failed in its process\n%s", value)
        raise Problem(
            f"isolated_{kind}", seconds=limits.seconds, megabytes=limits.bytes >> 20, size=size
        )


FILES, PICTURES = Children(), Children()
"""Pictures are many, and do not wait until a large file has been read."""
isolated = FILES.isolated
