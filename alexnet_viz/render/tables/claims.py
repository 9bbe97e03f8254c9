"""What is said of claims: grids for people, data for programs."""

from collections.abc import Sequence
from typing import Any

from alexnet_viz.analysis.claims.claim import WORDS, Claim
from alexnet_viz.analysis.claims.selection import OUTSIDE, counts
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import Finding, judge
from alexnet_viz.analysis.claims.view import view
from alexnet_viz.analysis.claims.wording import explained, paper_text, said, value_text
from alexnet_viz.render.tables.grid import Grid
from alexnet_viz.text import Language, t

BRIEF = ("id", "where", "claim", "stated", "against", "verdict")
"""The columns that fit a terminal and a page."""

FULL = (
    *("id", "source", "where", "layer", "concept", "claim", "stated", "own", "paper"),
    *("verdict", "basis", "reason"),
)


def layer_text(layer: str, language: Language = "en") -> str:
    """A layer's name, or what a claim is about instead."""
    return t(f"claims.layer_of.{layer}", language) if layer in OUTSIDE else layer


def cell(claim: Claim, column: str, language: Language = "en") -> str:
    """One cell of the ledger."""
    verdict = judge(claim)
    deciding = verdict.decisive
    match column:
        case "source":
            return SOURCES[claim.source].title.of(language)
        case "where":
            return claim.where.of(language)
        case "layer":
            return layer_text(claim.layer, language)
        case "concept":
            return t(f"claims.concept_of.{claim.concept}", language)
        case "claim":
            return said(claim, language)
        case "verdict":
            return t(f"claims.verdict_of.{verdict.word}", language)
        case "basis":
            return t(f"claims.basis_of.{verdict.basis}", language)
        case "reason":
            return explained(claim, language)
        case "id":
            return claim.id
        case "stated" if claim.printed:
            return claim.printed
    return _value(deciding, column, language, differs=verdict.word == "differs") if deciding else ""


def _value(finding: Finding, column: str, language: Language, *, differs: bool) -> str:
    """What the decisive finding has in this column.

    A claim is held against the source's own layers, one that differs against the paper's.
    """
    match column:
        case "stated":
            return value_text(finding.quantity, finding.stated, language)
        case "paper":
            return paper_text(finding, language)
        case "against" if differs:
            return value_text(finding.quantity, finding.paper, language)
    return value_text(finding.quantity, finding.own, language)


def ledger_grid(
    chosen: Sequence[Claim], language: Language = "en", columns: Sequence[str] = FULL
) -> Grid:
    """One line a claim."""
    return Grid(
        title="",
        header=tuple(t(f"claims.{column}", language) for column in columns),
        rows=tuple(tuple(cell(claim, column, language) for column in columns) for claim in chosen),
        words=frozenset(range(len(columns))),
    )


def ledger_record(chosen: Sequence[Claim], language: Language = "en") -> list[dict[str, Any]]:
    """The same, with every quantity of each claim and the link to the view that shows it."""
    return [
        {
            "id": claim.id,
            "source": claim.source,
            "where": claim.where.of(language),
            "layer": claim.layer,
            "concept": claim.concept,
            "claim": said(claim, language),
            "verdict": judge(claim).word,
            "basis": judge(claim).basis,
            "reason": explained(claim, language),
            "variant": claim.variant,
            "quantities": [
                {
                    "quantity": each.quantity,
                    "stated": _plain(each.stated),
                    "computed": _plain(each.own),
                    "paper": _plain(each.paper) if each.compared else None,
                }
                for each in judge(claim).findings
            ],
            "show": view(claim).link,
        }
        for claim in chosen
    ]


def summary_grid(chosen: Sequence[Claim], language: Language = "en") -> Grid:
    """One line a source: how many claims got which verdict."""
    table = counts(chosen)
    sums = tuple(sum(row[word] for row in table.values()) for word in WORDS)
    return Grid(
        title="",
        header=(
            t("claims.source", language),
            *(t(f"claims.verdict_of.{word}", language) for word in WORDS),
            t("claims.total", language),
        ),
        rows=tuple(
            (SOURCES[source].title.of(language), *row.values(), sum(row.values()))
            for source, row in table.items()
        ),
        words=frozenset({0}),
        totals=((t("claims.total", language), *sums, sum(sums)),),
    )


def _plain(value: Any) -> Any:
    """A value as JSON knows it; a fraction becomes a decimal."""
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int | float | str) else float(value)
