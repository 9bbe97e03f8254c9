"""The maps that a unit depends on: choice of the unit, their number, their diagram."""

import streamlit as st

from alexnet_viz.analysis.towers.channel_dependence import Channels, seen
from alexnet_viz.analysis.towers.split import Towers
from alexnet_viz.network.layers import Conv
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.diagrams.channel_dependence import reach_diagram
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components.plate import plate

Unit = tuple[str, int]
Lit = dict[str, Channels]


def choose_unit(result: Trace, towers: Towers) -> tuple[Lit | None, Unit | None]:
    """The maps that the chosen unit depends on, by layer, and the unit; (None, None) while off."""
    if not state.use("seen") or not result.rows:
        return None, None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = network_picker.layer_picker(result, width=280)
        held = next(stage.held for stage in towers.stages if stage.name == layer)
        holding = [n for n in range(towers.count) if held[n]]
        gpu = state.get("gpu") if state.get("gpu") in holding else holding[0]
        st.segmented_control(
            t("towers.on_gpu"), holding, required=True, **state.bound("gpu", value=gpu)
        )
        channels = held[gpu]
        channel = state.get("channel") if state.get("channel") in channels else channels.start
        st.number_input(
            t("towers.unit_number", first=channels.start, last=channels.stop - 1),
            min_value=channels.start,
            max_value=channels.stop - 1,
            width=220,
            **state.bound("channel", value=channel),
        )
    return seen(result, layer, channel), (layer, channel)


def gpu_of(towers: Towers, unit: Unit) -> int:
    """The number of the GPU that has a unit."""
    layer, channel = unit
    held = next(stage.held for stage in towers.stages if stage.name == layer)
    return next(n for n, channels in enumerate(held) if channel in channels)


def show_reach(towers: Towers, lit: Lit, unit: Unit) -> None:
    """Show the number of maps the unit depends on, and the diagram of every layer before it."""
    stages = {stage.name: stage for stage in towers.stages}
    layer, channel = unit
    first = next((name for name in lit if isinstance(stages[name].row.layer, Conv)), layer)
    through = [name for name in lit if stages[name].crossing]
    words = t(
        "towers.sees",
        unit=f"{layer} · {channel}",
        gpu=gpu_of(towers, unit),
        n=len(lit[first]),
        of=stages[first].row.output_shape[0],
        first=first,
    )
    way = t("towers.sees_through", layers=", ".join(through)) if through else t("towers.sees_own")
    st.markdown(f"{words} {way if towers.count > 1 else ''}")
    plate(reach_diagram(towers, lit, language()), key="reach", file="reach", selected=layer)
