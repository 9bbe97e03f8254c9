"""The sections of the Towers page, each a function that draws it whole.

Two of them need torch, which a visitor to the others should not wait for: they are imported when
they are drawn.
"""

from collections.abc import Callable

from alexnet_viz.ui.app.words import labels, t
from alexnet_viz.ui.components.page_sections import sections
from alexnet_viz.ui.towers.history import history_section
from alexnet_viz.ui.towers.memory import memory_section
from alexnet_viz.ui.towers.split import split_section


def _run() -> None:
    from alexnet_viz.ui.towers.run import run_section

    run_section()


def _kernels() -> None:
    from alexnet_viz.ui.towers.kernels import kernels_section

    kernels_section()


SECTIONS: dict[str, Callable[[], None]] = {
    "split": split_section,
    "memory": memory_section,
    "run": _run,
    "kernels": _kernels,
    "history": history_section,
}


def section() -> None:
    """Choose a section and draw it."""
    sections("section", t("towers.section"), labels("towers.section_", SECTIONS), SECTIONS)
