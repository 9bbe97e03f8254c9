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
    outer = _outer_parts(list(paths.values()))
    paths = {key: path[outer:] for key, path in paths.items()}
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


def _outer_parts(paths: Sequence[Sequence[str]]) -> int:
    """How many first parts all paths share and can lose: 1 for net.features.0, net.classifier.1.

    At least a layer and its role stay, and a name of torchvision's stays whole.
    """
    if not paths:
        return 0
    most = min(len(path) for path in paths) - 2
    shared = next(
        (n for n in range(max(most, 0)) if len({path[n] for path in paths}) > 1), max(most, 0)
    )
    named = [len(path) - 3 for path in paths if ".".join(path[-3:-1]) in TORCHVISION]
    return min([shared, *named])


def _norms_last(layers: Sequence[str], norms: frozenset[str]) -> tuple[list[str], list[str]]:
    """The layers that are not norms, and those that are."""
    return (
        [layer for layer in layers if layer not in norms],
        [layer for layer in layers if layer in norms],
    )
