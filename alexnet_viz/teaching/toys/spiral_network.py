"""A network of two layers that learns three spirals of points, by the paper's rule of update.

2 inputs, 24 units, 3 outputs that shall be 1 for the point's class and 0 for the others; 512 points
with some noise.  The loss is half the squared error, whose slope has no bound, and negative sums
are kept at a tenth: so a rate that is too large leaves every limit, and never hides in dead units.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

POINTS, CLASSES, UNITS = 512, 3, 24
LEARNED = 2 * UNITS + UNITS + UNITS * CLASSES + CLASSES
"""Weights and biases."""
LEAK = 0.1


@dataclass(frozen=True)
class Setting:
    """The hyper-parameters of a run."""

    rate: float
    batch: int = 128
    epochs: int = 90
    momentum: float = 0.9
    decay: float = 0.0005
    drops: int = 3
    """How often the rate is divided by ten, after equal shares of the epochs."""

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(POINTS / self.batch)

    def rate_in(self, epoch: int) -> float:
        """The learning rate in an epoch, counted from 0."""
        return self.rate / 10.0 ** (epoch * (self.drops + 1) // self.epochs)

    def begins(self, stage: int) -> int:
        """The epoch in which the rate has been divided ``stage`` times for the first time."""
        return math.ceil(stage * self.epochs / (self.drops + 1))


@dataclass(frozen=True)
class Run:
    """A run: the loss over all points before training and after each epoch."""

    losses: tuple[float, ...]
    right: float
    """The share of points that are classified correctly at the end."""

    @property
    def diverged(self) -> bool:
        """Whether it ends no better than it began, or beyond all numbers."""
        return not self.losses[-1] < self.losses[0]


@cache
def points() -> tuple[Any, Any]:
    """The points, float64 (512, 2), and their classes, (512,); read-only."""
    import numpy as np

    rng = np.random.default_rng(2012)
    label = np.arange(POINTS) % CLASSES
    along = rng.uniform(0.15, 1, POINTS)
    angle = 3.2 * along + label * 2 * np.pi / CLASSES + rng.normal(0, 0.12, POINTS)
    xy = 2 * np.stack([along * np.cos(angle), along * np.sin(angle)], axis=1)
    for each in (xy, label):
        each.setflags(write=False)
    return xy, label


def initial(seed: int = 0) -> list[Any]:
    """Weights and biases before training: float64 (2, 24), (24,), (24, 3), (3,)."""
    import numpy as np

    rng = np.random.default_rng(seed)
    return [
        rng.normal(0, 1, (2, UNITS)),
        np.zeros(UNITS),
        rng.normal(0, math.sqrt(2 / UNITS), (UNITS, CLASSES)),
        np.zeros(CLASSES),
    ]


def gradients(weights: list[Any], xy: Any, label: Any) -> tuple[list[Any], float, Any]:
    """The gradient of the mean loss, the loss, and the predicted classes."""
    import numpy as np

    w1, b1, w2, b2 = weights
    sums = xy @ w1 + b1
    slope = np.where(sums > 0, 1.0, LEAK)
    hidden = sums * slope
    wrong = hidden @ w2 + b2
    predicted = wrong.argmax(axis=1)
    wrong[np.arange(len(label)), label] -= 1
    loss = float((wrong * wrong).sum() / (2 * len(label)))
    wrong /= len(label)
    back = (wrong @ w2.T) * slope
    return [xy.T @ back, back.sum(0), hidden.T @ wrong, wrong.sum(0)], loss, predicted


@cache
def trained(setting: Setting) -> Run:
    """Train once; the same setting gives the same run."""
    import numpy as np

    xy, label = points()
    weights, rng = initial(), np.random.default_rng(1)
    speeds = [np.zeros_like(each) for each in weights]
    with np.errstate(all="ignore"):
        losses = [gradients(weights, xy, label)[1]]
        for epoch in range(setting.epochs):
            rate, order = setting.rate_in(epoch), rng.permutation(POINTS)
            for first in range(0, POINTS, setting.batch):
                chosen = order[first : first + setting.batch]
                slopes, _, _ = gradients(weights, xy[chosen], label[chosen])
                for w, v, g in zip(weights, speeds, slopes, strict=True):
                    v *= setting.momentum
                    v -= rate * (g + setting.decay * w)
                    w += v
            losses.append(gradients(weights, xy, label)[1])
            if not math.isfinite(losses[-1]):
                break
        _, loss, predicted = gradients(weights, xy, label)
    return Run(tuple(losses), float((predicted == label).mean()) if math.isfinite(loss) else 0.0)
