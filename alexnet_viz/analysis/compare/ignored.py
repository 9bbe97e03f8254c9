"""What a comparison leaves out: settings, kinds of layers, layers, the order, or their names.

A word is one of ``WORDS``, or the name of a layer of one of the networks.  ``names`` means that two
layers of one kind at the same place are the same layer whatever they are called; ``input`` is the
size and the channels of the input.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from difflib import SequenceMatcher

from alexnet_viz.analysis.compare.alignment import Match
from alexnet_viz.analysis.compare.canonical import FOLLOWING, same_function
from alexnet_viz.analysis.compare.consequences import Consequence
from alexnet_viz.analysis.compare.differences import Difference
from alexnet_viz.network.layers import KINDS
from alexnet_viz.network.spec import Network
from alexnet_viz.text.problem import Problem, shown

NAMES = "names"

SETTINGS = tuple(
    dict.fromkeys(
        each.name for kind in KINDS.values() for each in fields(kind) if each.name != "name"
    )
)
"""Names of the fields of all kinds of layers."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "out_channels": ("out",),
    "out_features": ("out",),
    "alpha": ("effective_alpha", "divide_alpha"),
    "divide_alpha": ("effective_alpha", "alpha"),
    "groups": ("groups", "towers"),
}
"""Fields that differences call otherwise."""

WORDS = (NAMES, "order", "input", *KINDS, *SETTINGS)

Ignored = frozenset[str]


def ignored_words(given: Iterable[str], networks: Iterable[Network]) -> Ignored:
    """The words, after a check that each is known.

    Raises:
        Problem: a word that is neither one of ``WORDS`` nor a layer of the networks.
    """
    layers = {layer.name for network in networks for layer in network.layers}
    found: set[str] = set()
    for word in given:
        if word not in WORDS and word not in layers:
            raise Problem("unknown_ignored", given=shown(word), known=", ".join(WORDS))
        found |= {word, *SYNONYMS.get(word, ())}
    return frozenset(found)


def kept_differences(
    found: Iterable[Difference], one: Network, other: Network, ignored: Ignored
) -> tuple[Difference, ...]:
    """The differences that are not left out; one of several layers loses those that are."""
    kinds = {layer.name: layer.kind for layer in (*one.layers, *other.layers)}
    gone = ignored | {name for name, kind in kinds.items() if kind in ignored}
    return tuple(left for each in found if (left := _left(each, ignored, gone)))


def _left(it: Difference, ignored: Ignored, gone: Ignored) -> Difference | None:
    """What is left of a difference; ``gone`` has the names of the layers that are left out."""
    match it.what:
        case "input":
            return None if "input" in ignored else it
        case "order":  # of two kinds; where either is left out, so is their order
            return None if {"order", *it.new, *it.old} & ignored else it
        case "moved":
            return None if set(it.layers) & gone else it
        case "kind" if not {it.old, it.kind} <= ignored:
            gone = gone & ignored  # left out by name only
    stay = [index for index, name in enumerate(it.layers) if name not in gone]
    if it.field in ignored or not stay:
        return None
    if len(stay) == len(it.layers):
        return it
    old, new = it.old, it.new
    if isinstance(old, tuple) and it.field == "out":  # one value a layer
        old, new = (tuple(values[index] for index in stay) for values in (old, new))
    layers = tuple(it.layers[index] for index in stay)
    return replace(it, layers=layers, old=old, new=new, whole=False)


def kept_consequences(found: Iterable[Consequence], ignored: Ignored) -> tuple[Consequence, ...]:
    """The consequences of which at least one reason is not left out, or that have none."""
    kept = []
    for each in found:
        reasons = tuple(reason for reason in each.reasons if reason.field not in ignored)
        if set(each.layers) & ignored or (each.reasons and not reasons):
            continue
        kept.append(replace(each, reasons=reasons))
    return tuple(kept)


def kept_matches(matches: Iterable[Match], ignored: Ignored) -> list[Match]:
    """The layers that differ in something that is not left out, of which ``in_features`` is none.

    Where all compute the same function, its notation and the quotient are no difference either.
    """
    kept = []
    for match in matches:
        kinds = {row.kind for row in match.rows if row}
        differing = match.differing - ignored - {"in_features"}
        first, *others = (row.layer if row else None for row in match.rows)
        if all(same_function(first, each) for each in others):
            differing &= FOLLOWING - {"quotient"}
        if differing and match.name not in ignored and not kinds <= ignored:
            kept.append(replace(match, differing=differing))
    return kept


def same_names(one: Network, other: Network) -> Network:
    """The second network, whose layers have the first's names where kind and place are the same.

    Layers that have a name in common keep it; between two of these, layers are paired by their
    kinds in order.

    >>> from alexnet_viz.network.layers import ReLU
    >>> pair = [Network(id=name, input_shape=(1, 2, 2), layers=(ReLU(name=name),)) for name in "ab"]
    >>> same_names(*pair).layers[0].name
    'a'
    """
    shared = {layer.name for layer in one.layers} & {layer.name for layer in other.layers}
    ours, theirs = _between(one, shared), _between(other, shared)
    names: dict[str, str] = {}
    for place, mine in ours.items():
        its = theirs.get(place, [])
        kinds = [one[name].kind for name in mine], [other[name].kind for name in its]
        for block in SequenceMatcher(None, *kinds, autojunk=False).get_matching_blocks():
            pairs = zip(mine[block.a :], its[block.b :], strict=False)
            names.update(
                (new, old) for (old, new), _ in zip(pairs, range(block.size), strict=False)
            )
    layers = tuple(replace(layer, name=names.get(layer.name, layer.name)) for layer in other.layers)
    return replace(other, layers=layers)


def _between(network: Network, shared: set[str]) -> dict[str, Sequence[str]]:
    """Names of the other layers by the layer of ``shared`` before them, "" at the start."""
    found: dict[str, list[str]] = {}
    after = ""
    for layer in network.layers:
        if layer.name in shared:
            after = layer.name
        else:
            found.setdefault(after, []).append(layer.name)
    return dict(found)
