"""One thing a user can choose, and the parsers that read it from a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """Something a user can choose.

    ``parse`` turns a link's text into a value and raises ValueError on anything else; ``write``
    spells a value, and gives nothing for one that no link can carry.
    """

    default: Any
    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str


def one_of(*options: str) -> Callable[[str], str]:
    """A parser that accepts these words."""

    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser for an integer from ``low`` to ``high``."""

    def parse(text: str) -> int:
        value = int(text) if len(text) < 10 else high + 1
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def several(parse: Callable[[str], Any], low: int, high: int) -> Callable[[str], tuple[Any, ...]]:
    """A parser for ``low`` to ``high`` values separated by commas."""

    def parse_all(text: str) -> tuple[Any, ...]:
        values = tuple(parse(part) for part in text.split(",") if text)
        if not low <= len(values) <= high or len(set(values)) < len(values):
            raise ValueError(text)
        return values

    return parse_all


def name(text: str) -> str:
    """A parser for a layer's name: a short identifier; pages check that the layer exists."""
    if not text.isidentifier() or len(text) > 40:
        raise ValueError(text)
    return text


def class_or_top(text: str) -> str | int:
    """The parser of a class: the network's answer, or a number."""
    return text if text == "top" else whole(0, 100_000)(text)


def layer_list(text: str) -> tuple[str, ...]:
    """A parser for any number of layers; a dash is none."""
    return () if text == "-" else several(name, 1, 40)(text)


def write_layers(values: tuple[str, ...]) -> str:
    """Any number of layers as a link spells them."""
    return write_list(values) or "-"


def flag(text: str) -> bool:
    """A parser for yes or no: 1 or 0."""
    return one_of("0", "1")(text) == "1"


def write_flag(value: bool) -> str:
    """Yes or no as a link spells it."""
    return str(int(value))


def no_link(text: str) -> Any:
    """The parser of a choice that no link can carry."""
    raise ValueError(text)


def write_list(values: tuple[Any, ...]) -> str:
    """Values separated by commas."""
    return ",".join(map(str, values))
