"""The choice of the networks to compare and of their input."""

from collections.abc import Sequence

import streamlit as st

from alexnet_viz.analysis.compare.difference_words import layers_text
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.trace import Trace
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.choices import MOST_COMPARED
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.variants.traces import variant_trace


def compared_box() -> list[str]:
    """Draw the choice of networks; returns their ids."""
    return list(
        st.multiselect(
            t("compare.networks", most=MOST_COMPARED),
            list(library.networks()),
            format_func=network_picker.variant_titles(),
            max_selections=MOST_COMPARED,
            label_visibility="collapsed",
            placeholder=t("compare.networks", most=MOST_COMPARED),
            **state.bound("compare", value=list(state.get("compare"))),
        )
    )


def native() -> bool:
    """Whether each network gets its own input: unless a size for all is chosen."""
    own = state.use("own")
    return bool(state.use("input") is None if own is None else own)


def input_boxes(own: bool) -> None:
    """Draw the choice of each network's own input, or of one input size for all networks."""
    st.toggle(t("compare.native"), help=t("compare.native_help"), **state.bound("own", value=own))
    if not own:
        network_picker.size_box(width=130, default=224)


def chosen_traces(chosen: list[str]) -> list[Trace]:
    """Their traces at that input; none, with a note, while fewer than two are chosen."""
    if len(chosen) < 2:
        st.info(t("compare.too_few"), icon=":material/add:")
        return []
    size = None if native() else state.use("input") or 224
    return [variant_trace(library.networks()[variant], size) for variant in chosen]


def say_inputs(traces: Sequence[Trace], titles: Sequence[str]) -> str:
    """A sentence: which input each network has, and for which ones it is not their own."""
    shapes = {shape_text(each.input_shape) for each in traces}
    own = [shape_text(library.networks()[each.network.id].input_shape) for each in traces]
    both = list(zip(titles, own, traces, strict=True))
    if native():
        if len(shapes) == 1:
            return t("compare.own_alike", shape=shapes.pop())
        most = max(own, key=own.count)
        other = [
            t("compare.own_of", network=escaped(title), shape=shape)
            for title, shape, _ in both
            if shape != most
        ]
        return t("compare.own_but", shape=most, networks=layers_text(other, language()))
    foreign = [
        t("compare.own_of", network=escaped(title), shape=shape)
        for title, shape, result in both
        if shape != shape_text(result.input_shape)
    ]
    said = t("compare.all_at", shape=shapes.pop())
    if not foreign:
        return said
    return said + " " + t("compare.made_for", networks=layers_text(foreign, language()))


def add(variant: str) -> None:
    """Add a network to the comparison; if it is full, the last one is removed."""
    chosen = [each for each in state.get("compare") if each != variant]
    state.put("compare", (*chosen[: MOST_COMPARED - 1], variant))
