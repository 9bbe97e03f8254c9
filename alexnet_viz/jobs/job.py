"""One piece of long work, and what is known of it so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol

from alexnet_viz.text.problem import Problem

Stop = Callable[[], bool]
"""Called every few images; returns whether to stop.  Whoever works then raises ``Stopped``."""


class Progress(Protocol):
    """Called with the completed share of the work, 0 to 1, and with what is found so far."""

    def __call__(self, share: float, found: Any = None, /) -> None: ...


Work = Callable[[Progress, Stop], Any]
"""Returns the result, never None, or raises a ``Problem``."""


class Stopped(Exception):
    """Raised when ``stop`` returns true; there is no result."""


@dataclass(eq=False)
class Job:
    """A job; only the queue changes it, except for ``share`` and ``found``."""

    key: str
    """A digest of what is computed, or ids that stand for it."""
    work: Work = field(repr=False)
    alone: bool = False
    """Whether no other job may run beside it, because it measures time."""
    patient: bool = False
    """Whether it lets others run in between when it has had its turn, because it takes minutes."""
    waiters: dict[str, float] = field(default_factory=dict)
    """Who waits for it, the one who asked first, and when each was seen last."""
    share: float = 0.0
    """The completed share, 0 to 1."""
    found: Any = field(default=None, repr=False)
    """What is found so far."""
    result: Any = field(default=None, repr=False)
    problem: Problem | None = None
    """Why there is no result; None too if the job was stopped."""
    ends: float | None = None
    """When its time is over; None before it runs."""
    began: float | None = None
    """When its turn began; None before it runs."""
    left: float | None = None
    """While it stands aside, the seconds that it may still compute; None before it runs."""
    paused: float | None = None
    """Since when it is paused; None if it is not."""
    halted: bool = False
    """Whether it was told to stop."""
    over: Event = field(default_factory=Event, repr=False)
    """Set when the job has ended, with or without a result."""

    @property
    def visitor(self) -> str:
        """Whose turn the job takes: the first of those who wait for it."""
        return next(iter(self.waiters), "")

    def progress(self, share: float, found: Any = None, /) -> None:
        """Note the completed share, and what is found so far unless it is None."""
        self.share = share
        if found is not None:
            self.found = found
