"""The Inputs view: the output of each network for every input size."""

import streamlit as st

from alexnet_viz.analysis.compare.difference_words import layers_text
from alexnet_viz.analysis.inputs.case_224 import SIZES
from alexnet_viz.analysis.inputs.sweep import LARGEST, SMALLEST, Stretch, sweep
from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.network.spec import Network
from alexnet_viz.render.diagrams.sweep import sweep_diagram
from alexnet_viz.render.tables.sweep import sweep_record, sweeps_table
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.words import escaped, language, offered, running, t
from alexnet_viz.ui.compare.chosen_networks import compared_box
from alexnet_viz.ui.components import background_work, network_picker
from alexnet_viz.ui.components.downloads import download_menu, drawing_file, grid_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.variant_filters import filters

PLACE = "sweep.all"
NAMED = 3
"""Most networks that the sentence names; more are counted."""


def inputs_view() -> None:
    """Draw it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            t("inputs.who"),
            required=True,
            label_visibility="collapsed",
            width="content",
            **offered("inputs.who_", "inputs_who"),
        )
        ids = filters() if state.get("inputs_who") == "all" else compared_box()
    networks = [library.networks()[id] for id in ids]
    networks = [network for network in networks if len(network.input_shape) == 3]
    if not networks:
        st.info(t("inputs.nobody"), icon=":material/add:")
        return
    sweeps = _sweeps(networks)
    if sweeps is None:
        return
    titles = [network_picker.variant_title(network.id) for network in networks]
    st.markdown(_say(titles, sweeps))
    svg = sweep_diagram(
        dict(zip(titles, sweeps, strict=True)),
        language(),
        native={title: network.input_size for title, network in zip(titles, networks, strict=True)},
    )
    plate(svg, key="sweep", pickable=False)
    st.caption(t("inputs.caption", smallest=SMALLEST, largest=LARGEST))
    grid = sweeps_table(networks, sweeps, language()).grid
    record = [sweep_record(*pair) for pair in zip(networks, sweeps, strict=True)]
    drawing = drawing_file(svg, "alexnet_inputs")
    download_menu(drawing, grid_file(grid, record, "alexnet_inputs"), key="sweep")


def _say(titles: list[str], sweeps: list[list[Stretch]]) -> str:
    """A sentence: of which networks the weights fit at both sizes in dispute, at one, at none."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for title, stretches in zip(titles, sweeps, strict=True):
        fitting = [one.sizes for one in stretches if one.outcome == "fits"]
        at = tuple(size for size in SIZES if any(size in sizes for sizes in fitting))
        groups.setdefault(at, []).append(escaped(title))
    said = []
    for at in (SIZES, SIZES[:1], SIZES[1:], ()):
        if names := groups.get(at):
            many = len(names) > NAMED
            who = t("inputs.many", n=len(names)) if many else layers_text(names, language())
            key = "both" if at == SIZES else "neither" if not at else "one"
            one, other = SIZES
            said.append(t(f"inputs.fit_{key}", who=who, one=at[0] if at else one, other=other))
    return running(*said)


def _sweeps(networks: list[Network]) -> list[list[Stretch]] | None:
    """The sweep of every network, about 70 traces each; None while some are computed."""
    line = background_work.queue(background_work.BRIEF)
    keys = [f"sweep/{network.id}" for network in networks]  # of a file the id is a digest

    def work(progress: Progress, stop: Stop) -> list[list[Stretch]]:
        for done, (key, network) in enumerate(zip(keys, networks, strict=True)):
            progress(done / len(networks))
            if stop():
                raise Stopped
            line.keep(key, line.result(key) or sweep(network))
        return [line.result(key) for key in keys]

    known = [line.result(key) for key in keys]
    if all(known):
        return known
    what = "+".join(keys)
    if not background_work.stopped(PLACE, what):
        background_work.ask(PLACE, what)
    words = t("inputs.running")
    found: list[list[Stretch]] | None = background_work.done(
        PLACE, what, lambda: work, lambda job: words, line=background_work.BRIEF
    )
    if found is None and not background_work.asked(PLACE, what):
        background_work.ask_button(PLACE, what, t("inputs.again"), ":material/play_arrow:")
    return found
