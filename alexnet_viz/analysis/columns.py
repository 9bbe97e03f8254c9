"""The columns of every layer table: the value for a row, its unit and its total.

Pages, exports and the command line take columns from ``COLUMNS``; ``GROUPS`` lists their keys by
group.  A column's ``value`` reads one row.  A share is a percentage of a total over the trace
(``of``), so ``cell`` takes the trace too.

Where both axes of a map have the same value it is printed once, else as vertical×horizontal.
Padding is that which the rounding rule resolved; where the sides differ it is printed as
top,bottom,left,right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

from alexnet_viz.network.layers import Sides, Window, shape_text
from alexnet_viz.network.trace import FLOAT32_BYTES, Row, Trace
from alexnet_viz.text import Language, t

Value = int | float | str | None


@dataclass(frozen=True)
class Column:
    """One column of a table of layers."""

    key: str
    group: str
    unit: str
    """Symbol of the unit: "px", "B", "%", or "" for plain numbers and words."""
    value: Callable[[Row], Value]
    """The value for a row; with ``of``, the count that ``cell`` turns into a percentage."""
    numeric: bool
    """Whether every cell is a number or empty."""
    total: Callable[[Trace], int | None] | None
    """The sum over the rows; None where a sum has no meaning."""
    of: Callable[[Trace], int] | None = None
    """The count that is 100 %; None for a column that is no percentage."""

    def header(self, language: Language = "en") -> str:
        """The column's name, without its unit."""
        return t(f"column.{self.key}", language)

    def title(self, language: Language = "en") -> str:
        """The column's name, and its unit if it has one: ``activations (B)``."""
        return self.header(language) + (f" ({self.unit})" if self.unit else "")

    def cell(self, trace: Trace, row: Row) -> Value:
        """The value in the table for this row of this trace; None for an empty cell."""
        value = self.value(row)
        if self.of is None or not isinstance(value, int):
            return value
        whole = self.of(trace)
        return 100 * value / whole if whole else None


def group_title(group: str, language: Language = "en") -> str:
    """The name of a group of columns."""
    return t(f"column_group.{group}", language)


def cells(trace: Trace, keys: Sequence[str]) -> list[list[Value]]:
    """The values of the table: one list per layer, one value per column.

    Raises:
        KeyError: no such column.
    """
    columns = [COLUMNS[key] for key in keys]
    return [[column.cell(trace, row) for column in columns] for row in trace.rows]


def totals(trace: Trace, keys: Sequence[str]) -> list[int | None]:
    """The sum of each column; None where a sum has no meaning."""
    columns = [COLUMNS[key] for key in keys]
    return [column.total(trace) if column.total else None for column in columns]


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


def _groups(row: Row) -> Value:
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


def _word(key: str, group: str, value: Callable[[Row], Value], unit: str = "") -> Column:
    return Column(key, group, unit, value, numeric=False, total=None)


def _count(key: str, group: str, value: Callable[[Row], int], unit: str = "") -> Column:
    def total(trace: Trace) -> int:
        return sum(map(value, trace.rows))

    return Column(key, group, unit, value, numeric=True, total=total)


def _share(key: str, count: str) -> Column:
    number = attrgetter(count)
    return Column(key, "share", "%", number, numeric=True, total=None, of=number)


OPERATIONS = (
    "comparisons", "additions", "multiplications", "divisions", "exponentials", "logarithms",
    "powers",
)  # fmt: skip

COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        _word("name", "layer", attrgetter("name")),
        _word("kind", "layer", attrgetter("kind")),
        _word("input_shape", "shape", _shape("input_shape")),
        _word("output_shape", "shape", _shape("output_shape")),
        _word("kernel_size", "window", _window(lambda layer: shape_text(layer.kernel_size))),
        _word("stride", "window", _window(lambda layer: axes_text(*layer.stride))),
        _word("padding", "window", _padding),
        Column("groups", "window", "", _groups, numeric=True, total=None),
        _word("rounding", "window", _window(attrgetter("rounding"))),
        _word("quotient", "window", _quotient),
        _count("weights", "cost", attrgetter("weights")),
        _count("biases", "cost", attrgetter("biases")),
        _count("params", "cost", attrgetter("params")),
        _count("macs", "cost", attrgetter("macs")),
        _share("params_share", "params"),
        _share("macs_share", "macs"),
        _count("elements", "memory", attrgetter("elements")),
        _count("activation_bytes", "memory", attrgetter("activation_bytes"), "B"),
        _count("weight_bytes", "memory", lambda row: FLOAT32_BYTES * row.params, "B"),
        *(_count(name, "operations", _operation(name)) for name in OPERATIONS),
        _word("receptive_field", "view", _view("size"), "px"),
        _word("effective_stride", "view", _view("effective_stride"), "px"),
        _word("start", "view", _view("start"), "px"),
    )
}


def _grouped(columns: Mapping[str, Column]) -> dict[str, tuple[str, ...]]:
    groups = dict.fromkeys(column.group for column in columns.values())
    return {
        group: tuple(key for key, column in columns.items() if column.group == group)
        for group in groups
    }


GROUPS: dict[str, tuple[str, ...]] = _grouped(COLUMNS)
