"""A claim, a value and a reason as text, in English and Chinese.

Most claims have one of a few forms ("conv1 has 96 kernels"), so there is one phrase per quantity
and one reason per verdict; a claim may have words of its own instead.
"""

import re
from fractions import Fraction

from alexnet_viz.analysis.claims.claim import Claim
from alexnet_viz.analysis.claims.expression import PAPER, fill, names
from alexnet_viz.analysis.claims.quantity import Value, ask, traced
from alexnet_viz.analysis.claims.verdict import Finding, judge
from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.network.layers import Conv, Linear, shape_text
from alexnet_viz.network.trace import Row
from alexnet_viz.text import Language, has, running, t

_NAME = re.compile(r"[a-z_]\w*(?:\.\w+)+")

SLIDING = frozenset(
    ("kernel_size", "stride", "padding", "output_shape", "output_size", "input_shape", "input_size")
)
"""Quantities of the formula of the output size."""

OF_KERNELS = frozenset(("out_channels", "kernel_shape", "kernel_depth", "groups", "out_features"))
"""Quantities of the formula of the number of parameters."""

EXPLAINED = ("agrees", "roughly", "garbled", "copied")
"""The verdicts whose reason follows from the numbers."""

PLACES = 6
"""Most decimals of a value; exact megabytes would have fifteen."""


def value_text(quantity: str, value: Value, language: Language = "en") -> str:
    """A value as text: 60,965,224; 96×55×55; conv → ReLU → LRN.

    >>> value_text("conv1.output_shape", (96, 55, 55)), value_text("conv1.padding", (1, 2))
    ('96×55×55', '1 + 2')
    >>> value_text("weight_mebibytes", Fraction(244403360, 2**20))
    '233.081207'
    >>> value_text("macs", Fraction(1131457664, 10**6))
    '1,131.457664'
    """
    if value is None:
        return "–"
    if isinstance(value, tuple):
        if quantity.endswith(".padding"):
            return " + ".join(map(str, value))
        if all(isinstance(each, str) for each in value):
            return " → ".join(_word(str(each), language) for each in value)
        return shape_text(value)  # type: ignore[arg-type]
    if isinstance(value, str):
        return _word(value, language)
    if isinstance(value, Fraction):
        places = len(quotient_text(value).partition(".")[2])
        return f"{float(value):,.{min(places, PLACES)}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def _word(word: str, language: Language) -> str:
    for area in ("kind_short", "claims.value"):
        if has(f"{area}.{word}"):
            return t(f"{area}.{word}", language)
    return word


def said(claim: Claim, language: Language = "en") -> str:
    """The claim in words."""
    if claim.says:
        return _filled(claim.says.of(language), claim, language)
    return running(
        (
            _said(quantity, value_text(quantity, value, language), language)
            for quantity, value in claim.states.items()
        ),
        language,
    )


def _said(quantity: str, stated: str, language: Language) -> str:
    subject, _, field = quantity.rpartition(".")
    return t(f"claims.says.{field}", language, layer=subject.removeprefix("stage"), stated=stated)


def sum_text(expression: str) -> str:
    """An expression as printed: ``(224-11)/4`` is (224 − 11)/4."""
    return expression.replace("-", " − ").replace("+", " + ").replace("*", "×")


def quantity_text(quantity: str, language: Language = "en") -> str:
    """The name of a quantity, or an expression with the names of its quantities.

    >>> quantity_text("conv1.out_channels"), quantity_text("4*paper.network.params")
    ('conv1: kernels', '4×parameters (paper)')
    """
    return _NAME.sub(lambda match: _name(match[0], language), sum_text(quantity))


def _name(name: str, language: Language) -> str:
    """The name of one quantity, with the id of the network where it is not the claim's."""
    *variant, subject, field = name.split(".")
    words = t(f"claims.name.{field}", language)
    if subject.startswith("stage"):
        subject = t("claims.stage", language, n=subject[-1])
    if subject != "network":
        words = t("claims.of_subject", language, subject=subject, name=words)
    return t("claims.of_variant", language, name=words, variant=variant[0]) if variant else words


def explained(claim: Claim, language: Language = "en") -> str:
    """The reason for the verdict, in a sentence or two.

    Raises:
        ValueError: the claim neither agrees nor gives a reason.
    """
    if claim.explains:
        return _filled(claim.explains.of(language), claim, language)
    verdict = judge(claim)
    finding = next((each for each in verdict.findings if names(each.quantity)), None)
    if finding is None or verdict.word not in EXPLAINED:
        raise ValueError(f"the claim {claim.id} is not explained")
    own = value_text(finding.quantity, finding.own, language)
    if claim.printed:
        return t(f"claims.because.{verdict.word}", language, printed=claim.printed, own=own)
    return _agreement(claim, finding, language)


def _filled(words: str, claim: Claim, language: Language) -> str:
    return fill(words, claim.variant, lambda name, value: value_text(name, value, language))


def _agreement(claim: Claim, finding: Finding, language: Language) -> str:
    """The reason for agreement: the formula of the size or of the parameters, if there is one."""
    subject, _, field = finding.quantity.rpartition(".")
    row = traced(claim.variant).by_name.get(subject)
    if row and row.slides and field in SLIDING:
        return _size(row, language)
    if row and field in OF_KERNELS and row.params == ask(PAPER, f"{subject}.params"):
        return _params(claim, row, language)
    if finding.compared:
        return t("claims.because.agrees", language)
    own = value_text(finding.quantity, finding.own, language)
    return t("claims.because.computed", language, own=own)


def _size(row: Row, language: Language) -> str:
    assert row.slides
    window = row.slides[0]
    return t(
        "claims.because.size",
        language,
        layer=row.name,
        w=window.input_size,
        f=window.kernel_size,
        p=sum(window.padding),
        s=window.stride,
        quotient=quotient_text(window.quotient),
        input=shape_text(row.input_shape),
        output=shape_text(row.output_shape),
    )


def _params(claim: Claim, row: Row, language: Language) -> str:
    layer = row.layer
    if isinstance(layer, Conv):
        name = f"{row.name}.kernel_shape"
        kernel = value_text(name, ask(claim.variant, name))
        sum = f"{layer.out_channels} × {kernel} + {row.biases}"
    else:
        assert isinstance(layer, Linear)
        sum = f"{row.input_shape[0]:,} × {layer.out_features:,} + {row.biases:,}"
    return t("claims.because.params", language, layer=row.name, sum=sum, params=row.params)


def paper_text(finding: Finding, language: Language = "en") -> str:
    """The paper's value where the claim is compared with it; else empty."""
    if not finding.compared:
        return ""
    return value_text(finding.quantity, finding.paper, language)
