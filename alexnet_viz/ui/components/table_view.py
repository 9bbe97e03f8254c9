"""Tables for the pages: what a cell looks like, and the layer table tied to a drawing."""

from collections.abc import Iterable, Sequence
from typing import Any

from alexnet_viz.analysis.columns import COLUMNS, GROUPS, Value, cells, group_title, totals
from alexnet_viz.network.layers import LRN, Conv, Dropout, Window
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.diagrams.blocks import block_title
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import has
from alexnet_viz.ui.app.words import language, t


def cell_text(key: str, value: Value) -> str:
    """A cell as a reader sees it: thousands separated, shares to a tenth, words translated.

    ``key`` is the column's; its words are the phrases ``<key>.<value>``.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    key = "kind_short" if key == "kind" else key  # a table has little room
    return t(f"{key}.{value}") if has(f"{key}.{value}") else value


def plate_table(
    label: str,
    columns: Iterable[tuple[str, str, bool]],
    rows: list[dict[str, Any]],
    *,
    groups: Iterable[tuple[str, int]] = (),
    total: list[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A table as the plate component takes it.

    A column is (title, unit, whether it is numeric), a group (title, number of columns).  A row has
    ``name``, ``cells``, the ``keys`` by which it is sorted, and may have ``title`` and ``lit``.
    ``more`` may be ``wrap``, ``height`` in pixels, and ``roomy``, the column of sentences.
    """
    return {
        "label": label,
        "sort": t("plate.sort"),
        "groups": [{"title": title, "span": span} for title, span in groups],
        "columns": [
            {"title": title, "unit": unit, "numeric": numeric} for title, unit, numeric in columns
        ],
        "rows": rows,
        "total": total,
        **more,
    }


def layer_table(trace: Trace, groups: Sequence[str]) -> dict[str, Any]:
    """The table of a trace, one row a layer, for the plate component."""
    keys = [key for group in groups for key in GROUPS[group]]
    columns = [COLUMNS[key] for key in keys]
    sums = [cell_text("", total) for total in totals(trace, keys)]
    return plate_table(
        t("plate.table", network=trace.network.id),
        [(column.header(language()), column.unit, column.numeric) for column in columns],
        [
            {
                "name": row.name,
                "title": block_title(row, language()),
                "cells": [
                    _filled(cell_text(key, v), v) for key, v in zip(keys, values, strict=True)
                ],
                "keys": list(map(_sort_key, values)),
            }
            for row, values in zip(trace.rows, cells(trace, keys), strict=True)
        ],
        groups=[(group_title(group, language()), len(GROUPS[group])) for group in groups],
        total=[t("plate.total"), *sums[1:]] if any(sums) else None,
    )


def grid_table(
    grid: Grid, names: Sequence[str], *, titled: bool = False, filled: bool = False
) -> dict[str, Any]:
    """Any other grid for the plate component.

    With ``titled`` a row's title is its first cell, with ``filled`` a number 0 means that there is
    nothing, and leaves its cell empty.
    """

    def row(name: str, values: Sequence[Value]) -> dict[str, Any]:
        texts = [cell_text("", value) for value in values]
        if filled:
            texts = ["" if words == "0" else words for words in texts]
        title = {"title": texts[0]} if titled else {}
        return {"name": name, **title, "cells": texts, "keys": list(map(_sort_key, values))}

    return plate_table(
        grid.title,
        [(title, "", index not in grid.words) for index, title in enumerate(grid.header)],
        list(map(row, names, grid.rows)),
        total=[cell_text("", value) for value in grid.totals[0]] if grid.totals else None,
    )


def _filled(text: str, value: Value) -> str:
    """A cell's text, empty for a count of 0: a layer without parameters has none to count."""
    return "" if isinstance(value, int) and value == 0 else text


def describe(row: Row) -> str:
    """What a layer does, in a line: its kind and every setting that variants differ in."""
    words = [t(f"kind_short.{row.kind}")]
    layer = row.layer
    if isinstance(layer, Window):
        words[0] += f" {COLUMNS['kernel_size'].value(row)} / {COLUMNS['stride'].value(row)}"
        padding = COLUMNS["padding"].value(row)
        words += [] if padding == "0" else [t("describe.padding", n=padding)]
        words += [] if layer.rounding == "floor" else [t(f"rounding.{layer.rounding}")]
    if isinstance(layer, Conv):
        words += [] if layer.groups == 1 else [t("describe.groups", n=layer.groups)]
        words += [] if layer.bias else [t("describe.no_bias")]
    if isinstance(layer, LRN):
        words[0] += f" n={layer.size} k={layer.k:g} α={layer.effective_alpha:g} β={layer.beta:g}"
        words += [] if layer.groups == 1 else [t("describe.per_tower")]
        words += [] if layer.region == "channels" else [t("describe.in_map")]
    if isinstance(layer, Dropout):
        words.append(t(f"describe.dropout_{layer.scale}", p=layer.p))
    return ", ".join(words)


def _sort_key(value: Value) -> Value:
    """Text that begins with a number sorts as that number: 384×13×13 after 96×55×55."""
    if not isinstance(value, str):
        return value
    head = value.replace(",", "×").split("×")[0]
    return float(head) if head.lstrip("-").replace(".", "", 1).isdigit() else value
