"""A lesson: its head, the five steps, and the step that is shown."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from alexnet_viz.teaching.course import course
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.teaching.progress import STEPS
from alexnet_viz.ui.app import learned, presenting, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.course import checks, explanation, prediction, stepping, trial

DRAWN: Mapping[str, Callable[[Lesson], None]] = {
    "question": prediction.question,
    "predict": prediction.predict,
    "try": trial.trial,
    "check": checks.checks,
    "explain": explanation.explain,
}
AFTER_PREDICTION = STEPS[2:]
"""Steps that are shown only after something was predicted."""


def lesson_page(lesson: Lesson) -> None:
    """Draw the lesson at the step of the link."""
    with st.session_state[state.SUBJECT_PLACE]:
        st.page_link(
            "pages/course.py",
            label=t("course.map"),
            icon=":material/map:",
            query_params={"lesson": ""},
        )
    st.header(f"{lesson.number} · {escaped(lesson.title.of(language()))}", anchor=False)
    _place(lesson)
    step = str(state.use("step"))
    progress = learned.progress()
    waiting = lesson.slug not in progress.predictions and not presenting.revealed()
    if step == STEPS[-1] and not waiting:
        progress = stepping.note(lesson.slug, step)  # the last step is done when it is seen
    done = {each: progress.did(lesson.slug, each) for each in STEPS}
    names = {each: ("✓ " if done[each] else "") + t(f"course.step.{each}") for each in STEPS}
    st.segmented_control(
        t("course.steps"),
        STEPS,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.bound("step"),
    )
    at = STEPS.index(step)
    presenting.steps(*(_stepper(n) for n in (at - 1, at + 1)))
    if step in AFTER_PREDICTION and waiting:
        st.info(t("course.predict_first"), icon=":material/visibility_off:")
        _step_button("predict")
    else:
        DRAWN[step](lesson)
    if not presenting.on():  # the class does not see that there are notes
        st.toggle(t("course.teacher_view"), **state.bound("teacher"))
    if state.use("teacher"):
        with st.container(border=True, key="teacher"):
            st.subheader(t("course.teacher"), anchor=False)
            st.markdown(lesson.section("teacher", language()))


def _stepper(at: int) -> Callable[[], None] | None:
    """What leads to the step of this number, for the keys of projector mode."""
    if not 0 <= at < len(STEPS):
        return None
    return partial(state.put, "step", STEPS[at])


def _place(lesson: Lesson) -> None:
    """Draw the minutes, and links to what the lesson builds on and to what it leads to."""
    lessons = course().lessons
    builds = [lessons[slug] for slug in lesson.builds_on if slug in lessons]
    leads = [each for each in lessons.values() if lesson.slug in each.builds_on]
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key="lesson_place"
    ):
        st.caption(t("course.minutes", minutes=lesson.minutes), width="content")
        if lesson.own:
            st.caption(t("course.own"), width="content")
        for words, others in (("course.builds_on", builds), ("course.leads_to", leads)):
            if others:
                st.caption(t(words), width="content")
            for each in others:
                st.page_link(
                    "pages/course.py",
                    label=escaped(each.title.of(language())),
                    query_params={"lesson": each.slug},
                )


def _step_button(step: str) -> None:
    st.button(
        t(f"course.go.{step}"),
        key=f"course.go.{step}",
        type="primary",
        on_click=state.put,
        args=("step", step),
    )
