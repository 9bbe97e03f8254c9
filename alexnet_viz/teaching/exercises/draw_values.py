"""Draws questions about values: lrn, drop, pool, conv, relu."""

from fractions import Fraction
from random import Random

from alexnet_viz.network.layers import LRN, Dropout
from alexnet_viz.teaching.questions.question import Question
from alexnet_viz.teaching.questions.rectified import RectifiedGradient, RectifiedMap, SlopeProduct
from alexnet_viz.teaching.questions.single_values import DroppedValue, NormalisedValue
from alexnet_viz.teaching.questions.small_maps import ConvolvedMap, Map, PooledMap


def _map(chance: Random, side: int, low: int, high: int) -> Map:
    return tuple(tuple(chance.randint(low, high) for _ in range(side)) for _ in range(side))


def lrn(chance: Random, tier: int) -> NormalisedValue:
    """The value of a channel after LRN; the third tier has the paper's exponent and constants."""
    divided = chance.random() < 0.5
    if tier == 3:
        values = tuple(chance.randint(40, 400) for _ in range(chance.randint(6, 8)))
        layer = LRN(name="lrn", divide_alpha=divided)
    else:
        size, count = {1: (3, 5), 2: (5, chance.randint(6, 7))}[tier]
        values = tuple(chance.randint(1, 9) for _ in range(count))
        alpha = chance.choice((1.0, 2.0)) if tier == 1 else chance.choice((0.1, 0.2, 0.5))
        k = float(chance.randint(1, 2))
        layer = LRN(name="lrn", size=size, k=k, alpha=alpha, beta=1.0, divide_alpha=divided)
    return NormalisedValue(values, chance.randrange(len(values)), layer)


def drop(chance: Random, tier: int) -> DroppedValue:
    """The value of a unit that dropout keeps."""
    p = chance.choice({1: (0.5,), 2: (0.2, 0.25, 0.4, 0.75), 3: (0.1, 0.3, 0.35, 0.6)}[tier])
    scale = chance.choice(("train", "test"))
    value = chance.randint(*{1: (1, 9), 2: (10, 99), 3: (100, 999)}[tier])
    when = chance.choice(("train", "test"))
    return DroppedValue(value, Dropout(name="drop", p=p, scale=scale), when)  # type: ignore[arg-type]


def pool(chance: Random, tier: int) -> PooledMap:
    """Max pooling of a small map."""
    side, kernel, stride = chance.choice(
        {
            1: ((4, 2, 2), (5, 3, 2)),
            2: ((5, 3, 2), (5, 3, 1), (5, 2, 1)),
            3: ((7, 3, 2), (6, 3, 1)),
        }[tier]
    )
    return PooledMap(_map(chance, side, *((0, 9) if tier < 3 else (-20, 20))), kernel, stride)


def conv(chance: Random, tier: int) -> ConvolvedMap:
    """The map of one kernel of 3×3, or 2×2 in the first tier."""
    depth, side, kernel, stride, padding = chance.choice(
        {
            1: ((1, 3, 2, 1, 0), (1, 4, 2, 2, 0)),
            2: ((1, 5, 3, 2, 0), (1, 4, 3, 1, 0), (1, 3, 3, 2, 1)),
            3: ((3, 5, 3, 2, 0), (3, 3, 3, 2, 1)),
        }[tier]
    )
    low, high = (0, 4) if tier == 1 else (0, 3)
    maps = tuple(_map(chance, side, low, high) for _ in range(depth))
    kernels = tuple(_map(chance, kernel, -1, 2 if tier == 1 else 1) for _ in range(depth))
    bias = chance.randint(-2, 2) if tier > 1 else 0
    return ConvolvedMap(maps, kernels, stride, padding, bias)


CHAIN = 5
"""Units of the third tier of ``relu``."""


def relu(chance: Random, tier: int) -> Question | None:
    """A map through ReLU, the gradient back through it, or a chain of leaky units."""
    if tier == 1:
        return RectifiedMap(_map(chance, 3, -9, 9))
    if tier == 2:
        cells, arriving = (_map(chance, 3, -9, 9) for _ in range(2))
        return None if any(0 in row for row in cells) else RectifiedGradient(cells, arriving)
    signs = (-1, 1)
    weights = tuple(chance.choice(signs) * chance.randint(1, 4) for _ in range(CHAIN))
    sums = tuple(chance.choice(signs) * chance.randint(1, 9) for _ in range(CHAIN))
    below = sum(value < 0 for value in sums)
    leak = Fraction(chance.choice(("0.1", "0.2", "0.5")))
    return SlopeProduct(weights, sums, leak) if below in (1, 2) else None
