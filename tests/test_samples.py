"""Every bundled picture loads, has a name in both languages and may be given away."""

from collections.abc import Callable
from importlib.resources import files

import numpy as np
import pytest

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.pictures.samples import SAMPLES, Sample, shapes
from alexnet_viz.pictures.samples.fresh import drawing
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import draw


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_sample_is_a_picture_with_a_title(sample: Sample) -> None:
    picture = sample.load()
    assert min(picture.rgb.shape[:2]) >= 256
    assert picture.notes == ()
    assert picture.rgb.std() > 20
    assert sample.title.en
    assert sample.title.zh


@pytest.mark.parametrize("draw_again", [shapes.gratings, shapes.shapes, shapes.rings])
def test_a_formula_always_draws_the_same(draw_again: Callable[[], shapes.Pixels]) -> None:
    assert (draw_again() == draw_again()).all()


def test_samples_differ_and_photographs_are_small_and_licensed() -> None:
    assert len({sample.load().digest for sample in SAMPLES.values()}) == len(SAMPLES) >= 6
    licences = files("alexnet_viz.pictures.samples").joinpath("LICENCES.md").read_text("utf-8")
    photographs = [
        file for file in files("alexnet_viz.pictures.samples").iterdir() if ".jpg" in file.name
    ]
    assert len(photographs) == 3
    for file in photographs:
        assert f"`{file.name}`" in licences
        assert len(file.read_bytes()) <= 40_000


@pytest.mark.parametrize("kind", CLASSES)
def test_a_network_sees_a_fresh_drawing_pixel_for_pixel(kind: str) -> None:
    """Nothing is scaled and nothing cut: it is the kind of picture that the training drew."""
    seen = cropped(drawing(kind, 7), 227)
    assert (seen == draw(kind, np.random.default_rng(7))).all()


def test_a_class_and_a_seed_say_which_drawing() -> None:
    assert drawing("star", 3).digest == drawing("star", 3).digest
    assert len({drawing(kind, seed).digest for kind in ("star", "ring") for seed in range(3)}) == 6
