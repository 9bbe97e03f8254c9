"""``serve``: start the web application on this machine, without telemetry."""

import argparse
import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from alexnet_viz.commands.arguments import Parser, Word, whole_number
from alexnet_viz.text.problem import Problem

APP = Path(__file__).resolve().parents[2] / "app.py"
HOST = "127.0.0.1"
MAX_PORT = 65_535


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""
    parser.add_argument("--port", metavar="N", default="8501", help=word("port"))


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody ends it; return Streamlit's exit code.

    Raises:
        Problem: a port that cannot be had, or nothing to serve with.
    """
    port = whole_number(arguments.port, "--port", MAX_PORT)
    if find_spec("streamlit") is None:
        raise Problem("no_streamlit")
    if not APP.is_file():
        raise Problem("file_missing", path=str(APP))
    _refuse_busy(port)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        f"--server.address={HOST}",
        f"--server.port={port}",
        "--browser.gatherUsageStats=false",
    ]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _refuse_busy(port: int) -> None:
    """See that a server can listen, before Streamlit says in many lines that it cannot."""
    with socket.socket() as trial:
        if os.name == "posix":  # as servers do: a port just left is free; on Windows it would mean
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # that no port is busy
        try:
            trial.bind((HOST, port))
        except OSError as error:
            raise Problem("port_closed", port=port, reason=error.strerror) from None
