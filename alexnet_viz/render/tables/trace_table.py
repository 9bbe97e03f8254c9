"""A trace as a table, and as a file: aligned text, CSV, Markdown, LaTeX, JSON.

The tabular ones print the columns asked for and end with the totals; what is printed in the total
row is the sum of what is printed above it.  JSON always holds the whole trace.  A network that
fails is exported too: its rows so far, their totals, and where and why it stopped.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from alexnet_viz.analysis.columns import COLUMNS, GROUPS, padding_of
from alexnet_viz.network.layers import Window, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.tables.grid import WRITERS
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language

Keys = Sequence[str]
"""Keys of ``COLUMNS``, in the order of the table."""

DEFAULT_KEYS: tuple[str, ...] = sum((GROUPS[g] for g in ("layer", "shape", "window", "cost")), ())
"""The columns if none are chosen."""


@dataclass(frozen=True)
class Export:
    """One format."""

    extension: str
    media_type: str
    render: Callable[[Trace, Keys, Language], str]


def trace_table(trace: Trace, keys: Keys = DEFAULT_KEYS, language: Language = "en") -> Table[Row]:
    """The layers of a trace, one row each, in the columns ``keys``.

    Raises:
        KeyError: no such column.
    """
    return Table(
        trace.rows,
        [COLUMNS[key] for key in keys],
        language,
        title=f"{trace.network.id}  {shape_text(trace.input_shape)}",
        total="export.total",
        notes=failure_notes([trace], language),
    )


def failure_notes(traces: Sequence[Trace], language: Language) -> tuple[str, ...]:
    """Where and why each network that fails stops, one line each."""
    return tuple(failure_text(trace, language) for trace in traces if trace.failure)


def failure_text(trace: Trace, language: Language = "en") -> str:
    """Where and why the network stopped and what to do, on one line; "" if it did not."""
    return trace.failure.explained(language) if trace.failure else ""


def record(trace: Trace, language: Language = "en") -> dict[str, Any]:
    """The whole trace as plain data: the content of the JSON export.

    Shapes are lists, padding is [top, bottom, left, right] as the rounding rule resolved it; a
    number that differs between the axes is [vertical, horizontal]; what a layer lacks is None.
    ``assumed`` is there if the source does not state the whole input.
    """
    failure = trace.failure
    guessed = trace.network.assumed_input
    return {
        "variant": trace.network.id,
        "input_shape": list(trace.input_shape),
        **({"assumed": {"input": guessed}} if guessed else {}),
        "rows": [_row(row) for row in trace.rows],
        "totals": {"params": trace.params, "macs": trace.macs, "neurons": trace.neurons},
        "failure": failure
        and {
            "layer": failure.layer,
            "message": failure_text(trace, language),
        },
    }


def _row(row: Row) -> dict[str, Any]:
    window = row.layer if isinstance(row.layer, Window) else None
    padding = padding_of(row)
    field = row.receptive_field
    return {
        "name": row.name,
        "kind": row.kind,
        "input_shape": list(row.input_shape),
        "output_shape": list(row.output_shape),
        "kernel_size": window and _axes(*window.kernel_size),
        "stride": window and _axes(*window.stride),
        "padding": padding and list(padding),
        "groups": row.layer.groups if row.layer.weighted else None,
        "rounding": window and window.rounding,
        "quotient": row.slides and _axes(*(_number(slide.quotient) for slide in row.slides)),
        "params": row.params,
        "macs": row.macs,
        "receptive_field": field
        and {
            name: _axes(*(getattr(axis, name) for axis in field))
            for name in ("size", "effective_stride", "start")
        },
    }


def _axes(vertical: float, horizontal: float) -> float | list[float]:
    return vertical if vertical == horizontal else [vertical, horizontal]


def _number(quotient: Fraction) -> float:
    return quotient.numerator if quotient.denominator == 1 else float(quotient)


def _json(trace: Trace, keys: Keys, language: Language) -> str:
    """The record with one line a layer, so that two exports can be compared line by line."""
    parts = []
    for key, value in record(trace, language).items():
        text = json.dumps(value, ensure_ascii=False)
        if key == "rows":
            lines = (json.dumps(row, ensure_ascii=False) for row in value)
            text = "[\n    " + ",\n    ".join(lines) + "\n  ]" if value else "[]"
        parts.append(f'  "{key}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _tabular(writer: str, trace: Trace, keys: Keys, language: Language) -> str:
    return WRITERS[writer](trace_table(trace, keys, language).grid)


EXPORTS: dict[str, Export] = {
    "table": Export("txt", "text/plain", partial(_tabular, "table")),
    "csv": Export("csv", "text/csv", partial(_tabular, "csv")),
    "markdown": Export("md", "text/markdown", partial(_tabular, "markdown")),
    "latex": Export("tex", "application/x-tex", partial(_tabular, "latex")),
    "json": Export("json", "application/json", _json),
}
