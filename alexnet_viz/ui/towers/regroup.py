"""The choices of what if: how many GPUs, which layers read them all, where LRN stops."""

from functools import reduce

import streamlit as st

from alexnet_viz.analysis.towers.placements import LASTS
from alexnet_viz.analysis.towers.regroup import (
    NORM_REACHES,
    crossings,
    cuttable,
    norm_reach,
    regrouped,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import labels, t

GPUS = (1, 2, 3, 4, 8)
"""The numbers on offer; a link may ask for any up to the last."""


def choose_gpus(result: Trace) -> int:
    """How many GPUs share the network: as many as it has towers, until somebody chooses."""
    chosen = state.use("gpus") or min(result.network.towers, GPUS[-1])
    return int(chosen)


def choose_cuts(result: Trace, gpus: int) -> Trace:
    """Draw the choices; return the network cut as chosen, traced at the same input."""
    network = result.network
    able, declared = cuttable(network), crossings(network, gpus)
    norm = norm_reach(network, gpus)
    chosen = state.use("cross")
    cross = declared if chosen is None else chosen
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("towers.gpus"),
            GPUS,
            help=t("towers.gpus_help"),
            required=True,
            **state.bound("gpus", value=gpus),
        )
        st.pills(
            t("towers.cross"),
            able,
            selection_mode="multi",
            help=t("towers.cross_help"),
            disabled=gpus == 1,
            **state.bound(
                "cross", value=[x for x in able if x in (declared if cross is None else cross)]
            ),
        )
        st.segmented_control(
            t("towers.norm"),
            NORM_REACHES,
            format_func=labels("towers.norm_", NORM_REACHES),
            help=t("towers.norm_help"),
            disabled=gpus == 1 or norm is None,
            required=True,
            **state.bound("norm", value=state.get("norm") or norm or "tower"),
        )
        st.segmented_control(
            t("towers.last"),
            LASTS,
            format_func=labels("towers.last_", LASTS),
            disabled=gpus == 1,
            required=True,
            **state.bound("last"),
        )
    if gpus == 1:
        return result
    edited = regrouped(network, gpus, cross, state.get("norm"))
    if edited == network:
        return result
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("towers.edited", changes=_changes(network, edited, gpus)))
        st.button(t("towers.undo"), key="towers.undo", on_click=_undo)
    return trace(edited, result.input_shape[1])


def _changes(network: Network, edited: Network, gpus: int) -> str:
    """What was cut, what was joined, where LRN now stops: only what changed."""
    before, after = crossings(network, gpus), crossings(edited, gpus)
    cut = [name for name in before if name not in after]
    joined = [name for name in after if name not in before]
    norm = norm_reach(edited, gpus)
    parts = []
    if cut:
        parts.append(t("towers.edited_cut", layers=", ".join(cut)))
    if joined:
        parts.append(t("towers.edited_joined", layers=", ".join(joined)))
    if norm and (norm != norm_reach(network, gpus) or not parts):
        parts.append(t("towers.edited_norm", where=labels("towers.norm_", NORM_REACHES)(norm)))
    return reduce(lambda first, more: t("towers.edited_and", first=first, more=more), parts)


def _undo() -> None:
    for choice in ("gpus", "cross", "norm"):
        state.put(choice, None)
