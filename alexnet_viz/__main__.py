"""``python -m alexnet_viz``: the command line with the streams made safe."""

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
    """Run the command line, or another command, in UTF-8.

    It ends quietly when the reader (``| head``) has gone, and with a line on standard error and
    exit code 1 when the result cannot be written: a full disk, a closed standard output.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is None:
        return _unwritten(os.strerror(errno.EBADF))
    try:
        try:
            return (command or main)()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        return _unwritten(error.strerror or str(error))


def _unwritten(reason: str) -> int:
    complain(Problem("unwritten", reason=reason), language_of(sys.argv[1:]))
    return 1


def _drop_output() -> None:
    """What is still buffered would raise again while Python shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
