"""A chain traced by hand: a field a layer, each judged on the student's own previous number."""

from dataclasses import dataclass, field

import streamlit as st

from alexnet_viz.teaching.exercises.carried import (
    CHAINS,
    Chain,
    Step,
    judged,
    marks_lost,
    verdict_words,
)
from alexnet_viz.teaching.exercises.chain_words import asked_of
from alexnet_viz.teaching.lesson import CHAIN
from alexnet_viz.teaching.progress import Item
from alexnet_viz.teaching.slips.diagnosis import said
from alexnet_viz.teaching.typed import Typed, number
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import learned
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.network_picker import variant_title
from alexnet_viz.ui.exercises.panel import seed

KEPT = "_chains"
IN_A_ROW = 2
SIGNS = {
    "right": "check",
    "carried": "redo",
    "slip": "close",
    "wrong": "close",
    "missing": "remove",
}


@dataclass
class Kept:
    """What the panel of a place keeps between two runs."""

    turn: int = 0
    given: list[Typed | None] | None = None
    """The numbers that were checked."""
    unread: dict[str, Problem] = field(default_factory=dict)
    """By layer: why an entry cannot be read, which costs nothing."""


def chain_panel(place: str, *, lesson: str = "") -> bool | None:
    """Draw the chain; returns whether no mark was lost, None while it was not checked."""
    kept: Kept = st.session_state.setdefault(KEPT, {}).setdefault(place, Kept())
    drawn = seed(place, kept.turn)
    asked = CHAINS[drawn % len(CHAINS)]
    with st.container(border=True, key=f"exercise.{place}"):
        title = escaped(variant_title(asked.network))
        st.markdown(t("exercise.chain", network=title, size=asked.input_size))
        steps = judged(asked, kept.given) if kept.given is not None else None
        for first in range(0, len(asked.layers), IN_A_ROW):
            columns = st.columns(IN_A_ROW)
            for place_of, layer in zip(columns, asked.layers[first:][:IN_A_ROW], strict=False):
                with place_of:
                    _field(f"{place}.{kept.turn}.{layer}", asked, layer, kept, steps)
        if steps is None:
            st.button(
                t("labs.check"), key=f"{place}.check", icon=":material/done:",
                on_click=_enter, args=(place, asked, kept, lesson, drawn),
            )  # fmt: skip
            return None
        lost = marks_lost(steps)
        show = st.warning if lost else st.success
        show(t("exercise.marks", got=len(steps) - lost, of=len(steps)))
        st.button(
            t("exercise.new_chain"), key=f"{place}.again", icon=":material/casino:",
            on_click=_again, args=(kept,),
        )  # fmt: skip
    return not lost


def _field(key: str, asked: Chain, layer: str, kept: Kept, steps: tuple[Step, ...] | None) -> None:
    """Draw the field of a layer, and what is said to the number in it."""
    words = asked_of(asked, layer, language())
    st.text_input(words, key=key, max_chars=30, disabled=steps is not None)
    if layer in kept.unread:
        st.info(escaped(kept.unread[layer].explained(language())), icon=":material/edit:")
    for judgement in steps or ():
        if judgement.layer == layer:
            icon = f":material/{SIGNS[judgement.verdict]}:"
            st.caption(f"{icon} {verdict_words(judgement, language())}")
            if judgement.diagnosis:
                st.caption(said(judgement.diagnosis, language()))


def _enter(place: str, asked: Chain, kept: Kept, lesson: str, drawn: int) -> None:
    """Take the numbers, unless one of them cannot be read."""
    given: list[Typed | None] = []
    kept.unread = {}
    for layer in asked.layers:
        text = str(st.session_state.get(f"{place}.{kept.turn}.{layer}", "")).strip()
        try:
            given.append(number(text) if text else None)
        except Problem as problem:
            kept.unread[layer] = problem
    if kept.unread:
        return
    kept.given = given
    steps = judged(asked, given)
    slips = [each.slip for step in steps if step.diagnosis for each in step.diagnosis.findings]
    slip = next(filter(None, slips), "")
    item = Item(lesson, CHAIN, 1, drawn, marks_lost(steps) == 0, slip)
    learned.put(learned.progress().with_item(item))


def _again(kept: Kept) -> None:
    kept.turn += 1
    kept.given = None
