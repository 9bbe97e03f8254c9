"""Two to four networks side by side, layer by layer, with what differs lit."""

import streamlit as st

from alexnet_viz.compare import aligned, changed_order
from alexnet_viz.figures.cost import compared_bars
from alexnet_viz.reports import compare_grid, compare_record
from alexnet_viz.ui import choose, require_shell, show, state
from alexnet_viz.ui.compare import compare_row, match_table, summaries
from alexnet_viz.ui.export import report_button
from alexnet_viz.ui.plate import plate
from alexnet_viz.ui.words import language, t

require_shell()
traces = compare_row()
if traces:
    titles = [choose.variant_title(trace.network.id) for trace in traces]
    for trace in traces:
        show.failure(trace)
    summaries(traces, titles)
    if moved := changed_order(traces):
        st.info(t("compare.order", layers=", ".join(sorted(moved))), icon=":material/swap_vert:")

    table = match_table(aligned(traces), titles, only_differing=state.get("differing"))
    plate(key="compare", table=table, selected=state.use("layer"))

    for count in ("params", "macs"):
        words = t(f"compare.bars_{count}")
        st.subheader(words, anchor=False)
        bars = compared_bars(traces, titles, count, language())
        st.plotly_chart(bars, key=f"bars.{count}", alt=words, config={"displayModeBar": False})
    file = "_vs_".join(trace.network.id for trace in traces)
    with st.container(horizontal=True, vertical_alignment="center"):
        grid, record = compare_grid(traces, language()), compare_record(traces, language())
        show.grid_downloads(grid, record, file, key="compare")
        report_button(traces, file)
