"""Of each channel, the crops of pictures with its largest values: one crop a picture, a few in all.

A crop is what the channel's strongest cell sees of a picture: the cell's receptive field, cut from
what the network read.  Channels of a dense layer see the whole picture.
"""

from base64 import b64decode, b64encode
from heapq import heappush, heapreplace
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.network.trace import Row
from alexnet_viz.pictures.images import Pixels

SIDE = 96
"""Longest side of a kept crop, in pixels."""
QUALITY = 85


class Seen(NamedTuple):
    """What the network made of one picture."""

    pixels: Pixels
    """What it read, uint8 (size, size, 3)."""
    values: NDArray[np.float32]
    """(channels,) the largest value of each map."""
    cells: NDArray[np.int64]
    """(channels,) where it is, counted along the rows of the map."""
    answer: int
    """The class with the largest logit; -1 if the network has none."""


class Crop(NamedTuple):
    """A crop; crops compare by value, and of equal ones that of the first picture is larger."""

    value: float
    before: int
    """Minus the number of the picture in the listing."""
    cell: int
    jpeg: bytes

    @property
    def picture(self) -> int:
        """The number of the picture in the listing."""
        return -self.before


class TopCrops:
    """The ``top`` crops of each channel of a layer, found picture by picture."""

    def __init__(self, row: Row, top: int) -> None:
        self.row, self.top = row, top
        self._heaps: list[list[Crop]] = [[] for _ in range(row.output_shape[0])]
        self._least = np.full(row.output_shape[0], -np.inf, dtype=np.float32)
        """What a value must exceed to be kept."""

    def add(self, picture: int, seen: Seen) -> None:
        """Keep the crops of a picture that belong to the largest so far.

        Pictures come in the order of their numbers: of equal values the first stays.
        """
        encoded: dict[int, bytes] = {}
        for channel in np.flatnonzero(seen.values > self._least):
            cell, heap = int(seen.cells[channel]), self._heaps[channel]
            if cell not in encoded:
                encoded[cell] = self._jpeg(seen.pixels, cell)
            crop = Crop(float(seen.values[channel]), -picture, cell, encoded[cell])
            (heappush if len(heap) < self.top else heapreplace)(heap, crop)
            if len(heap) == self.top:
                self._least[channel] = heap[0].value

    def of(self, channel: int) -> list[Crop]:
        """The crops of a channel, the largest value first."""
        return sorted(self._heaps[channel], reverse=True)

    def place(self, cell: int) -> tuple[int, int] | None:
        """The row and the column of a cell; None in a dense layer."""
        return None if len(self.row.output_shape) == 1 else divmod(cell, self.row.output_shape[2])

    def _jpeg(self, pixels: Pixels, cell: int) -> bytes:
        image = Image.fromarray(self.cut(pixels, cell))
        image.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=QUALITY)
        return buffer.getvalue()

    def cut(self, pixels: Pixels, cell: int) -> Pixels:
        """The receptive field of a cell in what the network read, without padding."""
        place, fields = self.place(cell), self.row.receptive_field
        if place is None or fields is None:
            return pixels
        spans = [
            slice(max(0, seen.start), seen.stop)
            for seen in (field.pixels(at) for field, at in zip(fields, place, strict=True))
        ]
        return np.ascontiguousarray(pixels[spans[0], spans[1]])

    def record(self) -> list[Any]:
        """All crops in values that JSON holds."""
        return [
            [[crop.value, crop.before, crop.cell, b64encode(crop.jpeg).decode()] for crop in heap]
            for heap in self._heaps
        ]

    def restore(self, record: list[Any]) -> None:
        """Take the crops of a ``record``.

        Raises:
            ValueError, TypeError: it is no record of this layer.
        """
        heaps = [
            [
                Crop(float(value), int(before), int(cell), b64decode(jpeg))
                for value, before, cell, jpeg in heap
            ]
            for heap in record
        ]
        if len(heaps) != len(self._heaps) or any(len(heap) > self.top for heap in heaps):
            raise ValueError("crops of another layer")
        self._heaps = heaps
        full = [heap[0].value if len(heap) == self.top else -np.inf for heap in heaps]
        self._least = np.array(full, dtype=np.float32)
