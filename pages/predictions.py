"""The network's predictions for a picture, with and without parts of the network."""

import streamlit as st

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import foreign_picture, live_model
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.components.known_pictures import known_to
from alexnet_viz.ui.components.subject import choose_subject
from alexnet_viz.ui.predictions import (
    ablation,
    answer_words,
    answers,
    channel_effects,
    first_layer,
    nearest_pictures,
)

require_shell()
subject = choose_subject()
result = subject.result
if live_model.affordable(subject) and answers.answering(result):
    left, right = live_model.beside_picture()
    with left:
        shown = live_model.seen_place()
        picture = live_model.picture()
        seen = cropped(picture, result.input_shape[1], result.input_shape[0])
        live_model.show_seen(shown, seen)
    with right:
        both = answers.answers(subject, picture, ablation.taken(result))
        foreign = foreign_picture.foreign(subject)
        known = known_to(subject.weights)
        if both and known and foreign:
            nearest_pictures.caution(both)
            nearest_pictures.nearest(subject, known, picture)
        if both:
            answers.bars(both)
            answer_words.verdict(subject, both, foreign=foreign)
        ablation.controls(result)
        answers.value_choices()
    if both and foreign:
        first_layer.first_layer(subject, picture, seen)
    if both:
        files = [answers.numbers(subject, both)]
        files += channel_effects.ranking(subject, picture, both.before.logits)
        download_menu(*files, key="predict")
    st.caption(t("predict.about"))
