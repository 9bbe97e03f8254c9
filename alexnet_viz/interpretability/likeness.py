"""How alike vectors of activations are, and maps that are unlike each other."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def cosines(one: Floats, others: Floats) -> NDArray[np.float64]:
    """The cosine of a vector (features,) with each of (n, features): (n,), -1 to 1.

    It is 0 with a vector of zeros.

    >>> cosines(np.array([1.0, 1.0]), np.array([[2.0, 2.0], [1.0, -1.0], [0.0, 0.0]])).round(6)
    array([1., 0., 0.])
    """
    first, rest = one.astype(np.float64), others.astype(np.float64)
    lengths = np.linalg.norm(rest, axis=1) * np.linalg.norm(first)
    found: NDArray[np.float64] = np.divide(
        rest @ first, lengths, out=np.zeros(len(rest)), where=lengths > 0
    )
    return found


MOST_ALIKE = 0.5
"""Correlation above which two maps show the same places."""


def different(maps: Floats, count: int) -> list[int]:
    """At most ``count`` channels of (channels, height, width) that answer to different places.

    The channels with the largest standard deviation over the map come first; one whose map
    correlates with a chosen one by more than ``MOST_ALIKE`` is passed over, and so is a constant.
    """
    flat = maps.reshape(len(maps), -1).astype(np.float64)
    centred = flat - flat.mean(axis=1, keepdims=True)
    chosen: list[int] = []
    for channel in map(int, np.argsort(-centred.std(axis=1))):
        if not centred[channel].any() or len(chosen) == count:
            break
        if not chosen or cosines(centred[channel], centred[chosen]).max() <= MOST_ALIKE:
            chosen.append(channel)
    return chosen
