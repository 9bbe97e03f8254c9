"""A student answers a sheet and gets a code for the teacher; nothing is judged or stored here.

Answers stay in the session under their exercise, so they survive a look at another page.
"""

from secrets import randbelow

import streamlit as st

from alexnet_viz.teaching.exercises.exercise import Exercise, option
from alexnet_viz.teaching.sheets.answer_code import MARKS, Given, Handed, code, shortest
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.practice.sheet_entries import shown

ANSWERS, MARK, MADE = "_sheet_answers", "_sheet_mark", "_sheet_code"
"""Session keys of: what was entered; the number by which this session's codes are told from others;
the code that was asked for."""


def answering(sheet: Sheet, letter: str) -> None:
    """Draw the exercises with their fields left, the code right."""
    left, right = st.columns([62, 38], gap="large")
    with left:
        given = [_field(place, each) for place, each in enumerate(sheet.exercises(letter))]
    with right, st.container(key="kept_in_view"):
        _code(sheet, letter, given)


def _field(place: int, exercise: Exercise) -> Given | Problem:
    """Draw an exercise with its field; returns the answer, or why it cannot be read."""
    kept = st.session_state.setdefault(ANSWERS, {})
    name = f"{exercise.generator}.{exercise.tier}.{exercise.seed}"
    key = f"sheet.answer.{name}"
    if key not in st.session_state and name in kept:
        st.session_state[key] = kept[name]
    with st.container(border=True, key=f"sheet.field.{place}"):
        shown(place, exercise)
        if exercise.way == "choice":
            words = [option(exercise, value, language()) for value in exercise.options]
            chosen: int | None = st.radio(
                t("exercise.choose"), range(len(words)), format_func=words.__getitem__, key=key,
                index=None,
            )  # fmt: skip
            kept[name] = chosen
            return chosen
        typed = st.text_input(t("exercise.answer"), key=key, max_chars=200)
        kept[name] = typed
        if not typed or not typed.strip():
            return None
        try:
            return shortest(typed, exercise)
        except Problem as problem:
            st.info(escaped(problem.explained(language())), icon=":material/edit:")
            return problem


def _code(sheet: Sheet, letter: str, given: list[Given | Problem]) -> None:
    """Draw what is left to do, and the code once it was asked for and as long as it is true."""
    read = tuple(None if isinstance(each, Problem) else each for each in given)
    unread = sum(isinstance(each, Problem) for each in given)
    done = sum(each is not None for each in read)
    st.markdown(t("answering.says", letter=letter, seed=sheet.seed))
    st.markdown(t("answering.done", done=done, of=len(read)))
    if unread:
        st.warning(t("answering.unread", n=unread))
    mark = st.session_state.setdefault(MARK, randbelow(MARKS))
    made = code(Handed(sheet, letter, read, mark))
    ready = done > 0 and not unread
    st.button(
        t("answering.make"), key="answering.make", icon=":material/tag:", disabled=not ready,
        type="primary" if ready else "secondary", on_click=_make, args=(made,),
    )  # fmt: skip
    if st.session_state.get(MADE) == made:
        st.code(made, language=None, wrap_lines=True)
        st.markdown(t("answering.hand_in"))
    elif MADE in st.session_state:
        st.markdown(t("answering.changed"))


def _make(made: str) -> None:
    st.session_state[MADE] = made
