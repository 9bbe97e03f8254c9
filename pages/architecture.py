"""The whole network: drawn to scale, layer by layer in a table, and where the numbers sit."""

import streamlit as st

from alexnet_viz.columns import GROUPS, group_title
from alexnet_viz.drawings.blocks import architecture
from alexnet_viz.figures.cost import cost_bars
from alexnet_viz.ui import choose, require_shell, show, state
from alexnet_viz.ui.crosscheck import crosscheck_panel
from alexnet_viz.ui.export import export_panel
from alexnet_viz.ui.plate import plate
from alexnet_viz.ui.tables import layer_table
from alexnet_viz.ui.words import language, t

require_shell()
result = choose.network_row()
show.failure(result)
show.totals(result)
show.staircases(result.network)

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

layer = choose.layer_of(result)
detail = state.use("detail")
plate(
    architecture(result, language(), detail=detail),
    key="architecture",
    file=f"{result.network.id}_{result.input_shape[-1]}",
    table=layer_table(result, groups),
    selected=layer,
    legend=show.kind_legend(result, detail=detail),
)
st.caption(t("architecture.table_caption"))

with st.container(horizontal=True, vertical_alignment="center"):
    if result.rows:
        st.page_link("pages/layer.py", label=t("architecture.open", layer=layer),
                     icon=":material/straighten:")  # fmt: skip
        show.downloads(result, [key for g in groups for key in GROUPS[g]], key="architecture")
    export_panel(result)
if result.rows:
    caption = t("architecture.cost_partial" if result.failure else "architecture.cost_caption")
    st.subheader(t("architecture.cost"), anchor=False)
    st.plotly_chart(cost_bars(result, language()), key="cost", alt=caption,
                    config={"displayModeBar": False})  # fmt: skip
    st.caption(caption)
crosscheck_panel(result)

st.subheader(choose.variant_title(result.network.id), anchor=False)
show.about(result.network)
