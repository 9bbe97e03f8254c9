"""The differences of two networks, in the settings of their layers.

Layers are joined by name, which is a role (``alexnet_viz.analysis.compare.alignment``), and
compared in canonical form (``alexnet_viz.analysis.compare.canonical``): the same function written
in another way is no difference.  Only settings count, not what follows from them: a wider conv1 is
one difference, the larger conv2 after it none.  A changed order of two layers is one difference.
Where the two commute, as max(x, 0) and a maximum do, it is reported too, and marked as ``same``.

Layers of one kind with the same change are one difference; the most important come first
(``WEIGHT``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from alexnet_viz.analysis.compare.canonical import changed
from alexnet_viz.network.spec import Network

What = Literal["order", "without", "added", "kind", "moved", "input", "setting"]


@dataclass(frozen=True)
class Difference:
    """One difference of the second network from the first."""

    what: What
    layers: tuple[str, ...]
    """Names of the layers concerned; of an order, those of the kind that comes first in the second
    network."""
    kind: str
    """Kind of the layers, in the second network where both have them; ``input`` for the input."""
    field: str = ""
    """Name of the setting; ``channels`` or ``size`` for the input."""
    old: Any = None
    """The first network's value, or a tuple of values, one per layer, where those differ."""
    new: Any = None
    whole: bool = False
    """Whether ``layers`` are all layers of their kind that both networks have."""
    same: bool = False
    """Whether both networks compute the same in spite of it."""


WEIGHT = (
    "order", "conv", "linear", "lrn", "batch_norm", "out", "groups", "kernel_size", "stride",
    "k", "size", "effective_alpha", "beta", "towers", "region", "eps", "max_pool", "avg_pool",
    "adaptive_avg_pool", "output_size", "zero_pad", "input", "padding", "dilation", "rounding",
    "relu", "tanh", "sigmoid", "dropout", "p", "scale", "bias", "softmax", "log", "flatten",
    "squeeze", "same",
)  # fmt: skip
"""From the most to the least important: settings, or kinds of layers that are added, removed or
replaced."""

ANY_KIND = frozenset(
    ("kernel_size", "stride", "padding", "dilation", "rounding", "groups", "bias", "output_size")
)
"""Settings that are grouped over layers of all kinds."""

COMMUTING = frozenset(
    frozenset(pair)
    for monotone in ("relu", "tanh", "sigmoid")
    for pair in ((monotone, "max_pool"), (monotone, "flatten"), ("dropout", "flatten"))
) | {frozenset(("relu", "dropout"))}
"""Pairs of kinds whose order does not matter; dropout does nothing once the network is trained."""


def differences(one: Network, other: Network) -> tuple[Difference, ...]:
    """The differences of ``other`` from ``one``, the most important first.

    >>> from alexnet_viz.variants import VARIANTS
    >>> pair = VARIANTS["cuda_convnet2_1gpu"], VARIANTS["owt_paper_2014"]
    >>> [(d.layers, d.field, d.old, d.new) for d in differences(*pair)]
    [(('conv4',), 'out', 256, 384)]
    """
    found = [*_order(one, other), *_added_and_removed(one, other), *_settings(one, other)]
    found += _input(one, other)
    return tuple(
        sorted(found, key=_rank)
    )  # a stable sort: the network's order decides among equals


def named(one: Network, other: Network) -> frozenset[str]:
    """Names of the layers that the differences are about; of a changed order both layers.

    >>> from alexnet_viz.variants import VARIANTS
    >>> sorted(named(VARIANTS["cuda_convnet2_1gpu"], VARIANTS["owt_paper_2014"]))
    ['conv4']
    """
    found = {name for each in differences(one, other) for name in each.layers}
    return frozenset(
        found.union(*(pair for pairs in _turned(one, other).values() for pair in pairs))
    )


def _turned(one: Network, other: Network) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Pairs of layers in reverse order, by the kinds of the two."""
    place = {layer.name: index for index, layer in enumerate(other.layers)}
    shared = [layer.name for layer in one.layers if layer.name in place]
    turned: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for before, after in combinations(shared, 2):
        if place[before] > place[after]:
            turned.setdefault((other[after].kind, other[before].kind), []).append((after, before))
    return turned


def _order(one: Network, other: Network) -> Iterator[Difference]:
    """The changes of order, grouped by the kinds of the two layers."""
    for kinds, pairs in _turned(one, other).items():
        alike = all(one[name].kind == other[name].kind for pair in pairs for name in pair)
        yield Difference(
            what="order",
            layers=tuple(dict.fromkeys(name for name, _ in pairs)),
            kind=kinds[0],
            old=(kinds[1], kinds[0]),
            new=kinds,
            same=alike and frozenset(kinds) in COMMUTING,
        )


def _added_and_removed(one: Network, other: Network) -> Iterator[Difference]:
    removed = _by_kind(one, {layer.name for layer in other.layers})
    added = _by_kind(other, {layer.name for layer in one.layers})
    for kind, names in removed.items():
        if len(names) == len(added.get(kind, ())) == 1:
            places = _reader(one, names[0]), _reader(other, added[kind][0])
            moved = (*names, *added.pop(kind))
            yield Difference("moved", moved, kind, old=places[0], new=places[1])
        else:
            whole = all(layer.kind != kind for layer in other.layers)
            yield Difference("without", tuple(names), kind, whole=whole)
    for kind, names in added.items():
        whole = all(layer.kind != kind for layer in one.layers)
        yield Difference("added", tuple(names), kind, whole=whole)


def _by_kind(network: Network, known: set[str]) -> dict[str, list[str]]:
    """Names of the layers that are not in ``known``, by kind."""
    found: dict[str, list[str]] = {}
    for layer in network.layers:
        if layer.name not in known:
            found.setdefault(layer.kind, []).append(layer.name)
    return found


def _reader(network: Network, name: str) -> str:
    """Name of the next learned layer after this one; empty after the last."""
    names = [layer.name for layer in network.layers]
    behind = network.layers[names.index(name) + 1 :]
    return next((layer.name for layer in behind if layer.weighted), "")


def _settings(one: Network, other: Network) -> Iterator[Difference]:
    ours = {layer.name: layer for layer in one.layers}
    pairs = [(ours[layer.name], layer) for layer in other.layers if layer.name in ours]
    found: dict[tuple[str, str], list[tuple[str, Any, Any]]] = {}
    kinds: dict[tuple[str, str], list[str]] = {}
    for before, now in pairs:
        for field, old, new in changed(before, now):
            if field == "kind":
                kinds.setdefault((old, new), []).append(now.name)
                continue
            kind = "" if field in ANY_KIND else now.kind
            found.setdefault((kind, field), []).append((now.name, old, new))
    for (was, became), names in kinds.items():
        yield Difference("kind", tuple(names), became, old=was, new=became)
    shared = [now.kind for before, now in pairs if before.kind == now.kind]
    for (kind, field), alike in found.items():
        for layers, old, new in _grouped(alike, together=field == "out"):
            whole = len(layers) == shared.count(kind)
            told = kind or other[layers[0]].kind
            yield Difference("setting", layers, told, field, old, new, whole=whole)


def _grouped(
    changed: Iterable[tuple[str, Any, Any]], *, together: bool
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """The changes grouped by value: names, old, new.

    With ``together`` layers of different values are one group, with a tuple of values.
    """
    groups: dict[tuple[Any, Any], list[str]] = {}
    listed = list(changed)
    for name, old, new in listed:
        groups.setdefault((old, new), []).append(name)
    if together and len(groups) > 1:
        names, olds, news = zip(*listed, strict=True)
        yield names, olds, news
        return
    for (old, new), group in groups.items():
        yield tuple(group), old, new


def _input(one: Network, other: Network) -> Iterator[Difference]:
    (channels, *size), (other_channels, *other_size) = one.input_shape, other.input_shape
    if channels != other_channels:
        yield Difference("input", (), "input", "channels", channels, other_channels)
    if size != other_size:
        yield Difference("input", (), "input", "size", tuple(size), tuple(other_size))


def _rank(difference: Difference) -> tuple[int, str]:
    if difference.same:
        return WEIGHT.index("same"), ""
    word = {"setting": difference.field, "order": "order"}.get(difference.what, difference.kind)
    # a replaced layer is ranked by the more important of its two kinds
    word = min(word, str(difference.old), key=_place) if difference.what == "kind" else word
    stage = re.sub(r"\D", "", "".join(difference.layers[:1]))
    return _place(word), stage


def _place(word: str) -> int:
    return WEIGHT.index(word) if word in WEIGHT else len(WEIGHT)
