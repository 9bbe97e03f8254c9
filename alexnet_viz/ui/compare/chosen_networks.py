"""The choice of the networks to compare and of their input."""

import streamlit as st

from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.choices import MOST_COMPARED
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import network_picker


def compared_box() -> list[str]:
    """Draw the choice of networks; returns their ids."""
    return list(
        st.multiselect(
            t("compare.networks", most=MOST_COMPARED),
            list(library.networks()),
            format_func=network_picker.variant_titles(),
            max_selections=MOST_COMPARED,
            **state.bound("compare", value=list(state.get("compare"))),
        )
    )


def input_boxes() -> None:
    """Draw the choice of one input size for all networks, or of each network's own."""
    network_picker.size_box(width=130, default=224, disabled=state.get("own"))
    st.toggle(t("compare.native"), help=t("compare.native_help"), **state.bound("own"))


def chosen_traces(chosen: list[str]) -> list[Trace]:
    """Their traces at that input; none, with a note, while fewer than two are chosen."""
    if len(chosen) < 2:
        st.info(t("compare.too_few"), icon=":material/add:")
        return []
    size = None if state.use("own") else state.use("input") or 224
    return [trace(library.networks()[variant], size) for variant in chosen]


def add(variant: str) -> None:
    """Add a network to the comparison; if it is full, the last one is removed."""
    chosen = [each for each in state.get("compare") if each != variant]
    state.put("compare", (*chosen[: MOST_COMPARED - 1], variant))
