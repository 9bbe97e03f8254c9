"""The network with a picture's maps on its blocks, the pictures to choose from, and the chain."""

from base64 import b64encode
from io import BytesIO

import streamlit as st
from PIL import Image

from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.render.diagrams.flow import INPUT, Face, flow
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components import live_model, network_picker
from alexnet_viz.ui.components.layer_words import details
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.components.subject import Subject, choose_subject
from alexnet_viz.ui.start.picture_strip import picture_strip
from alexnet_viz.ui.start.ready_made import ready_made
from alexnet_viz.ui.start.size_chain import size_chain

FACES = 128
"""Most networks and pictures whose faces are kept for all visitors, each about 30 kB."""


def stage() -> None:
    """Draw the stage; the picture is the one chosen in the strip, at first a photograph."""
    drawing = st.container(key="stage")
    subject = choose_subject(st.container())
    declared = network_picker.traced()
    st.markdown(size_chain(declared))
    picture = picture_strip()
    with drawing:
        faces = {
            name: face
            for name, face in _faces(subject, picture).items()
            # with these weights fc8 may have other classes than the network drawn has
            if subject.result[name].output_shape == declared[name].output_shape
        }
        plate(
            flow(declared, faces | {INPUT: _seen(subject, picture)}, language()),
            key="flow",
            selected=state.use("layer"),
            smallest=700,
            details=details(declared),
        )
    st.caption(t("start.caption" if faces else "start.caption_maps"))


def _faces(subject: Subject, picture: Picture) -> dict[str, Face]:
    """What the blocks show: computed beforehand for the samples, by the live model otherwise."""
    stored = ready_made(subject.key, picture.digest)
    if stored is not None:
        return stored
    if not live_model.affordable(subject):
        return {}
    with st.spinner(t("maps.running")):
        return _computed(subject.key, picture.digest, subject, picture)


@st.cache_resource(max_entries=FACES, show_spinner=False)
def _computed(key: str, digest: str, _subject: Subject, _picture: Picture) -> dict[str, Face]:
    """The faces by the live model; a class of visitors with other networks builds each one once."""
    from alexnet_viz.render.charts.map_faces import map_faces

    return map_faces(_subject.result, live_model.captured(_subject, _picture))


def _seen(subject: Subject, picture: Picture) -> Face:
    """The picture as the network sees it: scaled and cropped."""
    channels, size, _ = subject.result.input_shape
    buffer = BytesIO()
    Image.fromarray(cropped(picture, size, channels)).save(buffer, "JPEG", quality=88)
    return Face(f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}", INPUT, None)
