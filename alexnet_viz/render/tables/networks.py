"""What is said of several networks: a grid for people, data for programs.

Each report is a pair of functions of the same values, ``…_grid`` for
``alexnet_viz.render.tables.grid`` and ``…_record`` for JSON.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from alexnet_viz.analysis.columns import COLUMNS
from alexnet_viz.analysis.compare.alignment import Match, aligned, changed_order, summary
from alexnet_viz.analysis.compare.canonical import COMPARED
from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.tables.grid import Cells, Grid
from alexnet_viz.render.tables.trace_table import failure_text
from alexnet_viz.text import Language, has, t


def list_grid(traces: Sequence[Trace], language: Language = "en") -> Grid:
    """One line a network, traced at its own input."""
    return Grid(
        title="",
        header=(
            t("compare.variant", language),
            t("compare.year", language),
            t("column.input_shape", language),
            t("compare.towers", language),
            t("column.params", language),
            t("column.macs", language),
            t("compare.title", language),
        ),
        rows=tuple(
            (
                trace.network.id,
                str(trace.network.about.year) if trace.network.about else None,
                shape_text(trace.input_shape),
                trace.network.towers,
                trace.params,
                trace.macs,
                trace.network.about.title.of(language) if trace.network.about else None,
            )
            for trace in traces
        ),
        words=frozenset({0, 6}),
        notes=tuple(failure_text(trace, language) for trace in traces if trace.failure),
    )


def list_record(traces: Sequence[Trace], language: Language = "en") -> list[dict[str, Any]]:
    """The same, with neurons and failures."""
    return [
        {
            "id": each.variant,
            "title": trace.network.about.title.of(language) if trace.network.about else None,
            "year": trace.network.about.year if trace.network.about else None,
            "input_shape": list(each.input_shape),
            "output_shape": list(each.output_shape),
            "towers": trace.network.towers,
            "learned_layers": each.learned_layers,
            "params": each.params,
            "macs": each.macs,
            "neurons": each.neurons,
            "failure": failure_text(trace, language) or None,
        }
        for trace, each in zip(traces, summary(traces), strict=True)
    ]


def compare_grid(traces: Sequence[Trace], language: Language = "en") -> Grid:
    """One line a layer: what each network has there, and the values that differ."""
    swapped = changed_order(traces)
    notes = [
        t("compare.against", language, other=other.id, one=one.id, says=sentence(found, language))
        for one, other, found in _against_first(traces)
    ]
    notes += [failure_text(trace, language) for trace in traces if trace.failure]
    matches = aligned(traces)
    if swapped:
        layers = ", ".join(match.name for match in matches if match.name in swapped)
        notes.append(t("compare.changed_order", language, layers=layers))
    return Grid(
        title="",
        header=(
            t("column.name", language),
            *(trace.network.id for trace in traces),
            t("compare.differs", language),
        ),
        rows=tuple(_compared(match, language) for match in matches),
        words=frozenset(range(len(traces) + 2)),
        totals=(
            (t("compare.input", language), *(shape_text(x.input_shape) for x in traces), None),
            (t("column.params", language), *(trace.params for trace in traces), None),
            (t("column.macs", language), *(trace.macs for trace in traces), None),
            (t("compare.neurons", language), *(trace.neurons for trace in traces), None),
        ),
        notes=tuple(notes),
    )


def compare_record(traces: Sequence[Trace], language: Language = "en") -> dict[str, Any]:
    """The totals of each network, what each does otherwise than the first, and all that differs.

    That is, by layer, the values of every field that differs, what follows from others included.
    """
    return {
        "variants": list_record(traces, language),
        "against_first": [
            {
                "variant": other.id,
                "sentence": sentence(found, language),
                "differences": [asdict(each) for each in found],
            }
            for _, other, found in _against_first(traces)
        ],
        "changed_order": sorted(changed_order(traces)),
        "layers": [
            {
                "name": match.name,
                "differing": {
                    key: [_value(key, row) for row in match.rows] for key in _ordered(match)
                },
            }
            for match in aligned(traces)
        ],
    }


def _against_first(
    traces: Sequence[Trace],
) -> Iterator[tuple[Network, Network, tuple[Difference, ...]]]:
    """The first network, each other one, and what that does otherwise."""
    for other in traces[1:]:
        yield traces[0].network, other.network, differences(traces[0].network, other.network)


def _compared(match: Match, language: Language) -> Cells:
    described = [_described(row, language) if row else None for row in match.rows]
    differing = []
    for key in _ordered(match):
        if key in ("kind", "input_shape", "output_shape"):
            continue  # the columns of the networks show them
        name = t(f"column.{key}", language) if has(f"column.{key}") else key
        values = (_value(key, row) for row in match.rows if row)
        texts = (f"{each:,}" if type(each) is int else str(each) for each in values)
        differing.append(f"{name} {' / '.join(texts)}")
    return (match.name, *described, "; ".join(differing))


def _described(row: Row, language: Language) -> str:
    return f"{t(f'kind.{row.kind}', language)} {shape_text(row.output_shape)}"


def _ordered(match: Match) -> list[str]:
    """The differing keys, columns first; a missing layer is seen without being named."""
    rest = sorted(match.differing - {*COMPARED, "present"})
    return [key for key in COMPARED if key in match.differing] + rest


def _value(key: str, row: Row | None) -> Any:
    if row is None:
        return None
    value = COLUMNS[key].value(row) if key in COLUMNS else None
    return getattr(row.layer, key, None) if value is None else value
