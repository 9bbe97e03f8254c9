"""Whether towers differ by more than chance: a permutation test of one number a kernel.

Each kernel has a number (how colourful it is, say) and belongs to a tower.  The towers differ by
the *spread* of their means, the largest less the smallest; of two that is the size of their
difference.  To see what chance gives, the kernels are dealt out anew many times, each time as many
to every tower as it has: the share of these splits whose spread is at least as large is what a
permutation test calls p (Fisher, "The design of experiments", 1935, chapter III; with drawn instead
of all splits: Dwass, Annals of Mathematical Statistics 28, 1957).  The seed is fixed, so that the
same kernels always get the same answer.  A count of 0 of 20,000 does not say "never".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]

SPLITS = 20_000
SIGNIFICANT = 0.01
"""Below this share of random splits towers are said to differ."""
ROUNDING = 1e-12
"""Of the largest value: splits that differ by less than this differ as much."""


@dataclass(frozen=True)
class Comparison:
    """The towers' means of one number, and how many random splits are as far apart."""

    means: tuple[float, ...]
    as_far: int
    splits: int

    @property
    def spread(self) -> float:
        """The largest mean less the smallest."""
        return max(self.means) - min(self.means)

    @property
    def chance(self) -> float:
        """The share of random splits that are at least as far apart."""
        return self.as_far / self.splits

    @property
    def significant(self) -> bool:
        """Whether hardly any random split is as far apart."""
        return self.chance < SIGNIFICANT


def compared(values: Numbers, sizes: Sequence[int]) -> Comparison:
    """Compare towers that hold so many kernels each; the values stand tower by tower.

    >>> compared(np.repeat([0.2, 0.7], 48), (48, 48)).as_far
    0
    >>> compared(np.full(96, 0.5), (48, 48)).chance
    1.0

    Raises:
        ValueError: a tower is empty, or the sizes do not add up to the values.
    """
    if min(sizes) < 1 or sum(sizes) != len(values):
        raise ValueError(f"{len(values)} values cannot be split into {tuple(sizes)}")
    exact = values.astype(np.float64)
    means = _means(exact[None], sizes)
    drawn = _means(exact[_splits(len(exact))], sizes)
    least = np.ptp(means) - ROUNDING * np.abs(exact).max()
    return Comparison(
        means=tuple(means[0].tolist()),
        as_far=int((np.ptp(drawn, axis=1) >= least).sum()),
        splits=SPLITS,
    )


def dealt(sizes: Sequence[int], seed: int) -> tuple[NDArray[np.intp], ...]:
    """The kernels of every tower, had they been dealt out at random."""
    order = np.random.default_rng(seed).permutation(sum(sizes))
    return tuple(np.sort(part) for part in np.split(order, np.cumsum(sizes)[:-1]))


def _means(values: NDArray[np.float64], sizes: Sequence[int]) -> NDArray[np.float64]:
    """Each tower's mean, one row a split: (splits, kernels) → (splits, towers)."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    means: NDArray[np.float64] = np.add.reduceat(values, starts, axis=1) / np.asarray(sizes)
    return means


@lru_cache(maxsize=2)  # 15 MB each
def _splits(count: int) -> NDArray[np.intp]:
    """The random orders of so many kernels, one a row."""
    orders = np.tile(np.arange(count), (SPLITS, 1))
    return np.random.default_rng(0).permuted(orders, axis=1)
