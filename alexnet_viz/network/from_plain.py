"""Parse plain data (what JSON holds) into frozen dataclasses and collect every problem.

The schema of a spec file is the classes themselves: their fields, types and defaults.  A new kind
of layer needs no change here.  Only the bounds of numbers and strings are listed, so that no file
asks for a network that is too large to hold or too slow to trace.

No value is converted: a boolean is not accepted as an integer, nor a string as a number.  An
unknown field is refused, and the nearest known one is named.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from functools import partial
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.network.layers import KINDS, Layer, Shape
from alexnet_viz.network.layers.base import PairField, SidesField
from alexnet_viz.network.to_plain import default_of
from alexnet_viz.text import Text
from alexnet_viz.text.problem import SHOWN_LETTERS, Problem, Problems, shown

Made = TypeVar("Made")

BOUNDS: dict[str, tuple[int, int]] = {
    "in_features": (1, 1_000_000_000),
    "kernel_size": (1, 10_000),
    "stride": (1, 10_000),
    "padding": (0, 10_000),
    "dilation": (1, 10_000),
    "output_size": (1, 10_000),
    "groups": (1, 4096),  # as many as the widest layer here has units
    "size": (1, 10_000),
    "p": (0, 1),
}
"""Smallest and largest value by field name."""

COUNTS = (1, 1_000_000)
"""Bounds of every other integer: channels, features, a year."""

CONSTANTS = (0, 1_000_000)
"""Bounds of every other number that need not be an integer."""

MAX_LAYERS = 200
"""Most layers of a network; the longest variant has a sixth of it.  The search for inputs that fit
traces a network 30 times."""

LETTERS = {"id": (1, 100), "name": (1, 40)}
"""Smallest and largest length in letters, by field name."""

MAX_LETTERS = 10_000
"""Largest length of all other strings, in letters."""

LAYER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""Legal names of layers; torch refuses names with a dot."""


def read(wanted: type[Made], data: object) -> Made:
    """An instance of ``wanted`` made of plain data.

    Raises:
        Problems: with everything that is wrong.
    """
    reader = _Reader()
    value = reader.value(wanted, data, "", "")
    if reader.found:
        raise Problems("spec", reader.found)
    return value  # type: ignore[no-any-return]


class _Reader:
    """Reads values by their declared type and collects problems in ``found``.

    Every method takes the data, the place (``layers[3] 'conv2'``) and the name of the field.  Where
    something is wrong the returned value is not used: ``read`` raises.
    """

    def __init__(self) -> None:
        self.found: list[tuple[str, Problem]] = []

    def note(self, code: str, place: str, **values: object) -> None:
        self.found.append((place, Problem(f"spec_{code}", **values)))

    def value(self, wanted: Any, data: object, place: str, name: str) -> Any:
        """``data`` as a value of the type that a field declares."""
        if wanted == str | Text:
            wanted = str if isinstance(data, str) else Text
        elif get_origin(wanted) is UnionType or NoneType in get_args(wanted):
            inner = [each for each in get_args(wanted) if each is not NoneType]
            return None if data is None else self.value(inner[0], data, place, name)
        return self._reading(wanted)(data, place, name)

    def _reading(self, wanted: Any) -> Callable[[object, str, str], Any]:
        simple: dict[Any, Callable[[object, str, str], Any]] = {
            bool: self._boolean,
            int: self._integer,
            float: self._number,
            str: self._string,
            Text: self._text,
            Shape: self._shape,
            PairField: partial(self._integers, lengths=(2,)),
            SidesField: partial(self._integers, lengths=(2, 4)),
            tuple[Layer, ...]: self._layers,
        }
        if wanted in simple:
            return simple[wanted]
        origin, arguments = get_origin(wanted), get_args(wanted)
        if origin is Literal:
            return partial(self._option, options=arguments)
        if origin is tuple:
            return partial(self._list, wanted=arguments[0])
        if origin is Mapping:
            return partial(self._mapping, wanted=arguments[1])
        return partial(self._object, wanted=wanted)

    def _wrong(self, place: str, name: str, form: str, data: object, **values: object) -> None:
        self.note(f"not_{form}", place, field=name or "spec", given=_shown(data), **values)

    def _boolean(self, data: object, place: str, name: str) -> Any:
        if not isinstance(data, bool):
            self._wrong(place, name, "boolean", data)
        return data

    def _integer(self, data: object, place: str, name: str) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self._wrong(place, name, "integer", data)
        else:
            self._bounded(data, place, name, COUNTS)
        return data

    def _number(self, data: object, place: str, name: str) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self._wrong(place, name, "number", data)
        else:
            self._bounded(data, place, name, CONSTANTS)
        return data

    def _bounded(self, data: float, place: str, name: str, usual: tuple[int, int]) -> None:
        least, largest = BOUNDS.get(name, usual)
        if not (isinstance(data, int) or isfinite(data)) or not least <= data <= largest:
            given = _shown(data)
            self.note("bounds", place, field=name, given=given, least=least, largest=largest)

    def _integers(self, data: object, place: str, name: str, lengths: tuple[int, ...] = ()) -> Any:
        if not isinstance(data, list | tuple):
            return self._integer(data, place, name)
        if len(data) not in lengths:
            wanted = " / ".join(f"[{', '.join('n' * length)}]" for length in lengths)
            self._wrong(place, name, "cells", data, wanted=wanted)
        return tuple(self._integer(each, place, name) for each in data)

    def _shape(self, data: object, place: str, name: str) -> Any:
        if not isinstance(data, list | tuple) or len(data) not in (1, 3):
            self._wrong(place, name, "shape", data)
            return data
        shape = tuple(self._integer(each, place, name) for each in data)
        for side in shape[1:]:
            if isinstance(side, int) and MAX_INPUT_SIZE < side <= COUNTS[1]:
                self.note("bounds", place, field=name, given=side, least=1, largest=MAX_INPUT_SIZE)
        return shape

    def _string(self, data: object, place: str, name: str) -> Any:
        if not isinstance(data, str):
            self._wrong(place, name, "string", data)
            return data
        least, largest = LETTERS.get(name, (0, MAX_LETTERS))
        if not least <= len(data) <= largest or not data.isprintable():
            given = _shown(data)
            self.note("string", place, field=name, given=given, least=least, largest=largest)
        elif name == "name" and not LAYER_NAME.fullmatch(data):
            self.note("layer_name", place, given=_shown(data))
        return data

    def _text(self, data: object, place: str, name: str) -> Any:
        """A ``Text`` from an object with en and zh, or from one string for both languages."""
        if isinstance(data, Mapping) and set(data) == set(Text._fields):
            return Text(**{key: self._string(each, place, name) for key, each in data.items()})
        if isinstance(data, str):
            return Text(self._string(data, place, name), data)
        self._wrong(place, name, "text", data)
        return data

    def _option(self, data: object, place: str, name: str, options: tuple[str, ...] = ()) -> Any:
        if not isinstance(data, str):
            self._wrong(place, name, "string", data)
        elif data not in options:
            self._unknown("option", place, data, options, field=name)
        return data

    def _list(self, data: object, place: str, name: str, wanted: Any = None) -> Any:
        if not isinstance(data, list | tuple):
            self._wrong(place, name, "list", data)
            return data
        return tuple(self.value(wanted, each, place, name) for each in data)

    def _mapping(self, data: object, place: str, name: str, wanted: Any = None) -> Any:
        if not isinstance(data, Mapping):
            self._wrong(place, name, "object", data)
            return data
        return {key: self.value(wanted, each, place, name) for key, each in data.items()}

    def _layers(self, data: object, place: str, name: str) -> Any:
        if not isinstance(data, list | tuple):
            self._wrong(place, name, "list", data)
            return data
        if not 1 <= len(data) <= MAX_LAYERS:
            self.note("layers", place, count=len(data), largest=MAX_LAYERS)
            return data
        names = [each.get("name") for each in data if isinstance(each, Mapping)]
        for repeated, count in Counter(n for n in names if isinstance(n, str)).items():
            if count > 1:
                self.note("repeated", place, name=_shown(repeated), count=count)
        return tuple(self._layer(each, index) for index, each in enumerate(data))

    def _layer(self, data: object, index: int) -> Any:
        place = f"layers[{index}]"
        if not isinstance(data, Mapping):
            self._wrong(place, "layer", "object", data)
            return data
        if isinstance(data.get("name"), str):
            place += f" {_shown(data['name'])}"
        kind = data.get("kind")
        if "kind" not in data:
            self.note("missing", place, field="kind")
        elif not isinstance(kind, str):
            self._wrong(place, "kind", "string", kind)
        elif kind not in KINDS:
            self._unknown("kind", place, kind, tuple(KINDS))
        else:
            rest = {key: each for key, each in data.items() if key != "kind"}
            return self._object(rest, place, "layer", wanted=KINDS[kind])
        return data

    def _object(self, data: object, place: str, name: str, wanted: Any = None) -> Any:
        if not isinstance(data, Mapping):
            self._wrong(place, name, "object", data)
            return data
        known = {field.name: field for field in fields(wanted)}
        for key in data:
            if key not in known:
                self._unknown("field", place, key, tuple(known))
        values = {}
        for key, field in known.items():
            if key in data:
                values[key] = self.value(field.type, data[key], place, key)
            elif default_of(field) is MISSING:
                self.note("missing", place, field=key)
        return None if self.found else wanted(**values)

    def _unknown(
        self, what: str, place: str, given: object, known: tuple[str, ...], **values: object
    ) -> None:
        near = get_close_matches(str(given), known, n=1)
        nearest = {"nearest": near[0]} if near else {"known": ", ".join(known)}
        code = f"{what}_near" if near else what
        self.note(code, place, given=_shown(given), **nearest, **values)


def _shown(data: object) -> str:
    """A value as JSON shows it; objects and lists abbreviated, long strings cut."""
    if isinstance(data, Mapping | list | tuple):
        text = "{…}" if isinstance(data, Mapping) else f"[{len(data)}]"
    elif isinstance(data, bool) or data is None:
        text = {True: "true", False: "false", None: "null"}[data]
    elif isinstance(data, int) and abs(data) >= 10**SHOWN_LETTERS:
        text = f"10^{SHOWN_LETTERS}…"  # Python refuses to print thousands of digits
    else:
        text = repr(data)
    return shown(text)
