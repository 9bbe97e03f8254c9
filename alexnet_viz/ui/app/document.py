"""Tells the browser's document what Streamlit cannot: language, address, scheme, words for faults.

Streamlit leaves ``<html lang>`` at "en", can only add entries to the history, gives the theme's
colour scheme to its own root alone, and says in English what keeps a file or the page from its
server.

A page whose server has started anew, or forgot its session, still shows what the old session drew:
its first click would find no widgets, and its uploaders hold files that are gone.  So a page that
is connected again has its script run at once, and there its uploaders are new ones (``fresh``).
The component draws nothing.
"""

from collections.abc import Mapping
from importlib.resources import files
from secrets import token_hex
from urllib.parse import urlencode

import streamlit as st

from alexnet_viz.ui.app import presenting
from alexnet_viz.ui.app.words import t

TURN = "_turn"
SESSION, RENEWED = "_session", "_renewed"
"""Session keys of: a name of this session; how its uploaders' keys end if it took over an old
page."""
LANGUAGE_TAGS = {"en": "en", "zh": "zh-CN"}

_MOUNT = st.components.v2.component(
    "alexnet_viz_document", js=(files(__package__) / "document.js").read_text("utf-8")
)


FAULTS = {
    r"Error:": "shell.fault.error",
    r".*status code 507.*": "problem.no_room_for_upload",
    r".*status code 413.*": "shell.fault.too_large",
    r"(.*status code \d+.*|Network Error|Connection lost.*)": "shell.fault.unsent",
    r"File must be (.+) or smaller\.": "shell.fault.larger_than",
    r".*files are not allowed\.": "shell.fault.other_kind",
    r"Connection error": "shell.fault.connection",
    r"(Streamlit server is not responding|Is Streamlit still|Connection (failed|timed)).*": (
        "shell.fault.no_answer"
    ),
    r"Connecting$": "shell.fault.connecting",
    r"(Connecting|Unable to connect) to Streamlit server": "shell.fault.no_answer",
}
"""What Streamlit says of faults, as patterns of JavaScript, and our words for it."""


def fresh(key: str) -> str:
    """The key of an uploader, which is another one in a session that took over an old page."""
    return key + str(st.session_state.get(RENEWED, ""))


def update(language: str, query: Mapping[str, str] | None) -> None:
    """Set the document's language; with ``query`` also replace the query of its address."""
    turn = st.session_state.get(TURN, 0) + (query is not None)
    st.session_state[TURN] = turn
    session = st.session_state.setdefault(SESSION, token_hex(4))
    data = {
        "session": session,
        "lang": LANGUAGE_TAGS[language],
        "present": presenting.on(),
        "query": None if query is None else urlencode(query, safe=",~"),
        "turn": turn,
        "faults": tuple((f"^{said}", t(key, size="$1")) for said, key in FAULTS.items()),
    }
    found = _MOUNT(
        key="document",
        data=data,
        height=1,
        on_reconnected_change=lambda: None,
        on_taken_over_change=lambda: None,
    )
    if found.taken_over == session and RENEWED not in st.session_state:
        st.session_state[RENEWED] = f".{session}"
        st.rerun()
