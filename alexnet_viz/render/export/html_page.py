"""The parts of an HTML report: the document with its style, tables, drawings, paragraphs.

The page loads nothing: no script, font or picture.  It follows the reader's light or dark mode and
prints on A4 in light colours.
"""

import re
from html import escape
from pathlib import Path

from alexnet_viz.render.tables.grid import Cell, Grid
from alexnet_viz.render.theme import (
    DARK_GROUND,
    DARK_INK,
    DARK_QUIET,
    FAILURE,
    FONT,
    GROUND,
    INK,
    ORANGE,
    QUIET,
)
from alexnet_viz.text import Language

STYLE = (Path(__file__).parent / "report.css").read_text("utf-8")

PALETTE = f"""\
:root {{ color-scheme: light dark; --ink: {INK}; --quiet: {QUIET}; --ground: {GROUND};
  --failure: {FAILURE}; --lit: color-mix(in srgb, {ORANGE} 26%, transparent); }}
@media (prefers-color-scheme: dark) {{
  @media screen {{ :root {{ --ink: {DARK_INK}; --quiet: {DARK_QUIET}; --ground: {DARK_GROUND}; }} }}
}}
body {{ font-family: {FONT}; }}
"""

BUTTON = re.compile(r' tabindex="0" role="button"')


def page(title: str, parts: list[str], language: Language) -> str:
    """The HTML document with these parts in its body."""
    body = "\n".join(parts)
    speech = {"en": "en", "zh": "zh-Hans"}[language]
    return (
        f'<!DOCTYPE html>\n<html lang="{speech}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{PALETTE}{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def drawing(svg: str, caption: str) -> str:
    """An SVG as a figure with a caption; its buttons become images, as nothing is clickable."""
    svg = BUTTON.sub(' role="img"', svg)
    return f"<figure>\n{svg}\n<figcaption>{escape(caption)}</figcaption>\n</figure>"


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of escaped text; ``kind`` is its class."""
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(words)}</p>"


def heading(words: str, level: int = 2) -> str:
    """A heading of escaped text."""
    return f"<h{level}>{escape(words)}</h{level}>"


def listed(items: list[str]) -> str:
    """A list of escaped sentences."""
    return "\n".join(("<ul>", *(f"<li>{escape(item)}</li>" for item in items), "</ul>"))


def table(grid: Grid, lit: frozenset[int] = frozenset()) -> str:
    """A grid as a table, with notes as paragraphs after it; rows in ``lit`` are highlighted."""
    head = "".join(
        f'<th scope="col"{_side(grid, index)}>{escape(words)}</th>'
        for index, words in enumerate(grid.header)
    )
    lines = ["<table>", f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for number, row in enumerate(grid.rows):
        mark = ' class="lit"' if number in lit else ""
        lines.append(f"<tr{mark}>{_cells(grid, row)}</tr>")
    lines.append("</tbody>")
    if grid.totals:
        lines.append("<tfoot>")
        lines += [f"<tr>{_cells(grid, row)}</tr>" for row in grid.totals]
        lines.append("</tfoot>")
    lines.append("</table>")
    return "\n".join([*lines, *(paragraph(note, "quiet") for note in grid.notes)])


def _cells(grid: Grid, row: tuple[Cell, ...]) -> str:
    first, *rest = row
    cells = [f'<th scope="row"{_side(grid, 0)}>{_text(first)}</th>']
    cells += [
        f"<td{_side(grid, index)}>{_text(cell)}</td>" for index, cell in enumerate(rest, start=1)
    ]
    return "".join(cells)


def _side(grid: Grid, index: int) -> str:
    return "" if index in grid.words else ' class="number"'


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return escape(cell)
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:.1f}"
