"""What a network is expected to be, as a TOML file, and where a trace departs from it.

The keys at the top are ``input``, ``output``, ``params``, ``macs`` and ``order``, the names of all
layers.  A table ``[layers.conv1]`` expects of one layer ``kind``, ``input``, ``output``,
``params``, ``macs``, or any setting of its kind, such as ``stride`` or ``k``.  Only what is written
is checked.
Shapes are lists, ``[channels, height, width]`` or ``[features]``; a pair or the sides of a padding
may be one number where they are equal.  docs/ci.md shows a file.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from alexnet_viz.analysis.compare.ignored import SETTINGS
from alexnet_viz.network.layers import KINDS, shape_text
from alexnet_viz.network.trace import Failure, Row, Trace
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem, Problems, shown
from alexnet_viz.variants.lookup import nearest_word

SHAPES = ("input", "output")
COUNTS = ("params", "macs")
NETWORK_KEYS = (*SHAPES, *COUNTS, "order", "layers")
LAYER_KEYS = ("kind", *SHAPES, *COUNTS, *SETTINGS)

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Expectations:
    """What is expected of a network, and of its layers by name; values are as in the file."""

    network: Mapping[str, Any]
    layers: Mapping[str, Mapping[str, Any]]

    @property
    def count(self) -> int:
        """Number of values that are expected."""
        return len(self.network) + sum(map(len, self.layers.values()))


@dataclass(frozen=True)
class Mismatch:
    """One value that is not as expected."""

    layer: str
    """Name of the layer; empty for the whole network."""
    key: str
    """The key of the file; ``present`` for a layer that is missing, ``extra`` for one too many."""
    expected: Any = None
    actual: Any = None
    """None where the layer has no such setting."""
    failure: Failure | None = None
    """Where and why the network stopped; of ``stops``, and of a layer that was not reached."""

    def sentence(self, language: Language = "en") -> str:
        """The layer, the key, what was expected and what is."""
        if self.key == "stops" and self.failure:
            return self.failure.explained(language)
        key = self.key if self.key in ("present", "extra", "unreached") else "value"
        return t(
            f"expectations.{'without' if key == 'value' and self.actual is None else key}",
            language,
            place=self.layer or t("expectations.network", language),
            setting=self.key,
            expected=_text(self.expected),
            actual=_text(self.actual),
            stops=self.failure.layer if self.failure else "",
        )

    def record(self, language: Language = "en") -> dict[str, Any]:
        """The mismatch as data."""
        return {
            "layer": self.layer,
            "key": self.key,
            "expected": self.expected,
            "actual": self.actual,
            "sentence": self.sentence(language),
        }


def read(data: bytes) -> Expectations:
    """The expectations in the bytes of a TOML file.

    Raises:
        Problem: no TOML, or empty.
        Problems: unknown keys, values of another type, unknown kinds; with every one.
    """
    try:
        plain = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("expect_syntax", reason=shown(str(error), 200)) from None
    found = list(_problems(plain))
    if found:
        raise Problems("expect", found, between="\n")
    layers = plain.pop("layers", {})
    if not plain and not any(layers.values()):
        raise Problem("expect_nothing")
    return Expectations(plain, layers)


def _problems(plain: Mapping[str, Any]) -> Iterator[tuple[str, Problem]]:
    """Everything that is wrong with the file, each with its place."""
    for key, value in plain.items():
        if key not in NETWORK_KEYS:
            yield "", _unknown(key, NETWORK_KEYS)
        elif key == "order":
            if not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
                yield key, Problem("expect_order")
        elif key != "layers":
            yield from _wrong(key, key, value)
    layers = plain.get("layers", {})
    if not isinstance(layers, dict):
        yield "layers", Problem("expect_table")
        return
    for name, table in layers.items():
        place = f"layers.{shown(name)}"
        if not isinstance(table, dict):
            yield place, Problem("expect_table")
            continue
        for key, value in table.items():
            if key in LAYER_KEYS:
                yield from _wrong(f"{place}.{key}", key, value)
            else:
                yield place, _unknown(key, LAYER_KEYS)


def _unknown(key: str, known: tuple[str, ...]) -> Problem:
    near = nearest_word(key, known)
    if near:
        return Problem("expect_unknown_near", given=shown(key), nearest=near)
    return Problem("expect_unknown", given=shown(key), known=", ".join(known))


def _wrong(place: str, key: str, value: Any) -> Iterator[tuple[str, Problem]]:
    """What is wrong with the type of a value."""
    if key == "kind":
        if value not in KINDS:
            near = nearest_word(str(value), KINDS)
            known = near or ", ".join(KINDS)
            yield place, Problem("expect_kind", given=shown(str(value)), known=known)
    elif key in SHAPES:
        if not (isinstance(value, list) and value and all(map(_is_count, value))):
            yield place, Problem("expect_shape")
    elif key in COUNTS:
        if not _is_count(value):
            yield place, Problem("expect_count")
    elif not isinstance(value, bool | int | float | str) and not (
        isinstance(value, list) and value and all(map(_is_count, value))
    ):
        yield place, Problem("expect_setting")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def mismatches(trace: Trace, expected: Expectations) -> list[Mismatch]:
    """Every expected value that the trace does not have, the network's first.

    Where the network stops is a mismatch; so is each expected layer that it does not reach.
    """
    return [*_of_network(trace, expected), *_of_layers(trace, expected)]


def _of_network(trace: Trace, expected: Expectations) -> Iterator[Mismatch]:
    end = trace.rows[-1].output_shape if trace.rows else trace.input_shape
    actual: dict[str, Any] = {
        "input": trace.input_shape,
        "output": end,
        "params": trace.params,
        "macs": trace.macs,
    }
    names = [layer.name for layer in trace.network.layers]
    if trace.failure:
        yield Mismatch(trace.failure.layer, "stops", failure=trace.failure)
    for key, value in expected.network.items():
        if key == "order":
            for name in names:
                if name not in value:
                    yield Mismatch(name, "extra")
            for name in value:
                if name not in names and name not in expected.layers:
                    yield Mismatch(name, "present")
            if sorted(value) == sorted(names) and value != names:
                places = [place for place, name in enumerate(names) if value[place] != name]
                wanted, found = ([each[place] for place in places] for each in (value, names))
                yield Mismatch("", key, wanted, found)
        elif key in ("output", *COUNTS) and trace.failure:
            continue
        elif not _equal(value, actual[key]):
            yield Mismatch("", key, value, actual[key])


def _of_layers(trace: Trace, expected: Expectations) -> Iterator[Mismatch]:
    names = {layer.name for layer in trace.network.layers}
    for name, table in expected.layers.items():
        row = trace.by_name.get(name)
        if row is None and name not in names:
            yield Mismatch(name, "present")
        elif row is None:
            yield Mismatch(name, "unreached", failure=trace.failure)
        else:
            for key, value in table.items():
                actual = _actual(row, key)
                if not _equal(value, actual):
                    yield Mismatch(name, key, value, actual)


def _actual(row: Row, key: str) -> Any:
    """The value of a layer; a setting it does not have is None."""
    match key:
        case "kind":
            return row.kind
        case "input" | "output":
            return getattr(row, f"{key}_shape")
        case "params" | "macs":
            return getattr(row, key)
    return getattr(row.layer, key) if key in {each.name for each in fields(row.layer)} else None


def _equal(expected: Any, actual: Any) -> bool:
    """Whether two values are equal; one number stands for a pair or sides that are all equal."""
    if isinstance(actual, tuple):
        if isinstance(expected, list):
            return tuple(expected) == actual
        return bool(actual) and set(actual) == {expected}
    return (type(expected) is not bool and type(actual) is not bool and expected == actual) or (
        expected is actual
    )


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        if value and all(isinstance(each, str) for each in value):
            return " ".join(value)
        return shape_text(tuple(value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def written(trace: Trace) -> str:
    """The expectations that a trace meets: input, totals, order; of layers kind, shape and counts.

    Raises:
        CannotRun: the network fails at its input.
    """
    lines = [
        f"input = {list(trace.input_shape)}",
        f"output = {list(trace.complete_rows()[-1].output_shape)}",
        f"params = {trace.params}",
        f"macs = {trace.macs}",
        "order = [",
        *(f"  {_quoted(row.name)}," for row in trace.rows),
        "]",
    ]
    for row in trace.rows:
        lines += ["", f"[layers.{_key(row.name)}]", f'kind = "{row.kind}"']
        lines.append(f"output = {list(row.output_shape)}")
        lines += [f"{key} = {getattr(row, key)}" for key in COUNTS if getattr(row, key)]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    """A name as a TOML key: bare where it may be."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(name: str) -> str:
    """A name as a TOML string."""
    escaped = "".join(
        f"\\u{ord(letter):04X}" if letter in '"\\' or not letter.isprintable() else letter
        for letter in name
    )
    return f'"{escaped}"'
