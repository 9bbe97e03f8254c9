"""Attribution maps of a unit, their check with random weights, and a picture that excites it."""

import streamlit as st

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.attribution import question
from alexnet_viz.ui.attribution.activation_maximisation import excite
from alexnet_viz.ui.attribution.map_view import show_map
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.components.subject import choose_subject

require_shell()
subject = choose_subject()
if live_model.affordable(subject):
    left, right = live_model.beside_picture()
    with left:
        picture = live_model.picture()
        target = question.target(subject, picture)
    with right:
        how = question.how(subject, target.unit)
        shape = subject.result.input_shape
        seen = cropped(picture, shape[1], shape[0])
        files = show_map(question.Question(subject, picture, target), how, seen)
    with left:
        files += excite(subject, target.unit, target.channel)
    if files:
        download_menu(*files, key="attribution")
    st.caption(t("attribution.about"))
