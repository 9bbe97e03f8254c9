"""Kernels as windows on the maps they slide over, with dotted lines to their output.

The window's sides are true to scale.  A convolution's window is the end of a bar that runs through
the block as deep as the kernel reads, 48 of 48 maps or 48 of 96.
"""

from dataclasses import dataclass

from alexnet_viz.network.layers import Conv, Layer, Window, shape_text
from alexnet_viz.network.trace import Row
from alexnet_viz.render.diagrams.solids import Solid
from alexnet_viz.render.diagrams.svg import Point, Sheet
from alexnet_viz.render.theme import QUIET

PAPER = "#FFFFFF"
"""A window is light on any page: what it shows is the map's own colour, paler."""
SMALLEST = 5.0
"""Least side of a window, in units of the drawing."""


@dataclass(frozen=True)
class KernelWindow:
    """The window of a layer on the solid before it; corners start at the near upper one."""

    corners: tuple[Point, ...]

    def draw(self, sheet: Sheet, *, stroke: str = QUIET) -> None:
        """Draw the window."""
        sheet.polygon(self.corners, fill=PAPER, opacity=0.75, stroke=stroke, width=1.4)

    def bar(self, sheet: Sheet, solid: Solid, depth: tuple[float, float]) -> None:
        """Draw what a kernel reads of the depth: from one fraction of the channels to another."""
        near, far = ((1 - part) * solid.thickness for part in reversed(depth))
        first, second, _, fourth = self.corners
        for a, b, opacity in ((first, fourth, 0.5), (first, second, 0.35)):
            sheet.polygon(
                [(a[0] - near, a[1]), (a[0] - far, a[1]), (b[0] - far, b[1]), (b[0] - near, b[1])],
                fill=PAPER, opacity=opacity,
            )  # fmt: skip

    def lines(self, sheet: Sheet, landing: Point) -> None:
        """Draw dotted lines to the output."""
        for corner in self.corners[1:3]:
            sheet.line(corner, landing, dash="4 3")


def kernel_text(layer: Layer | None, row: Row | None) -> str:
    """A convolution's kernel with its depth, a pool's window, and the stride; else nothing.

    Without a ``row`` the depth is unknown: what a layer reads is known once it was reached.
    """
    if not isinstance(layer, Window):
        return ""
    size = shape_text(layer.kernel_size)
    if isinstance(layer, Conv) and row and layer.kernel_size != (1, 1):
        size += f"×{layer.kernel_depth(row.input_shape)}"
    return size if layer.stride == (1, 1) else f"{size} / {layer.stride[0]}"


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
