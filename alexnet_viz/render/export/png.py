"""A drawing as pixels, by resvg, which reads the SVG as a browser does and needs no browser.

resvg takes its typefaces from the machine.  Where none of them has a letter it would draw an empty
box or nothing, and a picture without its words is worse than none: that is refused.
"""

from functools import cache

import resvg_py

from alexnet_viz.render.theme import FONT
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem

ZOOM = 2
"""Pixels a unit of the drawing: sharp on paper."""

PROBES: dict[Language, str] = {"en": "Ag", "zh": "网络"}
"""Letters that a drawing's words need."""

UNKNOWN = "\U0010fff0"
"""A private character that no typeface has: drawn as every missing letter is."""


def png(svg: str, language: Language = "en") -> bytes:
    """The drawing at twice its size.

    Raises:
        Problem: this machine has no typeface for the drawing's language.
    """
    for letter in PROBES[language]:
        if not drawable(letter):
            raise Problem("no_typeface", letters=PROBES[language])
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM))


@cache
def drawable(letter: str) -> bool:
    """Whether some typeface here has this letter."""
    return _drawn(letter) not in (_drawn(UNKNOWN), _drawn(""))


def _drawn(letter: str) -> bytes:
    text = f'<text x="4" y="30" font-size="28" font-family="{FONT}">{letter}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))
