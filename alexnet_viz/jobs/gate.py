"""Pages and live passes before batches of jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Condition, local


class Presence:
    """Whom jobs give way to: ``with presence: …`` is done before a job's next batch.

    What is inside waits for a person who looks on: the run of a page, or a pass of a network.
    """

    def __init__(self) -> None:
        self._present = 0
        self._changed = Condition()
        self._here = local()
        """How many of those that are present this thread has begun."""

    def __enter__(self) -> None:
        self._here.begun = self._begun() + 1
        self._count(1)

    def __exit__(self, *raised: object) -> None:
        self._here.begun -= 1
        self._count(-1)

    @contextmanager
    def absent(self) -> Iterator[None]:
        """For as long as this thread waits for a job, the job need not wait for this thread."""
        begun = self._begun()
        self._count(-begun)
        try:
            yield
        finally:
            self._count(begun)

    def give_way(self, seconds: float) -> bool:
        """Return when nobody is present, at the latest after ``seconds``.

        Returns whether nobody is: a job goes on in either case, but is not stopped by a crowd.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._present, timeout=seconds)

    def _begun(self) -> int:
        return getattr(self._here, "begun", 0)

    def _count(self, more: int) -> None:
        with self._changed:
            self._present += more
            self._changed.notify_all()


class Gate:
    """Lets ``most`` live passes run at once: ``with gate: …``; those that wait are present too."""

    def __init__(self, most: int, presence: Presence | None = None) -> None:
        self._presence = presence or Presence()
        self._free = BoundedSemaphore(most)

    def __enter__(self) -> None:
        self._presence.__enter__()
        self._free.acquire()

    def __exit__(self, *raised: object) -> None:
        self._free.release()
        self._presence.__exit__(*raised)
