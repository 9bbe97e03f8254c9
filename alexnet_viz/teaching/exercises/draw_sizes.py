"""Draws questions about output sizes: out1, out2, same, inv, and crops."""

from random import Random

from alexnet_viz.network.geometry import Rounding
from alexnet_viz.teaching.questions.counts import Crops
from alexnet_viz.teaching.questions.window_sizes import InputsGiving, OutputSize, SamePadding

SIZES = {1: (8, 40), 2: (28, 120), 3: (100, 256)}
"""Input sizes by tier."""

LARGEST_KERNEL = {1: 5, 2: 7, 3: 11}


def _odd(chance: Random, largest: int, least: int = 1) -> int:
    return chance.randrange(least, largest + 1, 2)


def out1(chance: Random, tier: int) -> OutputSize:
    """The output size, rounded down; half of the draws do not divide evenly."""
    kernel = _odd(chance, LARGEST_KERNEL[tier], 3)
    stride = chance.randint(2 if tier > 1 else 1, 4 if tier > 1 else 2)
    padding = chance.randint(0, kernel // 2) if tier > 1 or chance.random() < 0.5 else 0
    size = chance.randint(max(SIZES[tier][0], kernel + stride), SIZES[tier][1])
    if chance.random() < 0.5:
        size -= (size + 2 * padding - kernel) % stride
    return OutputSize(size, kernel, stride, (padding, padding))


RULES: dict[int, tuple[Rounding, ...]] = {
    1: ("floor", "ceil"),
    2: ("floor", "ceil", "valid", "same"),
    3: ("floor", "ceil", "caffe", "valid", "same"),
}
"""The rules by tier; Caffe's differs from ceil only where the map is padded."""


def out2(chance: Random, tier: int) -> OutputSize | None:
    """The output size by a library's rule, where another library's is another."""
    rounding = chance.choice(RULES[tier])
    kernel = _odd(chance, LARGEST_KERNEL[tier], 3)
    stride = chance.randint(2, 3 if tier == 1 else 4)
    size = chance.randint(max(SIZES[tier][0], kernel + stride), SIZES[tier][1])
    padding = 0
    if tier > 1 and rounding not in ("same", "valid"):
        padding = chance.randint(0, kernel // 2)
    asked = OutputSize(size, kernel, stride, (padding, padding), rounding)
    return None if asked.window.exact and rounding != "same" else asked


def same(chance: Random, tier: int) -> SamePadding:
    """The padding that keeps the size, at stride 1."""
    least, largest = {1: (3, 9), 2: (11, 31), 3: (101, 201)}[tier]
    return SamePadding(_odd(chance, largest, least), chance.randint(*SIZES[tier]) + largest)


def inv(chance: Random, tier: int) -> InputsGiving:
    """The inputs that give an output size."""
    kernel = _odd(chance, LARGEST_KERNEL[tier], 3)
    stride = chance.randint(2, {1: 2, 2: 3, 3: 4}[tier])
    padding = 0 if tier == 1 else chance.randint(0 if tier == 2 else 1, kernel // 2)
    wanted = chance.randint(*{1: (5, 12), 2: (10, 40), 3: (30, 64)}[tier])
    return InputsGiving(wanted, kernel, stride, padding)


def crop(chance: Random, tier: int) -> Crops:
    """The number of crops, with or without their mirror images."""
    border = chance.randint(*{1: (2, 8), 2: (9, 21), 3: (22, 40)}[tier])
    image = chance.choice({1: (16, 24, 32), 2: (64, 96, 128), 3: (256, 288, 320)}[tier])
    return Crops(image, image - border, mirrored=tier > 1 or chance.random() < 0.5)
