"""``Choice``, one thing a user can choose, and the functions that make one for a kind of value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """Something a user can choose.

    ``parse`` returns the value of a link's text and raises ValueError for any other text; ``write``
    returns the text of a value, empty for a value that no link can carry.
    """

    default: Any
    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str
    options: tuple[Any, ...] = ()
    """What a widget offers, where that can be listed."""
    limits: tuple[int, int] | None = None
    """The least and the largest value of a number."""


def one_of(*options: Any, default: Any, write: Callable[[Any], str] = str) -> Choice:
    """The choice of one of these values."""
    values = {write(option): option for option in options}

    def parse(text: str) -> Any:
        if text not in values:
            raise ValueError(text)
        return values[text]

    return Choice(default, parse, write, options)


def switch() -> Choice:
    """A choice that is off or on; a link has 0 or 1."""
    return one_of(False, True, default=False, write=lambda value: str(int(value)))


def whole(
    low: int, high: int, *, default: int | None = None, options: tuple[int, ...] = ()
) -> Choice:
    """The choice of an integer from ``low`` to ``high``; ``options`` are the usual ones."""

    def parse(text: str) -> int:
        value = int(text) if len(text) < 10 else high + 1
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return Choice(default, parse, options=options, limits=(low, high))


def several(
    parse: Callable[[str], Any],
    low: int,
    high: int,
    *,
    default: tuple[Any, ...] = (),
    write: Callable[[tuple[Any, ...]], str] | None = None,
) -> Choice:
    """The choice of ``low`` to ``high`` different values, separated by commas."""

    def parse_all(text: str) -> tuple[Any, ...]:
        values = tuple(parse(part) for part in text.split(",") if text)
        if not low <= len(values) <= high or len(set(values)) < len(values):
            raise ValueError(text)
        return values

    return Choice(default, parse_all, write or write_list, limits=(low, high))


def write_list(values: tuple[Any, ...]) -> str:
    """Values separated by commas."""
    return ",".join(map(str, values))


def name(text: str) -> str:
    """Parse a layer's name, a short identifier; pages check that the layer exists.

    Raises:
        ValueError: it is no identifier, or too long.
    """
    if not text.isidentifier() or len(text) > 40:
        raise ValueError(text)
    return text


def no_link(text: str) -> Any:
    """Parse a choice that no link can carry: raises ValueError."""
    raise ValueError(text)
