"""The permutation test says what counting all splits says; what is planted is found."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.analysis.towers.permutation_test import SPLITS, compared, dealt


def every_split(kernels: frozenset[int], sizes: Sequence[int]) -> Iterator[list[frozenset[int]]]:
    """All ways to deal kernels out to towers of these sizes."""
    if not sizes:
        yield []
        return
    for first in map(frozenset, combinations(kernels, sizes[0])):
        for rest in every_split(kernels - first, sizes[1:]):
            yield [first, *rest]


def share(values: Sequence[int], sizes: Sequence[int]) -> float:
    """The share of all splits whose means are as far apart, in whole numbers: nothing rounds."""
    common = int(np.prod(sizes))

    def spread(split: list[frozenset[int]]) -> int:
        means = [sum(values[i] for i in part) * common // len(part) for part in split]
        return max(means) - min(means)

    ends = np.cumsum([0, *sizes])
    own = [frozenset(range(*pair)) for pair in pairwise(ends)]
    spreads = [spread(split) for split in every_split(frozenset(range(len(values))), sizes)]
    return sum(each >= spread(own) for each in spreads) / len(spreads)


@pytest.mark.parametrize(
    ("values", "sizes"),
    [
        ((1, 2, 3, 4, 5, 6, 7, 8), (4, 4)),
        ((5, 1, 7, 2, 8, 3, 6, 4), (4, 4)),
        ((1, 1, 1, 2, 2, 2, 2, 9), (3, 5)),
        ((9, 1, 2, 3, 4), (1, 4)),
        ((4, 4, 4, 4, 0, 0), (3, 3)),
        ((3, 1, 4, 1, 5, 9), (2, 2, 2)),
    ],
)
def test_the_random_splits_come_near_the_share_of_all_splits(
    values: tuple[int, ...], sizes: tuple[int, ...]
) -> None:
    exact = share(values, sizes)
    error = (exact * (1 - exact) / SPLITS) ** 0.5
    found = compared(np.array(values) / 10, sizes)  # tenths round, and ties have to stay ties
    assert found.chance == pytest.approx(exact, abs=4.5 * error)


def test_what_is_planted_is_found_and_what_is_not_is_not() -> None:
    noise = np.random.default_rng(1).normal(size=96)
    apart = noise + np.repeat([0.0, 2.0], 48)
    assert compared(apart, (48, 48)).significant
    assert not compared(noise, (48, 48)).significant
    even_odd = noise + np.tile([0.0, 2.0], 48)  # as different, but not by tower
    assert not compared(even_odd, (48, 48)).significant


@given(st.floats(-1e6, 1e6), st.sampled_from([(48, 48), (32, 32, 32), (1, 95)]))
def test_identical_kernels_never_differ(value: float, sizes: tuple[int, ...]) -> None:
    assert compared(np.full(96, value), sizes).chance == 1


def test_the_same_kernels_get_the_same_answer_in_whichever_towers() -> None:
    values = np.random.default_rng(2).random(64).astype(np.float32)
    first = compared(values, (32, 32))
    assert first == compared(values.copy(), (32, 32))
    swapped = compared(np.roll(values, 32), (32, 32))
    assert swapped.means == first.means[::-1]
    assert swapped.spread == first.spread
    assert swapped.chance == pytest.approx(first.chance, abs=0.02)
    assert first.means == pytest.approx((values[:32].mean(), values[32:].mean()))


def test_shuffled_halves_are_significant_as_rarely_as_chance_has_it() -> None:
    """About 1 of 100 shuffles of planted towers differs, whatever was planted."""
    values = np.random.default_rng(3).normal(size=96) + np.repeat([0.0, 2.0], 48)
    seen = [
        compared(values[np.concatenate(dealt((48, 48), seed))], (48, 48)).significant
        for seed in range(60)
    ]
    assert sum(seen) <= 4


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4).map(tuple), st.integers(0, 10**8))
def test_dealing_gives_every_kernel_to_one_tower(sizes: tuple[int, ...], seed: int) -> None:
    towers = dealt(sizes, seed)
    assert tuple(map(len, towers)) == sizes
    assert sorted(np.concatenate(towers)) == list(range(sum(sizes)))


def test_every_seed_deals_otherwise_and_the_same_each_time() -> None:
    dealings = [np.concatenate(dealt((48, 48), seed)).tolist() for seed in (1, 1, 2)]
    assert dealings[0] == dealings[1] != dealings[2]


@pytest.mark.parametrize("sizes", [(3, 4), (8, 0), (9, -1)])
def test_sizes_that_do_not_fit_are_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"8 values cannot be split into \("):
        compared(np.arange(8.0), sizes)
