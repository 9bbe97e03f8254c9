"""The Inputs view: the output of each network for every input size."""

import streamlit as st

from alexnet_viz.analysis.inputs.sweep import LARGEST, SMALLEST, Stretch, sweep
from alexnet_viz.network.spec import Network
from alexnet_viz.render.diagrams.sweep import sweep_diagram
from alexnet_viz.render.tables.sweep import sweep_record, sweeps_table
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.words import language, offered, t
from alexnet_viz.ui.compare.chosen_networks import compared_box
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.variant_filters import filters


def inputs_view() -> None:
    """Draw it."""
    st.segmented_control(
        t("inputs.who"),
        required=True,
        label_visibility="collapsed",
        **offered("inputs.who_", "inputs_who"),
    )
    ids = filters() if state.get("inputs_who") == "all" else compared_box()
    networks = [library.networks()[id] for id in ids]
    networks = [network for network in networks if len(network.input_shape) == 3]
    if not networks:
        st.info(t("inputs.nobody"), icon=":material/add:")
        return
    with st.spinner(t("inputs.running"), show_time=True):
        sweeps = [_swept(network.id, network) for network in networks]
    titles = [network_picker.variant_title(network.id) for network in networks]
    plate(
        sweep_diagram(
            dict(zip(titles, sweeps, strict=True)),
            language(),
            native={
                title: network.input_size for title, network in zip(titles, networks, strict=True)
            },
        ),
        key="sweep",
        file="alexnet_inputs",
        pickable=False,
    )
    st.caption(t("inputs.caption", smallest=SMALLEST, largest=LARGEST))
    grid = sweeps_table(networks, sweeps, language()).grid
    record = [sweep_record(*pair) for pair in zip(networks, sweeps, strict=True)]
    summary.grid_downloads(grid, record, "alexnet_inputs", key="sweep")


@st.cache_data(max_entries=200, show_spinner=False)
def _swept(id: str, _network: Network) -> list[Stretch]:
    """A sweep, about 70 traces; the id of a network from a file is a digest of it."""
    return sweep(_network)
