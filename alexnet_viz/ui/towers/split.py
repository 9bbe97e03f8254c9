"""The Split section of the Towers page: the network on its GPUs, and hypothetical splits."""

import streamlit as st

from alexnet_viz.analysis.towers.regroup import crossings, cuttable, regrouped
from alexnet_viz.analysis.towers.split import Towers, split
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.towers import tower_diagram
from alexnet_viz.render.tables.towers import (
    balance,
    gpus_table,
    layers_table,
    narrow_grid,
    towers_record,
    traffic_table,
)
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, offered, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.ui.towers import channel_dependence, placements, regroup
from alexnet_viz.variants import VARIANTS


def split_section() -> None:
    """Draw it."""
    whole = network_picker.network_row()
    gpus = regroup.choose_gpus(whole)
    result = regroup.choose_cuts(whole, gpus)
    summary.failure(result)
    if gpus == 1:
        _no_towers(whole)
    towers = split(result, state.use("last"), gpus)
    assert towers  # a number of GPUs is given
    cut = [name for name in crossings(whole.network, gpus)
           if name not in crossings(result.network, gpus)]  # fmt: skip
    lit, unit = channel_dependence.choose_unit(result, towers)
    plate(
        tower_diagram(
            towers,
            result.input_shape,
            language(),
            unit="values" if state.use("unit") == "values" else "bytes",
            batch=state.use("batch") if state.get("unit") == "batch" else 1,
            lit=lit,
            unit_of=unit,
            cut=cut,
            ghosts=result.network.layers[len(result.rows) :],
        ),
        key="towers",
        file=f"{result.network.id}_towers",
        selected=network_picker.layer_of(result),
        tower=channel_dependence.gpu_of(towers, unit) if unit else None,
        tower_choice="gpu",
        grow=1.2,
    )
    _diagram_row()
    if lit and unit:
        channel_dependence.show_reach(towers, lit, unit)
    _story(towers)
    _numbers(result, towers)
    placements.show_published()


def _diagram_row() -> None:
    """Draw the choices of the diagram: values or bytes, the batch, what a unit depends on."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("towers.unit"),
            required=True,
            **offered("towers.unit_", "unit", n=state.use("batch")),
        )
        st.number_input(t("towers.batch"), width=130, **state.number("batch"))
        st.toggle(t("towers.seen"), help=t("towers.seen_help"), **state.bound("seen"))


def _story(towers: Towers) -> None:
    """Show which layers stay on a GPU, which read all GPUs, and each GPU's share."""
    if towers.count == 1:
        st.markdown(t("towers.story_one", total=sum(towers.params), macs=sum(towers.macs)))
        return
    learned = [s for s in towers.stages if s.row.layer.weighted]
    staying = [s.name for s in learned if s.reads == "own"]
    crossing = [s.name for s in towers.stages if s.crossing]
    parts = [
        *([t("towers.story_stay", layers=", ".join(staying))] if staying else []),
        *([t("towers.story_all", layers=", ".join(crossing))] if crossing else []),
        t(
            "towers.story_params",
            parts=" + ".join(f"{n:,}" for n in towers.params),
            total=sum(towers.params),
            balance=balance(towers.params),
            macs=balance(towers.macs),
        ),
        t("towers.story_crossing", n=towers.crossing, bytes=towers.crossing_bytes),
    ]
    if state.get("last") == "halves" and [s.kind for s in towers.stages[-1:]] == ["softmax"]:
        parts.append(t("towers.story_softmax", layer=towers.stages[-1].name))
    st.markdown("\n".join(f"- {part}" for part in parts))


def _numbers(result: Trace, towers: Towers) -> None:
    """The tables per GPU, per crossing and per layer, and their files."""
    per_gpu = gpus_table(towers, language()).grid
    traffic = traffic_table(towers, state.get("batch"), language()).grid
    layers = layers_table(result, towers, language()).grid
    st.subheader(per_gpu.title, anchor=False)
    plate(
        key="towers.gpus",
        table=grid_table(per_gpu, [str(row[0]) for row in per_gpu.rows]),
        pickable=False,
    )
    if towers.count > 1:
        st.subheader(traffic.title, anchor=False)
        if traffic.rows:
            crossings = [str(row[0]) for row in traffic.rows]
            plate(key="towers.traffic", table=grid_table(traffic, crossings), pickable=False)
            st.caption(t("towers.traffic_caption", every=_if_all_crossed(result, towers)))
        else:
            st.markdown(t("towers.no_traffic"))
    st.subheader(t("towers.per_layer"), anchor=False)
    plate(
        key="towers.layers",
        table=grid_table(
            narrow_grid(result, towers, language()), [stage.name for stage in towers.stages]
        ),
        selected=network_picker.layer_of(result),
    )
    summary.grid_downloads(
        layers,
        towers_record(result, towers, language(), state.get("batch")),
        f"{result.network.id}_towers",
        key="towers",
    )


def _if_all_crossed(result: Trace, towers: Towers) -> int:
    """The number of values that would cross for one image if every learned layer read all GPUs.

    LRN is not changed: 256 maps cannot be divided by three, so it cannot always stay on a GPU.
    """
    network = regrouped(result.network, towers.count, cuttable(result.network))
    every = split(trace(network, result.input_shape[1]), "halves", towers.count)
    return every.crossing if every else 0


def _no_towers(result: Trace) -> None:
    """Say that this network is not split, and offer those that are."""
    if result.network.towers > 1:
        return
    st.info(t("towers.none", network=network_picker.variant_title(result.network.id)))
    st.markdown(t("towers.try"))
    with st.container(horizontal=True):
        for variant in [v for v, network in VARIANTS.items() if network.towers > 1][:4]:
            st.button(
                network_picker.variant_title(variant),
                key=f"towers.{variant}",
                on_click=state.put,
                args=("variant", variant),
            )
