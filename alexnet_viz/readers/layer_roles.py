"""Names for the layers of a file: their roles, or names made from the file's own.

Roles are numbered as in the variants (``alexnet_viz.variants``): the n-th learned layer is convn or
fcn, and the layers after it, up to the next learned one, are relun, normn, pooln and dropn.  Two
networks from different programs can so be compared layer by layer.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from alexnet_viz.readers.chain import Chain, Spec

LONGEST = 40
"""Most letters of a name (``alexnet_viz.network.from_plain``)."""

STEMS = {
    "conv": "conv",
    "linear": "fc",
    "max_pool": "pool",
    "avg_pool": "pool",
    "lrn": "norm",
    "batch_norm": "norm",
    "relu": "relu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "dropout": "drop",
    "zero_pad": "pad",
}
"""The part of a role before the number, by kind."""

ALONE = {
    "adaptive_avg_pool": "avgpool",
    "flatten": "flatten",
    "squeeze": "squeeze",
    "softmax": "prob",
}
"""Roles without a number."""


def roles(chain: Chain, dense: Collection[int] = ()) -> list[str]:
    """The role of every layer; a second one with the same role gets the letter b, and so on.

    ``dense`` holds the indices of convolutions that read a whole map: their role is fc.

    >>> roles([("", {"kind": kind}) for kind in ("conv", "relu", "lrn", "lrn", "linear")])
    ['conv1', 'relu1', 'norm1', 'norm1b', 'fc2']
    """
    return list(_different(_positions(chain, dense), "bcdefghijklmnopqrstuvwxyz"))


def own_names(chain: Chain) -> list[str]:
    """Names from the file's own: the role that a name begins with, or else the name ``cleaned``.

    >>> own_names([("conv1", {"kind": "conv"}), ("fc8_birds", {"kind": "linear"})])
    ['conv1', 'fc8']
    >>> own_names([("conv1_1", {"kind": "conv"}), ("conv1_2", {"kind": "conv"})])
    ['conv1_1', 'conv1_2']
    """
    found = [_role_in(name, spec) for name, spec in chain]
    count = Counter(found)
    kept = [
        role if role and count[role] == 1 else cleaned(name)
        for role, (name, _) in zip(found, chain, strict=True)
    ]
    return list(_different(kept, ()))


def cleaned(name: str) -> str:
    """A name as an identifier of at most ``LONGEST`` letters."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name[:200]).strip("_") or "layer"
    return (plain if plain[0].isalpha() else f"n{plain}")[:LONGEST]


def _positions(chain: Chain, dense: Collection[int]) -> Iterator[str]:
    learned = 0
    for place, (_, layer) in enumerate(chain):
        kind = "linear" if place in dense else layer["kind"]
        learned += kind in ("conv", "linear")
        stage = learned + (kind == "zero_pad")  # it belongs to the layer after it
        yield ALONE.get(kind) or f"{STEMS[kind]}{stage}"


def _role_in(name: str, layer: Spec) -> str:
    """The role that a name begins with (fc8 of fc8_flickr); empty if it is not of this kind."""
    kind = layer["kind"]
    if kind in ALONE:
        return ALONE[kind]
    found = re.match(rf"({STEMS[kind]}\d{{1,3}}[a-z]?)(?![A-Za-z0-9])", name)
    return found[1] if found else ""


def _different(names: Iterable[str], suffixes: Sequence[str]) -> Iterator[str]:
    """Names made unique by a suffix: one of ``suffixes``, then a number."""
    taken: set[str] = set()
    tried: dict[str, int] = {}
    for name in names:
        unique = name
        while unique in taken:
            number = tried[name] = tried.get(name, 0) + 1
            ending = suffixes[number - 1] if number <= len(suffixes) else f"_{number + 1}"
            unique = name[: LONGEST - len(ending)] + ending
        taken.add(unique)
        yield unique
