"""The first view of the course: its map, what is next, the two tests, and the progress file."""

import streamlit as st

from alexnet_viz.teaching import course_map as drawing
from alexnet_viz.teaching.course import course, following, ready
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.teaching.mastery import lesson_mastered
from alexnet_viz.ui.app import learned, presenting, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.components.downloads import download_menu, drawing_file
from alexnet_viz.ui.components.plate import plate
from alexnet_viz.ui.course import gain, progress_file


def course_map() -> None:
    """Draw the map; a click on a lesson opens it."""
    found = course()
    progress = learned.progress()
    after = following(progress, found.lessons)
    states = {slug: _state(lesson, after) for slug, lesson in found.lessons.items()}
    measures = drawing.PROJECTED if presenting.on() else drawing.NEAR
    svg = drawing.course_map(found.lessons, states, language(), measures)
    plate(svg, key="course", choice="lesson", selected=after.slug if after else None, smallest=900,
          hint=t("course.hint"))  # fmt: skip
    done = sum(each in ("done", "mastered") for each in states.values())
    st.markdown(t("course.so_far", done=done, of=len(states)))
    with st.container(horizontal=True, vertical_alignment="center"):
        if after:
            st.button(
                t("course.start" if not done else "course.go_on",
                  title=escaped(after.title.of(language()))),
                key="course.next",
                type="primary",
                icon=":material/play_arrow:",
                on_click=state.put,
                args=("lesson", after.slug),
            )  # fmt: skip
        progress_file.save_and_load()
        download_menu(drawing_file(svg, "alexnet_course"), key="course")
    for problem in found.refused:
        st.error(escaped(problem.explained(language())), icon=":material/menu_book:")
    gain.tests()


def _state(lesson: Lesson, after: Lesson | None) -> str:
    progress = learned.progress()
    if progress.finished(lesson.slug):
        return "mastered" if lesson_mastered(progress, lesson) else "done"
    if after and lesson.slug == after.slug:
        return "next"
    return "ready" if ready(lesson, progress) else "later"
