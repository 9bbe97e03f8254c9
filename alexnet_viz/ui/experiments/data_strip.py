"""The data sets of the training lab: the names of their classes, and a picture of each."""

from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.pictures import fashion, synthetic
from alexnet_viz.pictures.synthetic.scene import draw
from alexnet_viz.teaching.experiments.experiment import FASHION
from alexnet_viz.teaching.experiments.small_network import SIDE
from alexnet_viz.ui.app.words import language, listed, t

WIDTH = 42
"""Of a picture on the screen, in px."""


def class_names(data: str) -> list[str]:
    """The names of the classes of a data set, in the order of the labels."""
    if data == FASHION:
        return [name.of(language()) for name in fashion.CLASSES]
    return [t(f"drawn.{name}") for name in synthetic.CLASSES]


def data_strip(data: str) -> None:
    """Draw a picture of each class."""
    names = class_names(data)
    st.caption(
        t(
            "experiments.learned_from",
            data=t(f"experiments.data_set.{data}"),
            classes=len(names),
            side=SIDE,
            names=listed(names),
        )
    )
    with st.container(horizontal=True, gap="small", key="experiments.strip"):
        for name, pixels in zip(names, _pictures(data), strict=True):
            st.image(pixels, alt=name, width=WIDTH, output_format="PNG")


@cache
def _pictures(data: str) -> list[NDArray[np.uint8]]:
    """The first test picture, or a drawing, of each class."""
    if data == FASHION:
        pixels, labels = fashion.subset("test")
        return [pixels[np.argmax(labels == label)] for label in range(len(fashion.CLASSES))]
    found: Any = [
        draw(name, np.random.default_rng((2012, number)), SIDE)
        for number, name in enumerate(synthetic.CLASSES)
    ]
    return list(found)
