"""Build a ``Network`` from a chain of plain layers, with its title, source and assumptions."""

import re
from collections.abc import Sequence
from dataclasses import replace

from alexnet_viz.network.layers import Conv, Linear
from alexnet_viz.network.spec import About, Axis, Network, Source
from alexnet_viz.network.trace import trace
from alexnet_viz.readers.chain import Chain
from alexnet_viz.readers.diagnostics import Finding, said
from alexnet_viz.readers.layer_roles import roles
from alexnet_viz.text import Text
from alexnet_viz.text.problem import Problems

FLAT = frozenset({"flatten", "squeeze", "linear"})
"""Kinds whose output has no spatial axes."""

LONGEST_TITLE = 100


def flattened(chain: Chain) -> Chain:
    """The chain with a Flatten before the first dense layer, unless there is one.

    Dense layers of Caffe, Darknet and cuda-convnet flatten their input themselves.
    """
    for place, (_, layer) in enumerate(chain):
        if layer["kind"] in FLAT:
            dense = layer["kind"] == "linear"
            inserted = [("flatten", {"kind": "flatten"})] if dense else []
            return [*chain[:place], *inserted, *chain[place:]]
    return chain


def network(
    name: str,
    input_shape: Sequence[int],
    chain: Chain,
    names: Sequence[str] | None,
    found: Finding,
    *,
    format: str,
    built: bool = True,
) -> Network:
    """The network of a file; without ``names`` its layers are called by their roles.

    ``input_shape`` is (channels, height, width) or (features,).  With ``built`` the ``in_features``
    of dense layers are fixed at the features that arrive at this input, unless their number
    follows from a part of the input that is assumed.

    Raises:
        Problems: ``found`` has problems, or a layer is not legal.
    """
    if not chain and not found.problems:
        found.refuse("open_no_layers")
    named = zip(names or roles(chain), chain, strict=True)
    spec = {
        "id": identifier(name),
        "input_shape": list(input_shape),
        "layers": [{"name": role, **layer} for role, (_, layer) in named],
    }
    try:
        made = Network.from_dict(spec) if chain else None
    except Problems as problem:
        found.problems += problem.found
        made = None
    found.stop()
    assert made is not None
    made = made if names else _by_role(made, chain)
    words = replace(about(name, format, found.assumptions), assumed=found.assumed)
    return replace(_fitted(made, found.assumed) if built else made, about=words)


def about(name: str, format: str, assumptions: Sequence[Text], parent: str | None = None) -> About:
    """Title, source and assumptions of a network from a file."""
    title = printable(name)
    return About(
        title=Text(title, title),
        year=None,
        source=Source(title=title, where=format),
        summary=said("open.summary", format=format),
        assumptions=tuple(assumptions),
        parent=parent,
    )


def identifier(name: str) -> str:
    """A network's id made of a file's name.

    >>> identifier("my net (2).prototxt")
    'my_net_2'
    """
    stem = name.rpartition("/")[2].partition(".")[0]
    return re.sub(r"[^A-Za-z0-9]+", "_", stem[:LONGEST_TITLE]).strip("_") or "opened"


def printable(name: str) -> str:
    """A file's name without its folder and without unprintable letters."""
    plain = "".join(letter for letter in name.rpartition("/")[2] if letter.isprintable())
    return plain.strip()[:LONGEST_TITLE] or "?"


def _by_role(made: Network, chain: Chain) -> Network:
    """The network with convolutions that read a whole map named fc."""
    dense = [
        place
        for place, row in enumerate(trace(made).rows)
        if isinstance(row.layer, Conv) and row.output_shape[1:] == (1, 1)
    ]
    named = zip(made.layers, roles(chain, dense), strict=True)
    return replace(made, layers=tuple(replace(layer, name=name) for layer, name in named))


def _fitted(made: Network, assumed: Sequence[Axis]) -> Network:
    """The network with the ``in_features`` of dense layers set to what arrives at its input.

    What would be another number at another size of an ``assumed`` axis stays open.
    """
    arriving = _arriving(made)
    if "channels" in assumed:
        arriving &= _arriving(made.with_channels(2 * made.input_shape[0]))
    if {"height", "width"} & set(assumed):
        arriving &= _arriving(made.at(2 * made.input_size))
    features = dict(arriving)
    layers = tuple(
        replace(layer, in_features=features[layer.name])
        if isinstance(layer, Linear) and layer.in_features is None and layer.name in features
        else layer
        for layer in made.layers
    )
    return replace(made, layers=layers)


def _arriving(made: Network) -> set[tuple[str, int]]:
    """The layers of a network by name, each with the number of features or maps that it reads."""
    return {(row.name, row.input_shape[0]) for row in trace(made).rows}
