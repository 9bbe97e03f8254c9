"""The attribution map, the same map with random weights, and files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.interpretability.attribution import METHODS, Attribution, least_window, passes
from alexnet_viz.jobs.job import Work
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.render.charts.attribution import Layer, layer, over_picture
from alexnet_viz.serving.engine import Task
from alexnet_viz.serving.long_work import AttributionWork, SanityWork
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.attribution import map_words
from alexnet_viz.ui.attribution.question import How, Question, details
from alexnet_viz.ui.components import background_work, live_model
from alexnet_viz.ui.components.downloads import Files
from alexnet_viz.ui.components.subject import SEED, Subject
from alexnet_viz.ui.components.wipe import Pane, wipe

if TYPE_CHECKING:  # captum takes a second to load; the page must not wait for it
    from alexnet_viz.interpretability.attribution.sanity import Sanity

PLACE = "attribute"
MOST_PASSES = 4_000
"""Most passes of the network for one map; the default square takes 257."""
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
    return [_files(question, how, learned, seen, [pane.layer for pane in drawn])]


def _found(
    question: Question, how: How, seen: Pixels, place: DeltaGenerator
) -> tuple[Attribution | None, dict[str, Sanity], list[Pane]]:
    """The map, its checks, and which are shown in ``place``; if none, what it waits for."""
    slot, work = place.empty(), place.container()
    try:
        with work:
            learned = _learned(question, how)
            checks = _checks(question, how, learned) if learned else {}
    except Problem as problem:
        slot.info(escaped(problem.explained(language())), icon=":material/help:")
        return None, {}, []
    if learned is None:
        words = t("maps.sees")
        plain = slot.container(height=PLAIN + live_model.SEEN_WORDS, border=False)
        plain.image(seen, caption=words, alt=words, width=PLAIN, output_format="PNG")
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


def _learned(question: Question, how: How) -> Attribution | None:
    """The map; None if it takes long and is not there yet."""

    key = _key(question, how)
    work = partial(_work, question, how)
    found: Attribution | None = _done(question, how, key, work, "compute", "computing")
    return found


def _checks(question: Question, how: How, learned: Attribution) -> dict[str, Sanity]:
    """The maps with random weights by depth; of a long method only the one that is chosen."""
    long, found = METHODS[how.method].long, {}
    for depth in state.options("attr_random"):
        chosen = depth == state.use("attr_random")
        check = _check(question, how, depth, learned, asks=chosen or not long)
        if check is not None:
            found[depth] = check
    return found


def _check(
    question: Question, how: How, depth: str, learned: Attribution, *, asks: bool
) -> Sanity | None:
    def work() -> SanityWork:
        since = _last_learned(question) if depth == "last" else None
        # a network with random weights must get other ones
        return SanityWork(_work(question, how), learned, since, SEED + 1)

    key = f"{_key(question, how)}/{depth}"
    found: Sanity | None = background_work.queue().result(key)
    if found is None and asks:
        found = _done(question, how, key, work, "compute_check", "checking")
    return found


def _work(question: Question, how: How) -> AttributionWork:
    """The map's computation."""
    image = live_model.prepared(question.subject, question.picture)
    return AttributionWork(image, question.target.unit, how.method, how.layer, how.window)


def _done(
    question: Question, how: How, key: str, task: Callable[[], Task], ask: str, doing: str
) -> Any:
    """The result of a quick method at once, that of a long one when its job is done."""
    if not METHODS[how.method].long:
        return _at_once(question.subject, key, task)

    def prepare() -> Work:
        return live_model.engine().submit(question.subject, task())

    what, words = _key(question, how), t(f"attribution.{doing}")
    _, height, width = question.subject.result.input_shape
    count = passes(how.method, height, width, how.window)
    if count > MOST_PASSES:
        least = least_window(height, width, MOST_PASSES)
        refusal = Problem("attr_passes", count=count, most=MOST_PASSES, least=least)
        st.info(escaped(refusal.explained(language())), icon=":material/help:")
        return None
    found = background_work.done(PLACE, key, prepare, lambda job: words, what=what)
    if found is None and not background_work.asked(PLACE, what):
        st.markdown(t("attribution.long", count=count, most=MOST_PASSES))
        background_work.ask_button(PLACE, what, t(f"attribution.{ask}"), ":material/play_arrow:")
    return found


def _at_once(subject: Subject, key: str, task: Callable[[], Task]) -> Any:
    found = background_work.queue().result(key)
    if found is None:
        with st.spinner(t("maps.running")):  # captum loads too
            found = live_model.at_once(subject, task())
        background_work.queue().keep(key, found)
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
