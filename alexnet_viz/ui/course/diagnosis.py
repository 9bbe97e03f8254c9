"""What a typed or chosen prediction amounts to: right, or whose right answer it is."""

import streamlit as st

from alexnet_viz.teaching import lesson_answer
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.network_picker import variant_title

MOST_LINKS = 3
"""Most networks that are linked."""


def show(lesson: Lesson, given: str) -> None:
    """Draw the verdict on a prediction; without one only what is true."""
    if not given:
        st.info(t("course.truth_is", answer=lesson_answer.right(lesson, language())))
        return
    verdict = lesson_answer.judged(lesson, given)
    box = st.success if verdict.right else st.warning
    box(lesson_answer.said(verdict, lesson, language()))
    networks = [id for finding in verdict.findings for id in finding.networks][:MOST_LINKS]
    for id in networks:
        st.page_link(
            "pages/architecture.py",
            label=t("course.see_network", network=escaped(variant_title(id))),
            icon=":material/view_in_ar:",
            query_params={"variant": id},
        )
