"""Tables for the pages: what a cell looks like, and the layer table tied to a drawing."""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.columns import COLUMNS, GROUPS, Value, cells, group_title, totals
from alexnet_viz.tables import Grid
from alexnet_viz.text import has
from alexnet_viz.trace import Trace
from alexnet_viz.ui.words import language, t


def cell_text(key: str, value: Value) -> str:
    """A cell as a reader sees it: thousands separated, shares to a tenth, words translated."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return t(f"{key}.{value}") if has(f"{key}.{value}") else value


def layer_table(trace: Trace, groups: Sequence[str]) -> dict[str, Any]:
    """The table of a trace, one row a layer, as the plate component takes it."""
    keys = [key for group in groups for key in GROUPS[group]]
    columns = [COLUMNS[key] for key in keys]
    sums = [f"{n:,}" if n is not None else "" for n in totals(trace, keys)]
    return {
        "label": t("plate.table", network=trace.network.id),
        "sort": t("plate.sort"),
        "groups": [
            {"title": group_title(group, language()), "span": len(GROUPS[group])}
            for group in groups
        ],
        "columns": [
            {"title": column.header(language()), "unit": column.unit, "numeric": column.numeric}
            for column in columns
        ],
        "rows": [
            {
                "name": row.name,
                "cells": [cell_text(key, value) for key, value in zip(keys, values, strict=True)],
                "keys": [_sort_key(value) for value in values],
            }
            for row, values in zip(trace.rows, cells(trace, keys), strict=True)
        ],
        "total": [t("plate.total"), *sums[1:]],
    }


def grid_table(grid: Grid, names: Sequence[str]) -> dict[str, Any]:
    """Any other grid of one row a layer, as the plate component takes it."""
    return {
        "label": grid.title,
        "sort": t("plate.sort"),
        "groups": [],
        "columns": [
            {"title": title, "unit": "", "numeric": index not in grid.words}
            for index, title in enumerate(grid.header)
        ],
        "rows": [
            {
                "name": name,
                "cells": [cell_text("kind", value) for value in row],
                "keys": [_sort_key(value) for value in row],
            }
            for name, row in zip(names, grid.rows, strict=True)
        ],
        "total": [cell_text("", value) for value in grid.totals[0]] if grid.totals else None,
    }


def _sort_key(value: Value) -> Value:
    """Text that begins with a number sorts as that number: 384×13×13 after 96×55×55."""
    if not isinstance(value, str):
        return value
    head = value.replace(",", "×").split("×")[0]
    return float(head) if head.lstrip("-").replace(".", "", 1).isdigit() else value
