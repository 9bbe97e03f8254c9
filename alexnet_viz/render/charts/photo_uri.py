"""Pixels as an address that carries them, for a picture inside a drawing."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def photo_uri(pixels: NDArray[np.uint8], side: int = 0) -> str:
    """A JPEG of pixels (height, width, 3) as a data URI, scaled to ``side`` if that is given."""
    image = Image.fromarray(pixels)
    if side:
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"
