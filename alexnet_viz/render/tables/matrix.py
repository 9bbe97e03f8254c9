"""Variants and the fields in which they differ."""

from collections.abc import Sequence

from alexnet_viz.analysis.columns import Column, Value, word_column
from alexnet_viz.analysis.compare.ancestry import about
from alexnet_viz.analysis.compare.matrix import FIELDS, NUMBERS, line
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, t


def matrix_table(ids: Sequence[str], language: Language = "en") -> Table[str]:
    """Variants, one row each, and every field of ``FIELDS``."""

    def field(key: str) -> Column[str]:
        number = key in NUMBERS
        return Column(key, f"matrix.{key}", lambda id: line(id)[key], left=not number)

    return Table(
        ids,
        (
            word_column("id", "compare.variant", str),
            Column("title", "", lambda id: about(id).title),
            *map(field, FIELDS),
        ),
        language,
        title=t("matrix.title", language),
    )


def field_title(key: str, language: Language) -> str:
    """A field's name as the title of its column."""
    return t(f"matrix.{key}", language)


def differing(id: str, reference: str) -> frozenset[str]:
    """The fields in which a variant differs from the reference."""
    ours, theirs = line(id), line(reference)
    return frozenset(key for key in FIELDS if ours[key] != theirs[key])


def value_text(key: str, value: Value, language: Language) -> str:
    """A cell of a page as text."""
    if value is None or value == "":
        return "–"
    if key.startswith("round_"):
        return " / ".join(t(f"rounding.{rule}", language) for rule in str(value).split(" / "))
    return f"{value:,}" if key in ("params", "macs") else str(value)
