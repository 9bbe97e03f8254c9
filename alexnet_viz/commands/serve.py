"""``serve``: start the web application on this machine, without telemetry."""

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec

from alexnet_viz import scripts
from alexnet_viz.commands.arguments import Parser, Word, whole_number
from alexnet_viz.text import t
from alexnet_viz.text.problem import Problem, shown

APP = scripts() / "app.py"
HOST = "127.0.0.1"
PORT = 8501
"""The port that is tried first."""
PORTS_TRIED = 100
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses at which every machine of the network reaches this one."""
MAX_PORT = 65_535
CLUSTER_SECONDS = 15.0
"""How long a server that was interrupted may take to end its cluster."""


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("--port", metavar="N", help=word("port"))
    parser.add_argument("--address", metavar="HOST", default=HOST, help=word("address"))


def run(arguments: argparse.Namespace) -> int:
    """Serve until the process is ended; return Streamlit's exit code.

    Without ``--port`` the first free port from ``PORT`` on is taken.

    Raises:
        Problem: the address is none of this machine's, no port can be opened, or Streamlit or the
            scripts are missing.
    """
    asked = arguments.port and whole_number(arguments.port, "--port", MAX_PORT)
    if find_spec("streamlit") is None:
        raise Problem("no_streamlit")
    if not APP.is_file():
        raise Problem("file_missing", path=str(APP))
    port = _free_port(arguments.address, asked or PORT, 1 if asked else PORTS_TRIED)
    if port != (asked or PORT):
        print(
            t("cli.next_port", arguments.language, busy=PORT, port=port),
            file=sys.stderr,
            flush=True,
        )
    if arguments.address in EVERYWHERE:
        words = t("cli.for_others", arguments.language, host=socket.gethostname(), port=port)
        print(words, file=sys.stderr, flush=True)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        f"--server.address={arguments.address}",
        f"--server.port={port}",
        "--browser.gatherUsageStats=false",
    ]
    if arguments.address not in (HOST, *EVERYWHERE):  # for which the configuration states it
        command.append(f"--browser.serverAddress={arguments.address}")
    # subprocess.run kills the server when an exception ends the wait for it
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        if os.environ.get("ALEXNET_VIZ_BACKEND") and os.name == "posix":
            return with_cluster(command)
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def with_cluster(command: list[str]) -> int:
    """Run a server that ends its cluster when it ends, for which it is given time."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a script starts what runs behind it
        signal.signal(signal.SIGINT, signal.default_int_handler)  # or the server ignores it too
    server = subprocess.Popen(command)
    try:
        return server.wait()
    except SystemExit:  # a terminal that interrupts this process interrupts the server too
        server.send_signal(signal.SIGINT)
        raise
    finally:
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            server.wait(CLUSTER_SECONDS)
        server.kill()
        server.wait()


def _free_port(address: str, first: int, count: int) -> int:
    """The first of ``count`` ports from ``first`` on at which a server can listen.

    Raises:
        Problem: there is none; it states why ``first`` cannot be used, or why no port can.
    """
    reasons = []
    if not address:  # would be every address
        raise _unusable(address, os.strerror(errno.EINVAL))
    for port in range(first, first + count):
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as trial:
            if os.name == "posix":  # as servers do: a port just left is free; on Windows it would
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # mean none is busy
            try:
                trial.bind((address, port))
            except (TypeError, ValueError) as error:  # what no name may be
                raise _unusable(address, os.strerror(errno.EINVAL)) from error
            except OSError as error:
                if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                    raise _unusable(address, error.strerror or str(error)) from error
                reasons.append(error.strerror)
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    break
            else:
                return port
    raise Problem("port_closed", port=first, reason=reasons[0])


def _unusable(address: str, reason: str) -> Problem:
    return Problem("address_unusable", address=shown(ascii(address)[1:-1]), reason=reason)
