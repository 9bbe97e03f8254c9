"""The course: the map of its lessons, or the one lesson that the link names."""

import streamlit as st

from alexnet_viz.teaching.course import course
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.course.course_map import course_map
from alexnet_viz.ui.course.lesson_page import lesson_page

require_shell()
named = state.use("lesson")
lesson = course().lessons.get(named or "")
if lesson:
    lesson_page(lesson)
else:
    if named:
        st.warning(t("course.no_such", name=escaped(named)), icon=":material/link_off:")
    course_map()
