"""Assign the layers of a file to the layers of a network by name, else by order.

Known names are this project's and Caffe's (``conv1 … fc8``), and torchvision's (``features.0 …
classifier.6``).  In a file with other names the i-th convolution or dense layer is assigned to the
i-th of the network, the order in which an ``nn.Sequential`` is saved.
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
"""torchvision/models/alexnet.py at f12281517f: positions in its two ``nn.Sequential``."""

OF_TORCHVISION = "torchvision_alexnet"
"""The variant with these names."""

WRAPPER = "module"
"""Part of a name that ``nn.DataParallel`` inserts."""

COUNTERS = frozenset({"num_batches_tracked"})
"""Entries of a state dict that are not weights."""

Keys = dict[str, dict[str, str]]
"""By layer, then by role (weight, bias …), the key of the file."""


class Assignment(NamedTuple):
    """The network's layer by the file's layer; layers without a counterpart are left out."""

    layers: Mapping[str, str]
    by_order: bool
    """Whether the layers were assigned by order, the names being unknown."""


def keys_by_layer(keys: Iterable[str]) -> Keys:
    """Keys of a file by layer and role, without the prefixes of wrappers.

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
    """Whether any layer has a name of torchvision's AlexNet."""
    return bool(keys_by_layer(keys).keys() & TORCHVISION.keys())


def assigned(
    theirs: Sequence[str], ours: Sequence[str], norms: frozenset[str] = frozenset()
) -> Assignment:
    """Assign layers of a file (``theirs``) to layers of a network (``ours``), both in order.

    ``norms`` are layers of either side with one number a channel; they are assigned separately.

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
    """Whether all paths share a first part that can be removed: net of net.features.0."""
    listed = list(paths)
    return (
        all(len(path) > 2 for path in listed)
        and len({path[0] for path in listed}) == 1
        and not any(".".join(path[:-1]) in TORCHVISION for path in listed)
    )


def _norms_last(layers: Sequence[str], norms: frozenset[str]) -> tuple[list[str], list[str]]:
    """The layers that are not norms, and those that are."""
    return (
        [layer for layer in layers if layer not in norms],
        [layer for layer in layers if layer in norms],
    )
