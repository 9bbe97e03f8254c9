"""A permutation test of whether the towers' kernels differ by more than chance.

Each kernel has a value (its colour selectivity, say) and belongs to a tower.  The test statistic is
the *spread* of the towers' means, the largest minus the smallest; of two towers, the size of their
difference.  The kernels are assigned to towers at random many times, each tower keeping its number
of kernels; p is the share of these splits whose spread is at least as large (Fisher, "The design of
experiments", 1935, chapter III; with a sample of all splits: Dwass, Annals of Mathematical
Statistics 28, 1957).  The seed is fixed, so that the same kernels always give the same p.  A count
of 0 of 20,000 splits does not mean a p of 0.
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
"""Towers are reported to differ if p is below this."""
ROUNDING = 1e-12
"""Relative to the largest value: spreads that differ by less are taken as equal."""


@dataclass(frozen=True)
class Comparison:
    """The towers' means, and how many random splits have at least their spread."""

    means: tuple[float, ...]
    as_far: int
    splits: int

    @property
    def spread(self) -> float:
        """The largest mean minus the smallest."""
        return max(self.means) - min(self.means)

    @property
    def chance(self) -> float:
        """p: the share of random splits with at least this spread."""
        return self.as_far / self.splits

    @property
    def significant(self) -> bool:
        """Whether p is below ``SIGNIFICANT``."""
        return self.chance < SIGNIFICANT


def compared(values: Numbers, sizes: Sequence[int]) -> Comparison:
    """The test of ``values`` (kernels,), ordered by tower; ``sizes`` are the towers' kernel counts.

    >>> compared(np.repeat([0.2, 0.7], 48), (48, 48)).as_far
    0
    >>> compared(np.full(96, 0.5), (48, 48)).chance
    1.0

    Raises:
        ValueError: a tower is empty, or the sizes do not sum to the number of values.
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
    """By tower, the sorted indices of its kernels (intp) in a random split."""
    order = np.random.default_rng(seed).permutation(sum(sizes))
    return tuple(np.sort(part) for part in np.split(order, np.cumsum(sizes)[:-1]))


def _means(values: NDArray[np.float64], sizes: Sequence[int]) -> NDArray[np.float64]:
    """Each tower's mean in each split: (splits, kernels) to (splits, towers), float64."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    means: NDArray[np.float64] = np.add.reduceat(values, starts, axis=1) / np.asarray(sizes)
    return means


@lru_cache(maxsize=2)  # 15 MB each
def _splits(count: int) -> NDArray[np.intp]:
    """Random permutations of the kernels: (SPLITS, count), intp."""
    orders = np.tile(np.arange(count), (SPLITS, 1))
    return np.random.default_rng(0).permuted(orders, axis=1)
