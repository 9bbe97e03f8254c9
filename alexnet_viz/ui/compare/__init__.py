"""The views of the Compare page, each a function that draws it whole.

The one on a picture needs torch, which a visitor to the others should not wait for: it is imported
when it is drawn.
"""

from collections.abc import Callable

from alexnet_viz.ui.app.words import labels, t
from alexnet_viz.ui.compare.alignment import layers_view
from alexnet_viz.ui.compare.matrix import matrix_view
from alexnet_viz.ui.compare.scatter import scatter_view
from alexnet_viz.ui.compare.sweep import inputs_view
from alexnet_viz.ui.components.page_sections import sections


def _maps() -> None:
    from alexnet_viz.ui.compare.disputes import maps_view

    maps_view()


VIEWS: dict[str, Callable[[], None]] = {
    "layers": layers_view,
    "matrix": matrix_view,
    "scatter": scatter_view,
    "inputs": inputs_view,
    "maps": _maps,
}


def view() -> None:
    """Choose a view and draw it."""
    sections("compare_view", t("compare.view"), labels("compare.view_", VIEWS), VIEWS)
