"""What one network does otherwise than another, in their own declared fields.

Layers are joined by name, which is a role (``alexnet_viz.analysis.compare.alignment``).  Only what
is declared counts, not what follows from it: a wider conv1 is one difference, the larger conv2
behind it none.  The same function written otherwise is no difference either
(``alexnet_viz.analysis.compare.canonical``).  Two layers that changed places are one, unless the
two commute: max(x, 0) of a maximum is the maximum of max(x, 0). That is said, and marked as the
same.

Layers of one kind that change alike are one difference; the most telling come first (``WEIGHT``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from alexnet_viz.analysis.compare.canonical import changed
from alexnet_viz.network.layers import Conv, Linear
from alexnet_viz.network.spec import Network

What = Literal["order", "without", "added", "kind", "moved", "input", "setting"]


@dataclass(frozen=True)
class Difference:
    """One thing that the second network does otherwise than the first."""

    what: What
    layers: tuple[str, ...]
    """The layers it is about; of an order, those of the second network's first kind."""
    kind: str
    """Their kind, in the second network where both have them; of the input ``input``."""
    field: str = ""
    """Of a setting its name; of an input ``channels`` or ``size``."""
    old: Any = None
    """What the first network has: a value, or one a layer where those differ."""
    new: Any = None
    whole: bool = False
    """Whether these are all layers of their kind that both networks have."""
    same: bool = False
    """Whether it changes nothing that the network computes."""


WEIGHT = (
    "order", "conv", "linear", "lrn", "batch_norm", "out", "groups", "kernel_size", "stride",
    "k", "size", "effective_alpha", "beta", "towers", "region", "eps", "max_pool", "avg_pool",
    "adaptive_avg_pool", "output_size", "zero_pad", "input", "padding", "dilation", "rounding",
    "relu", "tanh", "sigmoid", "dropout", "p", "scale", "bias", "softmax", "log", "flatten",
    "squeeze", "same",
)  # fmt: skip
"""From the most telling to the least: fields, or the kind where a layer comes, goes or changes."""

ANY_KIND = frozenset(
    ("kernel_size", "stride", "padding", "dilation", "rounding", "groups", "bias", "output_size")
)
"""Fields that are told of all layers together, whatever their kind."""

COMMUTING = frozenset(
    frozenset(pair)
    for monotone in ("relu", "tanh", "sigmoid")
    for pair in ((monotone, "max_pool"), (monotone, "flatten"), ("dropout", "flatten"))
) | {frozenset(("relu", "dropout"))}
"""Pairs of kinds whose order does not matter; dropout does nothing once the network is trained."""


def differences(one: Network, other: Network) -> tuple[Difference, ...]:
    """What ``other`` does otherwise than ``one``, the most telling first.

    >>> from alexnet_viz.variants import VARIANTS
    >>> pair = VARIANTS["cuda_convnet2_1gpu"], VARIANTS["owt_paper_2014"]
    >>> [(d.layers, d.field, d.old, d.new) for d in differences(*pair)]
    [(('conv4',), 'out', 256, 384)]
    """
    found = [*_order(one, other), *_coming_and_going(one, other), *_settings(one, other)]
    found += _input(one, other)
    return tuple(sorted(found, key=_rank))  # sorted() keeps the network's order among equals


def _order(one: Network, other: Network) -> Iterator[Difference]:
    """Layers of both networks that stand the other way round, by the kinds of the two."""
    place = {layer.name: index for index, layer in enumerate(other.layers)}
    shared = [layer.name for layer in one.layers if layer.name in place]
    turned: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for before, after in combinations(shared, 2):
        if place[before] > place[after]:
            turned.setdefault((other[after].kind, other[before].kind), []).append((after, before))
    for kinds, pairs in turned.items():
        alike = all(one[name].kind == other[name].kind for pair in pairs for name in pair)
        yield Difference(
            what="order",
            layers=tuple(dict.fromkeys(name for name, _ in pairs)),
            kind=kinds[0],
            old=(kinds[1], kinds[0]),
            new=kinds,
            same=alike and frozenset(kinds) in COMMUTING,
        )


def _coming_and_going(one: Network, other: Network) -> Iterator[Difference]:
    gone = _by_kind(one, {layer.name for layer in other.layers})
    come = _by_kind(other, {layer.name for layer in one.layers})
    for kind, names in gone.items():
        if len(names) == len(come.get(kind, ())) == 1:
            places = _reader(one, names[0]), _reader(other, come[kind][0])
            moved = (*names, *come.pop(kind))
            yield Difference("moved", moved, kind, old=places[0], new=places[1])
        else:
            whole = all(layer.kind != kind for layer in other.layers)
            yield Difference("without", tuple(names), kind, whole=whole)
    for kind, names in come.items():
        whole = all(layer.kind != kind for layer in one.layers)
        yield Difference("added", tuple(names), kind, whole=whole)


def _by_kind(network: Network, known: set[str]) -> dict[str, list[str]]:
    """The layers that the other network does not have, by kind."""
    found: dict[str, list[str]] = {}
    for layer in network.layers:
        if layer.name not in known:
            found.setdefault(layer.kind, []).append(layer.name)
    return found


def _reader(network: Network, name: str) -> str:
    """The next learned layer behind this one; empty behind the last."""
    names = [layer.name for layer in network.layers]
    behind = network.layers[names.index(name) + 1 :]
    return next((layer.name for layer in behind if isinstance(layer, Conv | Linear)), "")


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
    """Layers that change alike; ``together`` lists their values where they do not."""
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
    # a normalisation that became another is told where the first one would be
    word = min(word, str(difference.old), key=_place) if difference.what == "kind" else word
    stage = re.sub(r"\D", "", "".join(difference.layers[:1]))
    return WEIGHT.index(word), stage


def _place(word: str) -> int:
    return WEIGHT.index(word)
