"""The network on its GPUs: what stays, what crosses, and who holds which parameters."""

import streamlit as st

from alexnet_viz.drawings.towers import tower_diagram
from alexnet_viz.reports import towers_grid, towers_record
from alexnet_viz.towers import split
from alexnet_viz.ui import choose, require_shell, show, state
from alexnet_viz.ui.plate import plate
from alexnet_viz.ui.tables import grid_table
from alexnet_viz.ui.towers import no_towers, story
from alexnet_viz.ui.words import labels, language, t

require_shell()
result = choose.network_row()
show.failure(result)
towers = split(result, state.use("last"))
if towers is None:
    no_towers(result)
else:
    grid = towers_grid(result, towers, language())
    plate(
        tower_diagram(towers, result.input_shape, language(), unit=state.use("unit")),
        key="towers",
        file=f"{result.network.id}_towers",
        table=grid_table(grid, [stage.name for stage in towers.stages]),
        selected=choose.layer_of(result),
        grow=1.2,
    )
    with st.container(horizontal=True):
        for choice, options in (("last", ("first", "halves")), ("unit", ("values", "bytes"))):
            st.segmented_control(
                t(f"towers.{choice}"),
                options,
                format_func=labels(f"towers.{choice}_", options),
                required=True,
                **state.bound(choice),
            )
    story(towers)
    show.grid_downloads(grid, towers_record(result, towers, language()),
                        f"{result.network.id}_towers", key="towers")  # fmt: skip
