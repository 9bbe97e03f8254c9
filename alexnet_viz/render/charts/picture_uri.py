"""A picture as a data URI, to lie inside an SVG."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 90


def picture_uri(pixels: NDArray[np.uint8]) -> str:
    """A JPEG of pixels, uint8 (height, width, 3) or grey (height, width)."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"
