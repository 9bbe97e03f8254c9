"""The outcome of every square input size: where a network fails, where its weights fit.

Every size has one of three outcomes, and neighbouring sizes of the same outcome are one
``Stretch``:

- ``fits``: every learned layer has the same shape as at the network's own input size, so weights
  trained there run here;
- ``refitted``: the network runs to its end, but some dense layer reads another number of values, so
  that layer has to be trained again;
- ``breaks``: a window does not fit, or a map is not 1×1 where it is squeezed.

A dense layer with a fixed ``in_features`` raises an error in a framework; here that is the second
outcome, and ``refused`` names the layer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from alexnet_viz.analysis.inputs.case_224 import staircase
from alexnet_viz.network.layers import Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.text.problem import Problem

Outcome = Literal["fits", "refitted", "breaks"]

SMALLEST, LARGEST = 63, 512
"""Default sizes of a sweep, in pixels: torchvision's smallest legal input, and twice the shorter
side of the training images."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring input sizes with the same outcome."""

    sizes: range
    outcome: Outcome
    dense: int | None
    """Number of values that the first dense layer reads; None where the network fails before it or
    has none."""
    sides: tuple[int, ...]
    """Sides of the map in pixels, each time they change, at the first of the sizes."""
    breaks_at: str | None
    """The layer that fails; None where none does."""
    refused: str | None
    """The first dense layer whose ``in_features`` is another number; None where there is none."""


def sweep(network: Network, smallest: int = SMALLEST, largest: int = LARGEST) -> list[Stretch]:
    """The outcomes of every square input from ``smallest`` to ``largest`` pixels, in order.

    >>> from alexnet_viz.variants import VARIANTS
    >>> found = sweep(VARIANTS["alexnet_2012_paper"], 190, 230)
    >>> [(s.sizes.start, s.sizes.stop - 1, s.outcome, s.dense) for s in found]
    [(190, 195, 'refitted', 6400), (196, 227, 'fits', 9216), (228, 230, 'refitted', 12544)]

    Raises:
        Problem: the network takes a row, not an image, or ``smallest`` exceeds ``largest``.
    """
    if len(network.input_shape) == 1:
        raise Problem("flat_input", network=network.id, features=network.input_shape[0])
    if smallest > largest:
        raise Problem("sweep_backwards", smallest=smallest, largest=largest)
    free = network.refitted()
    native = _learned(trace(free))

    def at(size: int) -> Stretch:
        return _at(trace(free, size), network, native)

    # the own size is sampled too: a batch norm after a flatten may fit there and nowhere else
    own = min(max(network.input_shape[1], smallest), largest)
    ends = (smallest, own, largest)
    found = {size: at(size) for size in ends}
    for low, high in pairwise(ends):
        _fill(found, low, high, at)
    stretches: list[Stretch] = []
    for size in sorted(found):
        if stretches and _alike(stretches[-1], found[size]):
            stretches[-1] = _up_to(stretches[-1], size)
        else:
            if stretches:
                stretches[-1] = _up_to(stretches[-1], size - 1)
            stretches.append(found[size])
    return stretches


def _fill(found: dict[int, Stretch], low: int, high: int, at: Callable[[int], Stretch]) -> None:
    """Add to ``found`` every size between two at which the outcome changes, and the size before.

    A larger input makes no map smaller, so there is no other outcome between two sizes of the same:
    neither the number of values of the first dense layer nor the layer that fails goes back.
    """
    if high - low < 2 or _alike(found[low], found[high]):
        return
    middle = (low + high) // 2
    found[middle] = at(middle)
    _fill(found, low, middle, at)
    _fill(found, middle, high, at)


def _up_to(stretch: Stretch, size: int) -> Stretch:
    return replace(stretch, sizes=range(stretch.sizes.start, size + 1))


def _at(result: Trace, network: Network, native: dict[str, int]) -> Stretch:
    """The outcome at one size, from the trace of the network with ``in_features`` left open."""
    dense = [row for row in result.rows if isinstance(row.layer, Linear)]
    refused = [
        row.name for row in dense if _built_for(network, row) not in (None, row.input_shape[0])
    ]
    outcome: Outcome = "refitted"
    if result.failure:
        outcome = "breaks"
    elif _learned(result) == native:
        outcome = "fits"
    return Stretch(
        sizes=range(result.input_shape[1], result.input_shape[1] + 1),
        outcome=outcome,
        dense=dense[0].input_shape[0] if dense else None,
        sides=staircase(result),
        breaks_at=result.failure.layer if result.failure else None,
        refused=refused[0] if refused else None,
    )


def _alike(one: Stretch, other: Stretch) -> bool:
    """Whether two sizes belong to one stretch."""
    return all(
        getattr(one, key) == getattr(other, key) for key in ("outcome", "dense", "breaks_at")
    )


def _built_for(network: Network, row: Row) -> int | None:
    layer = network[row.name]
    return layer.in_features if isinstance(layer, Linear) else None


def _learned(result: Trace) -> dict[str, int]:
    """Number of weights by layer: the only property of weights that the input size can change."""
    return {row.name: row.weights for row in result.rows if row.weights}
