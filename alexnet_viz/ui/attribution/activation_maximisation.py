"""Activation maximisation: a picture that excites the unit, shown while it grows from noise."""

from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.interpretability.activation_maximisation import (
    STEPS,
    Frame,
    Patch,
    maximise,
    patch,
)
from alexnet_viz.interpretability.attribution import Unit
from alexnet_viz.jobs import Job, Progress, Stop, Stopped
from alexnet_viz.jobs.job import Work
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.pictures.preprocessing import PAPER
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components import background_work, live_model
from alexnet_viz.ui.components.downloads import Files
from alexnet_viz.ui.components.subject import Subject

PLACE = "excite"
FILM = (0, 2, 5, 10, 20, STEPS)
"""Steps that are kept besides the last one."""
SHOWN = live_model.SEEN_SIDE
"""Side of the growing picture on the screen, in pixels."""
FRAME = 76
"""Side of an earlier frame, in pixels."""


@dataclass(frozen=True)
class Film:
    """Frames of an ascent; the last one is the newest."""

    frames: tuple[Frame, ...]
    values: tuple[float, ...]
    """The unit's value after each step."""


def excite(subject: Subject, unit: Unit, words: str) -> list[Files]:
    """Grow the picture that excites this unit's channel, or show the one that has grown.

    Returns what of it can be taken away.
    """
    st.header(t("excite.heading", unit=words), anchor=False)
    try:
        where = patch(subject.result, unit.layer)
    except Problem as problem:
        st.info(escaped(problem.explained(language())), icon=":material/help:")
        return []
    key = f"{PLACE}/{subject.key}/{where}/{unit.channel}/{state.use('attr_seed')}"
    buttons = st.container(horizontal=True, vertical_alignment="bottom")
    work, picture = st.container(), st.empty()
    with work:
        film: Film | None = background_work.done(
            PLACE, key, partial(_prepared, subject, unit), partial(_growing, where=where)
        )
    if film is None:
        film = background_work.found(PLACE, key)
    if not background_work.asked(PLACE, key) or film:
        with buttons:
            _buttons(key, film)
        if film:
            _show(picture, film.frames[-1], where)
            _story(film, where)
    st.caption(_about(subject, unit, where))
    if film is None:
        return []
    grown = enlarged(film.frames[-1].picture, 2 * SHOWN)
    file = f"{subject.result.network.id}_{where.layer}_{unit.channel}"
    return [Files(t("excite.file"), file, {"png": partial(_png, grown)})]


def _about(subject: Subject, unit: Unit, where: Patch) -> str:
    said = t("excite.about", steps=STEPS)
    if where.layer != unit.layer:
        said += " " + t("excite.before", layer=unit.layer, excited=where.layer)
    field = subject.result[where.layer].receptive_field
    if where.cell and field and where.side < subject.result.input_shape[1]:
        size = field[0].size
        key = "excite.patch" if size == where.side else "excite.patch_padded"
        said += " " + t(key, layer=where.layer, size=size, side=where.side)
    if subject.weights is None:
        said += " " + t("excite.random")
    return said


def _prepared(subject: Subject, unit: Unit) -> Work:
    """The ascent, which keeps the frames so far."""
    run = live_model.runner(subject)
    how = subject.weights.preprocessing if subject.weights else PAPER
    seed = state.get("attr_seed")

    def work(progress: Progress, stop: Stop) -> Film:
        grown: Film = run(lambda model: grow(model, progress, stop)).made
        return grown

    def grow(model: Any, progress: Progress, stop: Stop) -> Film:
        film = Film((), ())
        frames = maximise(model, subject.result, unit.layer, unit.channel, how=how, seed=seed)
        for frame in frames:
            kept = tuple(each for each in film.frames if each.step in FILM)
            film = Film((*kept, frame), (*film.values, frame.value))
            progress(frame.step / STEPS, film)
            if frame.step < STEPS and stop():
                raise Stopped
        return film

    return work


def _growing(job: Job, where: Patch) -> str:
    """Show the newest frame; returns how far the ascent is."""
    if not job.found:
        return ""
    frame = job.found.frames[-1]
    _show(st.empty(), frame, where)
    return t("excite.running", step=frame.step, steps=STEPS, value=frame.value)


def _buttons(key: str, film: Film | None) -> None:
    if film is None or film.frames[-1].step < STEPS:
        background_work.ask_button(PLACE, key, t("excite.grow"), ":material/auto_awesome:")
    else:
        st.button(
            t("excite.another"),
            key="excite.another",
            icon=":material/casino:",
            help=t("excite.another_help"),
            on_click=lambda: state.put("attr_seed", state.get("attr_seed") + 1),
        )


def _show(place: DeltaGenerator, frame: Frame, where: Patch) -> None:
    # a data URI, because Streamlit deletes a frame's file when the next one comes, and the browser
    # may request it later
    png = b64encode(_png(enlarged(frame.picture, SHOWN))).decode()
    place.image(
        f"data:image/png;base64,{png}",
        caption=t("excite.caption", step=frame.step, value=frame.value, side=where.side),
        alt=t("excite.alt", step=frame.step, unit=where.layer),
        width=SHOWN,
    )


def enlarged(pixels: Pixels, side: int) -> Pixels:
    """A picture enlarged by an integer to about ``side`` pixels; the browser does not blur it."""
    factor = max(1, round(side / len(pixels)))
    return pixels.repeat(factor, axis=0).repeat(factor, axis=1)


def _story(film: Film, where: Patch) -> None:
    """A few frames of the film, and the unit's value at each."""
    st.markdown(t("excite.grew", first=film.values[0], last=film.values[-1], unit=where.layer))
    with st.container(horizontal=True):
        for frame in film.frames[:-1]:
            st.image(
                enlarged(frame.picture, FRAME),
                caption=t("excite.frame", step=frame.step, value=frame.value),
                alt=t("excite.alt", step=frame.step, unit=where.layer),
                width=FRAME,
                output_format="PNG",
            )
    if film.frames[-1].step < STEPS:
        st.caption(t("excite.stopped", step=film.frames[-1].step, steps=STEPS))


def _png(pixels: Pixels) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
