"""A page in sections: one is chosen, in the link too, and only that one is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from alexnet_viz.ui.app import state


def sections(
    choice: str, label: str, name: Callable[[str], str], drawn: Mapping[str, Callable[[], None]]
) -> None:
    """Let ``choice`` be one of the sections ``drawn``, each called ``name(id)``, and draw it."""
    st.segmented_control(
        label,
        list(drawn),
        format_func=name,
        required=True,
        label_visibility="collapsed",
        **state.bound(choice),
    )
    drawn[state.get(choice)]()
