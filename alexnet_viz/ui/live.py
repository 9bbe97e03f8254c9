"""The live model of a session: built once, shared, read-only; pictures and their activations.

Caches are keyed by words and digests, never by objects: Streamlit's own hashing samples large
arrays and drops the class of a dataclass.
"""

import os
import time
from dataclasses import replace
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from alexnet_viz.images import Picture, decode
from alexnet_viz.preprocessing import PAPER, preprocess
from alexnet_viz.problem import Problem
from alexnet_viz.samples import SAMPLES
from alexnet_viz.spec import Network
from alexnet_viz.trace import FLOAT32_BYTES, Trace
from alexnet_viz.ui import state
from alexnet_viz.ui.subject import OPENED, SEED, Subject
from alexnet_viz.ui.words import escaped, labels, language, t

PICTURE = "_picture"
MAX_WEIGHT_BYTES, MAX_ACTIVATION_BYTES = 1_000_000_000, 100_000_000
"""Two models and six pictures' activations are kept: under 3 GB at the very worst."""

Floats = NDArray[np.float32]


def _part_that_runs(result: Trace) -> Network:
    """The layers up to the failure, if there is one: they can be looked at all the same."""
    layers = tuple(row.layer for row in result.rows)
    return replace(result.network, input_shape=result.input_shape, layers=layers)


def affordable(subject: Subject) -> bool:
    """Whether this page runs the network at this input; if not, it says why.

    A page keeps what it ran for the next click, for every visitor, so its limits are lower than
    those of ``model.build``.  A network of which no layer runs has said so above.
    """
    result = subject.result
    if not result.rows:
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


@st.cache_resource(max_entries=2, show_spinner=False)
def _model(key: str, _subject: Subject) -> Any:
    from alexnet_viz import device, model
    from alexnet_viz.weights import loading

    where, network = device.choose(), _part_that_runs(_subject.result)
    if _subject.weights is None:
        return model.build(network, device=where, seed=SEED), where
    if OPENED in st.session_state and st.session_state[OPENED][0] == _subject.weights:
        tensors = st.session_state[OPENED][1]
    else:
        tensors = loading.tensors(_subject.weights)
    return loading.filled(network, tensors, device=where), where


def model(subject: Subject) -> Any:
    """The model that every session shares, ready to run: read it, never hook or change it."""
    return _model(subject.key, subject)[0]


@st.cache_resource(show_spinner=False)
def _gate() -> BoundedSemaphore:
    """As many visitors' pictures run at once as there are cores; the others wait their turn."""
    return BoundedSemaphore(os.cpu_count() or 1)


def gate() -> BoundedSemaphore:
    """To be held while the network runs; never while anything is drawn."""
    return _gate()


def prepared(subject: Subject, picture: Picture) -> Floats:
    """A picture as the subject's network reads it, (channels, side, side)."""
    channels, size, _width = subject.result.input_shape
    how = subject.weights.preprocessing if subject.weights else PAPER
    return preprocess(picture, size, channels, how)


@st.cache_data(max_entries=6, show_spinner=False)
def _captured(key: str, digest: str, _subject: Subject, _picture: Picture) -> tuple[Any, float]:
    from alexnet_viz.activations import capture

    module, image = model(_subject), prepared(_subject, _picture)
    with gate():
        began = time.perf_counter()
        return capture(module, image), 1000 * (time.perf_counter() - began)


def activations(subject: Subject, picture: Picture) -> tuple[dict[str, Floats], float, str]:
    """Every layer's output for a picture, the milliseconds of the pass, and the device's name."""
    with st.spinner(t("maps.running"), show_time=True):
        kept, milliseconds = _captured(subject.key, picture.digest, subject, picture)
        _, where = _model(subject.key, subject)
    from alexnet_viz import device

    return kept, milliseconds, device.describe(where, language())


def picture() -> Picture:
    """Choose a picture: a bundled sample, an upload, or a photo; a bad file keeps the last one."""
    sources = ("sample", "upload", "camera")
    st.segmented_control(
        t("maps.source"),
        sources,
        format_func=labels("maps.source_", sources),
        required=True,
        **state.bound("source"),
    )
    source = state.get("source")
    if source == "sample":
        return _sample()
    if source == "upload":
        file = st.file_uploader(t("maps.upload"), key="upload", help=t("maps.upload_help"))
    else:
        file = st.camera_input(t("maps.camera"), key="camera")
    if file is not None:
        _take(source, file.getvalue())
    taken: Picture | None = st.session_state.get(f"{PICTURE}.{source}")
    if taken is None:
        st.info(t("maps.waiting"), icon=":material/image:")
        return _sample(quietly=True)
    if file is None:
        st.caption(t("maps.kept"))
    return taken


def _take(source: str, data: bytes) -> None:
    """Decode an arriving file once; what cannot be read is explained and changes nothing."""
    seen = f"{PICTURE}.{source}.bytes"
    digest = sha256(data).hexdigest()
    if st.session_state.get(seen) != digest:
        try:
            st.session_state[f"{PICTURE}.{source}"] = decode(data)
            st.session_state[seen] = digest
        except Problem as problem:
            st.error(escaped(problem.explained(language())), icon=":material/broken_image:")
            return
    taken = st.session_state[f"{PICTURE}.{source}"]
    for note in taken.notes:
        st.caption(t(note))


def _sample(*, quietly: bool = False) -> Picture:
    if not quietly:
        st.selectbox(
            t("maps.sample"),
            list(SAMPLES),
            format_func={n: s.title.of(language()) for n, s in SAMPLES.items()}.__getitem__,
            **state.bound("sample"),
        )
    return SAMPLES[state.use("sample")].load()
