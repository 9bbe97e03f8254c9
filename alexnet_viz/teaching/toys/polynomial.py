"""Polynomials fitted to noisy samples of a sine, with weight decay.

The basis is Legendre's on -1 to 1, so that high degrees can be solved for.  Weight decay is the
penalty on the squares of all coefficients but the constant, relative to one sample.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

NOISE = 0.25
"""Standard deviation of the noise."""
VALIDATION = 400
DEGREES = 15


@dataclass(frozen=True)
class Fit:
    """A fitted polynomial and its two errors, as root mean squares."""

    coefficients: tuple[float, ...]
    training: float
    validation: float

    @property
    def gap(self) -> float:
        return self.validation - self.training


def truth(x: Any) -> Any:
    """The function that is to be learned."""
    import numpy as np

    return np.sin(4.2 * x)


@cache
def samples(count: int, seed: int) -> tuple[Any, Any]:
    """Samples (x, y) for training: float64 (count,) each; fewer are the first of more."""
    import numpy as np

    rng = np.random.default_rng((seed, 1))
    x = rng.uniform(-1, 1, 400)
    y = truth(x) + rng.normal(0, NOISE, 400)
    return x[:count], y[:count]


@cache
def _validation(seed: int) -> tuple[Any, Any]:
    import numpy as np

    rng = np.random.default_rng((seed, 2))
    x = rng.uniform(-1, 1, VALIDATION)
    return x, truth(x) + rng.normal(0, NOISE, VALIDATION)


@cache
def fitted(degree: int, count: int, seed: int, decay: float) -> Fit:
    """The polynomial of this degree with the least squared error plus ``decay`` times squares."""
    import numpy as np
    from numpy.polynomial import legendre

    x, y = samples(count, seed)
    matrix = legendre.legvander(x, degree)
    penalty = np.full(degree + 1, np.sqrt(decay * count))
    penalty[0] = 0
    rows = np.vstack([matrix, np.diag(penalty)])
    target = np.concatenate([y, np.zeros(degree + 1)])
    coefficients = np.linalg.lstsq(rows, target, rcond=None)[0]

    def error(x: Any, y: Any) -> float:
        return float(np.sqrt(np.mean((legendre.legval(x, coefficients) - y) ** 2)))

    return Fit(tuple(map(float, coefficients)), error(x, y), error(*_validation(seed)))


def values(fit: Fit, x: Any) -> Any:
    """The polynomial at ``x``."""
    from numpy.polynomial import legendre

    return legendre.legval(x, fit.coefficients)
