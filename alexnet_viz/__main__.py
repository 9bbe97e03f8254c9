"""Entry points: run the command line with UTF-8 output and handled write errors."""

import errno
import io
import os
import sys
from collections.abc import Callable

from alexnet_viz.commands.arguments import language_of
from alexnet_viz.commands.cli import complain, main
from alexnet_viz.text.problem import Problem


def script() -> int:
    """Run the console script ``alexnet-viz``, which is ``serve`` if no command is given."""
    sys.argv[1:] = sys.argv[1:] or ["serve"]
    return run()


def run(command: Callable[[], int] | None = None) -> int:
    """Run the command line, or another command, with UTF-8 output; returns the exit code.

    If the reader closes the pipe (``| head``), that is no error: the exit code is the command's, or
    0 if it was still printing.  If the output cannot be written (full disk, closed standard
    output), an error is printed on standard error; the exit code is 1.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is None:
        return _unwritten(os.strerror(errno.EBADF))
    code = 0
    try:
        try:
            code = (command or main)()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _drop_output()
        return _unwritten(error.strerror or str(error))
    return code


def _unwritten(reason: str) -> int:
    """Report on standard error that the output could not be written; returns exit code 1."""
    complain(Problem("unwritten", reason=reason), language_of(sys.argv[1:]))
    return 1


def _drop_output() -> None:
    """Redirect standard output to the null device, so that flushing it at exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
