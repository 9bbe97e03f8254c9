"""A picture as a data URI, to lie inside an SVG."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 90
SMALL = 64
"""Most pixels of a side of a picture that is exact: a kernel's cells must not run together."""


def picture_uri(pixels: NDArray[np.uint8]) -> str:
    """Pixels, uint8 (height, width, 3) or grey (height, width): a JPEG, or a PNG of small ones."""
    buffer = BytesIO()
    kind = "png" if max(pixels.shape[:2]) <= SMALL else "jpeg"
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, kind, quality=QUALITY)
    return f"data:image/{kind};base64,{b64encode(buffer.getvalue()).decode()}"
