"""A report on one network, or on several compared, as a self-contained HTML page.

Drawing, totals, tables and formulas come from ``render.diagrams``, ``render.tables`` and
``analysis.formulas``, so they agree with the app.  A network that fails is reported up to the
failing layer, and the reason comes first.
"""

from collections.abc import Sequence
from html import escape

from alexnet_viz.analysis.compare.alignment import aligned
from alexnet_viz.analysis.formulas import (
    lrn_formula,
    macs_formula,
    output_size_formula,
    params_formula,
)
from alexnet_viz.network.layers import LRN, ZeroPad, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.diagrams.blocks import architecture
from alexnet_viz.render.export.html_page import drawing, heading, listed, page, paragraph, table
from alexnet_viz.render.export.mathml import mathml
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.render.tables.networks import compare_grid
from alexnet_viz.render.tables.trace_table import failure_text, trace_table
from alexnet_viz.text import Language, has, t

KEYS = (
    "name", "kind", "output_shape", "kernel_size", "stride", "padding", "groups", "quotient",
    "params", "params_share", "macs", "macs_share", "receptive_field",
)  # fmt: skip
"""The columns of the layer table."""


def html_report(traces: Sequence[Trace], language: Language = "en") -> str:
    """The page: one network in full, or the differences of several."""
    parts = _one(traces[0], language) if len(traces) == 1 else _several(traces, language)
    titles = [title_of(trace, language) for trace in traces]
    return page(" · ".join(titles), [*parts, footer(language)], language)


def footer(language: Language) -> str:
    """The last line of every report: where its numbers come from."""
    return f"<footer>{escape(t('exports.report_footer', language))}</footer>"


def title_of(trace: Trace, language: Language) -> str:
    """The title of a network, or its id if it has none."""
    about = trace.network.about
    return about.title.of(language) if about else trace.network.id


def _one(trace: Trace, language: Language) -> list[str]:
    parts = [heading(title_of(trace, language), 1), *_origin(trace, language)]
    parts += _failure(trace, language)
    parts += [
        paragraph(_totals_line(trace, language)),
        drawing(architecture(trace, language), t("exports.report_drawing", language)),
        heading(t("exports.report_layers", language)),
        f'<div class="wide">{table(trace_table(trace, KEYS, language).grid)}</div>',
        paragraph(t("exports.report_columns", language), "quiet"),
    ]
    if formulas := _formulas(trace, language):
        parts += [heading(t("exports.report_formulas", language)), formulas]
    return parts + _assumptions(trace, language)


def _several(traces: Sequence[Trace], language: Language) -> list[str]:
    parts = [heading(t("exports.report_compared", language, count=len(traces)), 1)]
    parts += failures(traces, language)
    parts.append(f'<div class="wide">{table(_totals(traces, language))}</div>')
    parts += sections(traces, language)
    matches = aligned(traces)
    lit = frozenset(number for number, match in enumerate(matches) if match.differing)
    parts += [
        heading(t("exports.report_differences", language)),
        f'<div class="wide">{table(compare_grid(traces, language), lit)}</div>',
        paragraph(t("exports.report_lit", language), "quiet"),
    ]
    return parts


def failures(traces: Sequence[Trace], language: Language) -> list[str]:
    """Where and why each network that fails stops."""
    return [failure for trace in traces for failure in _failure(trace, language)]


def sections(traces: Sequence[Trace], language: Language) -> list[str]:
    """A section for each network: its origin, its totals, its drawing."""
    parts = []
    for trace in traces:
        parts += ["<section>", heading(title_of(trace, language)), *_origin(trace, language)]
        parts.append(paragraph(_totals_line(trace, language)))
        parts.append(drawing(architecture(trace, language), shape_text(trace.input_shape)))
        parts.append("</section>")
    return parts


def _origin(trace: Trace, language: Language) -> list[str]:
    about = trace.network.about
    if about is None:
        return []
    source = about.source
    title = escape(source.titled(language))
    link = f'<a href="{escape(source.url)}">{title}</a>' if _leads_to_a_page(source.url) else title
    words = t("exports.report_source", language, source="{}", where=source.where)
    words += f" · {about.year}" if about.year else ""
    return [
        paragraph(about.summary.of(language)),
        f'<p class="quiet">{escape(words).replace("{}", link)}</p>',
    ]


def _leads_to_a_page(url: str) -> bool:
    """Whether an address may be a link: one that a file brought may be a script."""
    return url.startswith(("https://", "http://"))


def _failure(trace: Trace, language: Language) -> list[str]:
    return [paragraph(failure_text(trace, language), "failure")] if trace.failure else []


def _totals_line(trace: Trace, language: Language) -> str:
    words = t(
        "exports.report_totals",
        language,
        network=trace.network.id,
        shape=shape_text(trace.input_shape),
        params=trace.params,
        macs=trace.macs,
        neurons=trace.neurons,
    )
    if trace.failure is None:
        return words
    return f"{words} {t('exports.report_partial', language, layer=trace.failure.layer)}"


def _totals(traces: Sequence[Trace], language: Language) -> Grid:
    return Grid(
        title="",
        header=("", *(title_of(trace, language) for trace in traces)),
        rows=(
            (t("compare.input", language), *(shape_text(trace.input_shape) for trace in traces)),
            (t("column.params", language), *(trace.params for trace in traces)),
            (t("column.macs", language), *(trace.macs for trace in traces)),
            (t("compare.neurons", language), *(trace.neurons for trace in traces)),
        ),
        words=frozenset({0}),
    )


def _formulas(trace: Trace, language: Language) -> str:
    """The formulas of every layer with its numbers, as a table."""
    lines = [
        "<tr><th scope='row'>"
        f"{escape(row.name)}</th><td>{'<br>'.join(map(mathml, formulas))}</td></tr>"
        for row in trace.rows
        if (formulas := _formulas_of(row, language))
    ]
    return '<table class="formulas">' + "\n".join(lines) + "</table>" if lines else ""


def _formulas_of(row: Row, language: Language) -> list[str]:
    # zero padding is traced as a window of one cell, whose formula says nothing
    windows = () if isinstance(row.layer, ZeroPad) else row.slides or ()
    sizes = [output_size_formula(window) for window in windows]
    norm = [lrn_formula(row.layer, row.input_shape[0])] if isinstance(row.layer, LRN) else []
    counted = {"params": params_formula(row), "macs": macs_formula(row)}
    counts = [
        rf"\text{{{t(f'column.{count}', language)}}} = {formula}"
        for count, formula in counted.items()
        if formula
    ]
    return [*dict.fromkeys(sizes), *norm, *counts]


def _assumptions(trace: Trace, language: Language) -> list[str]:
    about, assumptions = trace.network.about, trace.network.assumptions
    if about is None:
        return []
    parts = []
    if assumptions:
        parts += [
            heading(t("exports.report_assumed", language)),
            listed([assumption.of(language) for assumption in assumptions]),
        ]
    if about.stated:
        stated = (
            f"{layer}: {', '.join(_field(field, language) for field in fields)}"
            for layer, fields in about.stated.items()
        )
        parts += [heading(t("exports.report_stated", language)), listed(list(stated))]
    return parts


def _field(name: str, language: Language) -> str:
    key = f"column.{name}"
    if has(key):
        return t(key, language)
    return t(f"field.{name}", language) if has(f"field.{name}") else name
