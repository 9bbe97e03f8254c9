"""Claims and their verdicts: the ledger, and counts by source."""

from collections.abc import Iterable, Sequence
from typing import Any

from alexnet_viz.analysis.claims.claim import WORDS, Claim, Word
from alexnet_viz.analysis.claims.selection import OUTSIDE, counts
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import Finding, judge
from alexnet_viz.analysis.claims.view import view
from alexnet_viz.analysis.claims.wording import explained, paper_text, said, value_text
from alexnet_viz.analysis.columns import Column, word_column
from alexnet_viz.render.tables.table import Table
from alexnet_viz.text import Language, t

BRIEF = ("id", "where", "claim", "stated", "against", "verdict")
"""The columns that fit a terminal and a page."""

FULL = (
    *("id", "source", "where", "layer", "concept", "claim", "stated", "own", "paper"),
    *("verdict", "basis", "reason"),
)


def layer_text(layer: str, language: Language = "en") -> str:
    """A layer's name, or the words for what else a claim is about."""
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
    """The text of the decisive finding in this column.

    A claim is compared with the source's own layers, one that differs with the paper's.
    """
    match column:
        case "stated":
            return value_text(finding.quantity, finding.stated, language)
        case "paper":
            return paper_text(finding, language)
        case "against" if differs:
            return value_text(finding.quantity, finding.paper, language)
    return value_text(finding.quantity, finding.own, language)


def ledger_table(
    chosen: Sequence[Claim], language: Language = "en", columns: Sequence[str] = FULL
) -> Table[Claim]:
    """Claims, one row each, in some of the columns of ``FULL`` and ``against``."""

    def column(key: str) -> Column[Claim]:
        return word_column("", f"claims.{key}", lambda claim: cell(claim, key, language))

    return Table(chosen, [*map(column, columns)], language)


def ledger_record(chosen: Sequence[Claim], language: Language = "en") -> list[dict[str, Any]]:
    """Claims as data, with every quantity and the link to the view that shows it."""
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


def summary_table(
    chosen: Iterable[Claim], language: Language = "en", names: str = "verdict_of"
) -> Table[str]:
    """Sources, one row each: how many claims got which verdict; ``names`` are the verdicts'."""
    table = counts(chosen)

    def verdict(word: Word) -> Column[str]:
        return Column("", f"claims.{names}.{word}", lambda source: table[source][word], summed=True)

    return Table(
        list(table),
        (
            word_column("", "claims.source", lambda source: SOURCES[source].title),
            *map(verdict, WORDS),
            Column("", "claims.total", lambda source: sum(table[source].values()), summed=True),
        ),
        language,
        total="claims.total",
    )


def _plain(value: Any) -> Any:
    """A value as JSON can hold it; a fraction becomes a decimal."""
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int | float | str) else float(value)
