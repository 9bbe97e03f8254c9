"""LaTeX formulas of ``alexnet_viz.analysis.formulas`` as MathML, which browsers render natively."""

import re

from latex2mathml.converter import convert

_SEPARATED = re.compile(r"(\d)</mn><mrow><mo>&#x0002C;</mo></mrow><mn>(?=\d{3})")


def mathml(latex: str) -> str:
    """A LaTeX formula as MathML; thousands separators stay inside their numbers.

    >>> "<mn>60,965,224</mn>" in mathml("n = 60{,}965{,}224")
    True
    """
    return _SEPARATED.sub(r"\1,", convert(latex, display="block"))
