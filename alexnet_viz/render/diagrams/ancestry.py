"""The ancestry of the variants by year, with what each changed.

Time runs from left to right, and every network has a line of its own; so its name and what it
changed never cross an edge.  Children stand below their parent, those of the same year a step to
the right.
"""

from collections.abc import Collection, Sequence
from functools import cache

from alexnet_viz.analysis.compare.ancestry import about, change, change_text, lineage
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import FRAMEWORK_COLOURS, GREY, GROUND
from alexnet_viz.text import Language, t

WIDTH, TOP, ROW, LEFT, STEP = 1180.0, 44.0, 26.0, 12.0, 18.0
CHANGES = 610.0
"""Left edge of the column of changes."""
YEAR = 30.0
"""Least width of a year: its two digits."""
SIZE, GROWN, NARROW = 13.0, 1.15, 0.48
"""Font size; the factor by which a page may enlarge it; width of a Latin letter over its height."""
DOT = 5.0
FAINT = 0.6


def family_tree(
    ids: Sequence[str],
    chosen: str,
    language: Language = "en",
    *,
    lit: Collection[str] | None = None,
    coloured: bool = False,
) -> str:
    """An SVG with one line per variant.

    ``ids`` are in the order of ``ancestry.tree``, parents before children.  Those that are not
    ``lit`` are faint (None lights all); ``coloured`` dots show the framework.
    """
    sheet = Sheet()
    places = _places(ids)
    height = TOP + ROW * len(ids) + 6
    for year, x in _years(ids).items():
        sheet.text(x, TOP - 22, str(year), size=SIZE, quiet=True, anchor="start")
        sheet.line((x, TOP - 14), (x, height - 8), stroke=GREY, width=0.6, opacity=0.3)
    sheet.text(CHANGES, TOP - 22, t("family.changes", language), size=SIZE, quiet=True,
               anchor="start")  # fmt: skip
    bright = set(ids if lit is None else lit)
    for id in sorted(ids, key=bright.__contains__):  # the bright edges lie on the faint ones
        _edge(sheet, id, places, language, bright=id in bright)
    for id in ids:
        with sheet.group(opacity=1.0 if id in bright else FAINT):
            _network(sheet, id, places[id], language, bold=id == chosen, coloured=coloured)
    return sheet.document(WIDTH, height, title=t("family.tree", language))


def _places(ids: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Centre of the dot of every variant, by id."""
    years = _years(ids)
    return {
        id: (years[about(id).year or 0] + STEP * _steps(id), TOP + ROW * (row + 0.5))
        for row, id in enumerate(ids)
    }


def _years(ids: Sequence[str]) -> dict[int, float]:
    """Left edge of each year from the first to the last, years without a variant included."""
    named = {id: about(id).year or 0 for id in ids}
    places, x = {}, LEFT
    for year in range(min(named.values()), max(named.values()) + 1):
        places[year] = x
        deepest = max((_steps(id) for id in ids if named[id] == year), default=0)
        x += max(YEAR, STEP * (deepest + 1)) + 4
    return places


def _steps(id: str) -> int:
    """Number of its ancestors that have the same year."""
    return sum(about(each).year == about(id).year for each in lineage(id)[:-1])


def _edge(
    sheet: Sheet,
    id: str,
    places: dict[str, tuple[float, float]],
    language: Language,
    *,
    bright: bool,
) -> None:
    """An edge: down from the parent's dot, then across to the child's.

    A faint one begins where the sibling above turns off: lying on each other they would add up.
    """
    parent = about(id).parent
    if parent is None:
        return
    (left, top), (right, bottom) = places[parent], places[id]
    if not bright:
        above = [y for each, (_, y) in places.items() if about(each).parent == parent]
        top = max([top, *(y - DOT for y in above if y < bottom)])
    with sheet.group(
        kind="crossing", title=edge_text(id, language), opacity=1.0 if bright else FAINT
    ):
        sheet.line((left, top + DOT), (left, bottom), width=1.4)
        sheet.line((left, bottom), (right - DOT, bottom), width=1.4)


def _network(
    sheet: Sheet,
    id: str,
    place: tuple[float, float],
    language: Language,
    *,
    bold: bool,
    coloured: bool,
) -> None:
    x, y = place
    with sheet.group(layer=id, title=network_text(id, language), kind="network"):
        # a target for the pointer, as wide as the words
        sheet.rectangle(x - 8, y - ROW / 2, WIDTH - x, ROW, fill=GROUND, opacity=0.0)
        room = CHANGES - x - 2.6 * DOT
        title = _cut(about(id).title.of(language), room)
        sheet.text(x + 2.6 * DOT, y + 4.5, title, size=SIZE, bold=bold, anchor="start")
        written = about(id).framework
        colour = FRAMEWORK_COLOURS.get(written, GREY) if coloured and written else GREY
        corners = ((x - DOT, y), (x, y - DOT), (x + DOT, y), (x, y + DOT))
        solid = bold or bool(coloured and written)
        sheet.polygon(corners, fill=colour if solid else "none", stroke=colour, width=1.6)
        if about(id).parent:
            words = _short(id, language, WIDTH - CHANGES)
            sheet.text(CHANGES, y + 4.5, words, size=SIZE, quiet=True, anchor="start")


def network_text(id: str, language: Language) -> str:
    """One line on a network: its name, year and framework, and what it changed."""
    words = about(id)
    parts = [words.title.of(language), str(words.year), words.framework]
    said = t("family.changed", language, says=change_text(id, language))
    return " · ".join(filter(None, [*parts, said if words.parent else ""]))


def edge_text(id: str, language: Language) -> str:
    """One line on an edge: parent, child, and what changed."""
    words = about(id)
    assert words.parent is not None
    before = about(words.parent).title.of(language)
    said = change_text(id, language)
    return f"{before} → {words.title.of(language)}: {said}"


@cache
def _short(id: str, language: Language, room: float) -> str:
    """As many clauses as fit into the width, and the number of those left out."""
    for most in range(max(1, len(change(id))), 0, -1):
        words = change_text(id, language, most)
        if _width(words) <= room:
            return words
    return _cut(change_text(id, language, 1), room)


def _width(words: str) -> float:
    """Estimated width of a line on a page; most typefaces have wider Latin letters."""
    return GROWN * SIZE * sum(1.0 if ord(letter) >= 0x2E80 else NARROW for letter in words)


def _cut(words: str, room: float) -> str:
    """The words, cut to the letters that fit into the width."""
    if _width(words) <= room:
        return words
    while _width(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…"
