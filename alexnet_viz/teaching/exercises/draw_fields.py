"""Draws questions about receptive fields: rf, rfbox."""

from random import Random

from alexnet_viz.teaching.questions.fields import FieldBox, Kernel, ReceptiveFieldSize


def _stack(chance: Random, tier: int, padded: bool) -> tuple[Kernel, ...]:
    layers = {1: 2, 2: 3, 3: chance.choice((4, 5))}[tier]
    kernels = {1: (2, 3, 5), 2: (3, 5), 3: (3, 3, 5, 7)}[tier]
    found = []
    for _ in range(layers):
        kernel = chance.choice(kernels)
        padding = chance.randint(0, kernel // 2) if padded else 0
        found.append((kernel, chance.choice((1, 2, 2) if tier > 1 else (1, 2)), padding))
    return tuple(found)


def rf(chance: Random, tier: int) -> ReceptiveFieldSize | None:
    """The receptive field after two to five windows."""
    windows = _stack(chance, tier, padded=False)
    plain = all(stride == 1 for _, stride, _ in windows[:-1])
    return None if plain else ReceptiveFieldSize(windows, 256)


def rfbox(chance: Random, tier: int) -> FieldBox | None:
    """The pixels that one cell depends on; half of the draws are cut at an edge."""
    windows = _stack(chance, min(tier, 2), padded=True)
    size = chance.choice({1: (16, 24), 2: (32, 48, 64), 3: (128, 224, 227)}[tier])
    field = FieldBox(windows, size)
    cells = field.cells
    if cells < 3:
        return None
    cell = chance.choice((0, 1, cells - 1)) if chance.random() < 0.5 else chance.randrange(cells)
    return FieldBox(windows, size, cell)
