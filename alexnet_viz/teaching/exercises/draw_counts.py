"""Draws questions about counts: par, fcpar, mac, wshape."""

from dataclasses import dataclass
from random import Random
from typing import TypeVar

from alexnet_viz.teaching.questions.counts import (
    ConvMacs,
    ConvParams,
    ConvQuestion,
    DenseParams,
    WeightShape,
)


@dataclass(frozen=True)
class _Range:
    """What a convolution is drawn from."""

    kernels: tuple[int, ...]
    ins: tuple[int, ...]
    outs: tuple[int, ...]
    maps: tuple[int, int]


CONV = {
    1: _Range((1, 3), (2, 4, 6, 8), (4, 6, 8, 10), (6, 12)),
    2: _Range((3, 5), (4, 8, 16, 32), (16, 24, 32, 48, 64), (8, 28)),
    3: _Range((3, 5, 7, 11), (48, 64, 96, 192, 256), (96, 128, 192, 256, 384), (13, 56)),
}
"""By tier; the numbers of tiers 1 and 2 are for work by hand."""

MAC = {
    1: _Range((1, 3), (2, 3, 4), (2, 4, 6, 8), (4, 8)),
    2: _Range((3,), (4, 6, 8), (6, 8, 10, 12), (6, 12)),
    3: _Range((3, 5), (16, 32, 48, 96), (32, 64, 96, 128), (13, 56)),
}
"""By tier, for multiply-accumulates, whose last product has the weights as a factor."""

Q = TypeVar("Q", bound=ConvQuestion)


def _conv(kind: type[Q], chance: Random, tier: int, drawn: _Range) -> Q:
    kernel = chance.choice(drawn.kernels)
    return kind(
        in_channels=chance.choice(drawn.ins),
        out_channels=chance.choice(drawn.outs),
        kernel_size=kernel,
        map_size=chance.randint(max(kernel + 1, drawn.maps[0]), drawn.maps[1]),
        stride=chance.randint(1, tier),
        padding=chance.choice((0, kernel // 2)),
        groups=chance.choice((1, 2)) if tier > 1 else 1,
        bias=tier > 1 or chance.random() < 0.7,
    )


def par(chance: Random, tier: int) -> ConvParams:
    """The learnable numbers of a convolution."""
    return _conv(ConvParams, chance, tier, CONV[tier])


def mac(chance: Random, tier: int) -> ConvMacs:
    """The multiply-accumulates of a convolution."""
    return _conv(ConvMacs, chance, tier, MAC[tier])


def wshape(chance: Random, tier: int) -> WeightShape:
    """The shape of a convolution's weight."""
    return _conv(WeightShape, chance, tier, CONV[tier])


def fcpar(chance: Random, tier: int) -> DenseParams:
    """The learnable numbers of a dense layer behind maps."""
    side = chance.randint(*{1: (2, 3), 2: (3, 6), 3: (5, 7)}[tier])
    channels = chance.choice({1: (2, 4, 8), 2: (4, 8, 10, 16), 3: (64, 128, 256, 384)}[tier])
    outs = {1: (5, 10, 20), 2: (12, 25, 64, 84, 100, 120), 3: (1000, 2048, 4096)}
    return DenseParams((channels, side, side), chance.choice(outs[tier]))
