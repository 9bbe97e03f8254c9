"""The Split section of the Towers page: what stays, what crosses, who holds which parameters."""

from collections.abc import Iterable

import streamlit as st

from alexnet_viz.drawings.towers import tower_diagram
from alexnet_viz.layers import Conv, Linear
from alexnet_viz.reports import towers_grid, towers_record
from alexnet_viz.towers import Towers, split
from alexnet_viz.trace import Trace
from alexnet_viz.ui import choose, show, state
from alexnet_viz.ui.plate import plate
from alexnet_viz.ui.tables import grid_table
from alexnet_viz.ui.words import labels, language, t
from alexnet_viz.variants import VARIANTS


def split_section() -> None:
    """Draw it."""
    result = choose.network_row()
    show.failure(result)
    towers = split(result, state.use("last"))
    if towers is None:
        _no_towers(result)
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
        _story(towers)
        show.grid_downloads(grid, towers_record(result, towers, language()),
                            f"{result.network.id}_towers", key="towers")  # fmt: skip


def _story(towers: Towers) -> None:
    """Which layers stay, which read all towers, what each GPU holds and what crosses."""
    learned = [s for s in towers.stages if isinstance(s.row.layer, Conv | Linear)]
    parts = [
        t("towers.story_stay", layers=_names(s.name for s in learned if s.reads == "own")),
        t("towers.story_all", layers=_names(s.name for s in learned if s.reads == "all")),
        t(
            "towers.story_params",
            parts=" + ".join(f"{n:,}" for n in towers.params),
            total=sum(towers.params),
        ),
        t("towers.story_crossing", n=towers.crossing, bytes=towers.crossing_bytes),
    ]
    if state.get("last") == "halves" and towers.stages[-1].kind == "softmax":
        parts.append(t("towers.story_softmax", layer=towers.stages[-1].name))
    st.markdown("\n".join(f"- {part}" for part in parts))


def _no_towers(result: Trace) -> None:
    """Say that this network is not split, and offer those that are."""
    st.info(t("towers.none", network=choose.variant_title(result.network.id)))
    st.markdown(t("towers.try"))
    with st.container(horizontal=True):
        for variant in [v for v, network in VARIANTS.items() if network.towers > 1][:4]:
            st.button(
                choose.variant_title(variant),
                key=f"towers.{variant}",
                on_click=state.put,
                args=("variant", variant),
            )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"
