"""Reconstruct a network from a file of weights, which holds learned tensors and no architecture.

The shapes give the number, size and depth of kernels (hence the groups) and the width of dense
layers.  Strides, paddings, pools, LRN and activations are not in the file.  The result is the
variant whose learned layers have these shapes.  If there is none, it is the variant with the same
kinds of learned layers in the same order and the fewest other shapes, with the file's widths and
kernel sizes.  ``network.about`` lists which fields the file states and what was assumed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from alexnet_viz.analysis.inputs.input_ranges import inputs_keeping
from alexnet_viz.network.layers import BatchNorm, Conv, Layer, Linear, Shape, shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import fits
from alexnet_viz.readers.diagnostics import Finding, listed, refused
from alexnet_viz.readers.network_builder import about, identifier
from alexnet_viz.text.problem import Problems
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.files.imported import opened
from alexnet_viz.weights.files.misfit import WeightsMisfit
from alexnet_viz.weights.files.tensor_names import OF_TORCHVISION, keys_by_layer, of_torchvision
from alexnet_viz.weights.files.tensor_reader import contents

FORMAT = "state dict"

STATED = {
    "conv": ("present", "out_channels", "kernel_size", "groups", "bias"),
    "linear": ("present", "out_features", "bias"),
    "batch_norm": ("present",),
}
"""Fields that the shapes of tensors state, by kind of layer."""

SHOWN_CANDIDATES = 6


def read(data: bytes, name: str) -> Network:
    """The network whose learned layers have the shapes in a file of weights.

    Raises:
        Problems: no variant has such learned layers in this order.
        Problem: damaged, with more than tensors, or without any.
    """
    found = Finding()
    try:
        imported = opened(data, name)
    except WeightsMisfit:
        network = _rebuilt(contents(data, name).tensors, found)
    else:
        network = imported.network
        _assume_variant(found, network)
        _assume_among(found, [each.id for each in imported.candidates[1:]])
    words = about(name, FORMAT, found.assumptions, parent=network.id)
    stated = {layer.name: STATED[layer.kind] for layer in network.layers if layer.kind in STATED}
    return replace(network, id=identifier(name), about=replace(words, stated=stated))


def _assume_variant(found: Finding, network: Network) -> None:
    shape = shape_text(network.input_shape)
    found.assume("open.assumed_variant", network=network.id, shape=shape)


def _assume_among(found: Finding, others: Sequence[str]) -> None:
    if others:
        named = ", ".join(others[:SHOWN_CANDIDATES])
        more = " …" if len(others) > SHOWN_CANDIDATES else ""
        found.assume("open.assumed_among", count=len(others), names=named + more)


def _rebuilt(tensors: Mapping[str, Any], found: Finding) -> Network:
    """The nearest variant with the file's widths, kernels, groups and biases.

    Raises:
        Problems: no variant has as many convolutions and dense layers in this order.
    """
    learned = [
        (layer, {role: tuple(tensors[key].shape) for role, key in roles.items()})
        for layer, roles in keys_by_layer(tensors).items()
    ]
    kinds = [_kind(shapes) for _, shapes in learned]
    near = [each for each in VARIANTS.values() if _kinds(each) == kinds]
    if not near or None in kinds:
        found.refuse(
            "open_state",
            convs=kinds.count(Conv),
            dense=kinds.count(Linear),
            layers=listed([layer for layer, _ in learned]),
        )
        found.stop()
    named = of_torchvision(tensors)

    def unlikeliness(pair: tuple[Network, list[str]]) -> tuple[int, bool, bool]:
        network, changed = pair
        stops = not fits(network, network.input_size)
        return len(changed), stops, named and network.id != OF_TORCHVISION

    rebuilt = [_with(each, [shapes for _, shapes in learned]) for each in near]
    best, *others = sorted(rebuilt, key=unlikeliness)
    network = _legal(_at_fitting_input(best[0]), found)
    _assume_variant(found, network)
    found.assume("open.assumed_widths", layers=", ".join(best[1]))
    equal = [each for each in others if unlikeliness(each) == unlikeliness(best)]
    _assume_among(found, [each.id for each, _ in equal])
    return network


def _legal(network: Network, found: Finding) -> Network:
    """The network, if its numbers are within bounds; a file may hold a layer of 0 kernels.

    Raises:
        Problems: they are not.
    """
    try:
        return Network.from_dict(network.to_dict())
    except Problems as problem:
        every = [*found.problems, *problem.found]
        raise refused(every) from None


def _kind(shapes: Mapping[str, Shape]) -> type[Layer] | None:
    axes = len(shapes.get("weight", ()))
    return {4: Conv, 2: Linear, 1: BatchNorm}.get(axes)


def _kinds(network: Network) -> list[type[Layer]]:
    return [type(layer) for layer in _learned(network)]


def _learned(network: Network) -> list[Layer]:
    return [layer for layer in network.layers if isinstance(layer, Conv | Linear | BatchNorm)]


def _with(network: Network, shapes: Sequence[Mapping[str, Shape]]) -> tuple[Network, list[str]]:
    """The network with learned layers of these shapes, and the names of the changed ones.

    ``shapes`` are, by role (weight, bias), those of each learned layer in order.
    """
    arriving = shapes[0]["weight"][1] if shapes else 3
    input_shape = (arriving, *network.input_shape[1:])
    made: dict[str, Layer] = {}
    for layer, roles in zip(_learned(network), shapes, strict=True):
        weight = roles["weight"]
        if isinstance(layer, Conv):
            groups = arriving // weight[1] if weight[1] and arriving % weight[1] == 0 else 1
            arriving = weight[0]
            made[layer.name] = replace(
                layer,
                out_channels=weight[0],
                kernel_size=(weight[2], weight[3]),
                groups=max(groups, 1),
                bias="bias" in roles,
            )
        elif isinstance(layer, Linear):
            made[layer.name] = replace(
                layer,
                out_features=weight[0],
                in_features=weight[1],
                groups=1,  # files hold dense layers as full matrices
                bias="bias" in roles,
            )
    changed = [name for name, layer in made.items() if layer != network[name]]
    layers = tuple(made.get(layer.name, layer) for layer in network.layers)
    return replace(network, input_shape=input_shape, layers=layers), changed


def _at_fitting_input(network: Network) -> Network:
    """The network at the input size, nearest to its own, that its first dense layer fits."""
    dense = next(iter(network.dense), None)
    if dense is None or dense.in_features is None or fits(network, network.input_size):
        return network
    sizes = inputs_keeping(network, dense.name, dense.in_features)
    own = network.input_size
    return network.at(min(sizes, key=lambda size: abs(size - own))) if sizes else network
