"""What weights that know only drawings can say of another picture: which drawings are like it."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from alexnet_viz.interpretability.likeness import cosines
from alexnet_viz.interpretability.predictions import logit_layer
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples.fresh import drawing
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.foreign_picture import other_weights
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.predictions.answers import Answers

SEED = 0
"""The drawing of each class that is compared: its number in links."""
SHOWN, SIDE = 5, 104
"""How many drawings are shown, and their side on the screen in pixels."""
ROW_PX = 160
"""Height that is kept for the row of drawings, two lines of words included."""


class Likeness(NamedTuple):
    """How like a class's drawing is to the picture."""

    kind: str
    name: str
    cosine: float


def caution(both: Answers) -> None:
    """Show what weights that learned from drawings cannot know."""
    st.markdown(t("predict.only_drawings", count=len(both.names)))


def nearest(subject: Subject, kept: dict[str, live_model.Floats]) -> None:
    """Show the drawings that are most like the picture, and where other weights are."""
    layer = _read(subject)
    row = st.container(
        horizontal=True, height=ROW_PX, border=False, gap="small", key="nearest", wrap=False
    )
    with row:
        with st.spinner(t("maps.running")):
            known = _drawn(subject.key, layer, subject)
        order = _ordered(subject, cosines(kept[layer].reshape(-1), known))
        size = subject.result.input_shape[1]
        for each in order[:SHOWN]:
            with st.container(width=SIDE, gap="xxsmall"):
                st.image(
                    cropped(drawing(each.kind, SEED), size),
                    alt=t("predict.drawing_of", name=each.name),
                    width=SIDE,
                    output_format="PNG",
                )
                st.button(
                    f"{escaped(each.name)} {each.cosine:.2f}",
                    key=f"nearest.{each.kind}",
                    help=t("predict.take_drawing"),
                    type="tertiary",
                    on_click=_take,
                    args=(each.kind,),
                )
    first, second = order[:2]
    st.markdown(
        t(
            "predict.nearest",
            first=escaped(first.name),
            cosine=first.cosine,
            second=escaped(second.name),
            second_cosine=second.cosine,
            layer=layer,
            count=known.shape[1],
        )
    )
    other_weights()


def _read(subject: Subject) -> str:
    """The layer whose output the layer with the logits reads; dropout passes it on unchanged."""
    rows = subject.result.rows
    at = [row.name for row in rows].index(logit_layer(subject.result)) - 1
    while rows[at].layer.family == "dropout":
        at -= 1
    return rows[at].name


@st.cache_resource(max_entries=4, show_spinner=False)
def _drawn(key: str, layer: str, _subject: Subject) -> live_model.Floats:
    """A layer's output for one drawing of every class, (classes, features)."""
    from alexnet_viz.model.activations import capture

    images = [live_model.prepared(_subject, drawing(kind, SEED)) for kind in CLASSES]

    def run(model: Any) -> live_model.Floats:
        found = []
        for image in images:
            with live_model.gate():
                found.append(capture(model, image)[layer].reshape(-1))
        return np.stack(found)

    known: live_model.Floats = live_model.runner(_subject)(run).made
    return known


def _ordered(subject: Subject, found: np.ndarray) -> list[Likeness]:
    """The classes from the most alike down."""
    return [
        Likeness(CLASSES[number], subject.class_name(number), float(found[number]))
        for number in np.argsort(-found)
    ]


def _take(kind: str) -> None:
    state.put("source", "drawing")
    state.put("drawing", kind)
    state.put("drawing_seed", SEED)
