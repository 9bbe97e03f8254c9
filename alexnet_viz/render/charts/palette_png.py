"""A palette picture as PNG bytes, a quarter smaller than Pillow's.

Pillow filters the rows of grey pictures, which makes smooth ones compress well, but not those of
palette pictures.  Filters work on bytes (PNG specification, third edition, section 9), and both
kinds have one byte per pixel; so the picture is written as grey and its header changed to palette.
"""

import struct
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]

_HEADER_END = 8 + 4 + 4 + 13 + 4
"""Signature, then length, name, content and checksum of the header: sections 5.2 and 11.2.1."""
_COLOUR_TYPE = 8 + 4 + 4 + 9
_PALETTE = 3
FAST = 4
"""Level of zlib; level 6 takes twice as long on maps and saves nothing."""


def palette_png(steps: Bytes, colours: Bytes) -> bytes:
    """A PNG of ``steps`` (height, width) in ``colours`` (256, 3), both uint8; 0 is transparent."""
    buffer = BytesIO()
    Image.fromarray(steps).save(buffer, format="PNG", compress_level=FAST)
    grey = buffer.getvalue()
    header = bytearray(grey[12 : _HEADER_END - 4])  # the chunk's name and content
    header[_COLOUR_TYPE - 12] = _PALETTE
    parts = (
        grey[:8],
        _chunk(bytes(header)),
        _chunk(b"PLTE" + colours.tobytes()),
        _chunk(b"tRNS\0"),
        grey[_HEADER_END:],
    )
    return b"".join(parts)


def _chunk(content: bytes) -> bytes:
    """A chunk of a PNG file: length of its data, name and data, checksum."""
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
