"""The Split section of the Towers page: the network on its GPUs, and hypothetical splits."""

import streamlit as st

from alexnet_viz.analysis.towers.regroup import crossings, cuttable, regrouped
from alexnet_viz.analysis.towers.split import Towers, split
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.render.diagrams.channel_dependence import reach_diagram
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
from alexnet_viz.ui.app.words import language, offered, running, t
from alexnet_viz.ui.components import network_picker, summary
from alexnet_viz.ui.components.downloads import Files, download_menu, drawing_file, grid_file
from alexnet_viz.ui.components.layer_words import details
from alexnet_viz.ui.components.plate import Detail, plate
from alexnet_viz.ui.components.table_view import grid_table
from alexnet_viz.ui.towers import channel_dependence, placements, regroup
from alexnet_viz.variants import VARIANTS


def split_section() -> None:
    """Draw it."""
    whole = network_picker.network_row()
    gpus = regroup.choose_gpus(whole)
    result = regroup.as_chosen(whole, gpus)
    towers = split(result, state.use("last"), gpus)
    assert towers  # a number of GPUs is given
    lit, unit = channel_dependence.chosen_unit(result, towers)
    drawn = _drawing(whole, result, towers, lit, unit)
    regroup.say_changes(whole.network, result.network, gpus)
    _meaning(result, towers)
    regroup.cut_row(whole.network, gpus)
    channel_dependence.unit_row(result, towers, unit)
    drawings = [drawn]
    if lit and unit:
        channel_dependence.say_reach(towers, lit, unit)
        reach = reach_diagram(towers, lit, language())
        plate(reach, key="reach", selected=unit[0], tools=False)
        drawings.append(drawing_file(reach, "reach", t("reach.title")))
    network_picker.say_missing(result)
    summary.failure(result)
    if gpus == 1:
        _no_towers(whole)
    _story(result, towers)
    _numbers(result, towers, drawings)
    placements.show_published()


def _drawing(
    whole: Trace,
    result: Trace,
    towers: Towers,
    lit: channel_dependence.Lit | None,
    unit: channel_dependence.Unit | None,
) -> Files:
    """Draw the towers, with a card for each layer, on which it can be cut or joined."""
    joined = crossings(result.network, towers.count)
    cut = [name for name in crossings(whole.network, towers.count) if name not in joined]
    svg = tower_diagram(
        towers,
        result.input_shape,
        language(),
        unit="values" if state.use("unit") == "values" else "bytes",
        batch=state.use("batch") if state.get("unit") == "batch" else 1,
        lit=lit,
        unit_of=unit,
        cut=cut,
        ghosts=result.network.layers[len(result.rows) :],
    )

    def act(name: str, layer: str) -> None:
        state.put("layer", layer)
        if name == "light":
            state.put("seen", not state.get("seen"))
        elif layer in cuttable(whole.network):
            crossing = set(regroup.joined(whole.network, towers.count)) ^ {layer}
            state.put("cross", tuple(x for x in cuttable(whole.network) if x in crossing))

    plate(
        svg,
        key="towers",
        selected=network_picker.shown_layer(result),
        tower=channel_dependence.gpu_of(towers, unit) if unit else None,
        tower_choice="gpu",
        grow=1.2,
        details=_details(result, towers),
        act=act,
        tools=False,
    )
    return drawing_file(svg, f"{result.network.id}_towers")


def _details(result: Trace, towers: Towers) -> dict[str, Detail]:
    """The card of every layer: also what crosses into it, and what can be done to it here."""
    cards = details(result)
    joined, able = crossings(result.network, towers.count), cuttable(result.network)
    light = ("light", t("towers.act_dark" if state.get("seen") else "towers.act_light"))
    for stage in towers.stages:
        card, acts = cards[stage.name], [light]
        if towers.count > 1 and stage.name in able:
            key = "cut" if stage.name in joined else "join"
            acts.insert(0, ("cross", t(f"towers.act_{key}", layer=stage.name)))
        crosses = t("towers.card_crossing", n=stage.crossing) if stage.crossing else ""
        cards[stage.name] = card._replace(
            lines=[*card.lines, *filter(None, [crosses])],
            pages=[page for page in card.pages if page != "towers"],
            acts=acts,
        )
    return cards


def _meaning(result: Trace, towers: Towers) -> None:
    """Say what crosses and what would without a split, and which layers read which GPUs."""
    if towers.count == 1:
        st.markdown(t("towers.story_one", total=sum(towers.params), macs=sum(towers.macs)))
        return
    learned = [s for s in towers.stages if s.row.layer.weighted]
    staying = [s.name for s in learned if s.reads == "own"]
    crossing = [s.name for s in towers.stages if s.crossing]
    every = _all_joined(result, towers)
    parts = [
        t("towers.story_crosses", n=towers.crossing, every=every.crossing)
        if towers.crossing
        else f"**{t('towers.no_traffic')}**",
        *([t("towers.story_stay", layers=", ".join(staying))] if staying else []),
        *([t("towers.story_all", layers=", ".join(crossing))] if crossing else []),
    ]
    st.markdown(running(*parts))


def _story(result: Trace, towers: Towers) -> None:
    """Show each GPU's share, what crosses in bytes, and what the split saves."""
    if towers.count == 1:
        return
    every = _all_joined(result, towers)
    parts = [
        t(
            "towers.story_params",
            parts=" + ".join(f"{n:,}" for n in towers.params),
            total=sum(towers.params),
            balance=balance(towers.params),
            macs=balance(towers.macs),
        ),
        t("towers.story_crossing", n=towers.crossing, bytes=towers.crossing_bytes),
        t(
            "towers.story_saved",
            params=sum(towers.params),
            macs=sum(towers.macs),
            whole_params=sum(every.params),
            whole_macs=sum(every.macs),
        ),
    ]
    if state.get("last") == "halves" and [s.kind for s in towers.stages[-1:]] == ["softmax"]:
        parts.append(t("towers.story_softmax", layer=towers.stages[-1].name))
    st.markdown("\n".join(f"- {part}" for part in parts))


def _numbers(result: Trace, towers: Towers, drawings: list[Files]) -> None:
    """The tables per GPU, per crossing and per layer, and the menu of files."""
    per_gpu = gpus_table(towers, language()).grid
    traffic = traffic_table(towers, state.get("batch"), language()).grid
    layers = layers_table(result, towers, language()).grid
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("towers.unit"), required=True, **offered("towers.unit_", "unit", n=state.use("batch"))
        )
        st.number_input(t("towers.batch"), width=130, **state.number("batch"))
        record = towers_record(result, towers, language(), state.get("batch"))
        table = grid_file(layers, record, f"{result.network.id}_towers", t("towers.per_layer"))
        download_menu(table, *drawings, key="towers")
    st.header(per_gpu.title, anchor=False)
    plate(
        key="towers.gpus",
        table=grid_table(per_gpu, [str(row[0]) for row in per_gpu.rows]),
        pickable=False,
    )
    if towers.count > 1 and traffic.rows:
        st.header(traffic.title, anchor=False)
        crossings = [str(row[0]) for row in traffic.rows]
        plate(key="towers.traffic", table=grid_table(traffic, crossings), pickable=False)
        st.caption(t("towers.traffic_caption"))
    st.header(t("towers.per_layer"), anchor=False)
    names = [stage.name for stage in towers.stages]
    plate(
        key="towers.layers",
        table=grid_table(narrow_grid(result, towers, language()), names, filled=True),
        selected=network_picker.shown_layer(result),
    )


def _all_joined(result: Trace, towers: Towers) -> Towers:
    """The same GPUs if every learned layer read all of them.

    LRN is not changed: 256 maps cannot be divided by three, so it cannot always stay on a GPU.
    """
    network = regrouped(result.network, towers.count, cuttable(result.network))
    every = split(trace(network, result.input_shape[1]), "halves", towers.count)
    assert every
    return every


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
