"""Frozen dataclasses as plain data: the lists, objects, numbers and strings of JSON.

Fields at their default are left out, and a pair of equal numbers is written as one number:
``{"name": "conv1", "kind": "conv", "kernel_size": 11, …}``.  ``alexnet_viz.network.from_plain``
is the inverse.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from alexnet_viz.network.layers import Layer
from alexnet_viz.network.layers.base import PairField, SidesField
from alexnet_viz.text import Text


def to_plain(value: object) -> Any:
    """A dataclass, a mapping, a sequence or a simple value as plain data.

    >>> from alexnet_viz.network.layers import MaxPool
    >>> to_plain(MaxPool(name="pool1", kernel_size=3, stride=2))
    {'name': 'pool1', 'kind': 'max_pool', 'kernel_size': 3, 'stride': 2}
    """
    if isinstance(value, Text):
        return value._asdict()
    if is_dataclass(value):
        kind = {"kind": value.kind} if isinstance(value, Layer) else {}
        known = {field.name: getattr(value, field.name) for field in fields(value)}
        plain = {
            field.name: _short(field, to_plain(known[field.name]))
            for field in fields(value)
            if known[field.name] != default_of(field)
        }
        return {"name": plain.pop("name"), **kind, **plain} if kind else plain
    if isinstance(value, Mapping):
        return {key: to_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    return value


def default_of(field: "Field[Any]") -> object:
    """The default of a dataclass field; ``MISSING`` if it has none."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def _short(field: "Field[Any]", plain: Any) -> Any:
    """One number for a pair or four sides of equal numbers: 11 instead of [11, 11]."""
    if field.type in (PairField, SidesField) and len(set(plain)) == 1:
        return plain[0]
    return plain
