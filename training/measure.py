"""Measure trained weights on fresh drawings and write their card.

    python -m training.measure alexnet_viz/weights/drawings.safetensors

writes ``drawings.json`` to the folder of the file: its SHA-256 and size, the training options, the
accuracy and confusion matrix, the number of conv1 kernels with structure, and a test whether the
two towers specialise.  The drawings have other seeds than those in the training.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

from alexnet_viz.analysis.towers.permutation_test import compared
from alexnet_viz.interpretability.kernels import MEASURES
from alexnet_viz.model.build import private_copy
from alexnet_viz.pictures.preprocessing import normalised
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import batch
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import expanded, filled

SEED = 10**9
"""First seed of the test drawings; training uses seeds below 100 million."""

IMAGES = 4000
PART = 50
"""Drawings per pass."""
LONG_WAVE = 4
"""In pixels; a kernel has structure if most of its energy is in waves longer than this."""


def right_and_wrong(model: nn.Sequential, images: int, *, grey: bool = False) -> NDArray[np.int_]:
    """The confusion matrix, (classes, classes), of new drawings: class (row), answer (column)."""
    counts = np.zeros((len(CLASSES), len(CLASSES)), dtype=int)
    for part in range(images // PART):
        pixels, labels = batch(np.random.default_rng(SEED + part), PART)
        if grey:
            pixels = np.repeat(pixels.mean(axis=3, keepdims=True), 3, axis=3).astype(np.uint8)
        read = torch.from_numpy(np.stack([normalised(picture) for picture in pixels]))
        with torch.inference_mode():
            answers = model(read).argmax(dim=1).numpy()
        np.add.at(counts, (labels, answers), 1)
    return counts


def accuracy(counts: NDArray[np.int_]) -> float:
    """The share of correct answers in a confusion matrix, 0 to 1."""
    return float(counts.trace() / counts.sum())


def long_waves(kernels: NDArray[np.float32]) -> NDArray[Any]:
    """The share of energy in waves longer than ``LONG_WAVE``: (out, 3, h, w) → (out,)."""
    power = np.abs(np.fft.fft2(kernels)) ** 2
    across = np.fft.fftfreq(kernels.shape[-1])
    long = np.hypot(across[:, None], across[None]) < 1 / LONG_WAVE
    return power[:, :, long].sum(axis=(1, 2)) / power.sum(axis=(1, 2, 3))


def by_chance(values: NDArray[Any]) -> dict[str, Any]:
    """The mean of a measure, (kernels,), in each tower, and p of a permutation test."""
    half = len(values) // 2
    found = compared(values, (half, half))
    return {"means": found.means, "chance": found.chance}


def without_tower(model: nn.Sequential, tower: int) -> nn.Sequential:
    """A copy of the model with one tower's half of the conv1 channels set to 0."""
    silenced = private_copy(model)
    kept = torch.ones(96)
    kept[48 * tower : 48 * (tower + 1)] = 0
    conv = silenced.conv1
    conv.weight = nn.Parameter(conv.weight * kept[:, None, None, None], requires_grad=False)
    conv.bias = nn.Parameter(conv.bias * kept, requires_grad=False)
    return silenced


def card(path: Path, images: int) -> dict[str, Any]:
    """The measurements of a file of weights, as data for its model card."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    model = filled(DRAWINGS.network, expanded(load_file(path)))
    kernels = model.conv1.weight.numpy()
    counts = right_and_wrong(model, images)
    waves = long_waves(kernels)
    noise = long_waves(np.random.default_rng(0).standard_normal((2000, *kernels.shape[1:])))
    few = images // 4
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "steps": int(metadata["steps"]),
        "images": int(metadata["images"]),
        "seconds": int(metadata["seconds"]),
        "options": json.loads(metadata["options"]),
        "accuracy": accuracy(counts),
        "confusion": counts.tolist(),
        "kernels": {
            "structured": int((waves > 0.5).sum()),
            "long_waves": float(np.median(waves)),
            "long_waves_of_noise": float(np.median(noise)),
        },
        "towers": {
            "measures": {name: by_chance(of(kernels)) for name, of in MEASURES.items()},
            "images": few,
            "all": accuracy(right_and_wrong(model, few)),
            "without": [
                accuracy(right_and_wrong(without_tower(model, tower), few)) for tower in (0, 1)
            ],
            "grey": accuracy(right_and_wrong(model, few, grey=True)),
            "grey_without": [
                accuracy(right_and_wrong(without_tower(model, tower), few, grey=True))
                for tower in (0, 1)
            ],
        },
    }


def main() -> None:
    """Write the card as JSON to the folder of the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--images", type=int, default=IMAGES)
    options = parser.parse_args()
    measured = card(options.file, options.images)
    target = options.file.with_suffix(".json")
    target.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    print(json.dumps({k: v for k, v in measured.items() if k != "confusion"}, indent=1))


if __name__ == "__main__":
    main()
