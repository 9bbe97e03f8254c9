"""Every exercise of a version as it was drawn, with its answer, to keep, drop or draw anew."""

from collections.abc import Callable

import streamlit as st

from alexnet_viz.teaching.exercises.exercise import Exercise, asked, option, title, worked
from alexnet_viz.teaching.exercises.given_numbers import drawing, numbered
from alexnet_viz.teaching.sheets.printed import LETTERS, short_answer
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.ui.app import presenting, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.plate import plate


def sheet_entries(sheet: Sheet, letter: str) -> None:
    """Draw the exercises in the order of the sheet."""
    exercises = sheet.exercises(letter)
    controls = not presenting.hidden("controls")
    st.markdown(
        t("sheet.says", n=len(exercises), letter=letter, seed=sheet.seed)
        if exercises
        else t("sheet.empty")
    )
    for place, exercise in enumerate(exercises):
        with st.container(border=True, key=f"sheet.entry.{place}"):
            shown(place, exercise)
            if not state.get("covered"):
                _answer(exercise)
            if controls:
                _buttons(sheet, place)


def shown(place: int, exercise: Exercise) -> None:
    """Draw what is asked, with what is shown beside it."""
    st.markdown(f"**{place + 1}. {title(exercise, language())}** · " + asked(exercise, language()))
    if lines := numbered(exercise, language()):
        st.markdown(lines)
    if svg := drawing(exercise, language()):
        plate(svg, key=f"sheet.given.{place}", pickable=False, smallest=300)


def _answer(exercise: Exercise) -> None:
    if exercise.options:
        options = (option(exercise, value, language()) for value in exercise.options)
        pairs = zip(LETTERS, options, strict=False)
        st.markdown(escaped(" · ".join(f"{letter}) {words}" for letter, words in pairs)))
    answer = escaped(short_answer(exercise, language()))
    st.markdown(t("sheet.answer_is", answer=answer))
    if not presenting.hidden("sentence"):
        st.caption(escaped(worked(exercise.question, language())))


def _buttons(sheet: Sheet, place: int) -> None:
    """Draw the ways to change an entry."""
    last = len(sheet.entries) - 1
    with st.container(horizontal=True, gap="small"):
        _button("up", place, "arrow_upward", lambda: sheet.moved(place, -1), off=place == 0)
        _button("down", place, "arrow_downward", lambda: sheet.moved(place, 1), off=place == last)
        _button("redraw", place, "casino", lambda: sheet.redrawn(place))
        _button("drop", place, "delete", lambda: sheet.dropped(place))


def _button(
    name: str, place: int, icon: str, change: Callable[[], Sheet], off: bool = False
) -> None:
    st.button(
        t(f"sheet.{name}"), key=f"sheet.{name}.{place}", icon=f":material/{icon}:",
        type="tertiary", disabled=off, on_click=_put, args=(change,),
    )  # fmt: skip


def _put(change: Callable[[], Sheet]) -> None:
    state.put("items", change().link)
