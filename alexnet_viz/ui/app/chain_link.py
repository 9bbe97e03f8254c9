"""A chain of windows as text in an address: ``conv1.conv.96.11.4.0.0.floor.1~pool1.max_pool…``.

The fields of a step are the columns of the Calculator's table, in the same order.
"""

from collections.abc import Mapping
from typing import Any

from alexnet_viz.network.geometry import ROUNDINGS
from alexnet_viz.network.layers import Conv, Window, ZeroPad
from alexnet_viz.network.spec import Network

FIELDS = (
    "name", "kind", "out_channels", "kernel_size", "stride", "before", "after", "rounding",
    "groups",
)  # fmt: skip
NUMBERS = frozenset(("out_channels", "kernel_size", "stride", "before", "after", "groups"))
KINDS = ("conv", "max_pool", "avg_pool", "zero_pad")
NOT_OF = {
    "max_pool": {"out_channels", "groups"},
    "avg_pool": {"out_channels", "groups"},
    "zero_pad": {"out_channels", "groups", "kernel_size", "stride", "rounding"},
}
"""The fields that a kind of step does not have."""
MAX_STEPS, MAX_LETTERS = 40, 40

Step = Mapping[str, Any]
Chain = tuple[Step, ...]


def of(network: Network) -> Chain:
    """The windows of a network, in order; of each window the vertical numbers."""
    return tuple(
        {
            "name": layer.name,
            "kind": layer.kind,
            "out_channels": layer.out_channels if isinstance(layer, Conv) else None,
            "kernel_size": layer.kernel_size[0] if isinstance(layer, Window) else None,
            "stride": layer.stride[0] if isinstance(layer, Window) else None,
            "before": layer.padding[0],
            "after": layer.padding[1],
            "rounding": layer.rounding if isinstance(layer, Window) else "floor",
            "groups": layer.groups if isinstance(layer, Conv) else None,
        }
        for layer in network.layers
        if isinstance(layer, Window | ZeroPad)
    )


def spec(chain: Chain, channels: int, size: int) -> dict[str, Any]:
    """The chain as a network's plain data, with a flatten at its end, without empty fields."""
    layers = []
    for step in chain:
        layer = {key: step.get(key) for key in FIELDS if key not in ("before", "after")}
        layer["padding"] = [step.get("before") or 0, step.get("after") or 0]
        alien = NOT_OF.get(str(step.get("kind")), set())
        layers.append({k: v for k, v in layer.items() if v is not None and k not in alien})
    layers.append({"name": "flatten", "kind": "flatten"})
    return {"id": "chain", "input_shape": [channels, size, size], "layers": layers}


def write(chain: Chain) -> str:
    """The text of a chain in an address."""
    return "~".join(
        ".".join("" if step.get(key) is None else str(step[key]) for key in FIELDS)
        for step in chain
    )


def linkable(chain: Chain) -> bool:
    """Whether the chain can be read back from its text in an address."""
    try:
        return parse(write(chain)) == chain
    except ValueError:
        return False


def link(chain: Chain) -> str:
    """The text of a chain in an address; empty for a chain that cannot be read back from it."""
    return write(chain) if linkable(chain) else ""


def parse(text: str) -> Chain:
    """The chain of a text in an address.

    Raises:
        ValueError: the text is not a chain.
    """
    steps = text.split("~")
    if not 1 <= len(steps) <= MAX_STEPS:
        raise ValueError(text)
    return tuple(_step(step) for step in steps)


def _step(text: str) -> Step:
    step: dict[str, Any] = dict(zip(FIELDS, text.split("."), strict=True))
    for key in NUMBERS:
        step[key] = int(step[key]) if step[key] else None
        if step[key] is not None and not 0 <= step[key] <= 100_000:
            raise ValueError(text)
    named = step["name"].isidentifier() and len(step["name"]) <= MAX_LETTERS
    if not named or step["kind"] not in KINDS or step["rounding"] not in ROUNDINGS:
        raise ValueError(text)
    return step


__all__ = ["FIELDS", "KINDS", "Chain", "link", "linkable", "of", "parse", "spec", "write"]
