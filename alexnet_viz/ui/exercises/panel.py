"""One exercise: the question, the answer, its diagnosis, the worked line, and new numbers."""

from dataclasses import dataclass
from secrets import randbelow

import streamlit as st

from alexnet_viz.teaching.exercises.exercise import Exercise, asked, option, worked
from alexnet_viz.teaching.exercises.generators import SEEDS, draw
from alexnet_viz.teaching.exercises.given_numbers import drawing, numbered
from alexnet_viz.teaching.progress import Item
from alexnet_viz.teaching.slips.diagnosis import Diagnosis, said
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import learned
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.plate import plate

BASE, PANELS = "_exercise_base", "_panels"
"""Session keys of: where this session's seeds begin; what was answered in each panel."""


@dataclass
class Panel:
    """What a panel keeps between two runs."""

    turn: int = 0
    """How many times new numbers were drawn."""
    given: str | None = None
    """The answer: what was typed, or the number of the option."""
    unread: Problem | Diagnosis | None = None
    """Why the last entry did not count."""


def seed(place: str, turn: int) -> int:
    """The seed of a panel's draw: another in every session, the same in all its runs."""
    base: int = st.session_state.setdefault(BASE, randbelow(SEEDS))
    return (base + sum(map(ord, place)) * 101 + turn) % SEEDS


def panel(
    place: str, generator: str, tier: int, *, lesson: str = "", fixed: int | None = None,
    again: bool = True,
) -> bool | None:  # fmt: skip
    """Draw an exercise; returns whether it was answered right, None while it was not answered.

    ``fixed`` is the seed of the first draw; without ``again`` there is one draw only.
    """
    kept: Panel = st.session_state.setdefault(PANELS, {}).setdefault(place, Panel())
    first = seed(place, 0) if fixed is None else fixed
    exercise = draw(generator, (first + kept.turn) % SEEDS, tier)
    with st.container(border=True, key=f"exercise.{place}"):
        st.markdown(asked(exercise, language()))
        if lines := numbered(exercise, language()):
            st.markdown(lines)
        if svg := drawing(exercise, language()):
            plate(svg, key=f"{place}.given", pickable=False, smallest=300)
        if kept.given is None:
            _ask(place, exercise, kept, lesson)
            return None
        found = _judged(exercise, kept.given)
        if exercise.way == "choice":
            shown = option(exercise, exercise.options[int(kept.given)], language())
        else:
            shown = kept.given
        st.markdown(t("exercise.yours", given=escaped(shown)))
        if found.right:
            st.success(said(found, language()), icon=":material/check:")
        else:
            st.warning(said(found, language()), icon=":material/sync_problem:")
            st.markdown(worked(exercise.question, language()))
        if again:
            st.button(
                t("exercise.new_numbers"),
                key=f"{place}.again",
                icon=":material/casino:",
                type="tertiary" if found.right else "secondary",
                on_click=_again,
                args=(kept,),
            )
    return found.right


def _ask(place: str, exercise: Exercise, kept: Panel, lesson: str) -> None:
    key = f"{place}.given.{kept.turn}"
    if exercise.way == "choice":
        names = [option(exercise, each, language()) for each in exercise.options]
        st.radio(
            t("exercise.choose"), range(len(names)), format_func=lambda n: names[n],
            index=None, key=key,
        )  # fmt: skip
    else:
        st.text_input(t("exercise.answer"), key=key, max_chars=200)
    st.button(
        t("labs.check"), key=f"{place}.check", icon=":material/done:",
        on_click=_enter, args=(key, exercise, kept, lesson),
    )  # fmt: skip
    unread, kept.unread = kept.unread, None
    if isinstance(unread, Problem):
        st.info(escaped(unread.explained(language())), icon=":material/edit:")
    elif unread:
        st.info(said(unread, language()), icon=":material/edit:")


def _enter(key: str, exercise: Exercise, kept: Panel, lesson: str) -> None:
    """Take the answer that was entered, or note why it is none yet: that costs no attempt."""
    entered = st.session_state[key]
    if entered in (None, ""):
        kept.unread = Problem("nothing_entered")
        return
    try:
        found = _judged(exercise, str(entered))
    except Problem as problem:
        kept.unread = problem
        return
    if found.rounded and not found.right:
        kept.unread = found
        return
    kept.given = str(entered)
    slip = next((each.slip for each in found.findings if each.slip), "")
    item = Item(lesson, exercise.generator, exercise.tier, exercise.seed, found.right, slip)
    learned.put(learned.progress().with_item(item))


def _judged(exercise: Exercise, given: str) -> Diagnosis:
    if exercise.way == "choice":
        return exercise.judge(exercise.options[int(given)])
    return exercise.judge_typed(given)


def _again(kept: Panel) -> None:
    kept.turn += 1
    kept.given = None
