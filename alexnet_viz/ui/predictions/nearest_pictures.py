"""What weights of few classes can say of a foreign picture: which ones they know are like it."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from alexnet_viz.interpretability.likeness import cosines
from alexnet_viz.interpretability.predictions import logit_layer
from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.serving.scores import OutputOf
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import live_model
from alexnet_viz.ui.components.foreign_picture import other_weights
from alexnet_viz.ui.components.known_pictures import Known
from alexnet_viz.ui.components.subject import Subject
from alexnet_viz.ui.predictions.answers import Answers

SEED = 0
"""The picture of each class that is compared: its number in links."""
SHOWN, SIDE = 5, 104
"""How many pictures are shown, and their side on the screen in pixels."""
ROW_PX = 160
"""Height that is kept for the row of pictures, two lines of words included."""


class Likeness(NamedTuple):
    """How like a class's example is to the picture."""

    kind: str
    name: str
    cosine: float


def caution(both: Answers) -> None:
    """Show what weights that learned from drawings or clothes cannot know."""
    st.markdown(t(f"predict.only_{both.things}", count=len(both.names)))


def nearest(subject: Subject, known: Known, picture: Picture) -> None:
    """Show the known pictures that are most like this one, and where other weights are."""
    layer = _read(subject)
    row = st.container(
        horizontal=True, height=ROW_PX, border=False, gap="small", key="nearest", wrap=False
    )
    with row:
        examples = [known.picture(kind, SEED) for kind in known.kinds]
        theirs = live_model.shown(subject, examples, OutputOf(layer)).value
        here = live_model.shown(subject, [picture], OutputOf(layer)).value[0]
        order = _ordered(known, cosines(here, theirs))
        size = subject.result.input_shape[1]
        for each in order[:SHOWN]:
            with st.container(width=SIDE, gap="xxsmall"):
                st.image(
                    cropped(known.picture(each.kind, SEED), size, subject.result.input_shape[0]),
                    alt=t("predict.picture_of", name=each.name),
                    width=SIDE,
                    output_format="PNG",
                )
                st.button(
                    f"{escaped(each.name)} {each.cosine:.2f}",
                    key=f"nearest.{each.kind}",
                    help=t("predict.take_picture"),
                    type="tertiary",
                    on_click=known.take,
                    args=(each.kind, SEED),
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
            count=theirs.shape[1],
            things=t(f"predict.things_{known.things}"),
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


def _ordered(known: Known, found: np.ndarray) -> list[Likeness]:
    """The classes from the most alike down."""
    return [
        Likeness(known.kinds[number], known.titles[number].of(language()), float(found[number]))
        for number in np.argsort(-found)
    ]
