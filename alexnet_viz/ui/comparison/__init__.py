"""The views of the Compare page, each a function that draws it whole."""

from collections.abc import Callable

import streamlit as st

from alexnet_viz.ui import state
from alexnet_viz.ui.comparison.inputs import inputs_view
from alexnet_viz.ui.comparison.layers import layers_view
from alexnet_viz.ui.comparison.maps import maps_view
from alexnet_viz.ui.comparison.matrix import matrix_view
from alexnet_viz.ui.comparison.scatter import scatter_view
from alexnet_viz.ui.words import labels, t

VIEWS: dict[str, Callable[[], None]] = {
    "layers": layers_view,
    "matrix": matrix_view,
    "scatter": scatter_view,
    "inputs": inputs_view,
    "maps": maps_view,
}


def view() -> None:
    """Choose a view and draw it."""
    st.segmented_control(
        t("compare.view"),
        list(VIEWS),
        format_func=labels("compare.view_", VIEWS),
        required=True,
        label_visibility="collapsed",
        **state.bound("compare_view"),
    )
    VIEWS[state.get("compare_view")]()
