"""The kernels of a first layer as coloured tiles, as in Figure 3 of the paper."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

GREY = 127.5


def tiles(kernels: Floats) -> Pixels:
    """Kernels, float32 (n, 3, h, w), as RGB pictures, uint8 (n, h, w, 3); weight 0 is mid-grey.

    Each kernel is scaled by its own largest absolute weight, so the hue shows which colours it adds
    and subtracts, but not how large its weights are.
    """
    largest = np.abs(kernels).max(axis=(1, 2, 3), keepdims=True)
    share = kernels / np.where(largest > 0, largest, 1)
    shaded: Pixels = np.rint(GREY + GREY * share).astype(np.uint8)
    return shaded.transpose(0, 2, 3, 1)


def filter_sheet(kernels: Floats, *, towers: int, columns: int, zoom: int) -> Pixels:
    """All kernels, float32 (n, 3, h, w), on one sheet, RGBA uint8; one block of rows per tower.

    A weight is ``zoom`` pixels wide; the gaps between the tiles are transparent.
    """
    return tile_sheet(tiles(kernels), towers=towers, columns=columns, zoom=zoom)


def tile_sheet(pictures: Pixels, *, towers: int, columns: int, zoom: int) -> Pixels:
    """Pictures, uint8 (n, h, w, 3) or grey (n, h, w, 1), on one sheet as ``filter_sheet`` has."""
    each = len(pictures) // towers
    rows = -(-each // columns)
    height, width = pictures.shape[1] * zoom, pictures.shape[2] * zoom
    gap, between = 3, 18
    block = rows * (height + gap) + between
    sheet = np.zeros((towers * block - between, columns * (width + gap), 4), dtype=np.uint8)
    for number, tile in enumerate(pictures):
        tower, place = divmod(number, each)
        top = tower * block + place // columns * (height + gap)
        left = place % columns * (width + gap)
        enlarged = tile.repeat(zoom, axis=0).repeat(zoom, axis=1)
        sheet[top : top + height, left : left + width, :3] = enlarged
        sheet[top : top + height, left : left + width, 3] = 255
    return sheet
