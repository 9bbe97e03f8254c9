"""An expander whose content is drawn only while it is open, for content that takes long."""

from typing import Any

import streamlit as st


def lazy_expander(words: str, *, key: str, icon: str) -> Any:
    """Draw the expander; the caller draws its content if ``.open`` of what is returned is true.

    It stays open when the language changes: Streamlit takes one with other words for a new widget.
    """
    st.session_state[key] = st.session_state.get(key, False)
    return st.expander(words, key=key, icon=icon, on_change="rerun")
