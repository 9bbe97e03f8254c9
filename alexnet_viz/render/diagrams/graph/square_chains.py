"""Chains of maps as squares that shrink from layer to layer, one chain below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_viz.render.diagrams.graph.axes import LINE, SIZE, WIDTH, number_text, wrapped, write
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import FAILURE, FAMILY_COLOURS, GREY, INPUT, VERMILION

POWER = 0.6
"""A square's side grows with the map's side to this power, so that small maps stay visible."""
LARGEST = 84.0
COLUMNS = 10
"""Most squares in a line; a longer chain goes on below."""


@dataclass(frozen=True)
class SquareChain:
    """One chain: the maps' sides in order, with what made each."""

    sides: Sequence[float]
    name: str = ""
    """Written above the chain."""
    labels: Sequence[str] = ()
    """Under each square's number, as the layer's name."""
    kinds: Sequence[str] = ()
    """Of each square, keys of ``FAMILY_COLOURS`` or "input"."""
    failed_at: int | None = None
    """The square that cannot be made; its side may be 0 or less."""
    words: str = ""
    """Under the whole chain, as the rule by which it fails."""


def squares(
    chains: Sequence[SquareChain], *, title: str, ratio: bool = False, beside: bool = False
) -> str:
    """An SVG of chains; the first square that differs from the first chain's is lit.

    A square that fails is dashed and crossed, and the chain ends there.  With ``ratio`` the sides
    are true to scale instead of to the power 0.6.  ``beside`` puts the chains side by side.
    """
    sheet = Sheet()
    most = min(max((len(chain.sides) for chain in chains), default=1) or 1, COLUMNS)
    room = WIDTH / max(len(chains), 1) if beside else WIDTH
    column = (room - 8) / most
    column = min(column, 130.0)
    largest = max((side for chain in chains for side in chain.sides), default=1)
    full = min(LARGEST, column - 10)
    x, y, lowest = 0.0, 4.0, 4.0
    for place, chain in enumerate(chains):
        if beside:
            x, y = room * place, 4.0
        differs = _first_difference(chains[0], chain) if place else None
        if chain.name:
            lines = wrapped(chain.name, (room - 12) / 1.06)
            write(sheet, x + 6, y + 15, lines, anchor="start", bold=True)
            y += LINE * len(lines) + 6
        for first in range(0, len(chain.sides), COLUMNS):
            count = min(COLUMNS, len(chain.sides) - first)
            tall = max(_units(chain.sides[n], largest, full, ratio) for n in
                       range(first, first + count))  # fmt: skip
            foot = y + tall + 6
            deepest = 0
            for n in range(first, first + count):
                middle = x + 4 + (n - first + 0.5) * column
                deepest = max(
                    deepest,
                    _square(sheet, chain, n, middle, y + 3, tall, column,
                            _units(chain.sides[n], largest, full, ratio), lit=n == differs),
                )  # fmt: skip
                if n > first:
                    _arrow(sheet, chain, n, middle, y + 3 + tall, column, largest, full, ratio)
            y = foot + LINE * (1 + deepest) + 10
        if chain.words:
            lines = wrapped(chain.words, room - 12)
            write(sheet, x + 6, y + 14, lines, anchor="start")
            y += LINE * len(lines) + 8
        y += 8
        lowest = max(lowest, y)
    return sheet.document(WIDTH, max(lowest, 20), title=title)


def _first_difference(first: SquareChain, other: SquareChain) -> int | None:
    for n, side in enumerate(other.sides):
        if n >= len(first.sides) or side != first.sides[n]:
            return n
    return None


def _units(side: float, largest: float, full: float, ratio: bool) -> float:
    if side <= 0 or largest <= 0:
        return 14.0
    return max(3.0, full * (side / largest) ** (1 if ratio else POWER))


def _square(
    sheet: Sheet, chain: SquareChain, n: int, middle: float, y: float, tall: float, column: float,
    units: float, *, lit: bool,
) -> int:  # fmt: skip
    """Draw one square standing on the common ground; returns the lines of its label."""
    side = chain.sides[n]
    failed = n == chain.failed_at
    label = chain.labels[n] if n < len(chain.labels) else ""
    kind = chain.kinds[n] if n < len(chain.kinds) else ""
    colour = INPUT if kind == "input" else FAMILY_COLOURS.get(kind, FAMILY_COLOURS["convolution"])
    left, top = middle - units / 2, y + tall - units
    said = f"{label}: {number_text(side)} × {number_text(side)}".lstrip(": ")
    with sheet.group(title=said, kind="failed" if failed else "square"):
        if failed:
            sheet.rectangle(left, top, units, units, stroke=FAILURE, width=1.8, dash="4 3")
            sheet.line((left, top), (left + units, top + units), stroke=FAILURE, width=1.4)
            sheet.line((left, top + units), (left + units, top), stroke=FAILURE, width=1.4)
        else:
            sheet.rectangle(left, top, units, units, fill=colour, opacity=0.35, stroke=colour,
                            width=1.6)  # fmt: skip
        if lit:
            sheet.rectangle(left - 4, top - 4, units + 8, units + 8, stroke=VERMILION, width=2.4)
    number = number_text(side)
    if text_width(number, SIZE) > column - 2:
        number = number_text(side, 2)
    sheet.text(middle, y + tall + 20, number, size=SIZE, bold=True,
               fill="")  # fmt: skip
    lines = wrapped(label, column - 4, most=3) if label else []
    write(sheet, middle, y + tall + 20 + LINE, lines, quiet=True)
    return len(lines)


def _arrow(
    sheet: Sheet, chain: SquareChain, n: int, middle: float, ground: float, column: float,
    largest: float, full: float, ratio: bool,
) -> None:  # fmt: skip
    """A small arrow between two squares where there is room."""
    start = middle - column + _units(chain.sides[n - 1], largest, full, ratio) / 2 + 5
    end = middle - _units(chain.sides[n], largest, full, ratio) / 2 - 5
    if end - start < 8:
        return
    y = ground - 7
    sheet.line((start, y), (end - 4, y), width=1.2)
    sheet.polygon([(end, y), (end - 6, y - 3.5), (end - 6, y + 3.5)], fill=GREY)
