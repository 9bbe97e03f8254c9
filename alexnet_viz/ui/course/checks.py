"""The step Check: the lesson's exercises, and those that were missed two lessons before."""

import streamlit as st

from alexnet_viz.teaching.course import course, returning
from alexnet_viz.teaching.lesson import CHAIN, Lesson
from alexnet_viz.ui.app import learned
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.course.stepping import next_step
from alexnet_viz.ui.exercises.chain_panel import chain_panel
from alexnet_viz.ui.exercises.panel import panel


def checks(lesson: Lesson) -> None:
    """Draw the exercises side by side; the way on is there from the start."""
    back = returning(lesson, learned.progress(), course().lessons)
    shown = [(f"{lesson.slug}.{n}", each.generator, each.tier, lesson.slug)
             for n, each in enumerate(lesson.checks)]  # fmt: skip
    shown += [(f"{lesson.slug}.back.{item.generator}", item.generator, item.tier, item.lesson)
              for item in back]  # fmt: skip
    results = []
    for first in range(0, len(shown), 2):
        for column, (place, generator, tier, of) in zip(
            st.columns(2, gap="medium"), shown[first : first + 2], strict=False
        ):
            with column:
                if of != lesson.slug:
                    st.caption(t("course.comes_back"))
                if generator == CHAIN:
                    results.append(chain_panel(place, lesson=of))
                else:
                    results.append(panel(place, generator, tier, lesson=of))
    if results and all(results):
        st.markdown(t("course.all_right"))
    next_step(lesson, "check")
