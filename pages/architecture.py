"""The whole network: diagram to scale, table of layers, parameters and MACs by layer."""

import streamlit as st

from alexnet_viz.render.charts.cost import cost_bars
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.architecture.crosscheck import crosscheck_panel
from alexnet_viz.ui.architecture.drawing import layers, network_drawing
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.chart import chart

require_shell()
result = network_picker.network_row()
svg = network_drawing(result)
summary.failure(result)
st.markdown(summary.where_the_numbers_are(result))
st.caption(f"{summary.totals_line(result)}  \n{summary.staircases_line(result.network)}")
layers(result, svg)

if result.rows:
    caption = t("architecture.cost_partial" if result.failure else "architecture.cost_caption")
    st.header(t("architecture.cost"), anchor=False)
    chart(cost_bars(result, language()), "cost", caption)
    st.caption(caption)
crosscheck_panel(result)

st.header(network_picker.variant_title(result.network.id), anchor=False)
summary.about(result.network)
