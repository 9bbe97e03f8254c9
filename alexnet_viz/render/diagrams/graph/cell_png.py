"""Values as a PNG of one pixel each, whose colour is more or less transparent on any page."""

import math
import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence

from alexnet_viz.render.theme import BLUE, VERMILION

STRONGEST = 0.85
"""Opacity of the largest value."""


def cell_png(values: Sequence[Sequence[float]], limits: tuple[float, float]) -> str:
    """A data URI of rows of values: blue from 0 (or the lower limit) up, vermilion below 0.

    Opacity is proportional to the value's share of the limit; NaN is transparent.
    """
    wide = max((len(row) for row in values), default=0)
    rows = [
        b"\0" + bytes(_step(value, limits) for value in (*row, *[math.nan] * (wide - len(row))))
        for row in values
    ]
    blue, red = (bytes.fromhex(colour[1:]) for colour in (BLUE, VERMILION))
    alphas = bytes(round(255 * STRONGEST * abs(step - 128) / 127) for step in range(1, 256))
    parts = (
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, len(rows), 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", red * 128 + blue * 128),
        _chunk(b"tRNS", b"\0" + alphas),
        _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)),
        _chunk(b"IEND", b""),
    )
    return "data:image/png;base64," + b64encode(b"".join(parts)).decode()


def strength(value: float, limits: tuple[float, float]) -> float:
    """From −1 to 1: the value's share of the limits; with a lower limit of 0 or more, from 0.

    >>> strength(5, (-10, 10)), strength(5, (4, 6)), strength(0, (0, 0))
    (0.5, 0.5, 0.0)
    """
    low, high = limits
    if not math.isfinite(value):
        return 0.0 if math.isnan(value) else math.copysign(1.0, value)
    if low < 0:
        largest = max(-low, high)
        return max(-1.0, min(1.0, value / largest))
    return max(0.0, min(1.0, (value - low) / (high - low))) if high > low else 0.0


def _step(value: float, limits: tuple[float, float]) -> int:
    return 0 if math.isnan(value) else 128 + round(127 * strength(value, limits))


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum
