"""The words of this session's language."""

import streamlit as st

from alexnet_viz import text
from alexnet_viz.text import Language
from alexnet_viz.ui import state


def language() -> Language:
    """The language chosen, or the browser's."""
    chosen: Language | None = state.get("lang")
    if chosen is None:
        locale = st.context.locale or "en"
        chosen = "zh" if locale.lower().startswith("zh") else "en"
    return chosen


def t(key: str, **values: object) -> str:
    """A phrase in this session's language."""
    return text.t(key, language(), **values)
