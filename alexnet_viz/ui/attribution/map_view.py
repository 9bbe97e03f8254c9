"""The attribution map, the same map with random weights, and files."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.interpretability.attribution import METHODS, Attribution, Progress, Stop, passes
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.render.charts.attribution import Layer, layer, over_picture
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.attribution import map_words
from alexnet_viz.ui.attribution.question import How, Question, details
from alexnet_viz.ui.components import background_work, live_model
from alexnet_viz.ui.components.downloads import Files
from alexnet_viz.ui.components.subject import SEED
from alexnet_viz.ui.components.wipe import Pane, wipe

if TYPE_CHECKING:  # captum takes a second to load; the page must not wait for it
    from alexnet_viz.interpretability.attribution.sanity import Sanity

PLACE = "attribute"
PLAIN = 320
"""Side of the picture that waits for its map, in pixels."""


def show_map(question: Question, how: How, seen: Pixels) -> list[Files]:
    """Show the map over the network's input; long computations wait for a button.

    Returns what of it can be taken away.
    """
    place = st.container(key="map_place")  # as high as a map, so that nothing moves when it comes
    learned, checks, drawn = _found(question, how, seen, place)
    last = _last_learned(question)
    if learned:
        map_words.say(question, how, learned, checks, last)
        map_words.check_choice(question, checks, last)
    details(question.subject, question.target.unit, how)
    if learned is None:
        return []
    map_words.notes(how, learned, drawn[0].layer.outside)
    if state.get("attr_random") not in checks and background_work.asked(PLACE, _key(question, how)):
        with place:
            bar = st.empty()
        _check(question, how, state.get("attr_random"), learned, bar)  # the map is on the screen
        st.rerun()
    return [_files(question, how, learned, seen, [pane.layer for pane in drawn])]


def _found(
    question: Question, how: How, seen: Pixels, place: DeltaGenerator
) -> tuple[Attribution | None, dict[str, Sanity], list[Pane]]:
    """The map, its checks, and which are shown in ``place``; if none, what it waits for."""
    slot, bar = place.empty(), place.empty()
    long = METHODS[how.method].long
    try:
        if long and background_work.remembered(_key(question, how)) is None:
            words = t("maps.sees")
            plain = slot.container(height=PLAIN + live_model.SEEN_WORDS, border=False)
            plain.image(seen, caption=words, alt=words, width=PLAIN, output_format="PNG")
        with place:
            learned = _learned(question, how, bar, long)
            if learned is None:
                return None, {}, []
            checks = _checks(question, how, bar, learned, long)
    except Problem as problem:
        bar.empty()
        slot.info(escaped(problem.explained(language())), icon=":material/help:")
        return None, {}, []
    depth, signed = state.use("attr_random"), METHODS[how.method].signed
    panes = [Pane(t("attribution.learned"), layer(learned.values, signed))]
    if depth in checks:
        title = t(f"attribution.random_{depth}", layer=_last_learned(question))
        panes.append(Pane(title, layer(checks[depth].random.values, signed)))
    with slot:
        wipe(seen, panes, key="wipe")
    return learned, checks, panes


def _key(question: Question, how: How) -> str:
    return f"{question.key}/{how}"


def _learned(question: Question, how: How, bar: DeltaGenerator, long: bool) -> Attribution | None:
    """The map; None if it takes long and was not asked for."""
    key = _key(question, how)
    found: Attribution | None = background_work.remembered(key)
    if found is None and (not long or background_work.asked(PLACE, key)):
        found = _computed(question, how, bar)
        background_work.remember(key, found)
    if found is None:
        with bar.container():
            _offer(question, how, t("attribution.compute"))
    return found


def _offer(question: Question, how: How, words: str) -> None:
    _, height, width = question.subject.result.input_shape
    count = passes(how.method, height, width, how.window)
    st.markdown(t("attribution.long", count=count))
    background_work.ask_button(PLACE, _key(question, how), words, ":material/play_arrow:")


def _computed(question: Question, how: How, bar: DeltaGenerator) -> Attribution:
    with st.spinner(t("maps.running")):  # while captum loads
        from alexnet_viz.interpretability.attribution.methods import attribute

    model, image = (
        live_model.model(question.subject),
        live_model.prepared(question.subject, question.picture),
    )

    def work(progress: Progress, stop: Stop) -> Attribution:
        return attribute(
            model,
            image,
            question.target.unit,
            how.method,
            layer=how.layer,
            window=how.window,
            progress=progress,
            stop=stop,
        )

    return _watched(work, bar, how, "computing")


def _checks(
    question: Question, how: How, bar: DeltaGenerator, learned: Attribution, long: bool
) -> dict[str, Sanity]:
    """The maps with random weights by depth; of a long method only those that were asked for."""
    found = {}
    for depth in state.options("attr_random"):
        check = background_work.remembered(f"{_key(question, how)}/{depth}")
        if check is None and not long:
            check = _check(question, how, depth, learned, bar)
        if check is not None:
            found[depth] = check
    if long and state.use("attr_random") not in found:
        if background_work.asked(PLACE, _key(question, how)):
            return found
        with bar.container():
            _offer(question, how, t("attribution.compute_check"))
    return found


def _check(
    question: Question, how: How, depth: str, learned: Attribution, bar: DeltaGenerator
) -> Sanity:
    from alexnet_viz.interpretability.attribution.sanity import sanity_check

    model, image = (
        live_model.model(question.subject),
        live_model.prepared(question.subject, question.picture),
    )
    since = _last_learned(question) if depth == "last" else None

    def work(progress: Progress, stop: Stop) -> Sanity:
        return sanity_check(
            model,
            image,
            question.target.unit,
            how.method,
            learned,
            since=since,
            seed=SEED + 1,  # a network with random weights must get other ones
            layer=how.layer,
            window=how.window,
            progress=progress,
            stop=stop,
        )

    found = _watched(work, bar, how, "checking")
    background_work.remember(f"{_key(question, how)}/{depth}", found)
    return found


def _watched(
    work: background_work.Work[background_work.Found], bar: DeltaGenerator, how: How, stage: str
) -> background_work.Found:
    """The result of ``work``; a long one has a progress bar and a button to stop it."""
    if not METHODS[how.method].long:
        with st.spinner(t("maps.running")):
            return background_work.watched(work, lambda share: None)
    with bar.container():
        place = st.empty()
        background_work.stop_button(PLACE, stage)
    words = t(f"attribution.{stage}")
    found = background_work.watched(work, lambda share: place.progress(share, words))
    bar.empty()
    return found


def _last_learned(question: Question) -> str:
    """The last layer with weights up to the unit's."""
    rows = question.subject.result.rows
    until = next(i for i, row in enumerate(rows) if row.name == question.target.unit.layer) + 1
    return next((row.name for row in reversed(rows[:until]) if row.params), rows[0].name)


def _files(
    question: Question, how: How, learned: Attribution, seen: Pixels, drawn: list[Layer]
) -> Files:
    """The maps over the picture, and the values of the first one."""
    return Files(
        t("attribution.map_file", seconds=learned.seconds),
        f"{question.subject.result.network.id}_{how.method}",
        {
            "png": partial(over_picture, seen, drawn),
            "npy": partial(_npy, learned.values),
            "csv": partial(_csv, learned.values),
        },
    )


def _npy(values: live_model.Floats) -> bytes:
    buffer = BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def _csv(values: live_model.Floats) -> bytes:
    buffer = BytesIO()
    np.savetxt(buffer, values, fmt="%.7g", delimiter=",")
    return buffer.getvalue()
