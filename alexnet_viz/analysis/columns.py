"""Columns of tables: what a table shows of each row, with its name, its unit and its total.

A ``Column`` reads rows of any type; ``render.tables.table`` lays out rows and columns.  ``COLUMNS``
are those of the layers of a trace: a page, an export and the command line choose from them, a
person by ``GROUPS``.

Where both axes of a map have the same value it is printed once, else as vertical×horizontal.
Padding is that which the rounding rule resolved; where the sides differ it is printed as
top,bottom,left,right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import Any, Generic, TypeVar

from alexnet_viz.network.layers import Sides, Window, shape_text
from alexnet_viz.network.trace import FLOAT32_BYTES, Row, Trace
from alexnet_viz.text import Language, Text, t

Value = int | float | str | None

R = TypeVar("R")


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column of a table whose rows are of type ``R``."""

    key: str
    """Its name in data; "" where data leave it out."""
    words: str
    """The key of its name in ``text``; "" where only data have it."""
    value: Callable[[R], Any]
    """What data hold of a row; a ``Text`` is read in the language of the table."""
    text: Callable[[Any], Value] | None = None
    """What people see instead of a value that is not None."""
    phrases: str = ""
    """People see the phrase ``<phrases>.<value>`` instead of a value that is not None."""
    filled: Mapping[str, object] = field(default_factory=dict)
    """The placeholders of its name."""
    left: bool = False
    """Whether text is flush left in files; numbers and sizes are flush right."""
    numeric: bool = True
    """Whether a page aligns and sorts it as numbers."""
    summed: bool = False
    """Whether the sum of the values is its total; else it has none."""
    share: bool = False
    """Whether a value is shown as its percentage of the sum of the values."""
    unit: str = ""
    """What is counted, as a symbol: "px", "B", "%", or "" for plain numbers and words."""
    group: str = ""

    def header(self, language: Language = "en") -> str:
        """The column's name, without its unit."""
        return t(self.words, language, **self.filled)

    def title(self, language: Language = "en") -> str:
        """The column's name, and its unit if it has one: ``activations (B)``."""
        return self.header(language) + (f" ({self.unit})" if self.unit else "")

    def values(self, rows: Sequence[R]) -> list[Any]:
        """The value of every row; of a share the percentage, None where the sum is 0."""
        found = [self.value(row) for row in rows]
        if not self.share:
            return found
        whole = sum(found)
        return [100 * value / whole if whole else None for value in found]

    def cells(self, rows: Sequence[R], language: Language = "en") -> list[Value]:
        """What people see of every row; None leaves a cell empty."""
        return [self._cell(value, language) for value in self.values(rows)]

    def total(self, rows: Sequence[R]) -> Value:
        """The sum of the values; None where a sum means nothing."""
        return sum(map(self.value, rows)) if self.summed else None

    def _cell(self, value: Any, language: Language) -> Value:
        if value is not None and self.text:
            value = self.text(value)
        if value is not None and self.phrases:
            return t(f"{self.phrases}.{value}", language)
        return value.of(language) if isinstance(value, Text) else value


def word_column(key: str, words: str, value: Callable[[R], Any], phrases: str = "") -> Column[R]:
    """A column of words, flush left."""
    return Column(key, words, value, phrases=phrases, left=True, numeric=False)


def numbered_columns(
    words: str, count: int, value: Callable[[R, int], Any], **more: Any
) -> tuple[Column[R], ...]:
    """``count`` columns, such as one for each GPU; ``{n}`` in a column's name is its number."""

    def read(n: int) -> Callable[[R], Any]:
        return lambda row: value(row, n)

    return tuple(Column("", words, read(n), filled={"n": n}, **more) for n in range(count))


def group_title(group: str, language: Language = "en") -> str:
    """The name of a group of columns."""
    return t(f"column_group.{group}", language)


def cells(trace: Trace, keys: Sequence[str]) -> list[list[Value]]:
    """The values of a trace, one list a layer, one value a column.

    Raises:
        KeyError: no such column.
    """
    columns = [COLUMNS[key].values(trace.rows) for key in keys]
    return [list(row) for row in zip(*columns, strict=True)]


def totals(trace: Trace, keys: Sequence[str]) -> list[Value]:
    """The sum of each column; None where a sum means nothing."""
    return [COLUMNS[key].total(trace.rows) for key in keys]


def padding_of(row: Row) -> Sides | None:
    """The resolved padding (top, bottom, left, right); None without a window."""
    return (*row.slides[0].padding, *row.slides[1].padding) if row.slides else None


def axes_text(vertical: object, horizontal: object) -> str:
    """One value where both axes have the same, else both.

    >>> axes_text(4, 4), axes_text(4, 2)
    ('4', '4×2')
    """
    return str(vertical) if vertical == horizontal else f"{vertical}×{horizontal}"


def quotient_text(quotient: Fraction) -> str:
    """The quotient as a decimal: exact if it terminates, else rounded to four places.

    >>> quotient_text(Fraction(217, 4)), quotient_text(Fraction(55)), quotient_text(Fraction(55, 3))
    ('54.25', '55', '18.3333')
    """
    denominator, places = quotient.denominator, 0
    while denominator % 2 == 0 or denominator % 5 == 0:
        denominator //= 2 if denominator % 2 == 0 else 5
        places += 1
    if denominator > 1:
        return f"{float(quotient):.4f}"
    return f"{float(quotient):.{places}f}".rstrip("0").rstrip(".") if places else str(quotient)


def _shape(name: str) -> Callable[[Row], Value]:
    return lambda row: shape_text(getattr(row, name))


def _window(read: Callable[[Window], object]) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        return str(read(row.layer)) if isinstance(row.layer, Window) else None

    return value


def _padding(row: Row) -> Value:
    padding = padding_of(row)
    if padding is None:
        return None
    return str(padding[0]) if len(set(padding)) == 1 else ",".join(map(str, padding))


def _groups(row: Row) -> int | None:
    return row.layer.groups if row.layer.weighted else None


def _quotient(row: Row) -> Value:
    return axes_text(*(quotient_text(s.quotient) for s in row.slides)) if row.slides else None


def _view(name: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        field = row.receptive_field
        return axes_text(*(getattr(axis, name) for axis in field)) if field else None

    return value


def _operation(name: str) -> Callable[[Row], int]:
    return lambda row: row.operations.get(name, 0)


def _word(key: str, group: str, value: Callable[[Row], Value], **more: Any) -> Column[Row]:
    return Column(key, f"column.{key}", value, numeric=False, group=group, **more)


def _count(
    key: str, group: str, value: Callable[[Row], int | None], *, summed: bool = True, unit: str = ""
) -> Column[Row]:
    return Column(key, f"column.{key}", value, summed=summed, group=group, unit=unit)


def _share(key: str, count: str) -> Column[Row]:
    value = attrgetter(count)
    return Column(key, f"column.{key}", value, share=True, group="share", unit="%")


OPERATIONS = (
    "comparisons", "additions", "multiplications", "divisions", "exponentials", "logarithms",
    "powers",
)  # fmt: skip

COLUMNS: dict[str, Column[Row]] = {
    column.key: column
    for column in (
        _word("name", "layer", attrgetter("name"), left=True),
        _word("kind", "layer", attrgetter("kind"), left=True, phrases="kind"),
        _word("input_shape", "shape", _shape("input_shape")),
        _word("output_shape", "shape", _shape("output_shape")),
        _word("kernel_size", "window", _window(lambda layer: shape_text(layer.kernel_size))),
        _word("stride", "window", _window(lambda layer: axes_text(*layer.stride))),
        _word("padding", "window", _padding),
        _count("groups", "window", _groups, summed=False),
        _word("rounding", "window", _window(attrgetter("rounding"))),
        _word("quotient", "window", _quotient),
        _count("weights", "cost", attrgetter("weights")),
        _count("biases", "cost", attrgetter("biases")),
        _count("params", "cost", attrgetter("params")),
        _count("macs", "cost", attrgetter("macs")),
        _share("params_share", "params"),
        _share("macs_share", "macs"),
        _count("elements", "memory", attrgetter("elements")),
        _count("activation_bytes", "memory", attrgetter("activation_bytes"), unit="B"),
        _count("weight_bytes", "memory", lambda row: FLOAT32_BYTES * row.params, unit="B"),
        *(_count(name, "operations", _operation(name)) for name in OPERATIONS),
        _word("receptive_field", "view", _view("size"), unit="px"),
        _word("effective_stride", "view", _view("effective_stride"), unit="px"),
        _word("start", "view", _view("start"), unit="px"),
    )
}


def _grouped(columns: Mapping[str, Column[Row]]) -> dict[str, tuple[str, ...]]:
    groups = dict.fromkeys(column.group for column in columns.values())
    return {
        group: tuple(key for key, column in columns.items() if column.group == group)
        for group in groups
    }


GROUPS: dict[str, tuple[str, ...]] = _grouped(COLUMNS)
