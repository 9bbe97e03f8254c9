"""What the network says of a picture, and what it says when a part of it is taken away."""

import streamlit as st

from alexnet_viz.preprocessing import cropped
from alexnet_viz.ui import ablate, effects, live, predict, require_shell
from alexnet_viz.ui.subject import choose_subject
from alexnet_viz.ui.verdict import verdict
from alexnet_viz.ui.words import t

require_shell()
subject = choose_subject()
result = subject.result
if live.affordable(subject) and predict.answering(result):
    left, right = st.columns([3, 7], gap="medium")
    with left:
        picture = live.picture()
        seen = cropped(picture, result.input_shape[1], result.input_shape[0])
        st.image(seen, caption=t("maps.sees"), width="stretch", output_format="PNG")
    with right:
        kept, _spent, _device = live.activations(subject, picture)
        off = ablate.controls(result)
        predict.value_choices()
        both = predict.answers(subject, picture, kept, off)
        if both:
            predict.bars(both)
            verdict(subject, both)
    if both:
        predict.numbers(subject, both)
        effects.ranking(subject, picture, kept)
