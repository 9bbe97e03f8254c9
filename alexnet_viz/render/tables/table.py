"""Rows and columns, laid out as a grid for people and as records for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

from alexnet_viz.analysis.columns import Column, R, Value
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, Text, t


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table in one language.

    >>> both, data = Column("n", "column.params", int), Column("square", "", lambda n: n * n)
    >>> shown = Column("", "column.macs", lambda n: n + 1)
    >>> table = Table([2, 3], (both, data, shown), "en")
    >>> table.grid.header, table.grid.rows
    (('params', 'MACs'), ((2, 3), (3, 4)))
    >>> table.records
    [{'n': 2, 'square': 4}, {'n': 3, 'square': 9}]
    """

    rows: Sequence[R]
    columns: Sequence[Column[R]]
    language: Language
    title: str = ""
    total: str = ""
    """The key of the words that begin a row of totals; "" for none."""
    notes: tuple[str, ...] = ()

    @property
    def grid(self) -> Grid:
        """The columns that have words, one row of cells for each row."""
        shown = [column for column in self.columns if column.words]
        cells = [column.cells(self.rows, self.language) for column in shown]
        return Grid(
            title=self.title,
            header=tuple(column.title(self.language) for column in shown),
            rows=tuple(zip(*cells, strict=True)),
            words=frozenset(index for index, column in enumerate(shown) if column.left),
            totals=(self._totals(shown),) if self.total else (),
            notes=self.notes,
        )

    @property
    def records(self) -> list[dict[str, Any]]:
        """The columns that have a key, one dict for each row."""
        kept = [column for column in self.columns if column.key]
        return [
            {column.key: _spoken(column.value(row), self.language) for column in kept}
            for row in self.rows
        ]

    def _totals(self, shown: Sequence[Column[R]]) -> tuple[Value, ...]:
        sums = [column.total(self.rows) for column in shown]
        label = t(self.total, self.language)
        return tuple(label if index == 0 and sum is None else sum for index, sum in enumerate(sums))


def _spoken(value: Any, language: Language) -> Any:
    return value.of(language) if isinstance(value, Text) else value
