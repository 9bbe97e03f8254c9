"""``python -m alexnet_viz``: the command line with the streams made safe."""

import io
import os
import sys

from alexnet_viz.cli import main


def run() -> int:
    """Run the command line in UTF-8, and end quietly when the reader (``| head``) has gone."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # what is still buffered would raise again while Python shuts down
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(run())
