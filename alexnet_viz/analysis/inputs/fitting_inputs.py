"""Which square inputs a network takes, and what its dense layers fix.

Making the input larger can only make every map larger.  So each thing that stops a network (a
window that does not fit, a map that is not 1×1 where it is squeezed, a dense layer built for other
features) is either too small below some size or too large above another, the inputs that pass all
of them are one run of sizes, and two bisections find its ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alexnet_viz.network.geometry import sizes_giving
from alexnet_viz.network.layers import Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Failure, trace
from alexnet_viz.text.problem import Problem

TOO_SMALL, FITS, TOO_LARGE = range(3)


@dataclass(frozen=True)
class Dense:
    """A dense layer and the number of inputs that its weights have columns for."""

    name: str
    in_features: int | None
    """What the spec fixes; None where the layer takes what arrives."""
    arriving: int | None
    """What arrives at the network's own input; None where it fails before."""


def inputs_fitting(network: Network) -> range:
    """All square inputs at which the network runs through.

    >>> from alexnet_viz.variants import VARIANTS
    >>> inputs_fitting(VARIANTS["alexnet_2012_paper"])
    range(196, 228)
    """

    def verdict(size: int) -> int:
        failure = trace(network, size).failure
        if failure is None:
            return FITS
        return TOO_LARGE if _too_large(network, failure) else TOO_SMALL

    return sizes_giving(FITS, verdict)


def inputs_keeping(network: Network, layer: str, features: int) -> range:
    """All square inputs at which one unit of a dense layer reads ``features`` values.

    "Which inputs keep fc6 at 9216?" is ``inputs_keeping(network, "fc6", 9216)``.  The layers
    before it decide; what a spec fixed for the layer itself does not.

    >>> from alexnet_viz.variants import VARIANTS
    >>> inputs_keeping(VARIANTS["alexnet_2012_227"], "fc6", 9216)
    range(227, 259)
    >>> inputs_keeping(VARIANTS["alexnet_2012_paper"], "fc7", 4096)
    range(196, 228)

    Raises:
        Problem: the network has no such linear layer.
    """
    dense = _dense(network, layer)
    place = network.layers.index(dense)
    reader = replace(dense, in_features=None)
    head = replace(network, layers=(*network.layers[:place], reader))

    def arriving(size: int) -> int:
        result = trace(head, size)
        if result.failure:
            # beyond every wanted number where the input is too large, so that nothing decreases
            return features + 1 if _too_large(head, result.failure) else 0
        return result[layer].input_shape[0]

    return sizes_giving(features, arriving)


def dense_layers(network: Network, names: Sequence[str] = ()) -> list[Dense]:
    """The dense layers, all in order or those named, with what fixes their weights.

    Raises:
        Problem: the network has no such linear layer.
    """
    rows = trace(network).by_name
    return [
        Dense(
            name=layer.name,
            in_features=layer.in_features,
            arriving=rows[layer.name].input_shape[0] if layer.name in rows else None,
        )
        for layer in ([_dense(network, name) for name in names] or network.dense)
    ]


def _dense(network: Network, name: str) -> Linear:
    for layer in network.dense:
        if layer.name == name:
            return layer
    names = ", ".join(layer.name for layer in network.dense)
    raise Problem("no_linear", network=network.id, layer=name, known=names or "-")


def _too_large(network: Network, failure: Failure) -> bool:
    """Whether a smaller input could pass where this one failed."""
    layer = network[failure.layer]
    if failure.problem.code == "in_features" and isinstance(layer, Linear):
        return failure.input_shape[0] > (layer.in_features or 0)
    return failure.problem.code == "squeeze"
