"""Selection of claims by source, verdict, layer, concept and words."""

from collections.abc import Iterable, Mapping
from functools import cache
from math import log

from alexnet_viz.analysis.claims.claim import WORDS, Claim, Word
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.wording import explained, said, value_text
from alexnet_viz.text import Language

ALL = "all"
DISPUTED = "disputed"
"""Stands for every verdict that is not in ``FINE``."""
FINE: tuple[Word, ...] = ("agrees", "roughly")
OUTSIDE = ("general", "network", "input")
"""Values of ``Claim.layer`` that are no layer."""


def select(
    *,
    source: str = ALL,
    verdict: str = ALL,
    layer: str = ALL,
    concept: str = ALL,
    text: str = "",
    language: Language = "en",
) -> tuple[Claim, ...]:
    """The claims that pass all filters, in the order of their sources.

    Every word of ``text`` must stand somewhere in the claim, its numbers, its place or its reason,
    as they are written in ``language``.

    >>> [claim.id for claim in select(source="article_001", verdict="arithmetic")]
    ['s001-03', 's001-06']
    """
    return tuple(
        claim
        for claim in claims().values()
        if all(word in _words(claim, language) for word in text.casefold().split())
        and source in (ALL, claim.source)
        and _asked(judge(claim).word, verdict)
        and layer in (ALL, claim.layer)
        and concept in (ALL, claim.concept)
    )


@cache
def _words(claim: Claim, language: Language) -> str:
    """All that is written about a claim, in small letters."""
    findings = judge(claim).findings
    values = [value for each in findings for value in (each.stated, each.own, each.paper)]
    parts = (
        *(claim.id, SOURCES[claim.source].title.of(language), claim.where.of(language)),
        *(claim.layer, claim.printed, said(claim, language), explained(claim, language)),
        *(value_text("", value, language) for value in values),
    )
    return " ".join(parts).casefold()


def furthest(chosen: Iterable[Claim]) -> Claim | None:
    """The claim whose number is the most times larger or smaller than the computed one.

    Of two that are as far off the first; None if no number of them is off.

    >>> furthest(select()).id
    's002-71'
    """
    off = {claim: _ratio(claim) for claim in chosen}
    found = max(off, key=off.__getitem__, default=None)
    return found if found and off[found] else None


def _ratio(claim: Claim) -> float:
    """How many times a stated number is off, as the size of its logarithm; 0 where it is not."""
    verdict = judge(claim)
    deciding = verdict.decisive
    if deciding is None or verdict.word in FINE or claim.printed:
        return 0.0
    true = deciding.paper if verdict.word == "differs" else deciding.own
    both = [value for value in (deciding.stated, true) if not isinstance(value, str | tuple)]
    one, other = (float(value or 0) for value in (*both, None, None)[:2])
    return abs(log(one / other)) if one > 0 and other > 0 else 0.0


def _asked(word: Word, verdict: str) -> bool:
    return verdict in (ALL, word) or (verdict == DISPUTED and word not in FINE)


@cache
def layers() -> tuple[str, ...]:
    """All values of ``Claim.layer``: those of ``OUTSIDE``, then layers by stage."""
    named = {claim.layer for claim in claims().values()}
    return OUTSIDE + tuple(sorted(named - {*OUTSIDE}, key=_place))


def _place(layer: str) -> tuple[int, int]:
    """Sort key of a layer's name: its stage, and the place of its kind within the stage."""
    kinds = ("flatten", "conv", "fc", "relu", "norm", "pool", "drop", "prob")
    kind = layer.rstrip("0123456789")
    stage = {"flatten": 6, "prob": 9}.get(layer) or int(layer[-1])
    return stage, kinds.index(kind)


def counts(chosen: Iterable[Claim]) -> Mapping[str, Mapping[Word, int]]:
    """The number of claims by source and verdict; sources without a claim are left out."""
    table: dict[str, dict[Word, int]] = {}
    for claim in chosen:
        row = table.setdefault(claim.source, dict.fromkeys(WORDS, 0))
        row[judge(claim).word] += 1
    return {source: table[source] for source in SOURCES if source in table}
