"""A picture of a kind that the weights never learned from, and the way to weights that did."""

import streamlit as st

from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.subject import Subject, available, follow
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.published import TORCHVISION_IMAGENET


def foreign(subject: Subject) -> bool:
    """Whether these weights know drawings only, and the picture is none of them."""
    knows = subject.weights is not None and subject.weights.id == DRAWINGS.id
    return knows and picture_source.source() != "drawing"


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
