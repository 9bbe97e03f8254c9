"""The queue: which job runs next, who waits for which, and what became of it.

- A job takes the turn of the visitor who asked for it.  The next to run is a job of the visitor
  whose turn is longest ago, of several such the one that was asked for first.
- Each job runs in a thread of its own.  It ends by itself: ``stop`` tells it that its time is over,
  that it was stopped, or that nobody has been seen waiting for it for ``Limits.grace`` seconds.
- A job that is paused stands aside inside ``stop`` and leaves its place to others; so does a
  patient one whose turn is over while others wait.  That time does not count as computing, nor
  does what ``between`` takes.
- Whatever the work raises becomes a ``Problem``, and the next job starts.
- Finished results are kept, those that were asked for last.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Condition, Thread
from typing import Any

from alexnet_viz.jobs.job import Job, Stopped, Work
from alexnet_viz.text.problem import Problem

LOG = logging.getLogger(__name__)


def told(event: str, **fields: object) -> None:
    """Log an event, for whoever has turned the log of events on; no field is a visitor's."""
    LOG.info(event, extra={"of": {"event": event, **fields}})


@dataclass(frozen=True)
class Limits:
    """What the visitors of one process may ask of it."""

    running: int = 1
    """Jobs at once."""
    waiting: int = 24
    """Jobs that wait, of all visitors together."""
    each: int = 3
    """Jobs of one visitor that run or wait."""
    seconds: float = 300.0
    """The longest that a job may compute."""
    grace: float = 20.0
    """How long a job goes on after the last who waited was seen: a reload takes less."""
    turn: float = 5.0
    """How long a patient job computes before it lets others run in between."""
    pause: float = 600.0
    """How long a job may be paused; then it is stopped, because it holds memory."""
    paused: int = 4
    """Jobs that are paused at a time."""
    present: float = 3.0
    """Who was seen so shortly ago looks on; a page that watches a job looks more often."""
    kept: int = 32
    """Finished results; each takes at most 5 MB, usually 0.2 MB."""


HEARD_SECONDS = 0.2
"""How often a job that stands aside looks whether it is to go on or to end."""


class Queue:
    """The jobs of all visitors.

    ``before`` is called in a job's thread before its work, ``between`` before each of its batches.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        before: Callable[[], object] = lambda: None,
        between: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._before, self._between, self._clock = before, between, clock
        self._lock = Condition()
        self._running: list[Job] = []
        self._waiting: list[Job] = []
        """In the order in which they were asked for, or stood aside; paused ones are among them."""
        self._results: OrderedDict[str, Any] = OrderedDict()
        self._turns: dict[str, int] = {}
        """The number of each visitor's last turn, while the visitor has jobs."""

    def result(self, key: str) -> Any:
        """The finished result of this key, or None."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def keep(self, key: str, result: Any) -> None:
        """Keep a result; None forgets it.  The one that was not asked for longest is dropped."""
        with self._lock:
            self._keep(key, result)

    def find(self, key: str, visitor: str) -> Job | None:
        """The job of this key that runs or waits, for which the visitor now waits too."""
        with self._lock:
            self._advance()
            job = self._underway(key)
            if job:
                job.waiters[visitor] = self._clock()
            return job

    def ask(
        self, key: str, visitor: str, work: Work, *, alone: bool = False, patient: bool = False
    ) -> Job:
        """The job of this key, a new one unless it runs or waits already.

        Raises:
            Problem: the queue is full, or has too many jobs of this visitor.
        """
        with self._lock:
            self._advance()
            job = self._underway(key)
            if job is None:
                mine = [each for each in self._all() if each.visitor == visitor]
                if len(mine) >= self.limits.each:
                    raise Problem("jobs_yours", count=len(mine))
                if len(self._waiting) >= self.limits.waiting:
                    raise Problem("jobs_full", count=len(self._waiting))
                job = Job(key, work, alone, patient)
                self._waiting.append(job)
            job.waiters[visitor] = self._clock()
            self._advance()
            return job

    def look(self, job: Job, visitor: str) -> bool:
        """Note that a visitor is still waiting; returns whether there is something to wait for."""
        with self._lock:
            waits = visitor in job.waiters and not job.over.is_set()
            if waits:
                job.waiters[visitor] = self._clock()
            self._advance()
            return waits and not job.over.is_set()

    def leave(self, job: Job, visitor: str) -> None:
        """A visitor waits no longer; the job is stopped if nobody else does."""
        with self._lock:
            job.waiters.pop(visitor, None)
            job.halted = job.halted or not job.waiters
            self._advance()

    def may_pause(self, job: Job, visitor: str) -> bool:
        """Whether a visitor can pause a job: nobody else looks on, and there is room for it."""
        with self._lock:
            return self._may_pause(job, visitor)

    def pause(self, job: Job, visitor: str) -> bool:
        """Let a job stand aside until ``resume``; returns whether it does.

        It is heard before the job's next batch.  After ``Limits.pause`` seconds the job is stopped.
        """
        with self._lock:
            if job.paused is None and self._may_pause(job, visitor):
                job.paused = self._clock()
                self._advance()
            return job.paused is not None

    def resume(self, job: Job) -> None:
        """Let a paused job go on when its turn comes."""
        with self._lock:
            job.paused = None
            self._advance()

    def ahead(self, job: Job) -> int:
        """How many jobs have to end or begin before this one runs.

        It is 0 if the job runs, is paused or is over.
        """
        with self._lock:
            order = self._order()
            return len(self._running) + order.index(job) if job in order else 0

    def close(self, seconds: float = 5.0) -> None:
        """Stop all jobs and wait for the end of those that run, at most ``seconds`` each."""
        with self._lock:
            running = [job for job in self._all() if job.began is not None]
            for job in self._all():
                job.halted = True
            self._advance()
        for job in running:
            job.over.wait(seconds)

    def _all(self) -> list[Job]:
        return [*self._running, *self._waiting]

    def _underway(self, key: str) -> Job | None:
        """The job of this key; one that was told to stop is not joined but asked for anew."""
        for job in self._all():
            if job.key == key and not (job.halted or job.over.is_set()):
                return job
        return None

    def _order(self) -> list[Job]:
        """The waiting jobs in the order in which they will run."""
        turns, order = dict(self._turns), list[Job]()
        left = [job for job in self._waiting if job.paused is None]
        while left:
            job = min(left, key=lambda each: turns.get(each.visitor, 0))  # of equals the first
            left.remove(job)
            order.append(job)
            turns[job.visitor] = max(turns.values(), default=0) + 1
        return order

    def _advance(self) -> None:
        """Drop the jobs for which nobody waits, and start as many others as may run."""
        for job in self._all():
            job.halted = job.halted or self._abandoned(job) or self._forgotten(job)
        for job in self._running:
            if self._late(job, self.limits.grace):  # deaf: nobody waits for it any more
                job.problem = Problem("job_late", seconds=self.limits.seconds)
                job.over.set()
        for job in [each for each in self._waiting if each.halted]:
            self._waiting.remove(job)
            if job.left is None:
                job.problem = self._reason(job)
                job.over.set()
            else:  # its thread stands aside, and ends by itself
                self._return(job)
        for job in self._order():
            alone = job.alone or any(each.alone for each in self._running)
            if len(self._running) >= (1 if alone else self.limits.running):
                break
            self._waiting.remove(job)
            if job.left is None:
                self._start(job)
            else:
                self._return(job)
        present = {job.visitor for job in self._all()}
        self._turns = {who: turn for who, turn in self._turns.items() if who in present}

    def _runs(self, job: Job, seconds: float) -> None:
        """Note that a job runs, and may compute for so long."""
        self._running.append(job)
        self._turns[job.visitor] = max(self._turns.values(), default=0) + 1
        job.began = self._clock()
        job.ends, job.left = job.began + seconds, None

    def _return(self, job: Job) -> None:
        """Let a job that stands aside go on."""
        self._runs(job, job.left or 0.0)
        self._lock.notify_all()

    def _stand_aside(self, job: Job) -> None:
        """In the job's thread: leave its place to others until its turn comes again, or its end."""
        assert job.ends is not None
        job.left, job.ends = max(0.0, job.ends - self._clock()), None
        self._running.remove(job)
        self._waiting.append(job)
        self._advance()
        while job.left is not None:
            self._lock.wait(HEARD_SECONDS)
            self._advance()

    def _start(self, job: Job) -> None:
        self._runs(job, self.limits.seconds)
        try:
            Thread(target=self._run, args=(job,), name="job", daemon=True).start()
        except RuntimeError as error:  # the system has no thread left
            self._running.remove(job)
            job.problem = explained(error)
            job.over.set()

    def _run(self, job: Job) -> None:
        """Do the work; whatever happens, the job is then over and the next one starts."""
        began = self._clock()
        told("job.begins", jobs=len(self._running), waiting=len(self._waiting))
        try:
            self._before()
            job.result = job.work(job.progress, partial(self._stop, job))
        except BaseException as error:
            job.problem = self._reason(job, error)
        finally:
            with self._lock:
                if job.result is not None:
                    self._keep(job.key, job.result)
                self._running.remove(job)
                job.over.set()
                self._advance()
            outcome = job.problem.code if job.problem else "stopped"
            told(
                "job.ends",
                outcome=outcome if job.result is None else "done",
                milliseconds=round(1000 * (self._clock() - began), 1),
            )

    def _stop(self, job: Job) -> bool:
        """Whether a job that runs is to end."""
        began = self._clock()
        self._between()
        with self._lock:
            if job.ends is not None:
                job.ends += self._clock() - began
            job.halted = job.halted or self._abandoned(job)
            if not job.halted and (job.paused is not None or self._lets_others(job)):
                self._stand_aside(job)
        return job.halted or self._late(job)

    def _lets_others(self, job: Job) -> bool:
        """Whether a job's turn is over while others wait."""
        if not job.patient or job.began is None:
            return False
        return self._clock() >= job.began + self.limits.turn and bool(self._order())

    def _may_pause(self, job: Job, visitor: str) -> bool:
        now = self._clock()
        others = [
            who
            for who, seen in job.waiters.items()
            if who != visitor and now <= seen + self.limits.present
        ]
        paused = sum(each.paused is not None for each in self._all())
        return not (others or job.over.is_set()) and paused < self.limits.paused

    def _forgotten(self, job: Job) -> bool:
        """Whether a job is paused for too long."""
        return job.paused is not None and self._clock() > job.paused + self.limits.pause

    def _late(self, job: Job, grace: float = 0.0) -> bool:
        return job.ends is not None and self._clock() > job.ends + grace

    def _abandoned(self, job: Job) -> bool:
        seen = max(job.waiters.values(), default=float("-inf"))
        return self._clock() > seen + self.limits.grace

    def _reason(self, job: Job, error: BaseException | None = None) -> Problem | None:
        """Why a job has no result; None if it was stopped."""
        if self._forgotten(job) and not self._abandoned(job):
            return Problem("job_paused", minutes=self.limits.pause / 60)
        if job.halted or error is None:
            return None
        if self._late(job):
            return Problem("job_late", seconds=self.limits.seconds)
        return None if isinstance(error, Stopped) else explained(error)

    def _keep(self, key: str, result: Any) -> None:
        self._results.pop(key, None)
        if result is not None:
            self._results[key] = result
        while len(self._results) > self.limits.kept:
            self._results.popitem(last=False)


def explained(error: BaseException) -> Problem:
    """What a computation raised, as a ``Problem``; the log gets the trace of a fault.

    torch raises RuntimeError where memory ends, on the CPU and on a GPU.
    """
    if isinstance(error, Problem):
        return error
    words = str(error).lower()
    if isinstance(error, MemoryError) or "out of memory" in words or "allocate memory" in words:
        return Problem("job_memory")
    LOG.error("A job failed", exc_info=error)
    return Problem("job_failed", kind=type(error).__name__)
