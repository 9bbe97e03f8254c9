"""What this session has learned so far; nothing of it leaves the machine."""

import streamlit as st

from alexnet_viz.teaching.progress import Progress

PROGRESS = "_progress"


def progress() -> Progress:
    """The progress of this session."""
    found: Progress = st.session_state.setdefault(PROGRESS, Progress())
    return found


def put(progress: Progress) -> None:
    """Replace the progress, as a loaded file does."""
    st.session_state[PROGRESS] = progress


def solve(lab: str, task: str) -> None:
    """Note that a task of a lab is solved."""
    put(progress().with_task(lab, task))
