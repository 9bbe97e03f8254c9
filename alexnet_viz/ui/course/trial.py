"""The step Try: the figure of the lesson, which is a lab with fewer controls."""

import streamlit as st

from alexnet_viz.teaching import setting
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.ui.app import presenting
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.course.stepping import next_step
from alexnet_viz.ui.labs import figure, frame, lab_state
from alexnet_viz.ui.labs.controls import draw_controls
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.two_columns import two_columns


def bench(lesson: Lesson) -> Bench:
    """The lab of the lesson, at the lesson's setting."""
    lab = LABS[lesson.figure.lab]
    preset, _ = setting.values(lab.controls, lesson.figure.preset)
    return lab_state.bench(lab, f"lesson.{lesson.slug}", preset)


def trial(lesson: Lesson) -> None:
    """Draw the figure, what to try, and the controls."""
    at = bench(lesson)
    if at.lab.wide:
        words, drawings = st.container(), st.container()
        left, right = two_columns()
    else:
        left, right = two_columns()
        words, drawings = right, left
    with words:
        st.markdown(lesson.section("try", language()))
    with right:
        values = frame.chosen(at)
        if not presenting.hidden("controls"):
            draw_controls(at, values, lesson.figure.controls)
        next_step(lesson, "try")
        st.page_link(
            "pages/labs.py",
            label=t("course.whole_lab", lab=t(f"lab.{at.lab.id}.title")),
            icon=":material/science:",
            query_params={"lab": at.lab.id},
        )
    look = figure.looked_at(at.lab, values)
    with drawings:
        figure.show_drawings(look, at)
    with left:
        figure.show_sentences(look)
