"""A picture that is bright where a map is large, so that what a channel answers to is seen."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

DARKEST = 0.12
"""Brightness where the map is 0, as a share."""


def spotlight(seen: Pixels, plane: Floats, place: tuple[float, float, float, float]) -> Pixels:
    """``seen``, uint8 (height, width, 3), in the light of a map, float32 (rows, columns).

    ``place`` is where the map lies on the picture: left, top, width and height as shares of it.
    Full light is the map's largest value; at 0 and below, and outside the map, there is little.
    In between the light grows with the square root, so that half of the largest value is seen.
    """
    height, width = seen.shape[:2]
    left, top, wide, tall = place
    light = np.zeros((height, width), dtype=np.float32)
    largest = float(plane.max())
    if largest > 0:
        share = Image.fromarray(np.sqrt(np.clip(plane / largest, 0, 1)).astype(np.float32))
        box = (round(left * width), round(top * height))
        size = (max(1, round(wide * width)), max(1, round(tall * height)))
        spread = np.asarray(share.resize(size, Image.Resampling.BILINEAR))
        rows = slice(max(0, box[1]), min(height, box[1] + size[1]))
        columns = slice(max(0, box[0]), min(width, box[0] + size[0]))
        light[rows, columns] = spread[
            rows.start - box[1] : rows.stop - box[1], columns.start - box[0] : columns.stop - box[0]
        ]
    lit: Pixels = np.rint(seen * (DARKEST + (1 - DARKEST) * light[..., None])).astype(np.uint8)
    return lit
