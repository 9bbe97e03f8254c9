"""The network's predictions for a picture, with and without parts of the network."""

import streamlit as st

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.subject import choose_subject
from alexnet_viz.ui.predictions import ablation, answers, channel_effects
from alexnet_viz.ui.predictions.answer_words import verdict

require_shell()
subject = choose_subject()
result = subject.result
if live_model.affordable(subject) and answers.answering(result):
    left, right = st.columns([3, 7], gap="medium")
    with left:
        picture = live_model.picture()
        seen = cropped(picture, result.input_shape[1], result.input_shape[0])
        st.image(seen, caption=t("maps.sees"), width="stretch", output_format="PNG")
    with right:
        kept, _spent, _device = live_model.activations(subject, picture)
        off = ablation.controls(result)
        answers.value_choices()
        both = answers.answers(subject, picture, kept, off)
        if both:
            answers.bars(both)
            verdict(subject, both)
    if both:
        answers.numbers(subject, both)
        channel_effects.ranking(subject, picture, kept)
