"""nginx with the configuration that ships, before servers of this machine, without root."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from deploy.replicas import configuration
from tests.browser.server import Server, _free_port

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
LISTEN = "listen 8080;"
PROGRAMS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
"""Where nginx often is and a user's path is not."""
START_SECONDS = 10


def nginx() -> str | None:
    """The path of the program, if it is installed."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *PROGRAMS))
    return shutil.which("nginx", path=path)


class Proxy:
    """A running nginx: its address, and its log."""

    def __init__(self, servers: Sequence[Server], folder: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "nginx.log"
        self._read = 0
        program = nginx()
        assert program, "nginx is not installed (Debian: apt-get install nginx-light)"
        words = CONFIGURATION.read_text("utf-8")
        assert LISTEN in words
        words = words.replace(LISTEN, f"listen 127.0.0.1:{self.port};")
        (folder / "nginx.conf").write_text(words, "utf-8")
        addresses = [f"127.0.0.1:{server.port}" for server in servers]
        (folder / "replicas.conf").write_text(configuration(addresses), "utf-8")
        given = [program, "-p", f"{folder}/", "-c", str(folder / "nginx.conf")]
        tested = subprocess.run([*given, "-t"], capture_output=True, encoding="utf-8", check=False)
        self.tested = tested.stderr
        assert tested.returncode == 0, tested.stderr
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(
                [*given, "-g", "daemon off;"],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Return once a replica answers through the proxy.

        Raises:
            RuntimeError: none did in time.
        """
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except (URLError, OSError):
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"nginx: {self.log.read_text('utf-8')}") from None
                time.sleep(0.05)

    def complaints(self) -> list[str]:
        """What nginx logged besides the events, since the last call."""
        lines = self.log.read_text("utf-8").splitlines()[self._read :]
        self._read += len(lines)
        return [each for each in lines if not each.startswith("{")]

    def stop(self) -> None:
        """End this nginx, with its workers."""
        self._process.terminate()
        self._process.wait(timeout=10)


@contextmanager
def proxied(servers: Sequence[Server], folder: Path) -> Iterator[Proxy]:
    """Run nginx before the servers while the block runs; its files are in ``folder``."""
    proxy = Proxy(servers, folder)
    try:
        proxy.wait()
        yield proxy
    finally:
        proxy.stop()
