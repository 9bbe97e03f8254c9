"""Measure the weights that were trained on Fashion-MNIST and write their card.

    python -m training.measure_fashion alexnet_viz/weights/fashion.safetensors

writes ``fashion.json`` to the folder of the file: its SHA-256 and size, the training, the accuracy
and confusion matrix on all 10,000 test pictures, prepared as the app prepares them, and the
accuracy on the first 200 that ship: as they are, mirrored, as files of 28x28 pixels (whose border
is cropped), and on a white background.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

from alexnet_viz.pictures import fashion
from alexnet_viz.pictures.images import Picture
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples.fresh import framed
from alexnet_viz.weights.catalogue import CLOTHES
from alexnet_viz.weights.loader import expanded, filled
from training.fashion import DEVIATION, MEAN, NETWORK, RANK
from training.fashion_files import SOURCE, read
from training.measure import accuracy, long_waves

PART = 50
"""Pictures per pass."""
CHANGED = 200
"""Pictures that are changed in each way."""


def coloured(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A grey picture, (28, 28), as (28, 28, 3)."""
    return np.repeat(grey[..., None], 3, axis=2)


def whole(grey: NDArray[np.uint8]) -> Picture:
    """The picture with the border that the app crops."""
    return framed(coloured(grey))


def bare(grey: NDArray[np.uint8]) -> Picture:
    """The picture as it is: the app crops its border."""
    return Picture(coloured(grey), 28, 28)


WAYS: dict[str, Callable[[NDArray[np.uint8]], Picture]] = {
    "whole": whole,
    "mirrored": lambda grey: whole(grey[:, ::-1]),
    "bare": bare,
    "white": lambda grey: whole(255 - grey),
}
"""The changes to the pictures that ship."""


def confusion(
    model: nn.Sequential,
    pixels: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    way: Callable[[NDArray[np.uint8]], Picture] = whole,
) -> NDArray[np.int_]:
    """The confusion matrix, (classes, classes): label (row), answer (column)."""
    counts = np.zeros((len(fashion.CLASSES), len(fashion.CLASSES)), dtype=int)
    for at in range(0, len(labels), PART):
        part = [preprocess(way(each), 224, 1, CLOTHES) for each in pixels[at : at + PART]]
        with torch.inference_mode():
            answers = model(torch.from_numpy(np.stack(part))).argmax(dim=1).numpy()
        np.add.at(counts, (labels[at : at + PART], answers), 1)
    return counts


def card(path: Path, source: Path, images: int) -> dict[str, Any]:
    """The measurements of a file of weights, as data for its model card."""
    with safe_open(path, "pt") as file:
        metadata = {k: json.loads(v) for k, v in file.metadata().items() if k != "network"}
    model = filled(NETWORK, expanded(load_file(path)))
    pixels, labels = read(source, "test")
    counts = confusion(model, pixels[:images], labels[:images])
    kernels = model.get_submodule("conv1").weight.numpy()
    waves = long_waves(kernels)
    noise = long_waves(np.random.default_rng(0).standard_normal((2000, *kernels.shape[1:])))
    first = [each[:CHANGED] for each in fashion.subset("test")]
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "rank": RANK,
        "pixels": {"mean": MEAN, "deviation": DEVIATION},
        **metadata,
        "accuracy": accuracy(counts),
        "confusion": counts.tolist(),
        "shipped": {
            "images": CHANGED,
            **{name: accuracy(confusion(model, *first, way)) for name, way in WAYS.items()},
        },
        "kernels": {
            "structured": int((waves > 0.5).sum()),
            "long_waves": float(np.median(waves)),
            "long_waves_of_noise": float(np.median(noise)),
        },
    }


def main() -> None:
    """Write the card as JSON to the folder of the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--images", type=int, default=10_000, help="test pictures to measure on")
    options = parser.parse_args()
    measured = card(options.file, options.source, options.images)
    target = options.file.with_suffix(".json")
    target.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    left_out = ("confusion", "history")
    print(json.dumps({k: v for k, v in measured.items() if k not in left_out}, indent=1))


if __name__ == "__main__":
    main()
