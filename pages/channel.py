"""One channel in detail: any cell under the lens, its kernel, and who contributes to it."""

import streamlit as st

from alexnet_viz.ui import channel, live, require_shell
from alexnet_viz.ui.contributions import contributions
from alexnet_viz.ui.lens import lens
from alexnet_viz.ui.subject import choose_subject

require_shell()
subject = choose_subject()
if live.affordable(subject):
    specimen = channel.chosen(subject)
    channel.heading(subject, specimen)
    cell = channel.cell_of(specimen)
    module = live.model(subject).get_submodule(specimen.row.name)
    lens(specimen, module, cell, key="lens", subject=subject.key)
    left, right = st.columns([2, 3], gap="large")
    with left:
        channel.show_kernel(specimen, module)
    with right:
        contributions(specimen, module, cell)
