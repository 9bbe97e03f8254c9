"""The tasks of a lab: what is asked, the student's answer, and what the computation says to it."""

from typing import Any

import streamlit as st

from alexnet_viz.teaching.control import Number, Pick
from alexnet_viz.teaching.labs.lab import Lab, Task
from alexnet_viz.text import running
from alexnet_viz.ui.app import learned
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.labs import controls, lab_state
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.lab_words import say
from alexnet_viz.ui.labs.live_network import live

ANSWERS, CHECKED, ASKED = "_answers", "_checked", "_asked"
"""Session keys of: what is entered, and what was last checked, by place and task; and the place and
task whose button was pressed.  A press is noted by a callback, since a page may begin twice."""


def draw_tasks(at: Bench, values: dict[str, Any]) -> None:
    """Draw the tasks one below the other."""
    for name, task in at.lab.tasks.items():
        with st.container(border=True, key=f"{at.place}.task.{name}"):
            _task(at, name, task, values)


def _task(at: Bench, name: str, task: Task, values: dict[str, Any]) -> None:
    solved = learned.progress().solved(at.lab.id, name)
    mark = ":material/check_circle:" if solved else ":material/flag:"
    st.markdown(f"{mark} **{t('labs.task')}** {t(f'lab.{at.lab.id}.task.{name}')}")
    place = (at.place, name)
    answer = _answer(at, name, task, values)
    setting = tuple((each.name, values[each.name]) for each in at.lab.controls)
    st.button(
        t("labs.check"),
        key=f"{at.place}.check.{name}",
        icon=":material/done:",
        on_click=_ask,
        args=(place,),
    )
    if st.session_state.get(ASKED) == place:
        del st.session_state[ASKED]
        st.session_state.setdefault(CHECKED, {})[place] = (setting, answer)
    # an outcome belongs to what was checked: it goes when the student goes on
    if st.session_state.get(CHECKED, {}).get(place) != (setting, answer):
        return
    if task.answer and answer is None:
        st.info(t("problem.nothing_entered"))
        return
    given = {**values, "live": live()} if at.lab.runs_at(values) else values
    outcome = task.judge(given, answer, say(at.lab))
    if outcome.passed and task.answer is None and not lab_state.moved(at, values):
        st.info(t("labs.change_first"))
        return
    said = outcome.words
    if outcome.passed:
        said = running([said, _noted(at.lab, name, task, outcome.part)], language())
    show = st.success if outcome.passed else st.warning
    show(said, icon=":material/check:" if outcome.passed else ":material/sync_problem:")


def _ask(place: tuple[str, str]) -> None:
    st.session_state[ASKED] = place


def _noted(lab: Lab, name: str, task: Task, part: str) -> str:
    """Note what is solved; returns how much of a task with several parts was found so far."""
    if not task.parts:
        learned.solve(lab.id, name)
        return ""
    learned.solve(lab.id, f"{name}.{part}")
    found = [each for each in task.parts if learned.progress().solved(lab.id, f"{name}.{each}")]
    if len(found) == len(task.parts):
        learned.solve(lab.id, name)
    names = ", ".join(t(f"lab.{lab.id}.part.{each}") for each in found)
    return t("labs.found", n=len(found), all=len(task.parts), names=names)


def _answer(at: Bench, name: str, task: Task, values: dict[str, Any]) -> Any:
    if task.answer is None:
        return None
    answers = st.session_state.setdefault(ANSWERS, {})
    place = (at.place, name)

    def put(value: Any) -> None:
        answers[place] = value

    # a preselected option could not be given: choosing it again is no change
    empty = None if isinstance(task.answer, Number | Pick) else task.answer.default
    shown = answers.get(place, empty)
    controls.draw(at.lab, task.answer, shown, f"{at.place}.answer.{name}", put, values, answer=True)
    return answers.get(place)
