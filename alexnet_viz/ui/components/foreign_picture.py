"""A picture of a kind that the weights never learned from, and the way to weights that did."""

import streamlit as st

from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.known_pictures import known_to
from alexnet_viz.ui.components.subject import Subject, available, follow
from alexnet_viz.weights.published import TORCHVISION_IMAGENET


def foreign(subject: Subject) -> bool:
    """Whether these weights know drawings or clothes only, and the picture is none of them."""
    known = known_to(subject.weights)
    return known is not None and picture_source.source() != known.source


def other_weights() -> None:
    """The way to weights that learned from photographs: chosen if they are here, else fetched."""
    weights = TORCHVISION_IMAGENET
    if weights.id in available():

        def chosen() -> None:
            state.put("weights", weights.id)
            follow(weights)

        st.button(
            t("predict.use_imagenet"), key="imagenet", icon=":material/photo:", on_click=chosen
        )
    else:
        st.page_link("pages/weights.py", label=t("predict.imagenet"), icon=":material/download:")
