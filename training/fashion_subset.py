"""Write the part of Fashion-MNIST that ships: the same number of pictures of every class.

    python -m training.fashion_subset

reads the original files of Debian's package ``dataset-fashion-mnist``, writes ``train.npy.xz`` and
``test.npy.xz`` to ``alexnet_viz/pictures/fashion`` and prints their SHA-256, which that package's
``CHECKSUMS`` must state.  xz takes 379 bytes a picture, lossless WebP 377, PNG 402, deflate 440.
"""

import argparse
import hashlib
import lzma
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.pictures import fashion
from training.fashion_files import SOURCE, read

SEED = 2017
TARGET = Path(fashion.__file__).parent


def chosen(
    labels: NDArray[np.uint8], per_class: int, random: np.random.Generator
) -> NDArray[np.int_]:
    """Indices, ascending, of ``per_class`` pictures of every class, drawn by lot."""
    lots = [
        random.choice(np.flatnonzero(labels == label), per_class, replace=False)
        for label in range(len(fashion.CLASSES))
    ]
    return np.sort(np.concatenate(lots))


def packed(pixels: NDArray[np.uint8], labels: NDArray[np.uint8]) -> bytes:
    """The content of a file: a row a picture, its label first, in numpy's format and xz."""
    rows = np.concatenate([labels[:, None], pixels.reshape(len(pixels), -1)], axis=1)
    target = BytesIO()
    np.save(target, rows, allow_pickle=False)
    return lzma.compress(target.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    """Write both files and print their sizes and checksums."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, default=SOURCE)
    options = parser.parse_args()
    random = np.random.default_rng(SEED)
    for part, per_class in fashion.PER_CLASS.items():
        pixels, labels = read(options.source, part)
        indices = chosen(labels, per_class, random)
        content = packed(pixels[indices], labels[indices])
        (TARGET / fashion.file_name(part)).write_bytes(content)
        print(f"{part}: {len(indices):,} pictures, {len(content):,} bytes")
        print(hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
