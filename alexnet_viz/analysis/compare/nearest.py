"""The registered variant that a network is nearest to, layer by layer.

Both are traced at the network's own input and joined by name
(``alexnet_viz.analysis.compare.alignment``); the nearest is the variant with the largest share of
equal layers among all layers of the two, so a short variant is no nearer for having few layers that
could differ.  A layer differs if it computes another function
(``alexnet_viz.analysis.compare.canonical``), stands in another order, or is missing.  Sizes and
costs follow from the layers before and do not count: one narrow convolution would mark all layers
after it.  Below ``RELATED`` there is no relative worth the name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alexnet_viz.analysis.compare.alignment import Match, aligned, changed_order
from alexnet_viz.analysis.compare.canonical import FOLLOWING, same_function
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace

RELATED = 0.5
"""Least share of equal layers of a near relative."""


@dataclass(frozen=True)
class Nearest:
    """A variant, and where a network differs from it."""

    network: Network
    """The variant at the network's input."""
    differing: tuple[Match, ...]
    """The layers that differ; rows are the network's and the variant's."""
    layers: int
    """Number of layer names of the two, those after a failure included."""
    written: int
    """Number of those written differently or of other sizes; decides among equals."""

    @property
    def equal(self) -> int:
        """Number of layers that are the same in both."""
        return self.layers - len(self.differing)

    @property
    def related(self) -> bool:
        """Whether at least ``RELATED`` of the layers are the same."""
        return self.equal >= RELATED * self.layers


def nearest(network: Network, variants: Iterable[Network]) -> Nearest:
    """The variant with the most layers in common; among equals the one written most alike.

    >>> from alexnet_viz.variants import VARIANTS
    >>> mine = VARIANTS["torchvision_alexnet"].edited(id="mine", fc8={"out_features": 10})
    >>> found = nearest(mine, VARIANTS.values())
    >>> found.network.id, [match.name for match in found.differing]
    ('torchvision_alexnet', ['fc8'])
    """
    return min(
        (_against(network, each) for each in variants),
        key=lambda near: (len(near.differing) / near.layers, near.written),
    )


def _against(network: Network, variant: Network) -> Nearest:
    # a variant with one colour channel is compared at one colour channel: conv1 tells the two apart
    other = variant.at(network.input_size) if len(network.input_shape) == 3 else variant
    traces = [trace(network), trace(other)]
    ours, theirs = ({layer.name: layer for layer in each.layers} for each in (network, other))
    moved = changed_order(traces)
    matches = aligned(traces)
    differing = []
    for match in matches:
        keys = {"order"} if match.name in moved else set()
        # by layers, not by rows: a layer after a failure has no row, and may be the same
        if not same_function(ours.get(match.name), theirs.get(match.name)):
            keys |= match.differing - FOLLOWING
        if keys:
            differing.append(replace(match, differing=frozenset(keys)))
    # a layer that only one has, after its failure, has no row at all
    seen = {match.name for match in matches}
    unseen = [name for name in ours.keys() ^ theirs.keys() if name not in seen]
    differing += [Match(name, (None, None), frozenset({"present"})) for name in sorted(unseen)]
    written = len(unseen) + sum(bool(match.differing) for match in matches)
    return Nearest(other, tuple(differing), len(ours.keys() | theirs.keys()), written)
