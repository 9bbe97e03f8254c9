"""The paper's rule of weight update on a function of two weights.

Krizhevsky, Sutskever, Hinton 2012, section 5: v := 0.9 v - 0.0005 ε w - ε g, then w := w + v, with
momentum 0.9, weight decay 0.0005, learning rate ε and gradient g.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

Pair = tuple[float, float]

FAR = 1e6
"""Weights beyond which a walk has diverged and ends."""


@dataclass(frozen=True)
class Surface:
    """A loss of two weights, its gradient, and its lowest points."""

    loss: Callable[[float, float], float]
    gradient: Callable[[float, float], Pair]
    valleys: tuple[Pair, ...]


SURFACES: dict[str, Surface] = {
    "bowl": Surface(
        lambda x, y: 5 * (x * x + y * y),
        lambda x, y: (10 * x, 10 * y),
        ((0.0, 0.0),),
    ),
    "ravine": Surface(
        lambda x, y: (x * x + 20 * y * y) / 2,
        lambda x, y: (x, 20 * y),
        ((0.0, 0.0),),
    ),
    "saddle": Surface(
        lambda x, y: 2 * x * x - 2 * y * y + y**4,
        lambda x, y: (4 * x, 4 * y**3 - 4 * y),
        ((0.0, 1.0), (0.0, -1.0)),
    ),
}


@dataclass(frozen=True)
class Step:
    """One step: the gradient as it was read, the three parts of v, and the weights after it."""

    gradient: Pair
    kept: Pair
    """Momentum times the last v."""
    decayed: Pair
    """Minus decay times learning rate times w."""
    descended: Pair
    """Minus learning rate times g."""
    weights: Pair

    @property
    def velocity(self) -> Pair:
        x, y = (sum(part) for part in zip(self.kept, self.decayed, self.descended, strict=True))
        return x, y


def walk(
    surface: Surface,
    start: Pair,
    *,
    steps: int,
    rate: float,
    momentum: float = 0.9,
    decay: float = 0.0005,
    noise: float = 0.0,
    seed: int = 0,
) -> list[Step]:
    """The steps from ``start``; fewer where the weights leave ``FAR`` behind.

    ``noise`` is the standard deviation of what is added to each gradient, as a mini-batch does.
    """
    drawn = random.Random(seed)
    w, v, taken = start, (0.0, 0.0), []
    for _ in range(steps):
        true = surface.gradient(*w)
        g = (true[0] + noise * drawn.gauss(0, 1), true[1] + noise * drawn.gauss(0, 1))
        step = Step(
            gradient=g,
            kept=(momentum * v[0], momentum * v[1]),
            decayed=(-decay * rate * w[0], -decay * rate * w[1]),
            descended=(-rate * g[0], -rate * g[1]),
            weights=(0.0, 0.0),
        )
        v = step.velocity
        w = (w[0] + v[0], w[1] + v[1])
        taken.append(Step(step.gradient, step.kept, step.decayed, step.descended, w))
        if max(abs(w[0]), abs(w[1])) > FAR:
            break
    return taken


def distance(surface: Surface, weights: Pair) -> float:
    """How far the weights are from the nearest lowest point."""
    x, y = weights
    return min(math.hypot(x - a, y - b) for a, b in surface.valleys)


def arrival(surface: Surface, steps: list[Step], near: float) -> int | None:
    """The step from which on all weights stay within ``near`` of a lowest point, counted from 1."""
    arrived = None
    for number, step in enumerate(steps, 1):
        if distance(surface, step.weights) > near:
            arrived = None
        elif arrived is None:
            arrived = number
    return arrived
