"""Which layer of a network a tensor of a file belongs to.

Names that are known are followed: this project's and Caffe's (``conv1 … fc8``, the same), and
torchvision's (``features.0 … classifier.6``).  Of a file with other names the layers are taken in
order, the i-th convolution or dense layer of the file for the i-th of the network, which is how
every ``nn.Sequential`` is saved; shapes that then differ are refused like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

TORCHVISION = {
    "features.0": "conv1",
    "features.3": "conv2",
    "features.6": "conv3",
    "features.8": "conv4",
    "features.10": "conv5",
    "classifier.1": "fc6",
    "classifier.4": "fc7",
    "classifier.6": "fc8",
}
"""torchvision/models/alexnet.py at f12281517f: places in its two ``nn.Sequential``."""

OF_TORCHVISION = "torchvision_alexnet"
"""The variant whose names these are."""

WRAPPER = "module"
"""What ``nn.DataParallel`` puts before, and inside, the names of what it wraps."""

COUNTERS = frozenset({"num_batches_tracked"})
"""Entries of a state dict that are no weights."""

Keys = dict[str, dict[str, str]]
"""By layer, then by role (weight, bias …), the key of the file."""


class Assignment(NamedTuple):
    """Which layer of the network each layer of a file is; one without a place is left out."""

    layers: Mapping[str, str]
    by_order: bool
    """Whether the names were unknown."""


def keys_by_layer(keys: Iterable[str]) -> Keys:
    """Keys of a file by layer and role, without what wraps them.

    >>> keys_by_layer(["net.features.module.0.weight", "net.features.module.0.bias"])
    {'features.0': {'weight': 'net.features.module.0.weight', 'bias': 'net.features.module.0.bias'}}
    """
    paths = {key: [part for part in key.split(".") if part != WRAPPER] for key in keys}
    while _all_inside_one(paths.values()):
        paths = {key: path[1:] for key, path in paths.items()}
    grouped: Keys = {}
    for key, path in paths.items():
        if path and path[-1] not in COUNTERS:
            grouped.setdefault(".".join(path[:-1]), {}).setdefault(path[-1], key)
    return grouped


def of_torchvision(keys: Iterable[str]) -> bool:
    """Whether keys are named as torchvision names them."""
    return bool(keys_by_layer(keys).keys() & TORCHVISION.keys())


def assigned(
    theirs: Sequence[str], ours: Sequence[str], norms: frozenset[str] = frozenset()
) -> Assignment:
    """The layers of a file, in order, as layers of a network, in order.

    ``norms`` are those, on either side, that hold one number a channel; they are counted apart.

    >>> assigned(["0", "3"], ["conv1", "conv2"])
    Assignment(layers={'0': 'conv1', '3': 'conv2'}, by_order=True)
    """
    known = [
        {layer: table[layer] for layer in theirs if table.get(layer) in ours}
        for table in ({layer: layer for layer in ours}, TORCHVISION)
    ]
    by_name = max(known, key=len)
    if len(by_name) < len(theirs):
        sides = [_norms_last(layers, norms) for layers in (theirs, ours)]
        if [len(part) for part in sides[0]] == [len(part) for part in sides[1]]:
            pairs = (zip(*parts, strict=True) for parts in zip(*sides, strict=True))
            return Assignment(dict(chain.from_iterable(pairs)), True)
    return Assignment(by_name, False)


def _all_inside_one(paths: Iterable[Sequence[str]]) -> bool:
    """Whether all paths begin alike and go on, in a name that is no layer's: net.features.0."""
    listed = list(paths)
    return (
        all(len(path) > 2 for path in listed)
        and len({path[0] for path in listed}) == 1
        and not any(".".join(path[:-1]) in TORCHVISION for path in listed)
    )


def _norms_last(layers: Sequence[str], norms: frozenset[str]) -> tuple[list[str], list[str]]:
    return (
        [layer for layer in layers if layer not in norms],
        [layer for layer in layers if layer in norms],
    )
