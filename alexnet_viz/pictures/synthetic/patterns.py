"""The classes of synthetic pictures, as functions that return the coverage of each pixel.

A pattern takes the pixel coordinates ``x`` and ``y`` relative to its centre, floating-point arrays
(height, width) that are already rotated, its radius in pixels, and a random generator for its own
parameters.  It returns the coverage of each pixel, 0 to 1, floating point, (height, width).

``SHAPES`` have an outline, anti-aliased over one pixel; ``TEXTURES`` are periodic or random over
the whole plane.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Plane = NDArray[np.floating[Any]]
Pattern = Callable[[Plane, Plane, float, Generator], Plane]


def circle(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of a disc."""
    return _inside(radius - np.hypot(x, y))


def ellipse(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of an ellipse with an axis ratio of 1.7 to 2.4."""
    ratio = rng.uniform(1.7, 2.4)
    return _inside((radius - np.hypot(x, y * ratio)) / np.sqrt(ratio))


def ring(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of a ring with an inner radius of 0.45 to 0.7 of the radius."""
    distance, hole = np.hypot(x, y), radius * rng.uniform(0.45, 0.7)
    return _inside(np.minimum(radius - distance, distance - hole))


def square(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of a square whose half diagonal is the radius."""
    return _inside(radius / np.sqrt(2) - np.maximum(np.abs(x), np.abs(y)))


def triangle(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of an equilateral triangle with its corners at the radius."""
    edges = [x * np.cos(a) + y * np.sin(a) for a in np.radians([90, 210, 330])]
    return _inside(radius / 2 - np.maximum.reduce(edges))


def star(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of a five-pointed star with its inner corners at 0.4 of the radius."""
    sector = np.pi / 5
    angle = np.abs((np.arctan2(y, x) + sector) % (2 * sector) - sector)
    distance, notch = np.hypot(x, y), 0.4 * radius
    # the edge runs from the point (radius, 0) to the notch at half a sector
    along = np.array([notch * np.cos(sector) - radius, notch * np.sin(sector)])
    normal = np.array([along[1], -along[0]]) / np.hypot(*along)
    across = (distance * np.cos(angle) - radius) * normal[0] + distance * np.sin(angle) * normal[1]
    return _inside(-across)


def cross(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of two crossed bars, each 0.25 to 0.35 of its length wide."""
    half = radius * rng.uniform(0.25, 0.35)
    across, along = np.abs(x), np.abs(y)
    bars = np.maximum(
        np.minimum(half - across, radius - along), np.minimum(half - along, radius - across)
    )
    return _inside(bars)


def stripes(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of parallel stripes; their direction depends on the class (``scene.ANGLES``)."""
    return _soft(np.sin(x * _frequency(radius)), rng)


def checks(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of a chessboard."""
    f = _frequency(radius)
    return _soft(2 * np.sin(x * f) * np.sin(y * f), rng)


def dots(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of discs on a square grid, with a radius of 0.25 to 0.36 of its step."""
    step = radius / 2
    offsets = np.hypot((x % step) - step / 2, (y % step) - step / 2)
    return _inside(step * rng.uniform(0.25, 0.36) - offsets)


def ripples(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of concentric waves."""
    return _soft(np.sin(np.hypot(x, y) * _frequency(radius) + rng.uniform(0, 6.28)), rng)


def spiral(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of a spiral with one or two arms, in either direction."""
    arms = rng.integers(1, 3) * rng.choice([-1, 1])
    return _soft(np.sin(np.hypot(x, y) * _frequency(radius) + arms * np.arctan2(y, x)), rng)


def waves(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of stripes bent to sine waves, with an amplitude of 0.3 to 0.5 of the radius."""
    swing, length = radius * rng.uniform(0.3, 0.5), radius * rng.uniform(1.6, 2.4)
    bent = x + swing * np.sin(y * (2 * np.pi / length) + rng.uniform(0, 6.28))
    return _soft(np.sin(bent * _frequency(radius)), rng)


def noise(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """The coverage of random blobs: 12 plane waves of similar length in random directions."""
    total = np.zeros_like(x)
    for angle, phase in rng.uniform(0, 2 * np.pi, (12, 2)):
        f = _frequency(radius) * rng.uniform(0.6, 1.2)
        total += np.sin(x * (f * np.cos(angle)) + y * (f * np.sin(angle)) + phase)
    return _soft(total / 2.5, rng)  # 12 waves of amplitude 1 have standard deviation sqrt(6)


SHAPES: dict[str, Pattern] = {
    "circle": circle,
    "ellipse": ellipse,
    "ring": ring,
    "square": square,
    "triangle": triangle,
    "star": star,
    "cross": cross,
}

TEXTURES: dict[str, Pattern] = {
    "stripes_horizontal": stripes,
    "stripes_vertical": stripes,
    "stripes_diagonal": stripes,
    "checks": checks,
    "dots": dots,
    "ripples": ripples,
    "spiral": spiral,
    "waves": waves,
    "noise": noise,
}

PATTERNS = SHAPES | TEXTURES
"""The pattern of each class, in the order of ``CLASSES``."""


def _inside(depth: Plane) -> Plane:
    """The coverage of pixels at this signed distance inside the outline, in pixels."""
    covered: Plane = np.clip(depth + 0.5, 0, 1)
    return covered


def _soft(wave: Plane, rng: Generator) -> Plane:
    """The coverage for a wave of -1 to 1, with a random steepness of the edges."""
    covered: Plane = np.clip(0.5 + wave * rng.uniform(0.5, 3), 0, 1)
    return covered


def _frequency(radius: float) -> float:
    """The angular frequency of a texture, in radians per pixel: four periods per diameter."""
    return 4 * np.pi / radius
