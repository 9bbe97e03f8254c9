"""What lies under the lens: one channel of one layer for one picture, and what it reads."""

from collections.abc import Mapping
from typing import NamedTuple

from alexnet_viz.interpretability.lens import Reach, Source, arriving, reach, source, strongest
from alexnet_viz.model.activations import Floats
from alexnet_viz.network.layers import Linear
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.pictures.images import Pixels
from alexnet_viz.pictures.preprocessing import Preprocessing

MOST_TOP = 9
"""So many of the largest cells are shown as cuts from the picture."""


class Specimen(NamedTuple):
    """One channel of one layer for one picture."""

    result: Trace
    row: Row
    channel: int
    seen: Pixels
    """The picture as the network's input shows it, (height, width, 3)."""
    image: Floats
    """The same as the network reads it."""
    how: Preprocessing
    """What lies between the two."""
    kept: Mapping[str, Floats]
    """Every layer's output."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of the layer; units are maps of one cell."""
        shape = self.row.output_shape
        return (shape[0], shape[1], shape[2]) if len(shape) == 3 else (shape[0], 1, 1)

    @property
    def plane(self) -> Floats:
        """The channel's map (height, width)."""
        plane: Floats = self.kept[self.row.name].reshape(self.shape)[self.channel]
        return plane

    @property
    def source(self) -> Source:
        """Whose channels the layer reads."""
        return source(self.result, self.row.name)

    @property
    def values(self) -> Floats:
        """What arrives, as the source has it."""
        return arriving(self.result, self.row.name, self.image, self.kept)

    def reach(self, row: int, column: int) -> Reach:
        """What one cell reads."""
        return reach(self.row, self.source.shape, (self.channel, row, column))

    @property
    def colours(self) -> str:
        """The letters of the channels that a layer reads from a picture; empty above it."""
        if self.source.layer or len(self.image) != 3:
            return ""
        return "BGR" if self.how.bgr else "RGB"

    @property
    def reads_units(self) -> bool:
        """Whether what arrives is a row of single values."""
        return self.source.shape[1:] == (1, 1)

    @property
    def looks(self) -> tuple[int, int]:
        """Which cell of the maps below a unit is that only lies flat; (0, 0) of a dense layer."""
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
        """Whether every cell is 0."""
        return not self.plane.any()

    def top(self) -> list[tuple[int, int]]:
        """The largest cells; none where there is but one, or all are 0."""
        return [] if self.silent or self.plane.size == 1 else strongest(self.plane, MOST_TOP)
