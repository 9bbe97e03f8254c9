"""A grid of cells, rendered as aligned text, CSV, Markdown or LaTeX.

A ``Grid`` knows nothing of networks.  Numbers arrive as numbers: people get thousands separators
and two decimals, CSV gets bare digits.  Each writer escapes what its readers would act on: pipes
and tags in Markdown, commands in LaTeX, formulas in CSV, control characters everywhere.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width

Cell = int | float | str | None
Cells = tuple[Cell, ...]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Grid:
    """A table: a title, a header, rows, rows of totals below a line, and notes below the table."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Cells, ...]
    words: frozenset[int]
    """The columns that are flush left; all others are numbers or sizes and flush right."""
    totals: tuple[Cells, ...] = ()
    notes: tuple[str, ...] = ()


def plain(grid: Grid) -> str:
    """Columns aligned with spaces, for a terminal; a Chinese character is two cells wide."""
    rows = [tuple(map(_printable, grid.header))]
    rows += [tuple(map(_text, row)) for row in grid.rows + grid.totals]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (
            _pad(cell, width, left=index in grid.words)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    lines.insert(1, rule)
    if grid.totals:
        lines.insert(len(lines) - len(grid.totals), rule)
    lines += [line for note in grid.notes for line in ("", _printable(note))]
    if grid.title:
        lines[:0] = [_printable(grid.title), ""]
    return "\n".join(lines) + "\n"


def comma_separated(grid: Grid) -> str:
    """RFC 4180 with bare digits.  A note is a row of its own, above the totals that end the file.

    A cell that a spreadsheet would run as a formula gets a leading apostrophe; numbers do not.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_guarded, grid.header))
    for row in grid.rows:
        writer.writerow(map(_guarded, row))
    for note in grid.notes:
        writer.writerow(map(_guarded, (note, *[None] * (len(grid.header) - 1))))
    for row in grid.totals:
        writer.writerow(map(_guarded, row))
    return out.getvalue()


def markdown(grid: Grid) -> str:
    """A GitHub table with the totals in bold."""
    marks = ("---" if index in grid.words else "---:" for index in range(len(grid.header)))
    lines = [_piped(map(_markdown, grid.header)), _piped(marks)]
    lines += [_piped(map(_markdown, row)) for row in grid.rows]
    lines += [_piped(map(_bold, row)) for row in grid.totals]
    if grid.title:
        lines[:0] = [f"**{_markdown(grid.title)}**", ""]
    lines += [line for note in grid.notes for line in ("", _markdown(note))]
    return "\n".join(lines) + "\n"


def latex(grid: Grid) -> str:
    r"""A ``tabular`` with the rules of the booktabs package."""
    count = len(grid.header)
    columns = "".join("l" if index in grid.words else "r" for index in range(count))
    lines = [f"% {_printable(grid.title)}"] if grid.title else []
    lines += [
        r"% \usepackage{booktabs}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _ampersands(grid.header),
        r"\midrule",
        *map(_ampersands, grid.rows),
    ]
    if grid.totals:
        lines += [r"\midrule", *map(_ampersands, grid.totals)]
    lines += [r"\bottomrule", r"\end{tabular}"]
    lines += [rf"\par\noindent {_latex(note)}" for note in grid.notes]
    return "\n".join(lines) + "\n"


def as_json(record: object) -> str:
    """Records as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=2)


WRITERS: dict[str, Callable[[Grid], str]] = {
    "table": plain,
    "csv": comma_separated,
    "markdown": markdown,
    "latex": latex,
}


def _printable(text: str) -> str:
    """The text without control characters, so that no cell can break a line or steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _printable(cell)
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.2f}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, width: int, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text


def _guarded(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.4f}"
    text = "" if cell is None else str(cell)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return _printable(text)


def _piped(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown(cell: Cell) -> str:
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", _text(cell))


def _bold(cell: Cell) -> str:
    text = _markdown(cell)
    return f"**{text}**" if text else ""


_LATEX = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "×": r"$\times$",
}


def _latex(cell: Cell) -> str:
    text = _text(cell)
    if text.startswith("-") and _NUMBER.fullmatch(text):
        return f"${text}$"
    return "".join(_LATEX.get(letter, letter) for letter in text)


def _ampersands(row: tuple[Cell, ...]) -> str:
    return " & ".join(map(_latex, row)) + r" \\"
