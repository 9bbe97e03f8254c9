"""One channel of one layer for one picture: its map, and what it reads."""

from typing import NamedTuple

from alexnet_viz.interpretability.lens import Reach, Source, reach, source, strongest
from alexnet_viz.model.activations import Floats
from alexnet_viz.network.layers import Linear
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.pictures.preprocessing import Preprocessing

MOST_TOP = 9
"""Number of the largest cells that are shown as crops of the picture."""


class Specimen(NamedTuple):
    """One channel of one layer for one picture."""

    result: Trace
    row: Row
    channel: int
    seen: Pixels
    """The network's input as a picture, uint8 (height, width, 3)."""
    image: Floats
    """The network's input, float32 (channels, height, width)."""
    how: Preprocessing
    """The preprocessing from one to the other."""
    plane: Floats
    """The channel's map, float32 (height, width)."""
    values: Floats
    """The output of the source, float32 (channels, height, width)."""
    rank: int = 0
    """Of a unit: its place among the layer's units by value, from 1 on."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """The layer's (channels, height, width); units are maps of one cell."""
        shape = self.row.output_shape
        return (shape[0], shape[1], shape[2]) if len(shape) == 3 else (shape[0], 1, 1)

    @property
    def source(self) -> Source:
        """The layer, or the picture, that this layer reads."""
        return source(self.result, self.row.name)

    def reach(self, row: int, column: int) -> Reach:
        """The block of the source that one cell reads."""
        return reach(self.row, self.source.shape, (self.channel, row, column))

    @property
    def colours(self) -> str:
        """``RGB`` or ``BGR``, if the layer reads a colour picture; else empty."""
        if self.source.layer or len(self.image) != 3:
            return ""
        return "BGR" if self.how.bgr else "RGB"

    @property
    def reads_units(self) -> bool:
        """Whether the source is a vector of units."""
        return self.source.shape[1:] == (1, 1)

    @property
    def looks(self) -> tuple[int, int]:
        """The cell (row, column) of the map that a flattened unit came from, else (0, 0)."""
        rows = list(self.result.rows)
        cell = (self.channel, 0, 0)
        for row in reversed(rows[: rows.index(self.row) + 1]):
            if len(row.output_shape) == 3 or isinstance(row.layer, Linear):
                break
            block = reach(row, source(self.result, row.name).shape, cell)
            place = block.channels.start if len(block.channels) == 1 else cell[0]
            cell = (place, block.rows.start, block.columns.start)
        return cell[1:]

    @property
    def silent(self) -> bool:
        """Whether every value is 0."""
        return not self.plane.any()

    def top(self) -> list[tuple[int, int]]:
        """The cells with the largest values; none if there is only one cell, or all are 0."""
        return [] if self.silent or self.plane.size == 1 else strongest(self.plane, MOST_TOP)
