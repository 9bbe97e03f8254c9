"""Networks against the first of them: in lines of words, as a table by role, as data."""

from dataclasses import asdict
from typing import Any

from alexnet_viz.analysis.compare.comparison import Against, Comparison
from alexnet_viz.analysis.compare.consequence_words import consequence_text
from alexnet_viz.analysis.compare.consequences import Consequence
from alexnet_viz.analysis.compare.difference_words import clause, sentence
from alexnet_viz.network.trace import Trace
from alexnet_viz.render.tables.grid import Grid, plain
from alexnet_viz.render.tables.networks import layers_side_by_side, match_record, networks_table
from alexnet_viz.text import Language, t


def verdict(it: Against, language: Language = "en") -> str:
    """Whether a network is the same as the first, and in how many ways it differs."""
    names = {"other": it.other.network.id, "one": it.one.network.id}
    if it.same:
        key = "equivalent" if it.differences else "same"
        return t(f"diff.{key}", language, **names)
    count = len(it.differences)
    return t("diff.one" if count == 1 else "diff.several", language, count=count, **names)


def difference_lines(it: Against, language: Language = "en") -> list[str]:
    """The differences in words, the most important first."""
    return [clause(each, language) for each in it.differences]


def consequence_lines(it: Against, language: Language = "en") -> list[str]:
    """What follows from them in numbers."""
    return [consequence_text(each, language) for each in it.consequences]


def assumption_lines(trace: Trace, language: Language = "en") -> list[str]:
    """What the source of a network leaves open and was filled in."""
    return [each.of(language) for each in trace.network.assumptions]


def diff_text(comparison: Comparison, language: Language = "en") -> str:
    """The comparison for a terminal: words, then the layers that differ by role."""
    lines = []
    for each in comparison.against:
        lines.append(verdict(each, language))
        lines += [f"  {line}" for line in difference_lines(each, language)]
        if follows := consequence_lines(each, language):
            lines.append(t("diff.follows", language))
            lines += [f"  {line}" for line in follows]
        lines.append("")
    said = "".join(f"{line}\n" for line in lines)
    return said + plain(diff_grid(comparison, language)) if comparison.matches else said[:-1]


def diff_grid(comparison: Comparison, language: Language = "en") -> Grid:
    """The layers that differ, one row each: what each network has there and the values."""
    return layers_side_by_side(comparison.traces, comparison.matches, language)


def diff_record(comparison: Comparison, language: Language = "en") -> dict[str, Any]:
    """The comparison as data: ``against_first`` and ``layers`` as ``compare`` has them.

    ``same`` is what the exit code says; ``follows`` what follows from the differences.
    """
    records = networks_table(comparison.traces, language).records
    return {
        "same": comparison.same,
        "ignored": sorted(comparison.ignored),
        "networks": [
            record | _assumed(trace, language)
            for record, trace in zip(records, comparison.traces, strict=True)
        ],
        "against_first": [
            {
                "network": each.other.network.id,
                "same": each.same,
                "sentence": sentence(each.differences, language),
                "differences": [asdict(difference) for difference in each.differences],
                "follows": [_followed(it, language) for it in each.consequences],
            }
            for each in comparison.against
        ],
        "layers": [match_record(match) for match in comparison.matches],
    }


def _assumed(trace: Trace, language: Language) -> dict[str, Any]:
    guessed = trace.network.assumed_input
    said = {"assumptions": assumption_lines(trace, language)}
    return said | {"assumed": {"input": guessed}} if guessed else said


def _followed(it: Consequence, language: Language) -> dict[str, Any]:
    return {
        "what": it.what,
        "sentence": consequence_text(it, language),
        "layers": it.layers,
        "old": it.old,
        "new": it.new,
        "reasons": [asdict(reason) for reason in it.reasons],
    }
