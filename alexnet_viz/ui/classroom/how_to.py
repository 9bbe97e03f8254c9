"""How the app is used in a lesson, in a few sentences."""

import streamlit as st

from alexnet_viz.ui.app.words import t

STEPS = ("before", "start", "during", "after")


def how_to() -> None:
    """Show the sentences."""
    st.header(t("classroom.how"), anchor=False)
    st.markdown("\n".join(f"1. {t(f'classroom.how_to.{step}')}" for step in STEPS))
