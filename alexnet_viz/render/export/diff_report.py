"""How networks differ, as one self-contained HTML page to attach to an issue or a CI run."""

from alexnet_viz.analysis.compare.comparison import Comparison
from alexnet_viz.render.export.html_page import heading, listed, page, paragraph, table
from alexnet_viz.render.export.html_report import failures, footer, sections
from alexnet_viz.render.tables.diff import (
    assumption_lines,
    consequence_lines,
    diff_grid,
    difference_lines,
    verdict,
)
from alexnet_viz.text import Language, t


def diff_report(comparison: Comparison, language: Language = "en") -> str:
    """The page: differences and what follows, the layers by role, totals, drawings, assumptions."""
    names = [each.network.id for each in comparison.traces]
    parts = [
        heading(t("diff.report", language), 1),
        *diff_parts(comparison, language),
        heading(t("diff.report_drawings", language)),
        *failures(comparison.traces, language),
        *sections(comparison.traces, language),
        *assumed_parts(comparison, language),
        footer(language),
    ]
    return page(" · ".join(names), parts, language)


def diff_parts(comparison: Comparison, language: Language) -> list[str]:
    """Headings, lists and the table of the layers that differ."""
    parts = []
    for each in comparison.against:
        parts.append(heading(verdict(each, language)))
        if differences := difference_lines(each, language):
            parts.append(listed(differences))
        if follows := consequence_lines(each, language):
            parts += [paragraph(t("diff.follows", language)), listed(follows)]
    if comparison.ignored:
        words = ", ".join(sorted(comparison.ignored))
        parts.append(paragraph(t("diff.report_ignored", language, words=words), "quiet"))
    if comparison.matches:
        grid = table(diff_grid(comparison, language))
        parts += [heading(t("diff.report_layers", language)), f'<div class="wide">{grid}</div>']
    return parts


def assumed_parts(comparison: Comparison, language: Language) -> list[str]:
    """A heading and the list of what the sources leave open; empty if that is nothing."""
    lines = [
        t("diff.assumed", language, network=each.network.id, words=words)
        for each in comparison.traces
        for words in assumption_lines(each, language)
    ]
    return [heading(t("diff.report_assumed", language)), listed(lines)] if lines else []
