"""Saving the progress to a file of the student's own, and going on from one."""

from functools import partial

import streamlit as st

from alexnet_viz.teaching import progress
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import document, learned, uploads
from alexnet_viz.ui.app.words import escaped, language, t

READ = "_read_progress"
"""Session key of the file that was taken last: its id."""
FAULT = "_progress_fault"


def save_and_load() -> None:
    """Draw the menu with both; nothing of it is kept on the server."""
    with st.popover(t("course.progress"), icon=":material/save:", key="progress"):
        st.markdown(t("course.progress_says"))
        st.download_button(
            t("course.save"),
            # the progress of now: this is called outside of the session's run
            data=partial(_encoded, learned.progress()),
            file_name="alexnet_progress.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
            key="progress.save",
        )
        key = document.fresh("progress.load")
        given = st.file_uploader(
            t("course.load"),
            type="json",
            key=key,
            max_upload_size=uploads.allow(1),
        )
        if given is not None and given.file_id != st.session_state.get(READ):
            st.session_state[READ] = given.file_id
            try:
                learned.put(progress.loads(uploads.taken(given, key)))
                st.session_state.pop(FAULT, None)
            except Problem as problem:
                st.session_state[FAULT] = problem
            st.rerun()
        if given is None:
            st.session_state.pop(FAULT, None)
        elif fault := st.session_state.get(FAULT):
            st.error(escaped(fault.explained(language())), icon=":material/broken_image:")
        else:
            st.success(t("course.loaded"), icon=":material/check:")


def _encoded(done: progress.Progress) -> bytes:
    return progress.dumps(done).encode()
