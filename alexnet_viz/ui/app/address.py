"""Completes the browser's address without a new entry in its history.

Streamlit can only add entries.  The component draws nothing.
"""

from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import urlencode

import streamlit as st

TURN = "_turn"

_MOUNT = st.components.v2.component(
    "alexnet_viz_address", js=(files(__package__) / "address.js").read_text("utf-8")
)


def replace(query: Mapping[str, str]) -> None:
    """Replace the query of the browser's address."""
    turn = st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    _MOUNT(key="address", data={"query": urlencode(query, safe=",~"), "turn": turn}, height=1)
