"""Which registered variant a network is nearest to, layer by layer.

Both are traced at the network's own input and joined by name
(``alexnet_viz.analysis.compare.alignment``); the variant with the fewest layers that differ is the
nearest.  A layer differs in what it does: sizes and costs follow from the layers before, and one
narrow convolution would mark all that come after. That cuda-convnet rounds every size up is no
difference where its windows fit exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from alexnet_viz.analysis.compare.alignment import Match, aligned, changed_order
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace

FOLLOWING = frozenset({"input_shape", "output_shape", "quotient", "params", "macs"})
"""What a layer does not decide alone."""


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
    moved = changed_order(traces)
    matches = [_of_its_own(match, match.name in moved) for match in aligned(traces)]
    return Nearest(other, tuple(match for match in matches if match.differing), len(matches))


def _of_its_own(match: Match, moved: bool) -> Match:
    """The match with what the layers themselves do differently."""
    fixed = {getattr(row.layer, "in_features", None) for row in match.rows if row}
    arriving = {"in_features"} if None not in fixed else set()  # it follows from the layer before
    own = match.differing - FOLLOWING - arriving
    return Match(match.name, match.rows, own | ({"order"} if moved else set()))
