"""One channel in detail: how each cell is computed, the kernel, the contributing channels."""

import streamlit as st

from alexnet_viz.ui import require_shell
from alexnet_viz.ui.channel import chosen_channel
from alexnet_viz.ui.channel.contributions import contributions
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.lens import lens
from alexnet_viz.ui.components.subject import choose_subject

require_shell()
subject = choose_subject()
if live_model.affordable(subject):
    specimen = chosen_channel.chosen(subject)
    chosen_channel.heading(subject, specimen)
    cell = chosen_channel.cell_of(specimen)
    module = live_model.model(subject).get_submodule(specimen.row.name)
    lens(specimen, module, cell, key="lens", subject=subject.key)
    left, right = st.columns([2, 3], gap="large")
    with left:
        chosen_channel.show_kernel(specimen, module)
    with right:
        contributions(specimen, module, cell)
