"""Features made by hand, as before 2012: how strong edges are in each direction, and where.

The picture is cut into 2 x 2 cells; of each, and of the whole, a histogram of the directions of the
grey value's gradient, weighted by its size, as in histograms of oriented gradients (Dalal and
Triggs 2005), and a histogram of the sizes themselves.
"""

from functools import cache
from importlib.resources import files
from json import loads
from typing import Any

DIRECTIONS, SIZES = 12, 6
MEASURED = "edges_or_learned.json"
"""Both kinds of features under the same head, as ``training.edges_or_learned`` measured them."""


def features(pixels: Any) -> Any:
    """The features of a picture, uint8 (height, width, 3): float64 (90,), ten histograms."""
    import numpy as np

    grey = pixels.astype(np.float64).mean(axis=2)
    down, across = np.gradient(grey)
    size = np.hypot(down, across)
    direction = np.arctan2(down, across) % np.pi
    middle_y, middle_x = (side // 2 for side in grey.shape)
    parts = [(slice(None), slice(None))]
    parts += [
        (y, x)
        for y in (slice(0, middle_y), slice(middle_y, None))
        for x in (slice(0, middle_x), slice(middle_x, None))
    ]
    found = []
    for part in parts:
        turned, _ = np.histogram(direction[part], DIRECTIONS, range=(0, np.pi), weights=size[part])
        strong, _ = np.histogram(size[part], SIZES, range=(0, 60))
        found += [turned / max(turned.sum(), 1e-9), strong / max(strong.sum(), 1)]
    return np.concatenate(found)


@cache
def measured() -> dict[str, Any]:
    """What was measured: ``examples``, ``test`` pictures a class, and for each kind of features
    ``right`` by number of examples and ``confusion`` at the largest, (true class, answer)."""
    found: dict[str, Any] = loads((files(__package__) / MEASURED).read_text("utf-8"))
    return found
