"""Which browser drives the tests: one that is here, or else one that can be had.

In this order: ``$BROWSER_PATH``; an installed Chromium, Chrome or Edge; the Chromium that
Playwright downloads; the distribution's package, where we may install one.  A browser counts when
it starts, so a stub or one without its libraries is passed over.  If there is none the tests
fail: a suite that skips its browser proves nothing.

``python -m tests.browser.browser`` does all of it ahead of the tests and prints the path; on
Debian it sees to a Chinese font too, without which 中文 is drawn as empty boxes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
)
APT_INSTALL = ("install", "-qq", "-y", "--no-install-recommends")
PACKAGE = {
    "apt-get": (*APT_INSTALL, "chromium"),
    "dnf": ("install", "-q", "-y", "chromium"),
    "apk": ("add", "-q", "chromium"),
}


class NoBrowser(RuntimeError):
    """No browser is here and none could be had; the message says what to install."""


def find() -> Path | None:
    """A browser that is on this machine and starts, or None.

    Raises:
        NoBrowser: ``$BROWSER_PATH`` names something that is not a browser.
    """
    chosen = os.environ.get("BROWSER_PATH")
    if chosen:
        if not _starts(Path(chosen)):
            raise NoBrowser(f"BROWSER_PATH={chosen} does not start: name a Chromium, or unset it.")
        return Path(chosen)
    return next(filter(_starts, chain(_installed(), _downloaded())), None)


def ensure() -> Path:
    """A browser that starts, fetched or installed if need be.

    Raises:
        NoBrowser: there is none and none can be had, or Playwright cannot drive it.
    """
    _ensure_driver()
    for attempt in (_nothing, _download, _install):
        attempt()
        browser = find()
        if browser:
            return browser
    raise NoBrowser(
        "The browser tests need Chromium, Chrome or Edge and none could be found or fetched. "
        "Install one (Debian: apt install chromium; any system: python -m playwright install "
        "chromium), or set BROWSER_PATH to the program."
    )


def _ensure_driver() -> None:
    """Playwright brings its own node, which needs a library that a bare Debian lacks."""
    version = (sys.executable, "-m", "playwright", "--version")
    if not _output(*version):
        _as_root("apt-get", *APT_INSTALL, "libatomic1")
    if not _output(*version):
        raise NoBrowser(
            "Playwright's driver does not start: see what python -m playwright --version says "
            "(Debian: apt install libatomic1)."
        )


def ensure_chinese_font() -> bool:
    """Whether Chinese can be drawn; on Debian the font is installed where we may."""
    if _has_chinese_font():
        return True
    _as_root("apt-get", *APT_INSTALL, "fontconfig", "fonts-noto-cjk")
    return _has_chinese_font()


def _has_chinese_font() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    listing = shutil.which("fc-list")
    return bool(listing and _output(listing, ":lang=zh"))


def _starts(path: Path) -> bool:
    if not path.is_file():
        return False
    if sys.platform == "win32":  # there --version opens a window
        return True
    return bool(_output(str(path), "--version"))


def _installed() -> Iterator[Path]:
    commands = (shutil.which(command) for command in COMMANDS)
    return (Path(path) for path in (*commands, *PLACES) if path)


def _downloaded() -> Iterator[Path]:
    """Where Playwright keeps its own Chromium; asking takes a moment, so it is asked last."""
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _nothing() -> None:
    """The first attempt: perhaps nothing needs doing."""


def _download() -> None:
    print("No browser here: fetching Playwright's Chromium ...", flush=True)
    _run(sys.executable, "-m", "playwright", "install", "chromium", minutes=5)


def _install() -> None:
    manager = next(filter(shutil.which, PACKAGE), None)
    if manager:
        print(f"No browser yet: installing it with {manager} ...", flush=True)
        _as_root(manager, *PACKAGE[manager])


def _as_root(command: str, *arguments: str) -> None:
    """Run a package manager as root or with a sudo that asks nothing; else leave it."""
    if not shutil.which(command) or not hasattr(os, "geteuid"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not shutil.which("sudo"):
        return
    if command == "apt-get":
        _run(*sudo, command, "update", "-qq", minutes=3)
    _run(*sudo, command, *arguments, minutes=8)


def _run(*command: str, minutes: float) -> None:
    """Run quietly; whether it helped is seen by looking again."""
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=minutes * 60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def _output(*command: str) -> str:
    """What a command prints, or nothing if it fails."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def main() -> int:
    """Print the browser the tests will use; 1 and the reason if there is none."""
    try:
        browser = ensure()
    except NoBrowser as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"browser: {browser}")
    if not ensure_chinese_font():
        print("no Chinese font found: 中文 will show as empty boxes (install fonts-noto-cjk)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
