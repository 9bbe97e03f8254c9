"""A progress bar on standard error, where that is a terminal."""

import sys
import time
from collections.abc import Callable

WIDTH = 30
SECONDS = 0.1
"""Least time between two updates."""


class Bar:
    """A bar; called with what is done and, if known, the total."""

    def __init__(self, say: Callable[[int, int | None], str]) -> None:
        self._say = say
        self.done, self._drawn = 0, 0.0

    def __call__(self, done: int, total: int | None) -> None:
        self.done = done
        now = time.monotonic()
        if now - self._drawn < SECONDS and done != total:
            return
        self._drawn = now
        full = WIDTH * done // total if total else 0
        blocks = f"{'█' * full}{'░' * (WIDTH - full)} " if total else ""
        print(f"\r{blocks}{self._say(done, total)}\x1b[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line of the bar."""
        if self._drawn:
            print(file=sys.stderr)


def bar(say: Callable[[int, int | None], str]) -> Bar | None:
    """A bar with these words after it; None if standard error is no terminal."""
    return Bar(say) if sys.stderr is not None and sys.stderr.isatty() else None
