"""Which registered variant a network is nearest to, layer by layer.

Both are traced at the network's own input and joined by name (``alexnet_viz.compare``); the
variant with the fewest layers that differ is the nearest.  Where nothing was rounded the rule of
rounding is no difference: cuda-convnet rounds every size up and most of its windows fit exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from alexnet_viz.compare import Match, aligned, changed_order
from alexnet_viz.spec import Network
from alexnet_viz.trace import trace


@dataclass(frozen=True)
class Nearest:
    """A variant, and where a network differs from it."""

    network: Network
    """The variant at the network's input."""
    differing: tuple[Match, ...]
    """First the network's row, then the variant's."""
    layers: int
    """How many layers the two have, each name once."""


def nearest(network: Network, variants: Iterable[Network]) -> Nearest:
    """The variant with the fewest differing layers; of equals the first.

    >>> from alexnet_viz.variants import VARIANTS
    >>> mine = VARIANTS["torchvision_alexnet"].edited(id="mine", fc8={"out_features": 10})
    >>> found = nearest(mine, VARIANTS.values())
    >>> found.network.id, [match.name for match in found.differing]
    ('torchvision_alexnet', ['fc8'])
    """
    return min((_beside(network, each) for each in variants), key=lambda near: len(near.differing))


def _beside(network: Network, variant: Network) -> Nearest:
    # a variant of one colour is compared at one colour: its conv1 says so
    other = variant.at(network.input_size) if len(network.input_shape) == 3 else variant
    traces = [trace(network), trace(other)]
    matches = aligned(traces)
    moved = changed_order(traces)
    differing = tuple(match for match in matches if _differs(match) or match.name in moved)
    return Nearest(other, differing, len(matches))


def _differs(match: Match) -> bool:
    windows = [window for row in match.rows if row and row.slides for window in row.slides]
    exact = {"rounding"} if windows and all(window.exact for window in windows) else set()
    return bool(match.differing - exact)
