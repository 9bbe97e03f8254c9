"""The pictures of the Start page: the samples, a fresh drawing, a file, the camera."""

import streamlit as st

from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.thumbnails import thumbnails

FIRST = "cat"
"""The sample that the page begins with, until a picture is chosen on any page."""
DRAWING = "drawing"


def picture_strip() -> Picture:
    """Draw the samples as thumbnails, and the ways to other pictures; returns the chosen one."""
    if state.get("source") is None:
        _pick(FIRST)
    with st.container(horizontal=True, vertical_alignment="center", key="strip"):
        samples = st.container(width=370)
        st.button(t("start.drawing"), key="start.drawing", icon=":material/casino:", on_click=_draw)
        with st.popover(t("start.upload"), icon=":material/upload:", key="start.upload"):
            picture_source.upload_box()
        with st.popover(t("start.camera"), icon=":material/photo_camera:", key="start.camera"):
            picture_source.camera_box()
    # after the boxes, because a picture that has just arrived in one is the chosen one
    source = state.get("source")
    name = state.get("sample") if source == "sample" else source
    pictures = {
        key: (sample.title.of(language()), sample.load()) for key, sample in SAMPLES.items()
    }
    with samples:
        thumbnails(pictures, name, _pick, label=t("start.pictures"), key="thumbnails")
    # the link of the page as it begins has no picture
    return SAMPLES[FIRST].load() if name == FIRST else picture_source.chosen_picture()


def _pick(name: str) -> None:
    state.put("source", "sample")
    state.put("sample", name)


def _draw() -> None:
    if state.get("source") == DRAWING:
        state.put("drawing_seed", state.get("drawing_seed") + 1)
    state.put("source", DRAWING)
