"""The sections of the Classroom page: the link with its QR code, and what a class answered."""

from alexnet_viz.ui.app.words import offered, t
from alexnet_viz.ui.classroom.class_board import class_board
from alexnet_viz.ui.classroom.how_to import how_to
from alexnet_viz.ui.classroom.link_builder import link_builder
from alexnet_viz.ui.classroom.offline import offline
from alexnet_viz.ui.components.page_sections import sections


def _link() -> None:
    link_builder()
    offline()
    how_to()


SECTIONS = {"link": _link, "board": class_board}


def section() -> None:
    """Draw the choice of a section, and the section."""
    sections("class_view", t("classroom.view"), offered("classroom.view_", "class_view"), SECTIONS)
