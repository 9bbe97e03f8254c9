"""Draw a pattern in random colours, size, position and angle over a textured background."""

from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.patterns import PATTERNS, SHAPES, Plane

Pixels = NDArray[np.uint8]

CONTRAST = 100
"""Least Euclidean distance between the two RGB colours; the diagonal of the RGB cube is 441.
Colours of the same lightness are allowed: only a network that uses colour separates them."""

ANGLES = {
    "stripes_vertical": (0,),
    "stripes_horizontal": (90,),
    "stripes_diagonal": (45, 135),
    "checks": (0, 45),
}
"""Rotation of a class in degrees, plus or minus ``TILT``; other classes have a random rotation."""

TILT = 12
"""Largest random deviation from ``ANGLES``, in degrees."""


def draw(kind: str, rng: Generator, size: int = 227) -> Pixels:
    """A drawing of one class: uint8, (size, size, 3), RGB.

    >>> draw("star", np.random.default_rng(0)).shape
    (227, 227, 3)
    """
    outlined = kind in SHAPES
    radius = size * (rng.uniform(0.17, 0.42) if outlined else rng.uniform(0.12, 0.4))
    margin = 0.9 * radius if outlined else 0.25 * size
    left, top = rng.uniform(margin, size - margin, 2)
    angle = _angle(kind, rng)
    x, y = _grid(size)[1] - np.float32(left), _grid(size)[0] - np.float32(top)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    coverage = PATTERNS[kind](x * cos + y * sin, y * cos - x * sin, radius, rng)
    if not outlined and rng.random() < 0.5:
        coverage = coverage * _faded(x, y, size * rng.uniform(0.4, 0.65))
    background, foreground = _colours(rng)
    ground = _textured(background, rng, size)
    figure = foreground + _slope(rng, size)[..., None] * np.float32(rng.uniform(0, 25))
    mixed = ground + (figure - ground) * coverage[..., None].astype(np.float32)
    pixels: Pixels = np.clip(mixed, 0, 255).astype(np.uint8)
    return pixels


def batch(rng: Generator, images: int, size: int = 227) -> tuple[Pixels, NDArray[np.int64]]:
    """Drawings of random classes, uint8, (images, size, size, 3), and their labels, (images,).

    Labels are indices in ``CLASSES``, int64.
    """
    labels = rng.integers(len(CLASSES), size=images)
    return np.stack([draw(CLASSES[label], rng, size) for label in labels]), labels


def _angle(kind: str, rng: Generator) -> float:
    """A random rotation of a class, in radians."""
    if kind not in ANGLES:
        return float(rng.uniform(0, 2 * np.pi))
    return float(np.radians(rng.choice(ANGLES[kind]) + rng.uniform(-TILT, TILT)))


@lru_cache(maxsize=4)
def _grid(size: int) -> NDArray[np.float32]:
    """Row and column of every pixel: float32, (2, size, size)."""
    grid: NDArray[np.float32] = np.mgrid[:size, :size].astype(np.float32)
    return grid


def _colours(rng: Generator) -> NDArray[np.float32]:
    """The colours of background and figure, (2, 3), RGB, at least ``CONTRAST`` apart."""
    while True:
        pair = rng.uniform(10, 245, (2, 3)).astype(np.float32)
        if rng.random() < 0.15:
            pair = np.repeat(pair.mean(axis=1, keepdims=True), 3, axis=1)  # greys
        if np.linalg.norm(pair[0] - pair[1]) >= CONTRAST:
            return pair


def _slope(rng: Generator, size: int) -> NDArray[np.float32]:
    """A linear gradient in a random direction, about -1 to 1: float32, (size, size)."""
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = _grid(size)
    direction = rows * np.float32(np.sin(angle)) + columns * np.float32(np.cos(angle))
    slope: NDArray[np.float32] = (direction - direction.mean()) * np.float32(1.4 / size)
    return slope


def _textured(colour: NDArray[np.float32], rng: Generator, size: int) -> NDArray[np.float32]:
    """A background, (size, size, 3): a colour plus a gradient, smooth noise and pixel noise."""
    ground = colour + _slope(rng, size)[..., None] * rng.uniform(-25, 25, 3).astype(np.float32)
    cells = int(rng.integers(3, 40))
    clouds = rng.standard_normal((cells, cells)).astype(np.float32)
    spread = Image.fromarray(clouds).resize((size, size), Image.Resampling.BICUBIC)
    amplitude = rng.uniform(0, 16) * rng.uniform(0.5, 1, 3)
    ground += np.asarray(spread)[..., None] * amplitude.astype(np.float32)
    grain = rng.standard_normal((size, size), dtype=np.float32) * np.float32(rng.uniform(0, 8))
    return ground + grain[..., None]


def _faded(x: Plane, y: Plane, radius: float) -> Plane:
    """A smooth mask, (height, width): 1 at the centre, falling to 0 beyond ``radius``."""
    kept: Plane = np.exp(-(((x * x + y * y) / radius**2) ** 2))
    return kept
