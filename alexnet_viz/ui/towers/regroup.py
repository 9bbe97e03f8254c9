"""The choice of a hypothetical split: number of GPUs, layers that read all of them, LRN's reach."""

from functools import reduce

import streamlit as st

from alexnet_viz.analysis.towers.regroup import crossings, cuttable, norm_reach, regrouped
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choices import GPUS
from alexnet_viz.ui.app.words import offered, t


def choose_gpus(result: Trace) -> int:
    """The number of GPUs; the number of the network's towers until one is chosen."""
    chosen = state.use("gpus") or min(result.network.towers, GPUS[-1])
    return int(chosen)


def as_chosen(result: Trace, gpus: int) -> Trace:
    """The trace of the network split as chosen, at the same input."""
    if gpus == 1:
        return result
    edited = regrouped(result.network, gpus, joined(result.network, gpus), state.use("norm"))
    return result if edited == result.network else trace(edited, result.input_shape[1])


def joined(network: Network, gpus: int) -> tuple[str, ...]:
    """The layers that read all GPUs, as chosen; at first those of the network itself."""
    chosen = state.use("cross")
    able = cuttable(network)
    return tuple(x for x in able if x in (crossings(network, gpus) if chosen is None else chosen))


def cut_row(network: Network, gpus: int) -> None:
    """Draw the choices."""
    norm = norm_reach(network, gpus)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills(
            t("towers.cross"),
            cuttable(network),
            selection_mode="multi",
            help=t("towers.cross_help"),
            disabled=gpus == 1,
            **state.bound("cross", value=list(joined(network, gpus))),
        )
        st.segmented_control(
            t("towers.gpus"),
            GPUS,
            help=t("towers.gpus_help"),
            required=True,
            **state.bound("gpus", value=gpus),
        )
        st.segmented_control(
            t("towers.last"),
            disabled=gpus == 1,
            required=True,
            **offered("towers.last_", "last"),
        )
        st.segmented_control(
            t("towers.norm"),
            help=t("towers.norm_help"),
            disabled=gpus == 1 or norm is None,
            required=True,
            **offered(
                "towers.norm_", "norm", shown={"value": state.get("norm") or norm or "tower"}
            ),
        )


def say_changes(network: Network, edited: Network, gpus: int) -> None:
    """Say what differs from the published split, beside a button that undoes it; or nothing."""
    if edited == network:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("towers.edited", changes=_changes(network, edited, gpus)))
        st.button(t("towers.undo"), key="towers.undo", on_click=_undo)


def _changes(network: Network, edited: Network, gpus: int) -> str:
    """The changes in words: layers cut, layers joined, LRN's new reach."""
    before, after = crossings(network, gpus), crossings(edited, gpus)
    cut = [name for name in before if name not in after]
    newly_joined = [name for name in after if name not in before]
    norm = norm_reach(edited, gpus)
    parts = []
    if cut:
        parts.append(t("towers.edited_cut", layers=", ".join(cut)))
    if newly_joined:
        parts.append(t("towers.edited_joined", layers=", ".join(newly_joined)))
    if norm and (norm != norm_reach(network, gpus) or not parts):
        parts.append(t("towers.edited_norm", where=t(f"towers.norm_{norm}")))
    return reduce(lambda first, more: t("towers.edited_and", first=first, more=more), parts)


def _undo() -> None:
    for choice in ("gpus", "cross", "norm"):
        state.put(choice, None)
