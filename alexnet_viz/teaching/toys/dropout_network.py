"""A small network with dropout: how its losses on training and validation examples go on.

10 inputs, 10 ReLU units that are dropped, one linear output; 30 training and 600 validation
examples with noise, squared error.  Gradient descent over all examples with momentum; each step
draws a mask for every example (Krizhevsky et al. 2012, section 4.2).
"""

from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

INPUTS, UNITS, TRAINING, VALIDATION = 10, 10, 30, 600
NOISE = 0.5
"""Standard deviation of the noise in what is to be learned."""
STEPS, EVERY, RATE, MOMENTUM = 400, 10, 0.01, 0.9


class Weights(NamedTuple):
    """float64 (10, 10), (10,), (10,) and (1,)."""

    first: Any
    biases: Any
    last: Any
    bias: Any


class Part(NamedTuple):
    """Examples: inputs float64 (examples, 10), and what is to be learned, (examples,)."""

    inputs: Any
    wanted: Any


@cache
def examples(part: str) -> Part:
    """The "training" or "validation" examples: a ramp along one direction, and noise."""
    import numpy as np

    count, seed = {"training": (TRAINING, 1), "validation": (VALIDATION, 2)}[part]
    draw = np.random.default_rng(seed)
    inputs = draw.normal(0, 1, (count, INPUTS))
    along = inputs @ (np.random.default_rng(7).normal(0, 1, INPUTS) / np.sqrt(INPUTS))
    return Part(inputs, 2 * np.maximum(0, along) - 0.8 + draw.normal(0, NOISE, count))


def hidden(weights: Weights, inputs: Any) -> Any:
    """The units before dropout: (examples, 10)."""
    import numpy as np

    return np.maximum(0, inputs @ weights.first + weights.biases)


def gradients(weights: Weights, part: Part, kept: Any) -> Weights:
    """The gradient of the mean loss where ``kept`` (examples, 10) multiplies the units."""
    units = hidden(weights, part.inputs)
    passed = units * kept
    wrong = (passed @ weights.last + weights.bias - part.wanted) * 2 / len(part.wanted)
    back = wrong[:, None] * weights.last * kept * (units > 0)
    return Weights(part.inputs.T @ back, back.sum(0), passed.T @ wrong, wrong.sum(keepdims=True))


@lru_cache(maxsize=64)
def trained(p: float, factor: float, seed: int) -> tuple[Weights, ...]:
    """The weights at the start and after every 10 steps; fewer if they leave all numbers.

    Units are kept with probability 1 - p and then multiplied by ``factor``; the masks depend on
    the seed, the weights at the start do not.
    """
    import numpy as np

    begin, draw = np.random.default_rng(3), np.random.default_rng(seed)
    part = examples("training")
    weights = Weights(
        begin.normal(0, np.sqrt(2 / INPUTS), (INPUTS, UNITS)),
        np.zeros(UNITS),
        begin.normal(0, np.sqrt(1 / UNITS), UNITS),
        np.zeros(1),
    )
    speeds = [np.zeros_like(each) for each in weights]
    found = [Weights(*(each.copy() for each in weights))]
    with np.errstate(all="ignore"):
        for step in range(1, STEPS + 1):
            kept = (draw.random((TRAINING, UNITS)) >= p) * factor
            for w, v, g in zip(weights, speeds, gradients(weights, part, kept), strict=True):
                v *= MOMENTUM
                v -= RATE * g
                w += v
            if not np.isfinite(loss(weights, "training", factor * (1 - p))):
                break
            if step % EVERY == 0:
                found.append(Weights(*(each.copy() for each in weights)))
    return tuple(found)


def loss(weights: Weights, part: str, factor: float) -> float:
    """The mean squared error of one pass in which all units are multiplied by ``factor``."""
    asked = examples(part)
    outputs = factor * hidden(weights, asked.inputs) @ weights.last + weights.bias
    return float(((outputs - asked.wanted) ** 2).mean())


@cache
def all_masks() -> Any:
    """Every mask, 1 where a unit is kept: (1024, 10)."""
    import numpy as np

    return np.array(list(product((0, 1), repeat=UNITS)), dtype=float)


class Averaged(NamedTuple):
    """Of the thinned networks of several masks."""

    loss: float
    """The mean of their losses, which training brings down."""
    loss_of_mean: float
    """The loss of their mean output."""


def over_masks(
    weights: Weights, part: str, masks: Any, factor: float, p: float | None = None
) -> Averaged:
    """Averages over masks, of equal weight or, with ``p``, by the probability of each."""
    import numpy as np

    asked = examples(part)
    kept = masks.sum(axis=1)
    share = np.full(len(masks), 1 / len(masks))
    if p is not None:
        share = (1 - p) ** kept * p ** (UNITS - kept)
    outputs = hidden(weights, asked.inputs) @ (factor * masks * weights.last).T + weights.bias
    wrong = outputs - asked.wanted[:, None]
    return Averaged(float(((wrong**2) @ share).mean()), float(((wrong @ share) ** 2).mean()))
