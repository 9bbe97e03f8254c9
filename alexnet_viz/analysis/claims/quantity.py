"""Quantities of a network by name: ``conv1.out_channels``, ``network.params``.

A name has two parts.  The first is a layer, ``network``, or ``stage1`` … ``stage8``: the layers
whose name ends in that number.  The second is an entry of ``LAYER``, ``NETWORK`` or ``STAGE``.
The value is None where the network has no such layer, or fails before it.  Shapes are
(channels, height, width); sizes are sides in pixels of square maps.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from math import prod
from operator import attrgetter

from alexnet_viz.analysis.inputs.input_ranges import inputs_fitting
from alexnet_viz.network.layers import LRN, Conv, Layer, MaxPool, Window
from alexnet_viz.network.layers.base import Family
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, Trace, trace
from alexnet_viz.variants import VARIANTS

Value = int | float | Fraction | str | tuple[int, ...] | tuple[str, ...] | None


class Inapplicable(LookupError):
    """The layer exists, but its kind has no such quantity."""


@dataclass(frozen=True)
class Place:
    """A layer, its network, and its row; None where the network fails before it."""

    network: Network
    layer: Layer
    row: Row | None


@cache
def traced(variant: str) -> Trace:
    """The trace of a variant at its own input, or of ``id[224]`` at 224 pixels; cached.

    At another input the first dense layer is rebuilt for what arrives there.

    >>> traced("alexnet_2012_227[224]")["fc6"].input_shape
    (6400,)

    Raises:
        KeyError: no such variant.
    """
    id, _, size = variant.removesuffix("]").partition("[")
    return trace(VARIANTS[id].refitted(), int(size)) if size else trace(VARIANTS[id])


def ask(variant: str, name: str) -> Value:
    """The value of a named quantity in a variant.

    >>> ask("alexnet_2012_paper", "conv1.out_channels"), ask("alexnet_2012_paper", "network.pools")
    (96, 3)
    >>> ask("alexnet_2012_paper", "pool3.stride") is None
    True
    >>> [ask("alexnet_2012_227", f"pool5.field_{part}") for part in ("start", "size", "stride")]
    [-64, 195, 32]

    Raises:
        KeyError: no such variant or quantity.
        Inapplicable: the layer's kind has no such quantity.
    """
    subject, _, field = name.partition(".")
    result = traced(variant)
    if subject == "network":
        return NETWORK[field](result)
    if re.fullmatch(r"stage\d", subject):
        return STAGE[field](_stage(result.network, subject[-1]))
    read = LAYER[field]
    layer = next((each for each in result.network.layers if each.name == subject), None)
    if layer is None:
        return None
    return read(Place(result.network, layer, result.by_name.get(subject)))


def _stage(network: Network, number: str) -> tuple[Layer, ...]:
    return tuple(each for each in network.layers if re.fullmatch(rf"[a-z]+{number}b?", each.name))


def _setting(name: str) -> Callable[[Place], Value]:
    def value(place: Place) -> Value:
        if name not in {field.name for field in fields(place.layer)}:
            raise Inapplicable(f"{place.layer.name}.{name}")
        found = getattr(place.layer, name)
        if isinstance(found, tuple):
            found = found[:2]  # top, bottom, left, right: the axes agree in every variant
            return found[0] if len(set(found)) == 1 else found
        return found  # type: ignore[no-any-return]

    return value


def _row(read: Callable[[Row], Value]) -> Callable[[Place], Value]:
    return lambda place: None if place.row is None else read(place.row)


def _window(read: Callable[[Row], Value]) -> Callable[[Place], Value]:
    def value(place: Place) -> Value:
        if not isinstance(place.layer, Window):
            raise Inapplicable(place.layer.name)
        return None if place.row is None else read(place.row)

    return value


def _conv(read: Callable[[Conv, Row], Value]) -> Callable[[Place], Value]:
    def value(place: Place) -> Value:
        if not isinstance(place.layer, Conv):
            raise Inapplicable(place.layer.name)
        return None if place.row is None else read(place.layer, place.row)

    return value


def _field(part: str) -> Callable[[Place], Value]:
    """Of the receptive field of a layer's cells along the height."""

    def value(place: Place) -> Value:
        field = place.row and place.row.receptive_field
        return getattr(field[0], part) if field else None

    return value


def _lrn(read: Callable[[LRN], float]) -> Callable[[Place], Value]:
    def value(place: Place) -> Value:
        if not isinstance(place.layer, LRN):
            raise Inapplicable(place.layer.name)
        return read(place.layer)

    return value


def _peak_input(lrn: LRN) -> float:
    """The input of a full window of equal channels for which LRN puts out most.

    a / (k + s a^2)^beta, where s is alpha times the cells, has no slope where
    k = s a^2 (2 beta - 1).

    >>> round(_peak_input(LRN(name="norm")), 2)
    89.44
    """
    squares = lrn.effective_alpha * lrn.cells
    found: float = (lrn.k / (squares * (2 * lrn.beta - 1))) ** 0.5
    return found


def _peak_output(lrn: LRN) -> float:
    """What LRN puts out there, the most that a full window of equal channels can give."""
    a = _peak_input(lrn)
    found: float = a / (lrn.k + lrn.effective_alpha * lrn.cells * a * a) ** lrn.beta
    return found


def _answer(holds: bool) -> Value:
    return "yes" if holds else "no"


def _kernel(conv: Conv, row: Row) -> Value:
    window: Window = conv  # on the subclass mypy takes the field for its assignable type
    height, width = window.kernel_size
    return (conv.kernel_depth(row.input_shape), height, width)


def _activation(place: Place) -> Value:
    """The kind of the first non-linearity before the next learned layer."""
    behind = place.network.layers[place.network.layers.index(place.layer) + 1 :]
    for layer in behind:
        if layer.family == "activation":
            return layer.kind
        if layer.weighted:
            break
    return None


def _behind(place: Place) -> Value:
    """The last learned layer before this one."""
    before = place.network.layers[: place.network.layers.index(place.layer)]
    return next((each.name for each in reversed(before) if each.weighted), None)


LAYER: Mapping[str, Callable[[Place], Value]] = {
    "kind": lambda place: place.layer.kind,
    **{
        name: _setting(name)
        for name in (
            *("kernel_size", "stride", "padding", "rounding", "groups", "out_channels"),
            *("out_features", "p", "scale", "k", "alpha", "beta", "size"),
        )
    },
    "kernel_depth": _conv(lambda conv, row: conv.kernel_depth(row.input_shape)),
    "kernel_shape": _conv(_kernel),
    "kernels_a_group": _conv(lambda conv, row: conv.out_channels // conv.groups),
    "overlap": _window(lambda row: row.slides[0].overlap if row.slides else None),
    "quotient": _window(lambda row: row.slides[0].quotient if row.slides else None),
    "output_size": _window(lambda row: row.output_shape[1]),
    "input_size": _window(lambda row: row.input_shape[1]),
    "field_size": _field("size"),
    "field_stride": _field("effective_stride"),
    "field_start": _field("start"),
    "input_shape": _row(attrgetter("input_shape")),
    "output_shape": _row(attrgetter("output_shape")),
    "in_channels": _row(lambda row: row.input_shape[0]),
    "inputs": _row(lambda row: prod(row.input_shape)),
    "outputs": _row(attrgetter("elements")),
    "positions": _row(lambda row: prod(row.output_shape[1:])),
    "params": _row(attrgetter("params")),
    "weights": _row(attrgetter("weights")),
    "biases": _row(attrgetter("biases")),
    "macs": _row(attrgetter("macs")),
    "neurons": _row(attrgetter("neurons")),
    "widens": _row(lambda row: _answer(row.elements > prod(row.input_shape))),
    "peak_input": _lrn(_peak_input),
    "peak_output": _lrn(_peak_output),
    "activation": _activation,
    "behind": _behind,
    "runs": lambda place: _answer(place.row is not None),
}

STAGE: Mapping[str, Callable[[tuple[Layer, ...]], Value]] = {
    "order": lambda layers: tuple(layer.kind for layer in layers),
    "norms": lambda layers: sum(layer.family == "normalisation" for layer in layers),
    "pools": lambda layers: sum(layer.family == "pooling" for layer in layers),
}


def _connections(row: Row) -> int:
    """Connections of a convolution, pool or LRN, with padded cells and without biases; else 0."""
    layer = row.layer
    if isinstance(layer, Conv):
        return row.macs
    if isinstance(layer, MaxPool):
        return layer.kernel_cells * row.elements
    if isinstance(layer, LRN):
        return row.elements * layer.cells
    return 0


def _count(*families: Family) -> Callable[[Trace], Value]:
    return lambda result: sum(each.family in families for each in result.network.layers)


NETWORK: Mapping[str, Callable[[Trace], Value]] = {
    "input_size": lambda result: result.network.input_size,
    "input_shape": attrgetter("input_shape"),
    "input_channels": lambda result: result.input_shape[0],
    "inputs": lambda result: prod(result.input_shape),
    "params": attrgetter("params"),
    "weights": lambda result: sum(row.weights for row in result.rows),
    "macs": attrgetter("macs"),
    "neurons": attrgetter("neurons"),
    "connections": lambda result: sum(map(_connections, result.rows)),
    "convs": _count("convolution"),
    "linears": _count("dense"),
    "learned": _count("convolution", "dense"),
    "pools": _count("pooling"),
    "norms": _count("normalisation"),
    "activations": _count("activation"),
    "smallest_input": lambda result: min(inputs_fitting(result.network), default=None),
}
