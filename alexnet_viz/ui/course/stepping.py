"""The button at the end of a step: it notes the step as done and leads to the next one."""

import streamlit as st

from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.teaching.progress import STEPS, Progress
from alexnet_viz.ui.app import learned, state
from alexnet_viz.ui.app.words import t


def next_step(lesson: Lesson, step: str) -> None:
    """Draw the button from a step to the one after it."""
    following = STEPS[STEPS.index(step) + 1]
    st.button(
        t(f"course.go.{following}"),
        key=f"course.next.{step}",
        type="primary",
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=_go,
        args=(lesson.slug, step, following),
    )


def _go(slug: str, step: str, following: str) -> None:
    note(slug, step)
    state.put("step", following)


def note(slug: str, step: str) -> Progress:
    """Note a step of a lesson as done; returns the progress with it."""
    done = learned.progress().with_step(slug, step)
    learned.put(done)
    return done
