"""Long work of a page: asked for, waited for, watched, stopped; see ``alexnet_viz.jobs``.

A page asks ``done`` for a result.  Where there is none yet, ``done`` draws what becomes of the work
if this session asked for it, or if somebody else's is under way: its place in the queue, its
progress, and buttons that stop waiting and, of what takes minutes, pause it.  These are a fragment,
which asks the queue every now and then; no script waits for a job.
"""

import atexit
import os
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import streamlit as st

from alexnet_viz.jobs import Job, Limits, Queue
from alexnet_viz.jobs.job import Work
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import page_runs
from alexnet_viz.ui.app.words import escaped, language, t

CORES = os.cpu_count() or 1
CHOSEN = os.environ.get("ALEXNET_VIZ_JOBS", "")
LIMITS = Limits(running=max(1, int(CHOSEN) if CHOSEN.isdecimal() else CORES // 4))
"""What runs networks; by default these jobs compute on half of the cores, the pages have the other
half."""
THREADS = max(1, CORES // 2 // LIMITS.running)
"""Cores of one job."""
NETWORKS, BRIEF, FETCHES = "networks", "brief", "fetches"
"""The queues: what runs networks; what needs none and takes seconds, so that it does not queue
behind what takes minutes; downloads, which wait for another machine and not for a core."""
QUEUES = {
    NETWORKS: LIMITS,
    BRIEF: Limits(seconds=60, kept=400),
    FETCHES: Limits(running=2, waiting=6, each=2, seconds=1800),
}
GIVE_WAY_SECONDS = 0.5
"""How long a batch of a job waits for pages and live passes at most."""

ASKED, JOB, FOUND, TROUBLE = "_asked", "_job", "_found", "_trouble"
"""Session keys, by place: what was asked for, and whether it is still wanted; the job that is
waited for; what a stopped job had found, and the last problem, both with what they are of."""
VISITOR = "_visitor"
AT_ONCE_SECONDS = 0.3
"""A job that takes no longer is waited for: its result comes without a flicker."""
RUNNING_SECONDS, WAITING_SECONDS = 0.3, 1.0
"""How often a page looks at a job that runs, and at one that waits or was found paused."""


def queue(name: str = NETWORKS) -> Queue:
    """One of ``QUEUES``."""
    return queues(name)


@st.cache_resource(show_spinner=False)
def queues(name: str) -> Queue:
    """One queue of each sort for the process; Streamlit tells a default from the same argument."""
    before = _few_threads if name == NETWORKS else _nothing
    between = _nothing if name == FETCHES else _give_way
    made = Queue(QUEUES[name], before=before, between=between)
    atexit.register(made.close)
    return made


def _nothing() -> None:
    """What needs no torch sets no threads; a download takes no core from a page."""


def _few_threads() -> None:
    from alexnet_viz.model.device import threads_here

    threads_here(THREADS)


def _give_way() -> None:
    page_runs.PRESENT.give_way(GIVE_WAY_SECONDS)


def visitor() -> str:
    """A name for this session, by which the queue knows it."""
    return str(st.session_state.setdefault(VISITOR, token_hex(8)))


def ask(place: str, what: str) -> None:
    """Ask for work at a place of the page."""
    st.session_state[f"{ASKED}.{place}"] = (what, True)
    st.session_state.pop(f"{TROUBLE}.{place}", None)


def asked(place: str, what: str) -> bool:
    """Whether this session has asked for this work and has not stopped it."""
    return bool(st.session_state.get(f"{ASKED}.{place}") == (what, True))


def stopped(place: str, what: str) -> bool:
    """Whether this session has stopped this work, or it has failed."""
    return bool(st.session_state.get(f"{ASKED}.{place}") == (what, False))


def ask_button(place: str, what: str, words: str, icon: str) -> None:
    """A button that asks for work."""
    st.button(words, key=f"{place}.ask", icon=icon, on_click=ask, args=(place, what))


def found(place: str, key: str) -> Any:
    """What the work of this key had found when this session stopped it, or when it failed."""
    of, what = st.session_state.get(f"{FOUND}.{place}", ("", None))
    return what if of == key else None


def done(
    place: str,
    key: str,
    prepare: Callable[[], Work],
    say: Callable[[Job], str],
    *,
    what: str = "",
    line: str = NETWORKS,
    alone: bool = False,
    minutes: bool = False,
    below: Callable[[Job], object] = lambda job: None,
) -> Any:
    """The result of this key; None if there is none yet, and then how far the work is.

    ``say`` returns the words over the bar of a job that runs, and may draw what it has found.
    ``prepare`` returns the work, in this thread: the work itself must not call Streamlit.  ``what``
    is what ``ask`` was told, by default the key: work may have several stages.  ``line`` names the
    queue; what is ``alone`` runs while nothing else of it does;
    what takes ``minutes`` can be paused, and lets others' work run in between.  ``below`` may draw
    more of what it has found, under the bar.
    """
    what = what or key
    jobs = queue(line)
    result = jobs.result(key)
    if result is not None:
        return result
    job = _joined(jobs, place, key, prepare, what, alone, minutes)
    if job is None:
        _tell(place, what)
    elif job.over.is_set():
        if job.result is not None:
            return job.result
        _end(place, what, job)
        _tell(place, what)
    else:
        _watch(jobs, place, what, job, say, below, minutes)
    return None


def _joined(
    line: Queue,
    place: str,
    key: str,
    prepare: Callable[[], Work],
    what: str,
    alone: bool,
    minutes: bool,
) -> Job | None:
    """The job that this session waits for; a new one is given a moment to end."""
    held: Job | None = st.session_state.pop(f"{JOB}.{place}", None)
    if held and held.key != key:
        line.leave(held, visitor())
    elif held and held.over.is_set():
        return held
    if stopped(place, what):
        return None
    job = line.find(key, visitor())
    if job:
        ask(place, what)
    elif asked(place, what):
        try:
            job = line.ask(key, visitor(), prepare(), alone=alone, patient=minutes)
        except Problem as problem:
            _end(place, what, None, problem)
        else:
            with page_runs.PRESENT.absent():
                job.over.wait(AT_ONCE_SECONDS)
    if job and not job.over.is_set():
        st.session_state[f"{JOB}.{place}"] = job
    return job


def _end(place: str, what: str, job: Job | None, problem: Problem | None = None) -> None:
    """Note that this session waits no longer, and what there is instead of a result."""
    st.session_state[f"{ASKED}.{place}"] = (what, False)
    if job and job.found is not None:
        st.session_state[f"{FOUND}.{place}"] = (job.key, job.found)
    problem = problem or (job.problem if job else None)
    if problem:
        st.session_state[f"{TROUBLE}.{place}"] = (what, problem)


def _tell(place: str, what: str) -> None:
    """Show why the last work has no result."""
    of, problem = st.session_state.get(f"{TROUBLE}.{place}", ("", None))
    if of == what:
        st.error(escaped(problem.explained(language())), icon=":material/error:")


def _watch(
    line: Queue,
    place: str,
    what: str,
    job: Job,
    say: Callable[[Job], str],
    below: Callable[[Job], object],
    pausable: bool,
) -> None:
    """Show a job until it is over or this session stops it, and then run the page again."""
    waits = line.ahead(job) > 0

    def look() -> None:
        there, ahead = line.look(job, visitor()), line.ahead(job)
        if not there or (waits and not ahead):
            st.rerun()
        words = "" if ahead and job.found is None else say(job)  # which may draw what is found
        if job.paused is not None:
            words = t("jobs.paused", minutes=line.limits.pause / 60)
        elif ahead:
            words = t("jobs.next" if ahead == 1 else "jobs.ahead", count=ahead)
        with st.container(key=f"working.{place}", horizontal=True, vertical_alignment="center"):
            st.progress(job.share, words)
            if pausable:
                _pause_button(line, place, job)
            st.button(
                t("jobs.stop"),
                key=f"{place}.stop",
                icon=":material/stop:",
                on_click=_stop,
                args=(line, place, what, job),
            )
        below(job)

    idle = waits or job.paused is not None
    every = WAITING_SECONDS if idle else RUNNING_SECONDS
    st.fragment(look, run_every=every)()


def _pause_button(line: Queue, place: str, job: Job) -> None:
    if job.paused is not None:
        st.button(
            t("jobs.resume"), key=f"{place}.resume", icon=":material/play_arrow:",
            on_click=line.resume, args=(job,),
        )  # fmt: skip
        return
    possible = line.may_pause(job, visitor())
    st.button(
        t("jobs.pause"), key=f"{place}.pause", icon=":material/pause:", disabled=not possible,
        help=None if possible else t("jobs.no_pause"),
        on_click=_pause, args=(line, job),
    )  # fmt: skip


def _pause(line: Queue, job: Job) -> None:
    line.pause(job, visitor())


def _stop(line: Queue, place: str, what: str, job: Job) -> None:
    _end(place, what, job)
    line.leave(job, visitor())
