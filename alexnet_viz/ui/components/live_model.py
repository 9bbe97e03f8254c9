"""The live model, built once, read-only and shared by all sessions, and its activations.

Keys of caches are ids and digests, never objects: Streamlit's own hashing samples large arrays and
ignores the class of a dataclass.
"""

import os
import time
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.jobs import Gate
from alexnet_viz.network.layers import AvgPool, MaxPool
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import FLOAT32_BYTES, Trace
from alexnet_viz.network.window_padding import reads_nothing
from alexnet_viz.pictures.images import Picture, Pixels
from alexnet_viz.pictures.preprocessing import PAPER, preprocess
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import library, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.picture_source import (
    picture as picture,  # re-exported for pages
)
from alexnet_viz.ui.components.subject import OPENED, SEED, Subject

MAX_WEIGHT_BYTES, MAX_ACTIVATION_BYTES = 1_000_000_000, 100_000_000
"""Limits per model and per picture; caches hold two models and eight pictures, under 3 GB."""

Floats = NDArray[np.float32]


SEEN_SIDE, SEEN_WORDS = 272, 32
"""Side of the picture that the network sees, and height of its caption, in pixels."""


def beside_picture() -> list[DeltaGenerator]:
    """Two places side by side: a narrow one for the picture, a wide one for what is found in it."""
    with st.container(horizontal=True, gap="medium", key="beside_picture"):
        return [st.container(width=SEEN_SIDE), st.container(key="found")]


def seen_place() -> DeltaGenerator:
    """A place of a fixed height, so that nothing moves when the picture arrives in it."""
    return st.container(height=SEEN_SIDE + SEEN_WORDS, border=False, key="seen")


def show_seen(place: DeltaGenerator, seen: Pixels) -> None:
    """Show what the network sees, uint8 (height, width, 3)."""
    words = t("maps.sees")
    place.image(seen, caption=words, alt=words, width=SEEN_SIDE, output_format="PNG")


def _part_that_runs(result: Trace) -> Network:
    """The network without the layers from the failure on, if there is one."""
    layers = tuple(row.layer for row in result.rows)
    return replace(result.network, input_shape=result.input_shape, layers=layers)


def affordable(subject: Subject) -> bool:
    """Whether the network may run at this input; if not, the reason is shown.

    Activations are cached for all visitors, so the limits are lower than those of ``model.build``.
    For a network without any row the page has already shown the failure.
    """
    result = subject.result
    if not result.rows or not _buildable(result):
        return False
    weights = FLOAT32_BYTES * result.params
    activations = sum(row.activation_bytes for row in result.rows)
    if weights <= MAX_WEIGHT_BYTES and activations <= MAX_ACTIVATION_BYTES:
        return True
    st.warning(
        t(
            "maps.too_large",
            weights=weights / 1e6,
            activations=activations / 1e6,
            most_weights=MAX_WEIGHT_BYTES / 1e6,
            most_activations=MAX_ACTIVATION_BYTES / 1e6,
        ),
        icon=":material/memory:",
    )
    return False


def _buildable(result: Trace) -> bool:
    """Whether torch can run a network from a visitor's file; if not, the reason is shown."""
    if result.network.id not in library.own():
        return True
    from alexnet_viz.model import build as model

    try:
        if result.input_shape[0] not in (1, 3):
            raise Problem("image_channels", channels=result.input_shape[0])
        for row in result.rows:
            if isinstance(row.layer, MaxPool | AvgPool) and reads_nothing(row):
                raise Problem("window_of_nothing", layer=row.name, rounding=row.layer.rounding)
        model.build(_part_that_runs(result), device="meta")
    except Problem as problem:
        reason = escaped(problem.explained(language()))
        st.warning(t("open.cannot_run", reason=reason), icon=":material/block:")
        return False
    return True


@st.cache_resource(max_entries=2, show_spinner=False)
def _model(key: str, _subject: Subject) -> Any:
    from alexnet_viz.model import build as model
    from alexnet_viz.model import device
    from alexnet_viz.model.selective import selective
    from alexnet_viz.weights import loader

    where, network = device.choose(), _part_that_runs(_subject.result)
    if _subject.weights is None:
        return model.build(network, device=where, seed=SEED), where
    if OPENED in st.session_state and st.session_state[OPENED][0] == _subject.weights:
        tensors = st.session_state[OPENED][1].tensors
    else:
        tensors = loader.tensors(_subject.weights)
    return selective(loader.filled(network, tensors, device=where)), where


def model(subject: Subject) -> Any:
    """The model, ready to run.  All sessions share it, so it must not be hooked or changed."""
    return _model(subject.key, subject)[0]


@st.cache_resource(show_spinner=False)
def gate() -> Gate:
    """The gate to hold while the network runs once, but not while anything is drawn.

    It lets as many networks run at the same time as there are cores.
    """
    return Gate(os.cpu_count() or 1)


def prepared(subject: Subject, picture: Picture) -> Floats:
    """The network's input for a picture, float32 (channels, side, side)."""
    channels, size, _width = subject.result.input_shape
    how = subject.weights.preprocessing if subject.weights else PAPER
    return preprocess(picture, size, channels, how)


@st.cache_resource(max_entries=8, show_spinner=False)  # the arrays are read-only: none is copied
def _captured(key: str, digest: str, _subject: Subject, _picture: Picture) -> tuple[Any, float]:
    from alexnet_viz.model.activations import capture

    module, image = model(_subject), prepared(_subject, _picture)
    with gate():
        began = time.perf_counter()
        return capture(module, image), 1000 * (time.perf_counter() - began)


def captured(subject: Subject, picture: Picture) -> dict[str, Floats]:
    """Every layer's output for a picture; draws nothing."""
    return dict(_captured(subject.key, picture.digest, subject, picture)[0])


def chosen_channel(maps: Floats) -> int:
    """The chosen channel of maps (C, H, W), or unit of (C,), at most the last one.

    Where none is chosen, the one that answers most: the largest mean over its map.
    """
    channel = state.use("channel")
    if channel is not None:
        return min(int(channel), len(maps) - 1)
    from alexnet_viz.model.activations import answering

    return int(answering(maps)[0])


def activations(subject: Subject, picture: Picture) -> tuple[dict[str, Floats], float, str]:
    """Every layer's output for a picture, the milliseconds of the pass, the device's name."""
    with st.spinner(t("maps.running"), show_time=True):
        kept, milliseconds = _captured(subject.key, picture.digest, subject, picture)
        _, where = _model(subject.key, subject)
    from alexnet_viz.model import device

    return kept, milliseconds, device.describe(where, language())
