"""The real server, on a free port of this machine, with its log read line by line."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 60
BAD_LINE = re.compile(r"Traceback|Warning\b|\b(WARNING|ERROR|CRITICAL)\b|[Dd]eprecat|Uncaught")


class Server:
    """A running ``streamlit run``: its address, and what its log complains of."""

    def __init__(self, app: Path, log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._read = 0
        self._app = app
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as sink:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "streamlit", "run", str(self._app)),
                    *("--server.address", "127.0.0.1", "--server.port", str(self.port)),
                    *("--server.headless", "true", "--server.fileWatcherType", "none"),
                    *("--browser.gatherUsageStats", "false"),
                ],
                cwd=self._app.parent,
                env={name: it for name, it in os.environ.items() if name != "OMP_NUM_THREADS"},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def health(self) -> str:
        """What /_stcore/health answers; empty while nobody listens."""
        try:
            with urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return str(answer.read().decode())
        except (URLError, OSError):
            return ""

    def wait(self) -> None:
        """Return once the server answers.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        until = time.monotonic() + START_SECONDS
        while self.health() != "ok":
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text('utf-8')}")
            time.sleep(0.1)

    def complaints(self) -> list[str]:
        """Tracebacks and warnings logged since the last call, each with the lines around it."""
        text = self.log.read_text("utf-8", errors="replace")[self._read :]
        self._read += len(text)
        return [text] if BAD_LINE.search(text) else []

    def start_again(self) -> None:
        """Serve again at the same address, with a new process; call ``stop`` before.

        Raises:
            RuntimeError: as ``wait``.
        """
        self._process = self._started()
        self.wait()

    def stop(self) -> None:
        """End this process, and no other."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def serving(app: Path, log: Path) -> Iterator[Server]:
    """Serve ``app`` while the block runs."""
    server = Server(app, log)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
