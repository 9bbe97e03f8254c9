"""The published placements on GPUs as a table, with a button for each."""

import streamlit as st

from alexnet_viz.analysis.towers.placements import CONFIGURATIONS, Configuration
from alexnet_viz.render.tables.towers import configurations_table
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table


def show_published() -> None:
    """Show the table, and a button for each row."""
    grid = configurations_table(language()).grid
    st.header(grid.title, anchor=False)
    plate(
        key="towers.published",
        table=grid_table(grid, [str(row[0]) for row in grid.rows]),
        pickable=False,
    )
    with st.container(horizontal=True):
        for id, configuration in CONFIGURATIONS.items():
            st.button(
                configuration.title.of(language()),
                key=f"towers.published.{id}",
                on_click=_follow,
                args=(configuration,),
            )
    st.caption(t("towers.published_caption"))


def _follow(configuration: Configuration) -> None:
    """Choose a published network with its own split, at its own input."""
    for choice in ("input", "cross", "norm"):
        state.put(choice, None)
    state.put("rounding", "declared")
    state.put("refit", False)
    state.put("variant", configuration.variant)
    state.put("gpus", configuration.gpus)
    state.put("last", configuration.last)
