"""The classes of drawings: what each one covers of the plane.

A pattern is a function of the pixel coordinates around its centre, already turned by a random
angle, of its radius in pixels and of a random generator for what is its own.  It returns how much
of each pixel it covers, 0 to 1, edges one pixel soft.

``SHAPES`` have an outline and lie on the background; ``TEXTURES`` repeat and have none.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Plane = NDArray[np.floating[Any]]
Pattern = Callable[[Plane, Plane, float, Generator], Plane]


def circle(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """A disc."""
    return _inside(radius - np.hypot(x, y))


def ellipse(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """1.7 to 2.4 times as long as wide."""
    ratio = rng.uniform(1.7, 2.4)
    return _inside((radius - np.hypot(x, y * ratio)) / np.sqrt(ratio))


def ring(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """A band between two circles, the hole 0.45 to 0.7 of the radius."""
    distance, hole = np.hypot(x, y), radius * rng.uniform(0.45, 0.7)
    return _inside(np.minimum(radius - distance, distance - hole))


def square(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Its half diagonal is the radius."""
    return _inside(radius / np.sqrt(2) - np.maximum(np.abs(x), np.abs(y)))


def triangle(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Three equal sides, corners at the radius."""
    edges = [x * np.cos(a) + y * np.sin(a) for a in np.radians([90, 210, 330])]
    return _inside(radius / 2 - np.maximum.reduce(edges))


def star(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Five points; the notches at 0.4 of the radius."""
    sector = np.pi / 5
    angle = np.abs((np.arctan2(y, x) + sector) % (2 * sector) - sector)
    distance, notch = np.hypot(x, y), 0.4 * radius
    # the edge runs from the point (radius, 0) to the notch at half a sector
    along = np.array([notch * np.cos(sector) - radius, notch * np.sin(sector)])
    normal = np.array([along[1], -along[0]]) / np.hypot(*along)
    across = (distance * np.cos(angle) - radius) * normal[0] + distance * np.sin(angle) * normal[1]
    return _inside(-across)


def cross(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Two bars at right angles, each 0.25 to 0.35 of its length wide."""
    half = radius * rng.uniform(0.25, 0.35)
    across, along = np.abs(x), np.abs(y)
    bars = np.maximum(
        np.minimum(half - across, radius - along), np.minimum(half - along, radius - across)
    )
    return _inside(bars)


def stripes(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Parallel lines; the class says which way they run."""
    return _soft(np.sin(x * _frequency(radius)), rng)


def checks(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """A chessboard."""
    f = _frequency(radius)
    return _soft(2 * np.sin(x * f) * np.sin(y * f), rng)


def dots(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Discs on a square grid, 0.25 to 0.36 of the grid's step in radius."""
    step = radius / 2
    offsets = np.hypot((x % step) - step / 2, (y % step) - step / 2)
    return _inside(step * rng.uniform(0.25, 0.36) - offsets)


def ripples(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Rings of waves around the centre."""
    return _soft(np.sin(np.hypot(x, y) * _frequency(radius) + rng.uniform(0, 6.28)), rng)


def spiral(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """One or two arms, turning either way."""
    arms = rng.integers(1, 3) * rng.choice([-1, 1])
    return _soft(np.sin(np.hypot(x, y) * _frequency(radius) + arms * np.arctan2(y, x)), rng)


def waves(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Stripes that swing by 0.3 to 0.5 of the radius."""
    swing, length = radius * rng.uniform(0.3, 0.5), radius * rng.uniform(1.6, 2.4)
    bent = x + swing * np.sin(y * (2 * np.pi / length) + rng.uniform(0, 6.28))
    return _soft(np.sin(bent * _frequency(radius)), rng)


def noise(x: Plane, y: Plane, radius: float, rng: Generator) -> Plane:
    """Blobs without order: 12 plane waves of about one length in random directions."""
    total = np.zeros_like(x)
    for angle, phase in rng.uniform(0, 2 * np.pi, (12, 2)):
        f = _frequency(radius) * rng.uniform(0.6, 1.2)
        total += np.sin(x * (f * np.cos(angle)) + y * (f * np.sin(angle)) + phase)
    return _soft(total / 2.5, rng)  # 12 waves of amplitude 1 have the deviation sqrt(6)


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
"""What each class covers, in the order of ``CLASSES``."""


def _inside(depth: Plane) -> Plane:
    """Coverage from how many pixels inside the outline each pixel lies."""
    covered: Plane = np.clip(depth + 0.5, 0, 1)
    return covered


def _soft(wave: Plane, rng: Generator) -> Plane:
    """A wave of -1 to 1 as coverage, its edges anything from smooth to sharp."""
    covered: Plane = np.clip(0.5 + wave * rng.uniform(0.5, 3), 0, 1)
    return covered


def _frequency(radius: float) -> float:
    """Radians a pixel of a texture: four periods across the diameter."""
    return 4 * np.pi / radius
