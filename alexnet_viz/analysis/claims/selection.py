"""Selection of claims by source, verdict, layer and concept."""

from collections.abc import Iterable, Mapping
from functools import cache

from alexnet_viz.analysis.claims.claim import WORDS, Claim, Word
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.source import SOURCES
from alexnet_viz.analysis.claims.verdict import judge

ALL = "all"
DISPUTED = "disputed"
"""Stands for every verdict that is not in ``FINE``."""
FINE: tuple[Word, ...] = ("agrees", "roughly")
OUTSIDE = ("general", "network", "input")
"""Values of ``Claim.layer`` that are no layer."""


def select(
    *, source: str = ALL, verdict: str = ALL, layer: str = ALL, concept: str = ALL
) -> tuple[Claim, ...]:
    """The claims that pass all filters, in the order of their sources.

    >>> [claim.id for claim in select(source="article_001", verdict="arithmetic")]
    ['s001-03', 's001-06']
    """
    return tuple(
        claim
        for claim in claims().values()
        if source in (ALL, claim.source)
        and _asked(judge(claim).word, verdict)
        and layer in (ALL, claim.layer)
        and concept in (ALL, claim.concept)
    )


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
