"""The whole network: diagram to scale, table of layers, parameters and MACs by layer."""

import streamlit as st

from alexnet_viz.analysis.columns import GROUPS, group_title
from alexnet_viz.render.charts.cost import cost_bars
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.architecture.crosscheck import crosscheck_panel
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.chart import chart
from alexnet_viz.ui.components.export_panel import export_panel
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import layer_table

require_shell()
result = network_picker.network_row()
summary.failure(result)
summary.totals(result)
summary.staircases(result.network)

groups = [group for group in GROUPS if group in state.use("columns")] or ["layer"]
state.put("columns", tuple(groups))
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.pills(
        t("architecture.columns"),
        list(GROUPS),
        selection_mode="multi",
        format_func={group: group_title(group, language()) for group in GROUPS}.__getitem__,
        **state.bound("columns", value=groups),
    )
    st.toggle(t("architecture.detail"), **state.bound("detail"))

layer = network_picker.layer_of(result)
detail = state.use("detail")
plate(
    architecture(result, language(), detail=detail),
    key="architecture",
    file=f"{result.network.id}_{result.input_shape[-1]}",
    table=layer_table(result, groups),
    selected=layer,
    legend=summary.kind_legend(result, detail=detail),
)
st.caption(t("architecture.table_caption"))

with st.container(horizontal=True, vertical_alignment="center"):
    if result.rows:
        st.page_link("pages/layer.py", label=t("architecture.open", layer=layer),
                     icon=":material/straighten:")  # fmt: skip
        summary.downloads(result, [key for g in groups for key in GROUPS[g]], key="architecture")
    export_panel(result)
if result.rows:
    caption = t("architecture.cost_partial" if result.failure else "architecture.cost_caption")
    st.subheader(t("architecture.cost"), anchor=False)
    chart(cost_bars(result, language()), "cost", caption)
    st.caption(caption)
crosscheck_panel(result)

st.subheader(network_picker.variant_title(result.network.id), anchor=False)
summary.about(result.network)
