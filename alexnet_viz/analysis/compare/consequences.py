"""What follows, in numbers, from how one network differs from another.

A difference is a setting; its consequences are map sizes, what the first dense layer reads, where a
network stops, the shapes of weights, and totals.

The map sizes of two networks are followed over the layers that change them.  A layer of another
size is named where the sizes part, and further on where it has reasons of its own.  Its reasons are
the settings of which each, set back alone, changes the size; where the sizes part also the size of
the input and layers that only one network has.  Where the sizes become equal again, that layer is
named too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal

from alexnet_viz.network.layers import Layer, Linear, Pair, Shape
from alexnet_viz.network.trace import Failure, Row, Trace
from alexnet_viz.text.problem import Problem

What = Literal["size", "again", "reads", "stops", "runs", "weights", "fit", "params", "macs"]

SIZE_SETTINGS = ("kernel_size", "stride", "padding", "dilation", "rounding", "output_size")
OWN_PADDING = frozenset(("same", "valid"))
"""Rounding rules under which a stated padding has no effect."""
TOTALS: tuple[What, ...] = ("params", "macs")


@dataclass(frozen=True)
class Reason:
    """Why a map has another size: a setting, the input, or a layer that only one network has."""

    field: str
    """Name of the setting; ``input``; ``kind``; ``without`` or ``added``."""
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class Consequence:
    """One number of the second network that differs from the first's."""

    what: What
    layers: tuple[str, ...] = ()
    old: Any = None
    """The first network's value: a size (height, width), or a count."""
    new: Any = None
    reasons: tuple[Reason, ...] = ()
    failure: Failure | None = None
    """Where and why a network stops; of ``stops`` the second, of ``runs`` the first."""


def consequences(one: Trace, other: Trace) -> tuple[Consequence, ...]:
    """What follows in numbers from how ``other`` differs from ``one``, in the order of the layers.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> paper = VARIANTS["alexnet_2012_paper"]
    >>> down = trace(paper.rounded("floor").refitted())
    >>> found = consequences(trace(paper), down)
    >>> [(each.what, each.layers, each.old, each.new) for each in found[:1]]
    [('size', ('conv1',), (55, 55), (54, 54))]
    """
    return (*_sizes(one, other), *_reads(one, other), *_ends(one, other))


def _sizes(one: Trace, other: Trace) -> Iterator[Consequence]:
    """The layers at which the sizes of maps part and meet again."""
    parted = False
    reached: set[str] = set()  # names up to the last layer that both have
    for row in other.rows:
        first = one.by_name.get(row.name)
        if first is None or not len(first.output_shape) == len(row.output_shape) == 3:
            continue
        if row.layer.keeps_shape and first.layer.keeps_shape:
            continue
        old, new = _side(first.output_shape), _side(row.output_shape)
        if old == new:
            if parted:
                yield Consequence("again", (row.name,), old, new)
            parted = False
        else:
            reasons = tuple(_own(first, row))
            if not parted:
                reasons += tuple(_upstream(one, other, first, row, reached))
            if reasons or not parted:
                yield Consequence("size", (row.name,), old, new, reasons)
            parted = True
        reached = _up_to(one, row.name) | _up_to(other, row.name)


def _own(first: Row, row: Row) -> Iterator[Reason]:
    """The settings of a layer that change the size of its map."""
    before, now = first.layer, row.layer
    arriving, size = _side(row.input_shape), _side(row.output_shape)
    if _size_at(before, row, arriving) == size:
        return
    if before.kind != now.kind:
        yield Reason("kind", before.kind, now.kind)
        return
    changed = [
        Reason(name, getattr(before, name), getattr(now, name))
        for name in SIZE_SETTINGS
        if hasattr(now, name) and getattr(before, name) != getattr(now, name)
    ]
    if OWN_PADDING & {rule for each in changed for rule in (each.old, each.new)}:
        changed = [each for each in changed if each.field != "padding"]  # these rules set their own
    alone = [
        each
        for each in changed
        if _size_at(replace(now, **{each.field: each.old}), row, arriving) != size
    ]
    yield from alone or changed


def _upstream(
    one: Trace, other: Trace, first: Row, row: Row, reached: set[str]
) -> Iterator[Reason]:
    """Why a layer reads a map of another size although the layers before it agree."""
    if _size_at(row.layer, row, _side(first.input_shape)) == _side(row.output_shape):
        return
    if not reached and _side(one.input_shape) != _side(other.input_shape):
        yield Reason("input", _side(one.input_shape), _side(other.input_shape))
    for what, mine, theirs in (("without", one, other), ("added", other, one)):
        for name in _up_to(mine, row.name) - reached - theirs.by_name.keys():
            if not mine[name].layer.keeps_shape:
                yield Reason(what, new=name)


def _up_to(trace: Trace, name: str) -> set[str]:
    """Names of the layers up to this one."""
    names = [row.name for row in trace.rows]
    return set(names[: names.index(name) + 1])


def _reads(one: Trace, other: Trace) -> Iterator[Consequence]:
    """The first dense layer of both, if it reads another number of values."""
    for row in other.rows:
        first = one.by_name.get(row.name)
        if first and isinstance(row.layer, Linear) and first.kind == row.kind:
            old, new = prod(first.input_shape), prod(row.input_shape)
            if old != new:
                yield Consequence("reads", (row.name,), old, new)
            return


def _ends(one: Trace, other: Trace) -> Iterator[Consequence]:
    """Where a network stops; of two that run through, the shapes of weights and the totals."""
    if other.failure or one.failure:
        stops = (one.failure and one.failure.layer, other.failure and other.failure.layer)
        if other.failure and stops[0] != stops[1]:
            yield Consequence("stops", (other.failure.layer,), failure=other.failure)
        elif one.failure and not other.failure:
            yield Consequence("runs", (one.failure.layer,), failure=one.failure)
        return
    ours, theirs = (
        {row.name: row.weight_shape for row in trace.rows if row.weight_shape}
        for trace in (one, other)
    )
    names = dict.fromkeys([*ours, *theirs])
    reshaped = tuple(name for name in names if ours.get(name) != theirs.get(name))
    yield Consequence("weights", reshaped) if reshaped else Consequence("fit")
    for what in TOTALS:
        old, new = getattr(one, what), getattr(other, what)
        if old != new:
            yield Consequence(what, (), old, new)


def _size_at(layer: Layer, row: Row, side: Pair) -> Pair | None:
    """The size of the map that a layer makes of one of ``side``; None if it cannot be read.

    The channels are those that arrive at ``row``.
    """
    try:
        return _side(layer.output_shape((row.input_shape[0], *side)))
    except Problem:
        return None


def _side(shape: Shape) -> Pair:
    """Height and width of a map; (1, 1) of a flat row of features."""
    return (shape[1], shape[2]) if len(shape) == 3 else (1, 1)
