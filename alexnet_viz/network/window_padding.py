"""The padding that makes a framework's window read the same cells as ours.

Frameworks pad both sides of an axis alike, or each side by its own number, and have one or two
rounding rules; sources of AlexNet use windows that extend over one edge only.  So a window is
expressed in one of two ways: by a padding that is the same on both sides, where the framework then
reads the same cells (``alike``), or by the number of cells outside the map that the windows cover
on each side (``outside``), which leaves nothing to round.
"""

from alexnet_viz.network.geometry import Rounding, Slide, output_size
from alexnet_viz.network.layers import Pair, Sides, Window
from alexnet_viz.network.trace import Row

CEIL_MODE: dict[Rounding, bool] = {"floor": False, "caffe": True}
"""The two rules of torch's pooling, and its ``ceil_mode`` for each."""


def alike(row: Row, rounding: Rounding, *, clipped: bool | None = None) -> Pair | None:
    """The padding (vertical, horizontal), the same on both sides, that reads the same cells.

    ``clipped`` is whether the rule ``caffe`` always drops a window that begins beyond the map, as
    torch does; None: where the map is padded.

    The leading padding determines where the windows start, so the cells are the same if as many
    windows fit when the trailing side is padded by the same number; None if not.
    """
    vertical, horizontal = windows(row)
    drops = bool(vertical.padding[0] or horizontal.padding[0]) if clipped is None else clipped
    if _fitting(vertical, rounding, drops) != vertical.output_size:
        return None
    if _fitting(horizontal, rounding, drops) != horizontal.output_size:
        return None
    return vertical.padding[0], horizontal.padding[0]


def torch_pooling(row: Row) -> tuple[Pair, bool] | None:
    """The ``padding`` and ``ceil_mode`` with which torch's pooling reads the same windows.

    None if neither mode does, or if the padding exceeds half the kernel, which torch refuses.
    """
    for rounding, ceil_mode in CEIL_MODE.items():
        padding = alike(row, rounding, clipped=True)
        if padding and all(
            2 * cells <= window.kernel_size
            for cells, window in zip(padding, windows(row), strict=True)
        ):
            return padding, ceil_mode
    return None


def outside(row: Row) -> Sides:
    """The number of cells outside the map that windows cover: (top, bottom, left, right).

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> outside(trace(VARIANTS["alexnet_2012_paper"])["conv1"])
    (0, 3, 0, 3)
    """
    vertical, horizontal = windows(row)
    return (*vertical.padding_read, *horizontal.padding_read)


def even_window(row: Row) -> Pair | None:
    """The kernel size and stride of the average pooling that equals an adaptive one.

    None where the map's size is no multiple of the output's, so that the windows differ in size.
    """
    _, height, width = row.input_shape
    _, down, across = row.output_shape
    return None if height % down or width % across else (height // down, width // across)


def steps(layer: Window) -> tuple[Pair, Pair, Pair]:
    """(kernel size, stride, dilation), each (vertical, horizontal)."""
    return layer.kernel_size, layer.stride, layer.dilation


def reads_nothing(row: Row) -> bool:
    """Whether some window lies wholly outside the map, so that it has no maximum and no mean.

    A stride or a padding larger than the kernel can make one; no published network has one.
    """
    return any(
        not any(0 <= start + tap < window.input_size
                for tap in range(0, window.extent, window.dilation))
        for window in windows(row)
        for start in window.starts
    )  # fmt: skip


def windows(row: Row) -> tuple[Slide, Slide]:
    """``row.slides`` of a layer that has a window."""
    assert row.slides is not None, f"{row.name} slides no window"
    return row.slides


def _fitting(window: Slide, rounding: Rounding, clipped: bool) -> int:
    """How many windows fit with the leading padding on both sides."""
    padding = window.padding[0], window.padding[0]
    size, kernel_size = window.input_size, window.kernel_size
    dilation = window.dilation
    return output_size(size, kernel_size, window.stride, padding, dilation, rounding, clipped)
