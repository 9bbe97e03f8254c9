"""The course: the map of its lessons, or the one lesson that the link names."""

from alexnet_viz.teaching.course import course
from alexnet_viz.ui import require_shell
from alexnet_viz.ui.app import state
from alexnet_viz.ui.course.course_map import course_map
from alexnet_viz.ui.course.lesson_page import lesson_page

require_shell()
lesson = course().lessons.get(state.use("lesson") or "")
if lesson:
    lesson_page(lesson)
else:
    course_map()
