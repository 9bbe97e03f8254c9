"""The view that shows a claim: a page and the choices in its link.

A claim's own view (``show``) comes first.  Otherwise a claim that differs from the paper leads to
the comparison, one about a layer to that layer, one about a network to its drawing, and a general
one to the view of its concept.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from alexnet_viz.analysis.claims.claim import Claim
from alexnet_viz.analysis.claims.concept import CONCEPTS
from alexnet_viz.analysis.claims.expression import PAPER
from alexnet_viz.analysis.claims.quantity import traced
from alexnet_viz.analysis.claims.verdict import judge

OF_A_NETWORK = ("architecture", "layer", "towers")


@dataclass(frozen=True)
class View:
    """A page and the choices of its link."""

    page: str
    choices: dict[str, str]

    @property
    def link(self) -> str:
        """The address, relative to the application's root."""
        return f"./{self.page}?{urlencode(self.choices, safe=',~')}".rstrip("?")


def view(claim: Claim) -> View:
    """The view that shows a claim, in the source's own network.

    >>> from alexnet_viz.analysis.claims.ledger import claims
    >>> view(claims()["s000-08"]).link
    './layer?variant=article_000_text&layer=conv1&input=227&rounding=declared&refit=0'
    """
    page, _, query = _named(claim).partition("?")
    choices = dict(parse_qsl(query))
    if page in OF_A_NETWORK:
        general = claim.layer == "general" and not claim.show
        choices = {"variant": PAPER if general else claim.variant} | choices
        size = str(traced(choices["variant"]).network.input_size)
        choices = choices | {"input": choices.get("input", size)}
        choices = choices | {"rounding": choices.get("rounding", "declared")}
        choices = choices | {"refit": choices.get("refit", "0")}
    return View(page, choices)


def _named(claim: Claim) -> str:
    if claim.show:
        return claim.show
    if judge(claim).word == "differs" and claim.layer != "general" and claim.variant != PAPER:
        layer = f"&layer={claim.layer}" if claim.layer in traced(claim.variant).by_name else ""
        return f"compare?compare={claim.variant},{PAPER}&own=1&differing=1{layer}"
    if claim.layer in traced(claim.variant).by_name:
        return f"layer?layer={claim.layer}"
    if claim.layer == "general":
        return CONCEPTS[claim.concept]
    return "architecture"
