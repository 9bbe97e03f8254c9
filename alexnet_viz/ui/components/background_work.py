"""Long computations in a thread, with a progress bar, a stop button and a cache of results.

A rerun (a stop button, another choice, a closed tab) ends Streamlit's script at its next ``st.``
call.  So the script only watches: the network runs in a thread, which is told to stop whenever the
script ends, and which ends before the script does.  Only finished results are cached, for all
visitors; their keys are ids and digests.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Event, Lock
from typing import Any, TypeVar

import streamlit as st

from alexnet_viz.interpretability.attribution import Progress, Stop
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import live_model

Found = TypeVar("Found")
Work = Callable[[Progress, Stop], Found]

ASKED = "_asked"
"""Prefix of session keys: the work that this session has asked for and not stopped, by place."""
MOST = 32
"""Most results in the cache; each takes at most 5 MB, usually 0.2 MB."""
POLL_SECONDS = 0.1


@st.cache_resource(show_spinner=False)
def _memory() -> tuple[OrderedDict[str, Any], Lock]:
    return OrderedDict(), Lock()


def remembered(key: str) -> Any:
    """The cached result of this key, or None."""
    results, lock = _memory()
    with lock:
        if key in results:
            results.move_to_end(key)
        return results.get(key)


def remember(key: str, result: Any) -> None:
    """Cache a finished result; the least recently used one is removed."""
    results, lock = _memory()
    with lock:
        results[key] = result
        results.move_to_end(key)
        while len(results) > MOST:
            results.popitem(last=False)


def asked(place: str, key: str) -> bool:
    """Whether this session has asked for this work."""
    return st.session_state.get(f"{ASKED}.{place}") == key


def ask_button(place: str, key: str, words: str, icon: str) -> None:
    """A button that asks for work."""
    st.button(words, key=f"{place}.ask", icon=icon, on_click=_ask, args=(place, key))


def stop_button(place: str, stage: str = "", on_click: Callable[[], None] | None = None) -> None:
    """A button that stops the work: the rerun it causes ends the thread.

    Work of several stages has one button per stage; ``on_click`` replaces forgetting what was
    asked.  While the button is shown, ``frame.css`` hides Streamlit's own Stop, which would leave
    the page cut off.  A script that ends all the same before the work is done leaves the words that
    say so, with a button whose rerun takes the work up again.
    """
    with st.container(key=f"working.{place}{stage}", horizontal=True, vertical_alignment="center"):
        st.button(
            t("attribution.stop"),
            key=f"{place}.stop{stage}",
            icon=":material/stop:",
            on_click=on_click or partial(_ask, place, None),
        )
        with st.container(key=f"interrupted.{place}{stage}", horizontal=True):
            st.markdown(t("attribution.interrupted"), width="content")
            st.button(
                t("attribution.resume"), key=f"{place}.resume{stage}", icon=":material/play_arrow:"
            )


def _ask(place: str, key: str | None) -> None:
    st.session_state[f"{ASKED}.{place}"] = key


def watched(work: Work[Found], show: Callable[[float], object]) -> Found:
    """The result of ``work``; ``show`` gets the share that is done ten times a second.

    ``work`` runs in another thread, when it is its turn among all visitors' work, and must not call
    Streamlit.  If ``show`` raises, as it does on a rerun, the work is stopped first.
    """
    gate, halt, share = live_model.gate(), Event(), [0.0]

    def progress(done: float) -> None:
        share[0] = done

    def run() -> Found:
        with gate:
            return work(progress, halt.is_set)

    with ThreadPoolExecutor(1, thread_name_prefix="watched") as pool:
        future = pool.submit(run)
        try:
            while not future.done():
                show(share[0])
                wait([future], timeout=POLL_SECONDS)
        finally:
            halt.set()
    return future.result()
