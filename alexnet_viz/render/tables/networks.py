"""Several networks: a table of their totals, and a comparison layer by layer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from alexnet_viz.analysis.columns import COLUMNS, Column, word_column
from alexnet_viz.analysis.compare.alignment import Match, aligned, changed_order
from alexnet_viz.analysis.compare.canonical import COMPARED
from alexnet_viz.analysis.compare.difference_words import sentence
from alexnet_viz.analysis.compare.differences import Difference, differences
from alexnet_viz.network.layers import shape_text
from alexnet_viz.network.spec import About, Network
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.tables.grid import Cells, Grid
from alexnet_viz.render.tables.table import Table
from alexnet_viz.render.tables.trace_table import failure_notes, failure_text
from alexnet_viz.text import Language, has, t


def networks_table(traces: Sequence[Trace], language: Language = "en") -> Table[Trace]:
    """Networks, one row each, traced at their own input."""

    def about(read: Callable[[About], Any]) -> Callable[[Trace], Any]:
        return lambda it: read(it.network.about) if it.network.about else None

    def output_shape(it: Trace) -> list[int]:
        return list(it.rows[-1].output_shape if it.rows else it.input_shape)

    title = about(attrgetter("title"))
    return Table(
        traces,
        (
            word_column("id", "compare.variant", attrgetter("network.id")),
            Column("title", "", title),
            Column("year", "compare.year", about(attrgetter("year")), text=str),
            Column(
                "input_shape",
                "column.input_shape",
                lambda it: list(it.input_shape),
                text=shape_text,
            ),
            Column("output_shape", "", output_shape),
            Column("towers", "compare.towers", attrgetter("network.towers")),
            Column("learned_layers", "", lambda it: sum(row.params > 0 for row in it.rows)),
            Column("params", "column.params", attrgetter("params")),
            Column("macs", "column.macs", attrgetter("macs")),
            Column("neurons", "", attrgetter("neurons")),
            Column("failure", "", lambda it: failure_text(it, language) or None),
            word_column("", "compare.title", title),
        ),
        language,
        notes=failure_notes(traces, language),
    )


def compare_grid(traces: Sequence[Trace], language: Language = "en") -> Grid:
    """Layers, one row each: what each network has there, and the values that differ."""
    swapped = changed_order(traces)
    notes = [
        t("compare.against", language, other=other.id, one=one.id, says=sentence(found, language))
        for one, other, found in _against_first(traces)
    ]
    notes += failure_notes(traces, language)
    matches = aligned(traces)
    if swapped:
        layers = ", ".join(match.name for match in matches if match.name in swapped)
        notes.append(t("compare.changed_order", language, layers=layers))
    return layers_side_by_side(traces, matches, language, notes)


def layers_side_by_side(
    traces: Sequence[Trace], matches: Iterable[Match], language: Language, notes: Iterable[str] = ()
) -> Grid:
    """These layers, one row each, below them the totals of each network."""
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
    """The totals of each network, how each differs from the first, and every value that differs.

    ``layers`` has the values of every field that differs, those that follow from others included.
    """
    return {
        "variants": networks_table(traces, language).records,
        "against_first": [
            {
                "variant": other.id,
                "sentence": sentence(found, language),
                "differences": [asdict(each) for each in found],
            }
            for _, other, found in _against_first(traces)
        ],
        "changed_order": sorted(changed_order(traces)),
        "layers": [match_record(match) for match in aligned(traces)],
    }


def match_record(match: Match) -> dict[str, Any]:
    """The name of a layer, and for each key that differs the value in each network."""
    values = {key: [_value(key, row) for row in match.rows] for key in _ordered(match)}
    return {"name": match.name, "differing": values}


def _against_first(
    traces: Sequence[Trace],
) -> Iterator[tuple[Network, Network, tuple[Difference, ...]]]:
    """The first network, each other one, and how that differs."""
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
