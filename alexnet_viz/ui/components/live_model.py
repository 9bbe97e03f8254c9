"""The live model, built once, read-only and shared by all sessions, and its activations.

Keys of caches are ids and digests, never objects: Streamlit's own hashing samples large arrays and
ignores the class of a dataclass.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

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
from alexnet_viz.serving import Embedded, Engine, Named, Ran, backend
from alexnet_viz.serving.engine import Ask, Task
from alexnet_viz.serving.kept import Kept
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import library, page_runs, state
from alexnet_viz.ui.app.sessions import sweep_also
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.picture_source import (
    picture as picture,  # re-exported for pages
)
from alexnet_viz.ui.components.subject import OPENED, SEED, Subject
from alexnet_viz.weights.catalogue import WEIGHTS

if TYPE_CHECKING:  # pages that run no model wait for no torch
    from alexnet_viz.model.device import Home, Placed

MAX_WEIGHT_BYTES, MAX_ACTIVATION_BYTES = 1_000_000_000, 100_000_000
"""Limits per model and per picture."""
WEIGHTS_SHARE, ACTIVATIONS_SHARE, SHOWN_SHARE = 1 / 4, 1 / 16, 1 / 64
"""What is kept of each, and of what pages show, as a share of the memory that the process may use
(``isolation.machine_memory.limit``)."""

TOLD = "_told_device"
"""Session key of the notice about a full device that was shown last."""

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
    if not result.rows or not _buildable(result) or not _readable(subject):
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


def _readable(subject: Subject) -> bool:
    """Whether the file of the weights can be read; if not, the reason is shown.

    Its checksum is computed here, where it is first read; once in a process.
    """
    if subject.weights is None or subject.weights.id not in WEIGHTS:
        return True
    from alexnet_viz.weights import loader

    try:
        loader.check(subject.weights)
    except Problem as problem:
        st.error(escaped(problem.explained(language())), icon=":material/heart_broken:")
        return False
    return True


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


def _size(captured: tuple[Any, float, Any]) -> int:
    return sum(array.nbytes for array in captured[0].values())


_weights: Kept[Any] = Kept(WEIGHTS_SHARE, lambda shared: shared.bytes)
_activations: Kept[tuple[Any, float, Any]] = Kept(ACTIVATIONS_SHARE, _size)
_shown: Kept[Ran] = Kept(SHOWN_SHARE, lambda ran: len(pickle.dumps(ran)))
for each in (_weights, _activations, _shown):
    sweep_also(each.sweep)


def _loader(subject: Subject) -> Callable[[Any], Any]:
    """A function that returns the model on a device; it may be called in any thread."""
    from alexnet_viz.weights import loader, shared

    weights, network = subject.weights, _part_that_runs(subject.result)
    opened = st.session_state.get(OPENED, (None, None))
    own = opened[1] if weights and opened[0] == weights else None
    if weights is None:
        key = f"{SEED}/{shared.drawn_alike(network)}"
    else:
        key = f"own/{weights.sha256}" if own else weights.sha256 or weights.id

    def make(where: Any) -> Any:
        if weights is None:
            return shared.drawn(network, SEED, where)
        tensors = own.tensors if own else loader.tensors(weights)
        return shared.SharedWeights(tensors, where, learned=True)

    def load(where: Any) -> Any:
        kept = _weights.get(f"{where}/{key}", lambda: make(where), own)
        return kept.model(subject.key, network)

    return load


@cache
def home() -> Home:
    """Where the models of this process run."""
    from alexnet_viz.model.device import Home

    return Home(release=_weights.clear)


def runner(subject: Subject) -> Callable[[Callable[[Any], Any]], Placed[Any]]:
    """A function that runs a function of the model, ready for use in any thread.

    The model is loaded where ``home`` says.  Where memory is short, at load or in the function, the
    function is called once more, with the model on the CPU.  All sessions share the model, so it
    must not be hooked or changed.
    """
    load = _loader(subject)
    return lambda use: home().run(lambda placement: use(load(placement.device)))


def model(subject: Subject) -> Any:
    """The model on the CPU, to read its weights and for what runs on the CPU only."""
    from alexnet_viz.model.device import CPU

    return _loader(subject)(CPU.device)


@st.cache_resource(show_spinner=False)
def gate() -> Gate:
    """The gate to hold while the network runs once, but not while anything is drawn.

    It lets as many networks run at the same time as there are cores.
    """
    return Gate(os.cpu_count() or 1, page_runs.PRESENT)


def prepared(subject: Subject, picture: Picture) -> Floats:
    """The network's input for a picture, float32 (channels, side, side)."""
    channels, size, _width = subject.result.input_shape
    how = subject.weights.preprocessing if subject.weights else PAPER
    return preprocess(picture, size, channels, how)


@st.cache_resource(show_spinner=False)
def _passes() -> Any:
    """The queue of the live passes, which makes batches of those that wait."""
    from alexnet_viz.serving.micro_batches import MicroBatches

    return MicroBatches(gate())


def _captured(subject: Subject, picture: Picture) -> tuple[Any, float, Any]:
    """Every layer's output, read-only, the milliseconds of the pass, and where it ran."""
    image, key, load = prepared(subject, picture), subject.key, _loader(subject)

    def passed(placement: Any) -> Any:
        where = placement.device
        return _passes().capture(f"{key}/{where}", load(where), image)

    def run() -> tuple[Any, float, Any]:
        placed = home().run(passed)
        return *placed.made, placed.placement.device

    owner = picture_source.own(picture.digest)
    return _activations.get(f"{subject.key}/{picture.digest}", run, owner)


def captured(subject: Subject, picture: Picture) -> dict[str, Floats]:
    """Every layer's output for a picture; draws nothing."""
    return dict(_captured(subject, picture)[0])


def _named(subject: Subject) -> Named | None:
    """What a subject's model is made from; None if a visitor's file is part of it.

    Such a file stays in this process, which keeps it for as long as its visitor is here.
    """
    weights = subject.weights
    own = st.session_state.get(OPENED, (None, None))[0]
    if subject.result.network.id in library.own() or (weights and weights == own):
        return None
    return Named(subject.key, _part_that_runs(subject.result), weights.id if weights else "", SEED)


def _device_words(where: Any) -> Mapping[Language, str]:
    """The name of a device, in each language."""
    from alexnet_viz.model import device

    return {each: device.describe(where, each) for each in LANGUAGES}


_HERE: Embedded[Subject, Picture] = Embedded(
    runner, lambda subject: subject.result, prepared, _captured, _device_words, gate
)


def engine() -> Engine[Subject, Picture]:
    """What runs the models: this process, or a cluster.

    Raises:
        Problem: the cluster that was chosen cannot be used.
    """
    return backend(_HERE, _named)


def shown(subject: Subject, pictures: Sequence[Picture], ask: Ask) -> Ran:
    """What a page shows of pictures: ``ask`` is answered where the model is, once for all.

    Where everything is busy, that is said, and the page runs again soon.
    """
    digests = [each.digest for each in pictures]
    owners = [found for each in digests if (found := picture_source.own(each))]
    key = "/".join((subject.key, *digests, repr(ask)))
    with _said(), st.spinner(t("maps.running")):
        ran = _shown.get(
            key, lambda: engine().run(subject, pictures, ask), owners[0] if owners else None
        )
    _say_where()
    return ran


def at_once(subject: Subject, task: Task) -> Any:
    """The result of a task that takes no longer than a page can wait."""
    with _said(), gate():
        work = engine().submit(subject, task)
        return work(lambda share, found=None: None, lambda: False)


AGAIN_SECONDS = 1.0
"""How long a page that was refused waits before it asks again."""


@contextmanager
def _said() -> Iterator[None]:
    """Say why an engine does not answer, and end the page."""
    try:
        yield
    except Problem as problem:
        if not problem.code.startswith("engine_"):
            raise
        words = escaped(problem.explained(language()))
        if problem.code != "engine_busy":
            st.error(words, icon=":material/dns:")
            st.stop()
        st.info(words, icon=":material/hourglass_top:")
        _soon()
        st.stop()


def _soon() -> None:
    """Run the page again in a moment."""
    looked: list[None] = []

    def look() -> None:
        if looked:
            st.rerun()
        looked.append(None)

    st.fragment(look, run_every=AGAIN_SECONDS)()


def chosen_channel(count: int) -> int | None:
    """The chosen one of ``count`` channels, at most the last one; None where none is chosen."""
    channel = state.use("channel")
    return None if channel is None else min(int(channel), count - 1)


def activations(subject: Subject, picture: Picture) -> tuple[dict[str, Floats], float, str]:
    """Every layer's output for a picture, the milliseconds of the pass, the device's name."""
    with _said(), st.spinner(t("maps.running")):
        kept, milliseconds, where = _captured(subject, picture)
    _say_where()
    return kept, milliseconds, _device_words(where)[language()]


def _say_where() -> None:
    """Say once in a session, each time it happens, that the device is full and the CPU answers."""
    notice = home().notice
    if notice is not st.session_state.get(TOLD):
        st.session_state[TOLD] = notice
        if notice:
            words = escaped(notice.explained(language()))
            st.toast(words, icon=":material/memory:", duration="long")
