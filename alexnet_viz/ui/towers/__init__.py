"""The sections of the Towers page, each a function that draws it whole."""

from collections.abc import Callable

import streamlit as st

from alexnet_viz.ui import state
from alexnet_viz.ui.towers.history import history_section
from alexnet_viz.ui.towers.kernels import kernels_section
from alexnet_viz.ui.towers.memory import memory_section
from alexnet_viz.ui.towers.run import run_section
from alexnet_viz.ui.towers.split import split_section
from alexnet_viz.ui.words import labels, t

SECTIONS: dict[str, Callable[[], None]] = {
    "split": split_section,
    "memory": memory_section,
    "run": run_section,
    "kernels": kernels_section,
    "history": history_section,
}


def section() -> None:
    """Choose a section and draw it."""
    st.segmented_control(
        t("towers.section"),
        list(SECTIONS),
        format_func=labels("towers.section_", SECTIONS),
        required=True,
        label_visibility="collapsed",
        **state.bound("section"),
    )
    SECTIONS[state.get("section")]()
