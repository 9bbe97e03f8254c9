"""The attribution map, the same map with random weights, their comparison, and files."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from alexnet_viz.interpretability.attribution import METHODS, Attribution, Progress, Stop, passes
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.render.charts.attribution import layer
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, language, offered, t
from alexnet_viz.ui.attribution.question import How, Question
from alexnet_viz.ui.components import background_work, live_model
from alexnet_viz.ui.components.subject import SEED
from alexnet_viz.ui.components.wipe import Pane, wipe

if TYPE_CHECKING:  # captum takes a second to load; the page must not wait for it
    from alexnet_viz.interpretability.attribution.sanity import Sanity

PLACE = "attribute"
SAME, ALIKE = 0.8, 0.5
"""Rank correlations above which two maps are called almost the same, and similar."""


def show_map(question: Question, how: How, seen: Pixels) -> None:
    """Show the map over the network's input; long computations wait for a button."""
    bar = st.empty()
    try:
        long = METHODS[how.method].long
        learned = _learned(question, how, bar, long)
        if learned is None:
            return
        checks = _checks(question, how, bar, learned, long)
    except Problem as problem:
        st.info(escaped(problem.explained(language())), icon=":material/help:")
        return
    _say(question, how, learned)
    depth = state.use("attr_random")
    signed = METHODS[how.method].signed
    panes = [Pane(t("attribution.learned"), layer(learned.values, signed))]
    if depth in checks:
        panes.append(Pane(_random_title(question), layer(checks[depth].random.values, signed)))
    file = f"{question.subject.result.network.id}_{how.method}"
    wipe(seen, panes, key="wipe", file=file)
    outside = max(pane.layer.outside for pane in panes)
    st.caption(t("attribution.legend" if signed else "attribution.legend_unsigned", share=outside))
    _judge(question, checks)
    _downloads(learned, file)
    if long and depth not in checks and background_work.asked(PLACE, _key(question, how)):
        _check(question, how, depth, learned, bar)  # the map is on the screen while this runs
        st.rerun()


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
    with st.spinner(t("maps.running"), show_time=True):  # while captum loads
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
        with st.spinner(t("maps.running"), show_time=True):
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


def _random_title(question: Question) -> str:
    depth = state.get("attr_random")
    return t(f"attribution.random_{depth}", layer=_last_learned(question))


def _say(question: Question, how: How, learned: Attribution) -> None:
    """Show the unit's value and the method's notes."""
    notes = dict(learned.notes)
    said = t("attribution.says", unit=question.target.words, value=learned.output)
    if how.method == "guided_backpropagation" and not notes["relus"]:
        said += " " + t("attribution.note_no_relu")
    elif notes:
        said += " " + t(f"attribution.note_{how.method}", output=learned.output, **notes)
    st.markdown(said)
    if not learned.values.any():
        st.info(t("attribution.silent"), icon=":material/volume_off:")


def _judge(question: Question, checks: dict[str, Sanity]) -> None:
    """Show the correlations with the maps of random weights, and what they mean."""
    menu = offered("attribution.depth_", "attr_random", layer=_last_learned(question))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            t("attribution.depth"),
            required=True,
            help=t("attribution.depth_help"),
            **menu,
        )
        for depth, check in checks.items():
            rho = check.correlation
            st.metric(
                t("attribution.rho", depth=menu["format_func"](depth)),
                "–" if rho is None else f"{rho:.2f}",
                width="content",
            )
    depth = state.get("attr_random")
    if depth in checks:
        rho = checks[depth].correlation
        verdict = "flat" if rho is None else _verdict(rho)
        st.markdown(t(f"attribution.check_{verdict}", what=menu["format_func"](depth)))
    if question.subject.weights is None:
        st.caption(t("attribution.check_random"))


def _verdict(rho: float) -> str:
    if rho > SAME:
        return "same"
    return "alike" if rho > ALIKE else "differs"


def _downloads(learned: Attribution, file: str) -> None:
    """The values of the map as files."""
    renderers = {"npy": _npy, "csv": _csv}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("attribution.download"))
        for suffix, render in renderers.items():
            st.download_button(
                suffix.upper(),
                data=partial(render, learned.values),
                file_name=f"{file}.{suffix}",
                on_click="ignore",
                key=f"attribution.{suffix}",
            )
        st.caption(t("attribution.download_note", seconds=learned.seconds))


def _npy(values: live_model.Floats) -> bytes:
    buffer = BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def _csv(values: live_model.Floats) -> bytes:
    buffer = BytesIO()
    np.savetxt(buffer, values, fmt="%.7g", delimiter=",")
    return buffer.getvalue()
