"""The maps that a unit depends on: choice of the unit, their number, their diagram."""

import streamlit as st

from alexnet_viz.analysis.towers.channel_dependence import Channels, seen
from alexnet_viz.analysis.towers.split import Towers
from alexnet_viz.network.layers import Conv
from alexnet_viz.network.trace import Trace
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import network_picker

Unit = tuple[str, int]
Lit = dict[str, Channels]


def chosen_unit(result: Trace, towers: Towers) -> tuple[Lit | None, Unit | None]:
    """The maps that the chosen unit depends on, by layer, and the unit; (None, None) while off."""
    if not state.use("seen") or not result.rows:
        return None, None
    layer = network_picker.shown_layer(result)
    channels = _held(towers, layer)[_gpu(towers, layer)]
    chosen = state.use("channel")
    channel = chosen if chosen in channels else channels.start
    return seen(result, layer, channel), (layer, channel)


def unit_row(result: Trace, towers: Towers, unit: Unit | None) -> None:
    """Draw the switch and, while it is on, the choice of the unit."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.toggle(t("towers.seen"), help=t("towers.seen_help"), **state.bound("seen"))
        if unit is None:
            return
        layer, channel = unit
        network_picker.layer_picker(result, width=220, bare=True)
        gpu = _gpu(towers, layer)
        holding = [n for n, channels in enumerate(_held(towers, layer)) if channels]
        st.segmented_control(
            t("towers.on_gpu"), holding, required=True, **state.bound("gpu", value=gpu)
        )
        channels = _held(towers, layer)[gpu]
        st.number_input(
            t("towers.unit_number", first=channels.start, last=channels.stop - 1),
            min_value=channels.start,
            max_value=channels.stop - 1,
            width=220,
            **state.bound("channel", value=channel),
        )


def _held(towers: Towers, layer: str) -> tuple[range, ...]:
    return next(stage.held for stage in towers.stages if stage.name == layer)


def _gpu(towers: Towers, layer: str) -> int:
    """The chosen GPU, or the first one that has a part of the layer."""
    holding = [n for n, channels in enumerate(_held(towers, layer)) if channels]
    return int(state.use("gpu")) if state.get("gpu") in holding else holding[0]


def gpu_of(towers: Towers, unit: Unit) -> int:
    """The number of the GPU that has a unit."""
    layer, channel = unit
    held = next(stage.held for stage in towers.stages if stage.name == layer)
    return next(n for n, channels in enumerate(held) if channel in channels)


def say_reach(towers: Towers, lit: Lit, unit: Unit) -> None:
    """Show the number of maps that the unit depends on, and the layers that lead to the others."""
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
