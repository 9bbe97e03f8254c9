"""Tells the browser's document what Streamlit cannot: language, address, scheme.

Streamlit leaves ``<html lang>`` at "en", can only add entries to the history, and gives the theme's
colour scheme to its own root alone.  The component draws nothing.
"""

from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import urlencode

import streamlit as st

TURN = "_turn"
LANGUAGE_TAGS = {"en": "en", "zh": "zh-CN"}

_MOUNT = st.components.v2.component(
    "alexnet_viz_document", js=(files(__package__) / "document.js").read_text("utf-8")
)


def update(language: str, query: Mapping[str, str] | None) -> None:
    """Set the document's language; with ``query`` also replace the query of its address."""
    turn = st.session_state.get(TURN, 0) + (query is not None)
    st.session_state[TURN] = turn
    data = {
        "lang": LANGUAGE_TAGS[language],
        "query": None if query is None else urlencode(query, safe=",~"),
        "turn": turn,
    }
    _MOUNT(key="document", data=data, height=1)
