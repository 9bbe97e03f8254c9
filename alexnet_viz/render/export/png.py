"""Render an SVG drawing as a PNG with resvg, which needs no browser.

resvg uses the system's typefaces.  If none of them has a letter it draws an empty box or nothing;
such a drawing is refused.
"""

from functools import cache

import resvg_py

from alexnet_viz.render.theme import FONT
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem

ZOOM = 2
"""Pixels per unit of the drawing."""

PROBES: dict[Language, str] = {"en": "Ag", "zh": "网络"}
"""Letters that must be available, by language."""

UNKNOWN = "\U0010fff0"
"""A private character that no typeface has; it is drawn as every missing letter is."""


def png(svg: str, language: Language = "en") -> bytes:
    """The PNG of a drawing, ``ZOOM`` pixels per unit.

    Raises:
        Problem: the system has no typeface for the language.
    """
    for letter in PROBES[language]:
        if not drawable(letter):
            raise Problem("no_typeface", letters=PROBES[language])
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM))


@cache
def drawable(letter: str) -> bool:
    """Whether a typeface of the system has this letter."""
    return _drawn(letter) not in (_drawn(UNKNOWN), _drawn(""))


def _drawn(letter: str) -> bytes:
    text = f'<text x="4" y="30" font-size="28" font-family="{FONT}">{letter}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))
