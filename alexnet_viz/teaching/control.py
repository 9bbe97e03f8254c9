"""What a student can change or draw, one class a kind: its values, and their text in a link.

A control's ``name`` is unique in its lab.  ``parse`` returns the value of a link's text and raises
ValueError for any other text; ``write`` returns the text of a value, empty where no link carries
it.  Which widget or component shows a control is the page's business.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

Numbers = tuple[float, ...]

MOST_LINKED = 600
"""Most letters of one value in a link."""
NONE = "-"
"""The text of no option."""


@dataclass(frozen=True)
class Number:
    """A number from ``low`` to ``high`` in steps; a whole number where ``step`` is one."""

    name: str
    low: float
    high: float
    default: float
    step: float = 1

    def parse(self, text: str) -> float:
        value: float = _number(text)
        if isinstance(self.step, int):
            if value != int(value):
                raise ValueError(text)
            value = int(value)
        return _inside(value, self.low, self.high)

    def write(self, value: float) -> str:
        return _spelled(value)


@dataclass(frozen=True)
class Pick:
    """One of several named options."""

    name: str
    options: tuple[str, ...]
    default: str

    def parse(self, text: str) -> str:
        if text not in self.options:
            raise ValueError(text)
        return text

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Several:
    """Any of several named options, in their order."""

    name: str
    options: tuple[str, ...]
    default: tuple[str, ...] = ()

    def parse(self, text: str) -> tuple[str, ...]:
        chosen = text.split(",") if text != NONE else []
        if set(chosen) - set(self.options) or len(set(chosen)) < len(chosen):
            raise ValueError(text)
        return tuple(option for option in self.options if option in chosen)

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(option for option in self.options if option in value) or NONE


@dataclass(frozen=True)
class Switch:
    """Off or on."""

    name: str
    default: bool = False

    def parse(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(text)
        return text == "1"

    def write(self, value: bool) -> str:
        return str(int(value))


@dataclass(frozen=True)
class _Row:
    """So many numbers from ``low`` to ``high``, each a multiple of ``step``."""

    name: str
    count: int
    low: float
    high: float
    default: Numbers
    step: float = 1

    def parse(self, text: str) -> Numbers:
        return _numbers(text, self.count, self.low, self.high)

    def write(self, value: Numbers) -> str:
        return _linked(",".join(map(_spelled, value)))


class Bars(_Row):
    """Bars whose heights are drawn; ``Shares`` are bars that together are 100."""


class Shares(_Row):
    """Bars whose heights are drawn and together are always ``high``."""


class Curve(_Row):
    """A curve that is sketched through ``count`` equally spaced points."""


@dataclass(frozen=True)
class Cells:
    """A grid of numbers, row by row; typed, or with ``paint`` drawn as shades by strokes."""

    name: str
    rows: int
    columns: int
    low: float
    high: float
    default: Numbers
    step: float = 1
    paint: bool = False

    def parse(self, text: str) -> Numbers:
        return _numbers(text, self.rows * self.columns, self.low, self.high)

    def write(self, value: Numbers) -> str:
        return _linked(",".join(map(_spelled, value)))


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels on a picture: (left, top, right, bottom), the last two excluded.

    It lies inside the picture and has at least one pixel.
    """

    name: str
    width: int
    height: int
    default: tuple[int, int, int, int]

    def parse(self, text: str) -> tuple[int, int, int, int]:
        left, top, right, bottom = (int(value) for value in _numbers(text, 4, 0, 10**6))
        if not (left < right <= self.width and top < bottom <= self.height):
            raise ValueError(text)
        return left, top, right, bottom

    def write(self, value: tuple[int, int, int, int]) -> str:
        return ",".join(map(str, value))


@dataclass(frozen=True)
class Sort:
    """Items that are sorted into bins: for each item the number of its bin."""

    name: str
    count: int
    bins: int
    default: tuple[int, ...]

    def parse(self, text: str) -> tuple[int, ...]:
        return tuple(int(value) for value in _numbers(text, self.count, 0, self.bins - 1))

    def write(self, value: tuple[int, ...]) -> str:
        return ",".join(map(str, value))


@dataclass(frozen=True)
class Order:
    """Items that are put into an order: for each place the number of its item."""

    name: str
    count: int
    default: tuple[int, ...]

    def parse(self, text: str) -> tuple[int, ...]:
        order = tuple(int(value) for value in _numbers(text, self.count, 0, self.count - 1))
        if len(set(order)) < self.count:
            raise ValueError(text)
        return order

    def write(self, value: tuple[int, ...]) -> str:
        return ",".join(map(str, value))


@dataclass(frozen=True)
class Words:
    """A text of at most ``most`` letters; a link carries a short one only."""

    name: str
    most: int
    default: str = ""

    def parse(self, text: str) -> str:
        if len(text) > self.most:
            raise ValueError(text)
        return text

    def write(self, value: str) -> str:
        return value if value.isprintable() and len(value) <= MOST_LINKED else ""


Control = (
    Number | Pick | Several | Switch | Bars | Shares | Curve | Cells | Box | Sort | Order | Words
)
Value = Any


def _number(text: str) -> float:
    value = float(text) if len(text) < 25 else float("inf")
    if not isfinite(value):
        raise ValueError(text)
    return value


def _inside(value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise ValueError(value)
    return value


def _numbers(text: str, count: int, low: float, high: float) -> Numbers:
    parts = text.split(",")
    if len(parts) != count:
        raise ValueError(text)
    return tuple(_inside(_number(part), low, high) for part in parts)


def _spelled(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else str(int(value))


def _linked(text: str) -> str:
    return text if len(text) <= MOST_LINKED else ""
