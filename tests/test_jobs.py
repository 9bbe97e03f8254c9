"""The queue of long work: whose turn it is, who waits for what, and how a job may end.

No test waits for a clock: time is a number that the test sets, and work goes on when it is told to.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from alexnet_viz.jobs import Gate, Job, Limits, Presence, Progress, Queue, Stop, Stopped
from alexnet_viz.jobs.job import Work
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem

LIMITS = Limits(running=1, waiting=4, each=3, seconds=100, grace=10, kept=3)
PATIENCE = 60


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """A queue whose jobs note that they began, and then wait until they are let go."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.clock, self.began = Clock(), list[str]()
        self.queue = Queue(limits, clock=self.clock)
        self._go: dict[str, threading.Event] = {}
        self._up: dict[str, threading.Event] = {}

    def ask(self, key: str, visitor: str, **more: Any) -> Job:
        self._go.setdefault(key, threading.Event())
        self._up.setdefault(key, threading.Event())
        return self.queue.ask(key, visitor, self._work(key), **more)

    def _work(self, key: str) -> Work:
        def work(progress: Progress, stop: Stop) -> str:
            self.began.append(key)
            self._up[key].set()
            progress(0.5, f"half of {key}")
            assert self._go[key].wait(PATIENCE)
            if stop():
                raise Stopped
            return f"all of {key}"

        return work

    def begun(self, key: str) -> None:
        assert self._up[key].wait(PATIENCE), key

    def end(self, job: Job) -> Job:
        self._go[job.key].set()
        return over(job)


def over(job: Job) -> Job:
    assert job.over.wait(PATIENCE), job.key
    return job


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    for go in made._go.values():
        go.set()


def plain(result: str) -> Work:
    return lambda progress, stop: result


# whose turn it is --------------------------------------------------------------------------------


def test_visitors_take_turns(stage: Stage) -> None:
    jobs = [stage.ask(key, key[0]) for key in ("a1", "a2", "a3", "b1", "c1")]
    assert [stage.queue.ahead(job) for job in jobs] == [0, 3, 4, 1, 2]
    for key in ("a1", "b1", "c1", "a2", "a3"):
        stage.begun(key)
        stage.end(next(job for job in jobs if job.key == key))
    assert stage.began == ["a1", "b1", "c1", "a2", "a3"]


def test_as_many_run_as_may_and_what_measures_time_runs_alone() -> None:
    stage = Stage(Limits(running=2))
    one, two, alone, last = (
        stage.ask("one", "a"), stage.ask("two", "b"),
        stage.ask("alone", "c", alone=True), stage.ask("last", "d"),
    )  # fmt: skip
    stage.begun("one")
    stage.begun("two")
    assert [stage.queue.ahead(job) for job in (one, two, alone, last)] == [0, 0, 2, 3]
    stage.end(one)
    assert "alone" not in stage.began
    stage.end(two)
    stage.begun("alone")
    assert "last" not in stage.began
    stage.end(alone)
    stage.begun("last")
    stage.end(last)


def test_a_full_queue_refuses_in_words(stage: Stage) -> None:
    for key in ("a1", "b1", "c1", "d1", "e1"):
        stage.ask(key, key[0])
    with pytest.raises(Problem) as full:
        stage.ask("f1", "f")
    assert (full.value.code, full.value.values) == ("jobs_full", {"count": 4})
    # the same as somebody else's is no other job
    assert stage.ask("e1", "f").key == "e1"


def test_one_visitor_does_not_fill_the_queue(stage: Stage) -> None:
    jobs = [stage.ask(key, "a") for key in ("a1", "a2", "a3")]
    with pytest.raises(Problem) as mine:
        stage.ask("a4", "a")
    assert (mine.value.code, mine.value.values) == ("jobs_yours", {"count": 3})
    stage.queue.leave(jobs[1], "a")
    assert stage.ask("a4", "a")


# who waits for what ------------------------------------------------------------------------------


def test_the_same_work_is_one_job_for_all_who_ask(stage: Stage) -> None:
    first = stage.ask("same", "a")
    stage.begun("same")
    assert stage.queue.find("same", "a again after a reload") is first
    assert stage.ask("same", "another tab") is first
    assert (first.share, first.found) == (0.5, "half of same")
    stage.end(first)
    assert stage.began == ["same"]
    assert stage.queue.result("same") == first.result == "all of same"
    assert stage.queue.find("same", "b") is None


def test_a_job_is_stopped_when_the_last_who_waits_leaves(stage: Stage) -> None:
    job = stage.ask("same", "a")
    stage.ask("same", "b")
    stage.begun("same")
    stage.queue.leave(job, "a")
    assert not stage.queue.look(job, "a")
    assert stage.queue.look(job, "b")
    assert not job.halted
    stage.queue.leave(job, "b")
    again = stage.ask("same", "c")
    assert again is not job, "a job that is ending was joined"
    stage.end(job)
    assert (job.result, job.problem, job.found) == (None, None, "half of same")
    assert over(again).result == "all of same"


def test_a_waiting_job_that_is_stopped_never_begins(stage: Stage) -> None:
    first, second = stage.ask("first", "a"), stage.ask("second", "b")
    stage.begun("first")
    stage.queue.leave(second, "b")
    assert over(second).problem is None
    stage.end(first)
    assert stage.began == ["first"]


@pytest.mark.parametrize(("away", "goes_on"), [(9, True), (11, False)])
def test_a_reload_finds_its_job_and_a_closed_tab_ends_it(
    stage: Stage, away: int, goes_on: bool
) -> None:
    job, waits = stage.ask("same", "before"), stage.ask("waits", "before")
    stage.begun("same")
    stage.clock.now = away
    assert (stage.queue.find("same", "after") is job) == goes_on
    assert (stage.queue.find("waits", "after") is waits) == goes_on
    assert stage.end(job).result == ("all of same" if goes_on else None)


def test_a_page_that_looks_keeps_its_job(stage: Stage) -> None:
    job = stage.ask("same", "a")
    stage.begun("same")
    for stage.clock.now in (9, 18, 27):
        assert stage.queue.look(job, "a")
    assert stage.end(job).result == "all of same"


# pausing and taking turns -------------------------------------------------------------------------


class Batches:
    """Work of many batches: counts them, until it is told to end."""

    def __init__(self) -> None:
        self.count, self.end = 0, False

    def __call__(self, progress: Progress, stop: Stop) -> str:
        while not self.end:
            if stop():
                raise Stopped
            self.count += 1
            progress(0.5, self.count)
            threading.Event().wait(0.001)
        return "all"

    def goes_on(self) -> bool:
        before = self.count
        threading.Event().wait(0.1)
        return self.count > before


def test_a_paused_job_is_heard_at_once_and_leaves_its_place_to_others() -> None:
    queue, batches = Queue(LIMITS), Batches()
    job = queue.ask("long", "a", batches)
    until(lambda: batches.count > 0)
    asked = time.monotonic()
    assert queue.pause(job, "a")
    until(lambda: job.left is not None)
    assert time.monotonic() - asked < 1
    assert not batches.goes_on()
    assert queue.look(job, "a")
    assert queue.ahead(job) == 0
    assert over(queue.ask("other", "b", plain("done"))).result == "done"
    assert not batches.goes_on(), "the end of another job woke it"
    queue.resume(job)
    until(batches.goes_on)
    batches.end = True
    assert over(job).result == "all"


def test_a_paused_job_can_be_stopped_at_once() -> None:
    queue, batches = Queue(LIMITS), Batches()
    job = queue.ask("long", "a", batches)
    until(lambda: batches.count > 0)
    queue.pause(job, "a")
    until(lambda: job.left is not None)
    asked = time.monotonic()
    queue.leave(job, "a")
    assert over(job).result is None
    assert time.monotonic() - asked < 1
    assert (job.problem, job.found) == (None, batches.count)


def test_time_in_a_pause_does_not_count_and_a_pause_is_limited() -> None:
    clock, batches = Clock(), Batches()
    queue = Queue(Limits(seconds=100, pause=1000, grace=10_000), clock=clock)
    job = queue.ask("long", "a", batches)
    until(lambda: batches.count > 0)
    clock.now = 60
    queue.pause(job, "a")
    until(lambda: job.left is not None)
    clock.now = 960
    queue.resume(job)
    until(batches.goes_on)
    clock.now = 999
    assert batches.goes_on()
    queue.pause(job, "a")
    until(lambda: job.left is not None)
    assert job.left == 1
    clock.now = 2000
    problem = over(job).problem
    assert problem
    assert problem.code == "job_paused"


def test_a_reload_finds_a_paused_job_and_a_closed_tab_ends_it() -> None:
    clock, batches = Clock(), Batches()
    queue = Queue(LIMITS, clock=clock)
    job = queue.ask("long", "before", batches)
    until(lambda: batches.count > 0)
    queue.pause(job, "before")
    until(lambda: job.left is not None)
    clock.now = 9
    assert queue.find("long", "after") is job
    assert job.paused is not None
    clock.now = 20
    assert over(job).result is None


def test_nobody_pauses_what_another_waits_for_or_more_than_there_is_room_for() -> None:
    clock = Clock()
    queue = Queue(Limits(running=9, paused=1, present=3), clock=clock)
    works = [Batches(), Batches()]
    shared, own = (queue.ask(key, "a", work) for key, work in zip("so", works, strict=True))
    queue.ask("s", "b", works[0])
    assert not queue.pause(shared, "a")
    assert queue.pause(own, "a")
    clock.now = 4  # b has closed the page
    assert not queue.may_pause(shared, "a")
    queue.resume(own)
    assert queue.pause(shared, "a")
    queue.close()


def test_a_patient_job_lets_others_run_in_between() -> None:
    clock, long = Clock(), Batches()
    queue = Queue(Limits(turn=5), clock=clock)
    job = queue.ask("long", "a", long, patient=True)
    until(lambda: long.count > 0)
    clock.now = 4
    other = queue.ask("short", "b", plain("done"))
    assert long.goes_on()
    assert not other.over.is_set()
    clock.now = 5
    assert over(other).result == "done"
    until(long.goes_on)
    long.end = True
    assert over(job).result == "all"


def test_two_patient_jobs_take_turns_and_both_end() -> None:
    clock, works = Clock(), [Batches(), Batches()]
    queue = Queue(Limits(turn=5), clock=clock)
    jobs = [
        queue.ask(visitor, visitor, work, patient=True)
        for visitor, work in zip("ab", works, strict=True)
    ]
    for turn in range(4):
        until(works[turn % 2].goes_on)
        assert not works[(turn + 1) % 2].goes_on()
        clock.now += 5
    for work in works:
        work.end = True
    assert [over(job).result for job in jobs] == ["all", "all"]


# how a job may end -------------------------------------------------------------------------------


def test_time_is_limited_from_the_moment_it_runs(stage: Stage) -> None:
    first, second = stage.ask("first", "a"), stage.ask("second", "b")
    for stage.clock.now in range(0, 100, 9):
        assert stage.queue.look(first, "a")
        assert stage.queue.look(second, "b")
    assert stage.end(first).problem is None
    stage.begun("second")
    for stage.clock.now in range(100, 201, 9):
        assert stage.queue.look(second, "b")
    stage.clock.now += 9
    stage.queue.look(second, "b")
    problem = stage.end(second).problem
    assert problem
    assert (problem.code, problem.values) == ("job_late", {"seconds": 100})


def test_work_that_hears_no_stop_holds_its_place_but_nobody(stage: Stage) -> None:
    deaf, next_one = stage.ask("deaf", "a"), stage.ask("next", "b")
    stage.begun("deaf")
    for stage.clock.now in range(0, 120, 9):
        stage.queue.look(deaf, "a")
        stage.queue.look(next_one, "b")
    assert over(deaf).problem
    assert "next" not in stage.began, "two compute at once"
    stage._go["deaf"].set()
    stage.begun("next")


CUDA = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB"
CPU = "[enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory: you tried"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError(CUDA), "job_memory"),
        (RuntimeError(CPU), "job_memory"),
        (MemoryError(), "job_memory"),
        (ZeroDivisionError("/srv/secret/path"), "job_failed"),
        (SystemExit(3), "job_failed"),
        (KeyboardInterrupt(), "job_failed"),
        (Problem("attr_cam_nothing", unit="conv1"), "attr_cam_nothing"),
    ],
    ids=lambda it: type(it).__name__ if isinstance(it, BaseException) else it,
)
def test_whatever_ends_a_job_is_a_sentence_and_the_next_one_runs(
    error: BaseException, code: str
) -> None:
    queue = Queue(LIMITS)

    def work(progress: Progress, stop: Stop) -> None:
        raise error

    problem = over(queue.ask("fails", "a", work)).problem
    assert problem
    assert problem.code == code
    for language in LANGUAGES:
        assert "secret" not in problem.explained(language)
        assert "Trace" not in problem.explained(language)
    assert over(queue.ask("next", "a", plain("done"))).result == "done"


def test_a_machine_without_threads_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    queue = Queue(LIMITS)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        job = queue.ask("first", "a", plain("never"))
    assert job.problem
    assert job.problem.code == "job_failed"
    assert over(queue.ask("second", "a", plain("done"))).result == "done"


def test_closing_stops_what_runs_and_drops_what_waits(stage: Stage) -> None:
    runs, waits = stage.ask("runs", "a"), stage.ask("waits", "b")
    stage.begun("runs")
    stage._go["runs"].set()
    stage.queue.close(PATIENCE)
    assert waits.over.is_set()
    assert over(runs).found == "half of runs"
    assert stage.began == ["runs"]


# results and the gate ----------------------------------------------------------------------------


def test_the_result_that_was_not_asked_for_longest_is_dropped() -> None:
    queue = Queue(LIMITS)
    for number in range(LIMITS.kept):
        queue.keep(str(number), number)
    assert queue.result("0") == 0
    queue.keep("one more", True)
    assert [queue.result(key) for key in ("0", "1", "one more")] == [0, None, True]
    queue.keep("0", None)
    assert queue.result("0") is None


def test_a_batch_waits_for_live_passes_and_a_crowd_does_not_stop_it() -> None:
    presence = Presence()
    gate = Gate(1, presence)
    assert presence.give_way(0)
    order: list[str] = []

    def live() -> None:
        with gate:
            order.append("live")

    def batch() -> None:
        assert presence.give_way(PATIENCE)
        order.append("batch")

    with gate:
        assert not presence.give_way(0)
        threads: list[threading.Thread] = [threading.Thread(target=each) for each in (live, batch)]
        for thread in threads:
            thread.start()
        until(lambda: presence._present == 2)
        assert order == []
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["live", "batch"]


def test_a_page_that_waits_for_a_job_does_not_hold_it_up() -> None:
    presence = Presence()
    with presence:
        with presence.absent():
            assert presence.give_way(0)
        assert not presence.give_way(0)
        with presence:  # a live pass of the page
            with presence.absent():
                assert presence.give_way(0)
            threading.Thread(target=presence.absent().__enter__).start()  # not of that thread
            assert not presence.give_way(0)
        assert not presence.give_way(0)
    assert presence.give_way(0)


def test_waiting_for_pages_does_not_count_as_computing() -> None:
    now = 0.0

    def between() -> None:
        nonlocal now
        now += 1.0

    def work(progress: Progress, stop: Stop) -> int:
        return sum(not stop() for _ in range(5))

    queue = Queue(Limits(seconds=3.0), between=between, clock=lambda: now)
    job = queue.ask("a", "visitor", work)
    assert job.over.wait(PATIENCE)
    assert (job.result, job.problem) == (5, None)


def until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(100 * PATIENCE):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError


def test_a_pass_that_fails_leaves_the_gate_open() -> None:
    presence = Presence()
    gate = Gate(1, presence)
    with pytest.raises(RuntimeError, match="broken"), gate:
        raise RuntimeError("broken")
    with gate:
        pass
    assert presence.give_way(0)
