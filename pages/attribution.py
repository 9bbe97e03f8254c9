"""Which pixels an answer comes from, whether random weights agree, and what excites a unit."""

import streamlit as st

from alexnet_viz.preprocessing import cropped
from alexnet_viz.ui import attribute, live, require_shell
from alexnet_viz.ui.attributed import answer
from alexnet_viz.ui.excite import excite
from alexnet_viz.ui.subject import choose_subject

require_shell()
subject = choose_subject()
if live.affordable(subject):
    left, right = st.columns([3, 8], gap="medium")
    with left:
        picture = live.picture()
        kept, _spent, _device = live.activations(subject, picture)
        target = attribute.target(subject, kept)
    with right:
        how = attribute.how(subject, target.unit)
        shape = subject.result.input_shape
        seen = cropped(picture, shape[1], shape[0])
        answer(attribute.Question(subject, picture, target), how, seen)
    excite(subject, target.unit, target.channel)
