"""The square inputs at which a network runs, and what its dense layers require.

A larger input makes no map smaller.  So whatever stops a network (a window that does not fit, a map
that is not 1×1 where it is squeezed, a dense layer built for other features) stops it either below
some size or above another.  The inputs that pass are one range, and two bisections find its ends.
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
    """A dense layer and the number of its inputs."""

    name: str
    in_features: int | None
    """The number that the spec requires; None where the layer accepts any."""
    arriving: int | None
    """The number at the network's own input size; None where the network fails before."""


def inputs_fitting(network: Network) -> range:
    """The square inputs, in pixels, at which the network runs to its end.

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
    """The square inputs, in pixels, at which a dense layer reads ``features`` values.

    "Which inputs keep fc6 at 9216?" is ``inputs_keeping(network, "fc6", 9216)``.  Only the layers
    before count; the layer's own ``in_features`` is ignored.

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
            # a too large input counts as more than wanted, so that the function does not decrease
            return features + 1 if _too_large(head, result.failure) else 0
        return result[layer].input_shape[0]

    return sizes_giving(features, arriving)


def dense_layers(network: Network, names: Sequence[str] = ()) -> list[Dense]:
    """The dense layers, all in order or those named, with the number of their inputs.

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
    """Whether the input was too large, so that a smaller one may run."""
    layer = network[failure.layer]
    if failure.problem.code == "in_features" and isinstance(layer, Linear):
        return failure.input_shape[0] > (layer.in_features or 0)
    return failure.problem.code == "squeeze"
