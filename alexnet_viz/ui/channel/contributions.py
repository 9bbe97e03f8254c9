"""The contribution of each input channel to a cell's value, with links to the channels."""

from typing import Any

import pandas as pd
import streamlit as st

from alexnet_viz.interpretability.lens import lens
from alexnet_viz.ui.app.navigation import go_to
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.specimen import Specimen


def contributions(it: Specimen, module: Any, cell: tuple[int, int]) -> None:
    """Show the contribution of every input channel to the chosen cell, the largest first."""
    units = it.reads_units
    title = t("channel.contributions_units" if units else "channel.contributions")
    st.subheader(title, anchor=False)
    place = {"row": cell[0], "column": cell[1], "layer": it.row.name, "channel": it.channel}
    found = lens(it.row, module, it.values, (it.channel, *cell))
    ranked = found.ranked()
    whole = sum(abs(sum_) for _, sum_ in ranked) or 1.0
    key = "sum" if it.source.layer else "sum_picture"
    if it.plane.size == 1:
        key = "sum_units" if units else "sum_unit"
    st.markdown(
        t(
            f"channel.{key}",
            **place,
            channels=len(ranked),
            below=it.source.layer or t("lens.picture"),
            products=found.products.size,
            total=found.activation - found.bias,
            bias=found.bias,
            value=found.activation,
            captured=float(it.plane[cell]),
        )
    )
    names = dict(enumerate(it.colours))
    value = t("channel.contribution_unit" if units else "channel.contribution")
    frame = pd.DataFrame(
        {
            t("channel.source_unit" if units else "channel.source"): [
                names.get(channel, channel) for channel, _ in ranked
            ],
            value: [sum_ for _, sum_ in ranked],
            t("channel.share"): [100 * abs(sum_) / whole for _, sum_ in ranked],
        }
    )

    # a key for every channel, so that a row selected in one table is not selected in the next
    table = f"contributions.{it.row.name}.{it.channel}"

    def picked() -> None:
        rows = st.session_state[table].selection.rows
        if rows and rows[0] < len(ranked) and it.source.layer:
            go_to(it.source.layer, ranked[rows[0]][0])()

    st.dataframe(
        frame,
        hide_index=True,
        height=min(320, 38 + 35 * len(frame)),
        key=table,
        on_select=picked if it.source.layer else "ignore",
        selection_mode="single-row",
        column_config={
            value: st.column_config.NumberColumn(format="%.4g"),
            t("channel.share"): st.column_config.ProgressColumn(
                format="%.1f", min_value=0, max_value=float(frame.iloc[0, 2]) or 1.0
            ),
        },
    )
    st.caption(t("channel.follow" if it.source.layer else "channel.follow_picture"))
