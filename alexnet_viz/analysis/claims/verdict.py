"""The verdict on a claim, computed from traces wherever it concerns a number.

Each stated quantity is compared with the network as the source itself describes it, and with the
paper's.  The first comparison that fails decides:

``arithmetic``   an expression without names has another value than stated
``contradicts``  the source's own network has another value, or fails before that layer
``differs``      the paper's network has another value, or no such layer
``roughly``      a rounded number, within its tolerance
``agrees``       every comparison holds

A claim that only leaves something open is ``unclear``, a misprint is ``garbled``.  What a web page
makes of a formula when it is copied (the formula twice, a power without its superscript) is no slip
of the author and called ``copied``.  Where no number decides the verdict is judged, and marked so.
The paper states no padding (it follows from the sizes), so paddings are not compared with it.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from alexnet_viz.analysis.claims.claim import Claim, Word
from alexnet_viz.analysis.claims.expression import PAPER, evaluate, names
from alexnet_viz.analysis.claims.quantity import Inapplicable, Value
from alexnet_viz.analysis.claims.source import SOURCES

NOT_IN_THE_PAPER = ("padding",)
POWER = re.compile(r"10[−-]\d+")
"""A power of ten whose superscript is lost."""


@dataclass(frozen=True)
class Finding:
    """One quantity of a claim: as stated, in the source's own network, and in the paper's."""

    quantity: str
    stated: Value
    own: Value
    paper: Value
    compared: bool
    """Whether the stated value is compared with the paper's."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim, whether it is computed or judged, and the numbers it rests on."""

    word: Word
    basis: Literal["computed", "judged"]
    findings: tuple[Finding, ...]

    @property
    def decisive(self) -> Finding | None:
        """The finding that decides the verdict, else the first; None without findings."""
        for finding in self.findings:
            if self.word == "differs" and finding.compared and finding.stated != finding.paper:
                return finding
            if self.word in ("arithmetic", "contradicts") and finding.stated != finding.own:
                return finding
        return next(iter(self.findings), None)


@cache
def judge(claim: Claim) -> Verdict:
    """The verdict on a claim.

    >>> from alexnet_viz.analysis.claims.ledger import claims
    >>> judge(claims()["s000-29"]).word, judge(claims()["s001-03"]).word
    ('differs', 'arithmetic')
    """
    findings = _findings(claim)
    if claim.judged:
        return Verdict(claim.judged, "judged", findings)
    return Verdict(_word(claim, findings), "computed", findings)


def _findings(claim: Claim) -> tuple[Finding, ...]:
    stated = {
        **claim.states,
        **{name: evaluate(name, claim.variant) for name in claim.implies},
        **dict.fromkeys(claim.omits),
    }
    return tuple(_finding(claim, quantity, value) for quantity, value in stated.items())


def _finding(claim: Claim, quantity: str, stated: Value) -> Finding:
    paper, compared = None, SOURCES[claim.source].against_paper and bool(names(quantity))
    try:
        paper = evaluate(quantity, PAPER)
    except Inapplicable:
        compared = False
    if quantity.rpartition(".")[2] in NOT_IN_THE_PAPER:
        compared = False
    return Finding(quantity, stated, evaluate(quantity, claim.variant), paper, compared)


def _word(claim: Claim, findings: tuple[Finding, ...]) -> Word:
    if claim.omits:
        return "unclear"
    if claim.printed:
        return "copied" if _copied(claim.printed) else "garbled"
    for finding in findings:
        if not _holds(finding.stated, finding.own, claim.tolerance):
            return "contradicts" if names(finding.quantity) else "arithmetic"
    if any(finding.compared and finding.stated != finding.paper for finding in findings):
        return "differs"
    if any(finding.stated != finding.own for finding in findings):
        return "roughly"
    return "agrees"


def _copied(printed: str) -> bool:
    """Whether a misprint is what a web page's formula becomes when it is copied.

    >>> _copied("3×33×3"), _copied("10−4"), _copied("paddinng")
    (True, True, False)
    """
    half = len(printed) // 2
    return printed[:half] == printed[half:] or POWER.fullmatch(printed) is not None


def _holds(stated: Value, computed: Value, tolerance: float) -> bool:
    if stated == computed:
        return True
    if isinstance(stated, int | float) and computed is not None and tolerance:
        return abs(float(computed) - stated) < tolerance  # type: ignore[arg-type]
    return False
