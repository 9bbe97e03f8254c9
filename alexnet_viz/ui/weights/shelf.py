"""The list of weights: those the project knows, downloaded on a click, and the user's own file."""

from functools import partial
from typing import Any

import streamlit as st

from alexnet_viz.jobs import Job, Progress, Stop
from alexnet_viz.text import Text, catalogue
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import document, state, uploads
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import background_work, network_picker
from alexnet_viz.ui.components.subject import OPENED, available, follow
from alexnet_viz.weights import Weights
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.download import cache_folder
from alexnet_viz.weights.integrity import aside, warning

OWN = "own"
"""The id of a weights file that a session opened."""

TAKEN = "_weights_taken"
"""Session key of the upload that was read last and the problem it had: a rerun reads none again."""

SUFFIXES = ("pt", "pth", "tar", "safetensors", "onnx", "caffemodel")
MAX_MEGABYTES = 300


def known() -> None:
    """Show every set of weights and its training data; a button fetches those not yet here."""
    st.header(t("weights.which"), anchor=False)
    here = available()
    for weights in WEIGHTS.values():
        with st.container(border=True, gap="xsmall"):
            words, action = st.columns([4, 1], vertical_alignment="center", gap="small")
            with words:
                title = escaped(weights.title.of(language()))
                learned = weights.trained_on.of(language())
                st.markdown(t("subject.says", title=title, trained_on=learned))
                st.caption(" · ".join(_facts(weights, weights.id in here)))
                if said := warning(weights, language()):
                    st.caption(said)
                if weights.id not in here:
                    _fetch(weights)  # before its button, which waits until a download has ended
            with action:
                if weights.id in here:
                    _use(weights)
                else:
                    place = f"fetch.{weights.id}"
                    st.button(
                        t("weights.fetch"),
                        icon=":material/download:",
                        key=place,
                        disabled=background_work.asked(place, place),
                        on_click=background_work.ask,
                        args=(place, place),
                    )
    st.caption(t("weights.command"))
    st.code("python -m alexnet_viz weights fetch torchvision_imagenet", language="bash")


def _facts(weights: Weights, here: bool) -> list[str]:
    if not weights.url:
        where = t("weights.ships", megabytes=weights.bytes / 1e6)
    elif here:
        where = t("weights.fetched", megabytes=weights.bytes / 1e6)
    else:
        where = t("weights.absent", megabytes=weights.bytes / 1e6)
        damaged = aside(cache_folder() / weights.file)
        if damaged.is_file():
            where += " · " + t("weights.set_aside", aside=escaped(str(damaged)))
    facts = [f"`{weights.id}`"] if weights.url else []
    facts += [
        t("weights.for_network", network=escaped(network_picker.variant_title(weights.network.id))),
        where,
    ]
    if weights.source:
        facts.append(f"[{t('weights.source')}]({weights.source})")
    if weights.licence:
        facts.append(t("weights.licence", licence=escaped(weights.licence)))
    return facts


def _use(weights: Weights) -> None:
    """A button that chooses these weights and their network, and opens Feature maps."""

    def chosen() -> None:
        state.put("weights", weights.id)
        follow(weights)

    if st.button(
        t("weights.use"), key=f"use.{weights.id}", icon=":material/grid_view:", on_click=chosen
    ):
        st.switch_page("pages/feature_maps.py")


def _fetch(weights: Weights) -> None:
    """Show how far the file is, if anybody fetches it, and why it did not come."""
    place = f"fetch.{weights.id}"
    path = background_work.done(
        place, place, lambda: partial(_fetched, weights), _received, line=background_work.FETCHES
    )
    if path:  # from now on the file itself is what says so
        background_work.queue(background_work.FETCHES).keep(place, None)
        st.rerun()
    if background_work.stopped(place, place):
        st.caption(t("weights.stays"))


def _fetched(weights: Weights, progress: Progress, stop: Stop) -> str:
    """Fetch a file and compare what can be compared; returns its path."""
    from alexnet_viz.weights.download import fetch
    from alexnet_viz.weights.loader import fits

    def told(done: int, total: int | None) -> None:
        progress(min(1.0, done / (total or weights.bytes or 1)), (done, total))

    path = fetch(weights, progress=told, stop=stop)
    fits(path, weights)
    return str(path)


def _received(job: Job) -> str:
    done, total = job.found or (0, None)
    if total:
        return t("weights.fetching", done=done / 1e6, total=total / 1e6)
    return t("weights.fetching_unknown", done=done / 1e6)


def own_file() -> None:
    """Draw the uploader of a weights file; keys that do not fit are explained."""
    st.header(t("weights.own.title"), anchor=False)
    file = st.file_uploader(
        t("weights.own.upload"),
        type=list(SUFFIXES),
        max_upload_size=uploads.allow(MAX_MEGABYTES),
        help=t("weights.own.help"),
        key=document.fresh("weights.file"),
    )
    if file is not None:
        taken, why = st.session_state.get(TAKEN, (None, None))
        if taken != file.file_id:
            why = _open(file)
            st.session_state[TAKEN] = (file.file_id, why)
        if why:
            st.error(escaped(why.explained(language())), icon=":material/extension_off:")
    if OPENED in st.session_state:
        _opened()


def _open(file: Any) -> Problem | None:
    """Read an uploaded file's tensors and keep them in the session under the id ``OWN``.

    Returns the problem if it cannot be read.
    """
    from alexnet_viz.weights.files.imported import opened_once

    name, size = file.name, file.size
    try:
        with st.spinner(t("weights.own.reading", name=escaped(name))):
            digest, imported = opened_once(uploads.taken(file, "weights.file"), name)
    except Problem as problem:
        return problem
    weights = Weights(
        id=OWN,
        title=Text(name, name),
        network=imported.network,
        trained_on=catalogue()["weights.own.trained_on"],
        file=name,
        sha256=digest,
        bytes=size,
        preprocessing=imported.preprocessing,
    )
    st.session_state[OPENED] = (weights, imported)
    state.put("weights", OWN)
    follow(weights)
    return None


def _opened() -> None:
    """Show the network that the opened file fits, and other candidates."""
    weights, imported = st.session_state[OPENED]
    st.success(
        t(
            "weights.own.fits",
            name=escaped(weights.file),
            network=escaped(network_picker.variant_title(weights.network.id)),
            count=len(imported.tensors),
            params=sum(tensor.numel() for tensor in imported.tensors.values()),
        ),
        icon=":material/extension:",
    )
    for note in imported.notes:
        st.caption(t(note))
    how = weights.preprocessing
    st.caption(
        t(
            "weights.own.prepared",
            order="BGR" if how.bgr else "RGB",
            scale=how.scale,
            mean=", ".join(f"{value:.4g}" for value in how.mean),
            std=", ".join(f"{value:.4g}" for value in how.std),
        )
    )
    others = [network for network in imported.candidates if network.id != weights.network.id]
    if others:
        names = ", ".join(escaped(network_picker.variant_title(network.id)) for network in others)
        st.caption(t("weights.own.others", names=names))
    _use(weights)
