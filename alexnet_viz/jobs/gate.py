"""Live passes before batches of jobs."""

from threading import Condition
from types import TracebackType


class Gate:
    """Lets ``most`` live passes run at once: ``with gate: …``; a job gives way to them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._present = 0
        """Live passes that run or wait."""
        self._running = 0
        self._changed = Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._present += 1
            self._changed.wait_for(lambda: self._running < self._most)
            self._running += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._present -= 1
            self._running -= 1
            self._changed.notify_all()

    def give_way(self, seconds: float) -> bool:
        """Return when no live pass runs or waits, at the latest after ``seconds``.

        Returns whether none does: a job goes on in either case, but is not stopped by a crowd.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._present, timeout=seconds)
