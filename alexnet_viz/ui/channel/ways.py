"""The ways from a channel to what else there is to see of it, and down to what it reads."""

import streamlit as st

from alexnet_viz.network.layers import Flatten
from alexnet_viz.ui.app.navigation import go_to
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.specimen import Specimen

MOST_WAYS = 9
"""Most input channels that get a button each."""


def ways(it: Specimen, cell: tuple[int, int]) -> None:
    """Show the ways on: all channels, what excites this one, and the channels that it reads."""
    flat = len(it.row.output_shape) == 1
    here = {"layer": it.row.name, "channel": str(it.channel)}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/feature_maps.py",
            label=t("channel.back_units" if flat else "channel.back", layer=it.row.name),
            icon=":material/grid_view:",
        )
        st.page_link(
            "pages/attribution.py",
            label=t("channel.excite"),
            icon=":material/auto_awesome:",
            query_params=here | {"attr_what": "unit"},
        )
        st.page_link(
            "pages/towers.py",
            label=t("channel.light"),
            icon=":material/lightbulb:",
            query_params=here | {"section": "split", "seen": "1"},
        )
        if not it.row.layer.weighted and (maker := maker_of(it)):
            st.button(
                t("channel.maker", layer=maker, channel=it.channel),
                key="channel.maker",
                icon=":material/arrow_downward:",
                on_click=go_to(maker, it.channel),
            )
        for channel in _read_by(it, cell):
            st.button(
                t("channel.go", layer=it.source.layer, channel=channel),
                key=f"channel.go.{channel}",
                icon=":material/arrow_downward:",
                on_click=go_to(it.source.layer, channel),
            )


def _read_by(it: Specimen, cell: tuple[int, int]) -> list[int]:
    """The channels that a cell of a layer without weights reads; if many, only its own."""
    if it.row.layer.weighted or not it.source.layer:
        return []
    channels = it.reach(*cell).channels
    if len(channels) <= MOST_WAYS:
        return list(channels)
    return [it.channel if it.channel in channels else channels[0]]


def maker_of(it: Specimen) -> str:
    """The learned layer that computed this channel; empty if a layer in between mixes channels."""
    rows = list(it.result.rows)
    for row in reversed(rows[: rows.index(it.row) + 1]):
        if row.layer.weighted:
            return row.name
        if isinstance(row.layer, Flatten):
            return ""
    return ""
