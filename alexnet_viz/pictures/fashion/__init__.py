"""Fashion-MNIST: photographs of clothes, a stratified part of the data set (LICENCE.md).

``subset`` returns pictures and labels; each class is equally frequent.  The files are the pictures
of the data set, unchanged: an array of uint8, (n, 1 + 28 * 28), a row a picture with its label
first, in numpy's format, compressed with xz.  ``training/fashion_subset.py`` writes them.

numpy is imported when ``subset`` is called: the command ``weights list`` needs only the names.
"""

from __future__ import annotations

import hashlib
import lzma
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from alexnet_viz.text import Text, catalogue
from alexnet_viz.text.problem import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 28
"""Side of a picture, in pixels."""

PER_CLASS = {"train": 1000, "test": 200}
"""Pictures of each class."""

CHECKSUMS = {
    "train": "4783ac4804ec509a3e62e60c994b6fd25b084235d835cf9b098862d04c5e825f",
    "test": "0f5844a31deecfd92167daa198d877271ae359a5bf3bddb821daf22294cede8e",
}
"""SHA-256 of the files."""

NAMES = (
    "t_shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle_boot",
)
"""Names of the classes in links and as keys of ``clothes.``, in the order of the labels."""

CLASSES: tuple[Text, ...] = tuple(catalogue()[f"clothes.{name}"] for name in NAMES)
"""Titles of the classes, in the order of the labels."""

Part = Literal["train", "test"]


@cache
def subset(part: Part) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The pictures, uint8 (n, 28, 28), 0 (black) to 255, and their labels, uint8 (n,); read-only.

    ``train`` is a part of the data set's training pictures, ``test`` of its test pictures, in
    their order there.

    Raises:
        Problem: the file is missing or damaged.
    """
    import numpy as np

    file = files(__package__) / file_name(part)
    found = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(found).hexdigest() != CHECKSUMS[part]:
        raise Problem("fashion_damaged", file=file_name(part))
    rows: NDArray[np.uint8] = np.load(BytesIO(lzma.decompress(found)), allow_pickle=False)
    rows.setflags(write=False)
    return rows[:, 1:].reshape(-1, SIDE, SIDE), rows[:, 0]


def file_name(part: Part) -> str:
    """The name of a part's file in this package."""
    return f"{part}.npy.xz"
