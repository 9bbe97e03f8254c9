"""The list of weights: those the project knows, downloaded on a click, and the user's own file."""

from typing import Any

import streamlit as st

from alexnet_viz.text import Text, catalogue
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import document, state, uploads
from alexnet_viz.ui.app.words import escaped, language, running, t
from alexnet_viz.ui.components import network_picker
from alexnet_viz.ui.components.subject import OPENED, available, follow
from alexnet_viz.weights import Weights
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.download import cache_folder
from alexnet_viz.weights.integrity import aside, checksum

OWN = "own"
"""The id of a weights file that a session opened."""

TAKEN = "_weights_taken"
"""Session key of the upload that was read last and the problem it had: a rerun reads none again."""

WISHED = "_wished_weights"
"""Session key of the id of the weights whose download button was pressed."""

SUFFIXES = ("pt", "pth", "tar", "safetensors", "onnx", "caffemodel")
MAX_MEGABYTES = 300


def known() -> None:
    """Show every set of weights and its training data; a button downloads those not yet here."""
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
                if weights.url.startswith("http:") and not checksum(weights)[0]:
                    st.caption(t("weights.unchecked"))
            with action:
                if weights.id in here:
                    _use(weights)
                else:
                    st.button(
                        t("weights.fetch"),
                        icon=":material/download:",
                        key=f"fetch.{weights.id}",
                        on_click=_wish,
                        args=(weights.id,),
                    )
            if st.session_state.get(WISHED) == weights.id:
                _fetch(weights, words)
    st.caption(t("weights.command"))
    st.code("python -m alexnet_viz weights fetch torchvision_imagenet", language="bash")


def _wish(id: str = "") -> None:
    """Remember which weights are to be fetched; empty if none are any more."""
    st.session_state[WISHED] = id


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


def _fetch(weights: Weights, place: st.delta_generator.DeltaGenerator) -> None:
    """Download a file with a progress bar; a rerun takes it up again, unless Stop was pressed."""
    from alexnet_viz.weights.download import fetch

    slot = place.empty()
    with slot.container():
        bar = st.progress(0.0)
        with st.container(key=f"working.fetch.{weights.id}"):
            st.button(
                t("jobs.stop"),
                key=f"fetch.{weights.id}.stop",
                icon=":material/stop:",
                on_click=_wish,
            )

    def progress(done: int, total: int | None) -> None:
        if total:
            words = t("weights.fetching", done=done / 1e6, total=total / 1e6)
            bar.progress(min(done / total, 1.0), words)
        else:
            bar.progress(0.0, t("weights.fetching_unknown", done=done / 1e6))

    try:
        fetch(weights, progress=progress)
    except Problem as problem:
        _wish()
        words = running(problem.explained(language()), t("weights.stays"))
        slot.error(escaped(words), icon=":material/cloud_off:")
        return
    _wish()
    st.rerun()


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
