"""Kernels on the maps they slide over: a window on the face, dotted lines to where it lands.

The window's sides are true to scale.  A convolution's window is the end of a bar that runs through
the block as deep as the kernel reads, 48 of 48 maps or 48 of 96.
"""

from dataclasses import dataclass

from alexnet_viz.network.layers import Window
from alexnet_viz.network.trace import Row
from alexnet_viz.render.diagrams.solids import Solid
from alexnet_viz.render.diagrams.svg import Point, Sheet
from alexnet_viz.render.theme import QUIET

PAPER = "#FFFFFF"
"""A window is light on any page: what it shows is the map's own colour, paler."""
SMALLEST = 5.0
"""A side of a window on paper, at least."""


@dataclass(frozen=True)
class KernelWindow:
    """Where a layer's window stands on the solid before it: corners from the near upper one."""

    corners: tuple[Point, ...]

    def draw(self, sheet: Sheet, *, stroke: str = QUIET) -> None:
        """The window itself."""
        sheet.polygon(self.corners, fill=PAPER, opacity=0.75, stroke=stroke, width=1.4)

    def bar(self, sheet: Sheet, solid: Solid, depth: tuple[float, float]) -> None:
        """What a kernel reads behind the window: from one part of the thickness to another."""
        near, far = ((1 - part) * solid.thickness for part in reversed(depth))
        first, second, _, fourth = self.corners
        for a, b, opacity in ((first, fourth, 0.5), (first, second, 0.35)):
            sheet.polygon(
                [(a[0] - near, a[1]), (a[0] - far, a[1]), (b[0] - far, b[1]), (b[0] - near, b[1])],
                fill=PAPER, opacity=opacity,
            )  # fmt: skip

    def lines(self, sheet: Sheet, landing: Point) -> None:
        """Dotted lines to where the product lands."""
        for corner in self.corners[1:3]:
            sheet.line(corner, landing, dash="4 3")


def kernel_window(row: Row, solid: Solid, left: float, middle: float) -> KernelWindow | None:
    """The window of a layer on the maps that arrive, drawn as ``solid``; None if it has none."""
    if not isinstance(row.layer, Window) or not solid.depth:
        return None
    _, height, width = row.input_shape
    extent = [
        d * (k - 1) + 1 for k, d in zip(row.layer.kernel_size, row.layer.dilation, strict=True)
    ]
    smallest = SMALLEST / solid.height
    corners = solid.window(
        left, middle,
        min(1.0, max(smallest, extent[0] / height)), min(1.0, max(smallest, extent[1] / width)),
    )  # fmt: skip
    return KernelWindow(tuple(corners))
