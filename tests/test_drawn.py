"""Drawings are what they say: reproducible, unlike one another, the shape they are named after."""

import numpy as np
import pytest

from alexnet_viz.pictures.synthetic.patterns import CLASSES, PATTERNS
from alexnet_viz.pictures.synthetic.scene import CONTRAST, _colours, batch, draw
from alexnet_viz.text import LANGUAGES, t

SIDE = 227
MIDDLE = (np.mgrid[:SIDE, :SIDE].astype(np.float32) - (SIDE - 1) / 2)[::-1]


def covered(kind: str, radius: float = 80, seed: int = 0) -> np.ndarray:
    """How much of each pixel a pattern around the centre covers, not turned."""
    x, y = MIDDLE
    return PATTERNS[kind](x, y, radius, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", CLASSES)
def test_a_drawing_is_a_picture_and_its_seed_says_all(kind: str) -> None:
    first, again, other = (draw(kind, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (SIDE, SIDE, 3)
    assert first.dtype == np.uint8
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("size", [64, 115, 300])
def test_drawings_come_in_any_size(kind: str, size: int) -> None:
    assert draw(kind, np.random.default_rng(0), size).shape == (size, size, 3)


@pytest.mark.parametrize("kind", CLASSES)
def test_coverage_is_a_share_and_shows_both_figure_and_ground(kind: str) -> None:
    coverage = covered(kind)
    assert coverage.min() >= 0
    assert coverage.max() <= 1
    assert 0.02 < coverage.mean() < 0.8


@pytest.mark.parametrize(
    ("kind", "area"),
    [
        ("circle", np.pi),
        ("square", 2.0),
        ("triangle", 3 * np.sqrt(3) / 4),
        # ten triangles between the centre, a point and a notch
        ("star", 10 * 0.5 * 1 * 0.4 * np.sin(np.pi / 5)),
    ],
)
def test_outlines_enclose_the_area_of_their_figure(kind: str, area: float) -> None:
    """In units of the radius squared."""
    assert covered(kind).sum() / 80**2 == pytest.approx(area, rel=0.01)


def test_a_ring_has_a_hole_and_an_ellipse_is_long() -> None:
    ring = covered("ring")
    assert ring[SIDE // 2, SIDE // 2] == 0
    assert ring.sum() > 0
    inside = covered("ellipse") > 0.5
    height, width = inside.any(axis=1).sum(), inside.any(axis=0).sum()
    assert 1.7 <= width / height <= 2.45


def test_figure_and_ground_differ_in_colour() -> None:
    for seed in range(50):
        behind, before = _colours(np.random.default_rng(seed))
        assert np.linalg.norm(behind - before) >= CONTRAST


@pytest.mark.parametrize(
    ("kind", "expected"), [("stripes_vertical", 0), ("stripes_horizontal", 90)]
)
@pytest.mark.parametrize("seed", range(6))
def test_stripes_run_the_way_their_name_says(kind: str, expected: int, seed: int) -> None:
    """The strongest wave of five periods or more runs across the stripes, give or take the tilt."""
    grey = draw(kind, np.random.default_rng(seed)).astype(float).mean(axis=2)
    power = np.abs(np.fft.fft2(grey - grey.mean()))
    waves = np.fft.fftfreq(SIDE, 1 / SIDE)
    down, across = np.meshgrid(waves, waves, indexing="ij")
    power[np.hypot(down, across) < 5] = 0
    at = np.unravel_index(power.argmax(), power.shape)
    angle = np.degrees(np.arctan2(down[at], across[at])) % 180
    assert min(abs(angle - expected), 180 - abs(angle - expected)) < 16


def test_a_batch_holds_random_classes() -> None:
    pixels, labels = batch(np.random.default_rng(3), 64, 32)
    assert pixels.shape == (64, 32, 32, 3)
    assert len(set(labels.tolist())) > 10
    assert labels.max() < len(CLASSES)


def test_every_class_has_a_name_in_both_languages() -> None:
    for language in LANGUAGES:
        names = [t(f"drawn.{kind}", language) for kind in CLASSES]
        assert len(set(names)) == len(CLASSES) == 16
