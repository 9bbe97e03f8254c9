"""Read the original files of Fashion-MNIST, of Debian's package ``dataset-fashion-mnist``."""

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SOURCE = Path("/usr/share/datasets/fashion-mnist")
PREFIXES = {"train": "train", "test": "t10k"}


def read(source: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """All pictures, (n, 28, 28), and labels, (n,), of ``train`` or ``test``."""
    prefix = PREFIXES[part]
    with gzip.open(source / f"{prefix}-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(source / f"{prefix}-labels-idx1-ubyte.gz") as file:
        return pixels, np.frombuffer(file.read(), np.uint8, offset=8)
