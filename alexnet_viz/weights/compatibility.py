"""Whether weights fit a network: the same learned layers with the same shapes.

The number of classes may differ; the network is adapted to it.  So weights of one variant run in
every other one with equal learned layers, whatever its norms and pools, and variants can be
compared on a picture.
"""

from typing import NamedTuple

from alexnet_viz.network.layers import Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.weights import Weights


class Misfit(NamedTuple):
    """A learned layer that differs; a shape is None if that side lacks the layer."""

    layer: str
    needed: tuple[int, ...] | None
    """Shape of the weight in the network."""
    offered: tuple[int, ...] | None
    """Shape of the weight in the file."""


def adapted(network: Network, weights: Weights) -> Network:
    """The network with the number of classes of the weights, if both end in a linear layer."""
    ours, theirs = network.last_dense, weights.network.last_dense
    if isinstance(ours, Linear) and isinstance(theirs, Linear):
        return network.with_classes(theirs.out_features)
    return network


def misfits(result: Trace, weights: Weights) -> list[Misfit]:
    """Every learned layer whose weight has another shape or is missing; empty if they fit.

    ``result`` is the trace of an ``adapted`` network.
    """
    needed = learned_shapes(result)
    offered = learned_shapes(trace(weights.network))
    return [
        Misfit(layer, needed.get(layer), offered.get(layer))
        for layer in dict.fromkeys([*needed, *offered])
        if needed.get(layer) != offered.get(layer)
    ]


def learned_shapes(result: Trace) -> dict[str, tuple[int, ...]]:
    """Shapes of weights by layer, as torch stores them (``Row.weight_shape``)."""
    return {row.name: shape for row in result.rows if (shape := row.weight_shape)}
