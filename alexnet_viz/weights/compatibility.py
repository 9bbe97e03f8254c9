"""Whether weights fit a network: the same learned layers with the same shapes.

The output layer may differ: a network takes as many classes as its weights know.  So the weights
of one reading of AlexNet run in every other one whose learned layers agree, whatever it does with
its norms and pools; which is how readings are compared on a picture.
"""

from typing import NamedTuple

from alexnet_viz.network.layers import BatchNorm, Conv, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.weights import Weights


class Misfit(NamedTuple):
    """A layer whose numbers cannot be taken over; None where one side lacks the layer."""

    layer: str
    needed: tuple[int, ...] | None
    """Shape of the weight in the network."""
    offered: tuple[int, ...] | None
    """Shape of the weight in the file."""


def adapted(network: Network, weights: Weights) -> Network:
    """The network with as many outputs as the weights have, where its last layer is dense."""
    ours, theirs = network.last_dense, weights.network.last_dense
    if isinstance(ours, Linear) and isinstance(theirs, Linear):
        return network.with_classes(theirs.out_features)
    return network


def misfits(result: Trace, weights: Weights) -> list[Misfit]:
    """Every learned layer of which the weights lack the numbers or have others; empty if they fit.

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
    """The shape of every learned layer's weight, as torch stores it."""
    return {row.name: shape for row in result.rows if (shape := _weight_shape(row))}


def _weight_shape(row: Row) -> tuple[int, ...] | None:
    arriving = row.input_shape[0]
    match row.layer:
        case Conv() as conv:
            assert row.slides is not None
            height, width = (window.kernel_size for window in row.slides)
            return conv.out_channels, arriving // conv.groups, height, width
        case Linear() as dense:
            return dense.out_features, arriving // dense.groups
        case BatchNorm():
            return (arriving,)
        case _:
            return None
