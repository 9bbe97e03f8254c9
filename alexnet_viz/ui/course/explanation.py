"""The step Explain: why it is so, the sources, and what comes next."""

import streamlit as st

from alexnet_viz.teaching.course import course, following
from alexnet_viz.teaching.labs.registry import labs_of
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.ui.app import learned, presenting
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.course import prediction
from alexnet_viz.ui.labs.two_columns import two_columns


def explain(lesson: Lesson) -> None:
    """Draw the explanation left; the prediction again, sources and ways on right."""
    left, right = two_columns()
    with left:
        st.markdown(lesson.section("explain", language()))
    with right:
        prediction.recalled(lesson)
        after = following(learned.progress(), course().lessons)
        if after and after.slug != lesson.slug:
            st.page_link(
                "pages/course.py",
                label=t("course.next_lesson", title=escaped(after.title.of(language()))),
                icon=":material/arrow_forward:",
                query_params={"lesson": after.slug},
            )
        for lab in {lab.id: lab for each in lesson.concepts for lab in labs_of(each)}.values():
            st.page_link(
                "pages/labs.py",
                label=t("course.lab", lab=t(f"lab.{lab.id}.title")),
                icon=":material/science:",
                query_params={"lab": lab.id},
            )
        for source in () if presenting.hidden("sources") else lesson.sources:
            st.caption(source.of(language()))
