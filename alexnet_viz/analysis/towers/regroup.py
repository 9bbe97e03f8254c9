"""A network with other groups: which layers read all GPUs, and where the windows of LRN stop.

Whether a layer reads only its own tower or all towers depends on its ``groups`` alone.  So a
network on another number of GPUs is the network with other groups, and its trace gives shapes,
parameters and traffic.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Literal, get_args

from alexnet_viz.network.layers import LRN, Layer
from alexnet_viz.network.spec import Network

NormReach = Literal["tower", "across"]
NORM_REACHES: tuple[NormReach, ...] = get_args(NormReach)
"""Where the windows of LRN stop: at the edge of each tower, or not between towers."""


def regrouped(
    network: Network, gpus: int, crossing: Collection[str], norm: NormReach | None = None
) -> Network:
    """The network on ``gpus`` GPUs where only the layers named in ``crossing`` read all GPUs.

    A layer that already does as asked is unchanged.  So is the first learned layer, which reads the
    image, which every GPU has; ``norm=None`` leaves LRN unchanged.

    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = VARIANTS["alexnet_2012_paper"]
    >>> regrouped(paper, 2, ("conv3", "fc6", "fc7", "fc8")).layers == paper.layers
    True
    >>> regrouped(paper, 2, ("fc6", "fc7", "fc8"))["conv3"].groups
    2
    """
    able = cuttable(network)

    def changed(layer: Layer) -> Layer:
        if isinstance(layer, LRN) and layer.region == "channels" and norm:
            crosses = norm == "across"
        elif layer.name in able:
            crosses = layer.name in crossing
        else:
            return layer
        if crosses == _crosses(layer, gpus):
            return layer
        groups: dict[str, Any] = {"groups": 1 if crosses else gpus}
        return replace(layer, **groups)

    return replace(network, layers=tuple(map(changed, network.layers)))


def cuttable(network: Network) -> tuple[str, ...]:
    """The layers whose groups can be changed: every learned layer after the first."""
    return tuple(layer.name for layer in network.layers if layer.weighted)[1:]


def crossings(network: Network, gpus: int) -> tuple[str, ...]:
    """The learned layers that read more than their own GPU.

    >>> from alexnet_viz.variants import VARIANTS
    >>> crossings(VARIANTS["alexnet_2012_paper"], 2)
    ('conv3', 'fc6', 'fc7', 'fc8')
    """
    return tuple(name for name in cuttable(network) if _crosses(network[name], gpus))


def norm_reach(network: Network, gpus: int) -> NormReach | None:
    """Where the windows of the network's LRN stop; None if it has no LRN over channels."""
    norms = [
        layer for layer in network.layers if isinstance(layer, LRN) and layer.region == "channels"
    ]
    if not norms:
        return None
    return "across" if any(_crosses(layer, gpus) for layer in norms) else "tower"


def _crosses(layer: Layer, gpus: int) -> bool:
    """Whether some group of the layer extends over more than one GPU."""
    return layer.groups % gpus != 0
