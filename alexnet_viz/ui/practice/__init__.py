"""The sections of the page Practice: one exercise after another, and sheets of exercises.

``training``    the choice of an exercise, the exercise, and what is mastered
``sheet``       a sheet as its teacher sees it, or as a student answers it
"""

from alexnet_viz.ui.app.words import offered, t
from alexnet_viz.ui.components.page_sections import sections
from alexnet_viz.ui.practice.sheet import sheet_section
from alexnet_viz.ui.practice.training import training

SECTIONS = {"one": training, "sheet": sheet_section}


def section() -> None:
    """Draw the choice of a section, and the section."""
    sections(
        "practice_view", t("practice.view"), offered("practice.view_", "practice_view"), SECTIONS
    )
