"""Sections of a page, of which one is drawn."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from alexnet_viz.ui.app import state


def sections(
    choice: str, label: str, names: dict[str, Any], drawn: Mapping[str, Callable[[], None]]
) -> None:
    """Draw the widget of a choice (``names`` is from ``words.offered``) and the chosen section."""
    st.segmented_control(label, required=True, label_visibility="collapsed", **names)
    drawn[state.get(choice)]()
