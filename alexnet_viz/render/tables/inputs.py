"""The inputs a network takes, as sentences and as data."""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.analysis.inputs.input_ranges import (
    Dense,
    dense_layers,
    inputs_fitting,
    inputs_keeping,
)
from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.text import Language, t

Kept = tuple[str, int | None]
"""A dense layer and the number of values it is to read; None asks what it reads."""


def inputs_lines(network: Network, keep: Sequence[Kept], language: Language = "en") -> list[str]:
    """Sentences on the square inputs that fit.

    For a layer and a number: the inputs at which it reads that number.  For a layer without a
    number: the inputs at which the network runs, and what the spec fixes for the layer.  For
    nothing: the same for every dense layer.

    Raises:
        Problem: no such dense layer.
    """
    lines = [
        _sizes(
            "keeping", inputs_keeping(network, name, number), language, layer=name, features=number
        )
        for name, number in keep
        if number is not None
    ]
    dense = _asked(network, keep)
    if dense or not keep:
        lines.append(_sizes("fitting", inputs_fitting(network), language, network=network.id))
    for each in dense:
        if each.in_features is not None:
            key, number = "inputs.fixed", each.in_features
        elif each.arriving is not None:
            key, number = "inputs.free", each.arriving
        else:
            key, number = "inputs.unreached", 0
        size = shape_text(network.input_shape)
        lines.append(t(key, language, layer=each.name, features=number, size=size))
    return lines


def inputs_record(network: Network, keep: Sequence[Kept]) -> dict[str, Any]:
    """The inputs as data: first and last input, null if there is none.

    Raises:
        Problem: no such dense layer.
    """
    return {
        "variant": network.id,
        "largest_input": MAX_INPUT_SIZE,
        "fitting": _ends(inputs_fitting(network)),
        "keeping": [
            {
                "layer": name,
                "features": number,
                "inputs": _ends(inputs_keeping(network, name, number)),
            }
            for name, number in keep
            if number is not None
        ],
        "dense_layers": [
            {"layer": each.name, "in_features": each.in_features, "arriving": each.arriving}
            for each in _asked(network, keep)
        ],
    }


def _asked(network: Network, keep: Sequence[Kept]) -> list[Dense]:
    """The dense layers that were named without a number; all of them if none was named."""
    names = [name for name, number in keep if number is None]
    return dense_layers(network, names) if names or not keep else []


def _ends(sizes: range) -> list[int] | None:
    return [sizes.start, sizes.stop - 1] if sizes else None


def _sizes(key: str, sizes: range, language: Language, **values: object) -> str:
    if not sizes:
        form = "none"
    elif sizes.stop > MAX_INPUT_SIZE:
        form = "up"
    else:
        form = "one" if len(sizes) == 1 else "some"
    return t(
        f"inputs.{key}_{form}",
        language,
        first=sizes.start,
        last=sizes.stop - 1,
        count=len(sizes),
        largest=MAX_INPUT_SIZE,
        **values,
    )
