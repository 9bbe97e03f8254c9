"""The views of the Compare page, each drawn by one function.

The view of a picture's maps needs torch and is imported when it is drawn, so that visitors of the
others do not wait for it.
"""

from collections.abc import Callable

import streamlit as st

from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import offered, t
from alexnet_viz.ui.compare.alignment import layers_view
from alexnet_viz.ui.compare.matrix import matrix_view
from alexnet_viz.ui.compare.scatter import scatter_view
from alexnet_viz.ui.compare.sweep import inputs_view


def _maps() -> None:
    from alexnet_viz.ui.compare.disputes import maps_view

    maps_view()


VIEWS: dict[str, Callable[[], None]] = {
    "layers": layers_view,
    "matrix": matrix_view,
    "scatter": scatter_view,
    "inputs": inputs_view,
    "maps": _maps,
}


def view() -> None:
    """Draw the choice of a view, beside the title, and the view."""
    with st.session_state[state.SUBJECT_PLACE]:
        st.segmented_control(
            t("compare.view"),
            required=True,
            label_visibility="collapsed",
            **offered("compare.view_", "compare_view"),
        )
    VIEWS[state.get("compare_view")]()
