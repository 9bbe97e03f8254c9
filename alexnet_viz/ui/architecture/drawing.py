"""The drawing of the network, and the table of its layers with the choice of columns."""

import streamlit as st

from alexnet_viz.analysis.columns import GROUPS, group_title
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.downloads import drawing_file, layers_file
from alexnet_viz.ui.components.export_panel import export_panel
from alexnet_viz.ui.components.layer_words import details
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import layer_table


def network_drawing(result: Trace) -> str:
    """Draw the network to scale, with a card for each layer; returns the SVG."""
    detail = state.use("detail")
    svg = architecture(result, language(), detail=detail)
    plate(
        svg,
        key="architecture",
        selected=state.use("layer"),
        legend=summary.kind_legend(result, detail=detail),
        details=details(result),
    )
    return svg


def layers(result: Trace, svg: str) -> None:
    """Draw the table of layers under the choice of its columns, and the menu of files."""
    groups = [group for group in GROUPS if group in state.use("columns")] or ["layer"]
    state.put("columns", tuple(groups))
    file = f"{result.network.id}_{result.input_shape[-1]}"
    columns = [key for group in groups for key in GROUPS[group]]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.toggle(t("architecture.detail"), **state.bound("detail"))
        export_panel(result, layers_file(result, columns), drawing_file(svg, file))
    st.pills(
        t("architecture.columns"),
        list(GROUPS),
        selection_mode="multi",
        format_func={group: group_title(group, language()) for group in GROUPS}.__getitem__,
        **state.bound("columns", value=groups),
    )
    selected = network_picker.layer_of(result)
    plate(key="layers", table=layer_table(result, groups), selected=selected)
    st.caption(t("architecture.table_caption"))
