"""The sections of the Towers page, each drawn by one function.

Two of them need torch and are imported when they are drawn, so that visitors of the others do not
wait for it.
"""

from collections.abc import Callable

from alexnet_viz.ui.app.words import offered, t
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
    """Draw the choice of a section, and the section."""
    sections("section", t("towers.section"), offered("towers.section_", "section"), SECTIONS)
