"""The words of the Towers page."""

from collections.abc import Iterable

import streamlit as st

from alexnet_viz.layers import Conv, Linear
from alexnet_viz.towers import Towers
from alexnet_viz.trace import Trace
from alexnet_viz.ui import choose, state
from alexnet_viz.ui.words import t
from alexnet_viz.variants import VARIANTS


def story(towers: Towers) -> None:
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


def no_towers(result: Trace) -> None:
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
