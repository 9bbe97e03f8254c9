"""One channel in detail: how each cell is computed, the kernel, the contributing channels."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.channel import chosen_channel
from alexnet_viz.ui.channel.answer import answer, name
from alexnet_viz.ui.channel.contributions import contributions
from alexnet_viz.ui.channel.own_pictures import own_pictures
from alexnet_viz.ui.channel.ways import ways
from alexnet_viz.ui.components import live_model, network_picker
from alexnet_viz.ui.components.lens import lens
from alexnet_viz.ui.components.subject import choose_subject

require_shell()
subject = choose_subject()
if live_model.affordable(subject):
    specimen = chosen_channel.chosen(subject)
    cell = chosen_channel.cell_of(specimen)
    module = live_model.model(subject).get_submodule(specimen.row.name)
    said = (name(subject, specimen), answer(specimen, module, cell))
    lens(specimen, module, cell, said, key="lens", subject=subject.key)
    network_picker.say_missing(specimen.result)
    ways(specimen, cell)
    if specimen.row.layer.weighted:
        with st.expander(t("channel.numbers"), key="numbers", icon=":material/table_rows:"):
            left, right = st.columns([2, 3], gap="large")
            with left:
                chosen_channel.show_kernel(specimen, module)
            with right:
                contributions(specimen, module, cell)
    own_pictures(subject, specimen)
