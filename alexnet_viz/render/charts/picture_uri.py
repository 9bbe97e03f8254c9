"""A picture as a data URI, to lie inside an SVG."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 90
SMALL = 64
"""Most pixels of a side of a picture that is exact: a kernel's cells must not run together."""


def picture_uri(pixels: NDArray[np.uint8], side: int = 0) -> str:
    """Pixels, uint8 (height, width, 3) or grey (height, width): a JPEG, or a PNG of small ones.

    With a fourth band, which is opacity, it is always a PNG.

    They are scaled to ``side`` by ``side`` if that is given.
    """
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if side:
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    buffer = BytesIO()
    kind = "png" if max(image.size) <= SMALL or image.mode == "RGBA" else "jpeg"
    image.save(buffer, kind, quality=QUALITY)
    return f"data:image/{kind};base64,{b64encode(buffer.getvalue()).decode()}"
