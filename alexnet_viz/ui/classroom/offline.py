"""The check "works offline", a line for each part as soon as it was made."""

import streamlit as st

from alexnet_viz.ui.app.words import escaped, running, t
from alexnet_viz.ui.classroom.self_test import CHECKS, Result, results

MADE = "_classroom_checks"
"""Session key of the results of the last check."""


def offline() -> None:
    """Draw the button and the results; the check is made when the button is pressed."""
    st.header(t("classroom.offline"), anchor=False)
    st.markdown(t("classroom.offline_says", n=len(CHECKS)))
    if st.button(t("classroom.check_now"), icon=":material/task_alt:", key="classroom.check"):
        made: list[Result] = []
        for result in results():
            _line(result)
            made.append(result)
        st.session_state[MADE] = made
    else:
        for result in st.session_state.get(MADE, ()):
            _line(result)
    if made := st.session_state.get(MADE, []):
        wrong = sum(not result.found.right for result in made)
        words = t("classroom.works") if not wrong else t("classroom.works_not", n=wrong)
        st.markdown(words)


def _line(result: Result) -> None:
    name, (right, values), milliseconds = result
    icon = ":material/check_circle:" if right else ":material/error:"
    verdict = t("classroom.right") if right else t("classroom.wrong")
    what = t(f"classroom.check.{name}")
    error = str(values.get("error", ""))
    found = escaped(error) if error else t(f"classroom.found.{name}", **values)
    took = t("classroom.took", ms=milliseconds)
    st.markdown(f"{icon} **{verdict}** " + running(what, found, took))
    if not right:
        st.markdown(t(f"classroom.remedy.{name}"))
