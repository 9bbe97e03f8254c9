"""All variants and the fields they differ in, as a grid for people and as data for programs."""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.analysis.columns import Value
from alexnet_viz.analysis.compare.ancestry import about
from alexnet_viz.analysis.compare.matrix import FIELDS, NUMBERS, line
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, t


def matrix_grid(ids: Sequence[str], language: Language = "en") -> Grid:
    """One line a variant."""
    return Grid(
        title=t("matrix.title", language),
        header=(
            t("compare.variant", language),
            *(field_title(key, language) for key in FIELDS),
        ),
        rows=tuple((id, *line(id).values()) for id in ids),
        words=frozenset(index for index, key in enumerate(["id", *FIELDS]) if key not in NUMBERS),
    )


def matrix_record(ids: Sequence[str], language: Language = "en") -> list[dict[str, Any]]:
    """The same, by field."""
    return [{"id": id, "title": about(id).title.of(language), **line(id)} for id in ids]


def field_title(key: str, language: Language) -> str:
    """A field's name as the head of its column."""
    return t(f"matrix.{key}", language)


def differing(id: str, reference: str) -> frozenset[str]:
    """The fields in which a variant is not as the reference is."""
    ours, theirs = line(id), line(reference)
    return frozenset(key for key in FIELDS if ours[key] != theirs[key])


def value_text(key: str, value: Value, language: Language) -> str:
    """A cell as a reader sees it."""
    if value is None or value == "":
        return "–"
    if key.startswith("round_"):
        return " / ".join(t(f"rounding.{rule}", language) for rule in str(value).split(" / "))
    return f"{value:,}" if key in ("params", "macs") else str(value)
