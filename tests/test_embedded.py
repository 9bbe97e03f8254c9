"""The weights that ship: right on fresh drawings, as large and as checked as their card says."""

import hashlib
import importlib.util
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_viz.analysis.towers.permutation_test import compared
from alexnet_viz.interpretability.kernels import MEASURES
from alexnet_viz.pictures.preprocessing import normalised
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import batch
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from alexnet_viz.weights.model_card import card

ROOT = Path(__file__).parents[1]
FILE = Path(str(files("alexnet_viz.weights") / DRAWINGS.file))
SEED = 77_000_000
"""Neither the training (below 2 million) nor the measuring (from a billion on) draws from here."""


def script(name: str) -> ModuleType:
    """A script of training/ as a module; the folder is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "training" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return load(DRAWINGS)


def answers(model: nn.Sequential, seed: int, images: int) -> tuple[np.ndarray, np.ndarray]:
    """What the model says of fresh drawings, and what they are."""
    pixels, labels = batch(np.random.default_rng(seed), images)
    read = torch.from_numpy(np.stack([normalised(picture) for picture in pixels]))
    with torch.inference_mode():
        return model(read).argmax(dim=1).numpy(), labels


@pytest.mark.slow
def test_fresh_drawings_are_recognised(model: nn.Sequential) -> None:
    said, drawn = (
        np.concatenate(parts)
        for parts in zip(*(answers(model, SEED + part, 50) for part in range(8)), strict=True)
    )
    # the card's 98 % is of 4,000; of 400 it may be a little less by chance
    assert (said == drawn).mean() >= 0.97


@pytest.mark.slow
def test_a_model_without_its_learning_guesses(model: nn.Sequential) -> None:
    """The measure can fail: the same network with conv1's kernels mixed up is no good."""
    mixed = torch.Generator().manual_seed(0)
    state = dict(model.state_dict())
    state["conv1.weight"] = state["conv1.weight"][torch.randperm(96, generator=mixed)]
    from alexnet_viz.weights.loader import filled

    said, drawn = answers(filled(DRAWINGS.network, state), SEED, 50)
    assert (said == drawn).mean() < 0.5


def test_the_file_is_the_one_on_the_card() -> None:
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == DRAWINGS.sha256 == card()["sha256"]
    assert FILE.stat().st_size == DRAWINGS.bytes == card()["bytes"]
    assert DRAWINGS.bytes <= 12_000_000


def test_the_card_counts_what_it_says() -> None:
    counts = np.array(card()["confusion"])
    assert counts.shape == (len(CLASSES), len(CLASSES))
    assert counts.sum() >= 4000
    assert card()["accuracy"] == pytest.approx(counts.trace() / counts.sum())
    assert card()["accuracy"] >= 0.98


def test_kernels_have_structure(model: nn.Sequential) -> None:
    kernels = model.conv1.weight.numpy()
    waves = script("measure").long_waves(kernels)
    assert (waves > 0.5).sum() == card()["kernels"]["structured"] > 48


def test_the_towers_are_as_the_card_says(model: nn.Sequential) -> None:
    kernels = model.conv1.weight.numpy()
    for name, measured in card()["towers"]["measures"].items():
        found = compared(MEASURES[name](kernels), (48, 48))
        assert found.means == pytest.approx(measured["means"], abs=1e-6)
        assert found.chance == measured["chance"]


def test_long_waves_tell_gratings_from_noise() -> None:
    long_waves = script("measure").long_waves
    x = np.arange(11) * np.ones((11, 1))
    slow, fast = np.sin(2 * np.pi * x / 11), np.sin(2 * np.pi * x * 5 / 11)
    pair = np.stack([np.stack([slow] * 3), np.stack([fast] * 3)])
    assert long_waves(pair) == pytest.approx([1, 0], abs=1e-6)


def test_the_model_card_is_written_from_the_measurements() -> None:
    written = (ROOT / "docs" / "model-card.md").read_text("utf-8")
    assert written == script("model_card").markdown(card())
