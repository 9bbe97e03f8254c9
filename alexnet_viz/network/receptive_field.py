"""The receptive field: the input pixels that one cell of a map depends on, on one axis.

Recurrence of Araujo, Norris, Sim, "Computing receptive fields of convolutional neural networks",
Distill 2019: r += (F - 1) D j, j *= S, start -= P j.
"""

from dataclasses import dataclass

from alexnet_viz.network.geometry import Slide


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The receptive field of the cells of a map, on one axis, in input pixels.

    Cell i depends on the pixels from ``start + i * effective_stride`` on, ``size`` of them,
    not clipped to the image.
    """

    size: int = 1
    effective_stride: int = 1
    start: int = 0

    def through(self, window: Slide) -> "ReceptiveField":
        """The receptive field after one more window."""
        jump = self.effective_stride
        return ReceptiveField(
            size=self.size + (window.extent - 1) * jump,
            effective_stride=jump * window.stride,
            start=self.start - window.padding[0] * jump,
        )

    def whole(self, cells: int) -> "ReceptiveField":
        """The receptive field of a dense unit, which reads all ``cells`` of the map."""
        return ReceptiveField(
            size=self.size + (cells - 1) * self.effective_stride,
            effective_stride=self.effective_stride * cells,
            start=self.start,
        )

    def pixels(self, cell: int) -> range:
        """The input pixels that cell number ``cell`` depends on, not clipped to the image.

        >>> ReceptiveField(11, 4, 0).pixels(54)
        range(216, 227)
        """
        first = self.start + cell * self.effective_stride
        return range(first, first + self.size)
