"""The course as a graph: an arrow leads from a lesson to those that build on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from alexnet_viz.render.diagrams.graph.axes import wrapped
from alexnet_viz.render.diagrams.svg import Point, Sheet
from alexnet_viz.render.theme import BLUE, GREEN, GREY, INK, QUIET
from alexnet_viz.teaching.lesson import Lesson
from alexnet_viz.text import Language, t


@dataclass(frozen=True)
class Measures:
    """The sizes of a map, in its own units."""

    across: float
    down: float
    """Size of a lesson."""
    gap: float
    """Space between two columns."""
    row: float
    """Height of a row."""
    size: float
    """Of the text."""
    inset: float
    """What a line of text leaves free; ``text_width`` is wider than the fonts of browsers."""


NEAR = Measures(across=176.0, down=62.0, gap=36.0, row=78.0, size=14.0, inset=16.0)
PROJECTED = Measures(across=184.0, down=88.0, gap=27.0, row=98.0, size=21.4, inset=-10.0)
"""With text of 20 px where the map is 976 px wide, as on a projector."""
MARGIN = 8.0
COLOURS = {"mastered": GREEN, "done": GREEN, "next": BLUE, "ready": BLUE, "later": GREY}
FILLS = {"mastered": 0.45, "done": 0.22, "next": 0.20, "ready": 0.06, "later": 0.0}
SIGNS = {"mastered": "★ ", "done": "✓ ", "next": "▶ ", "ready": "", "later": ""}


def course_map(
    lessons: Mapping[str, Lesson],
    states: Mapping[str, str],
    language: Language = "en",
    measures: Measures = NEAR,
) -> str:
    """An SVG of the lessons in columns: each stands right of everything it builds on.

    ``states`` has ``mastered``, ``done``, ``next``, ``ready`` or ``later`` for every lesson.
    """
    places = _places(lessons, measures)
    sheet = Sheet()
    for slug, lesson in lessons.items():
        for before in _nearest(lesson, lessons):
            lit = states[before] in ("done", "mastered")
            _edge(sheet, places[before], places[slug], measures, lit=lit)
    for slug, lesson in lessons.items():
        _lesson(sheet, lesson, places[slug], states[slug], language, measures)
    width = max(x for x, _ in places.values()) + measures.across + MARGIN
    height = max(y for _, y in places.values()) + measures.down + MARGIN
    return sheet.document(width, height, title=t("course.map_title", language, n=len(lessons)))


def _places(lessons: Mapping[str, Lesson], measures: Measures) -> dict[str, Point]:
    """The upper left corner of every lesson."""
    columns: dict[str, int] = {}

    def column(slug: str, above: tuple[str, ...] = ()) -> int:
        if slug not in columns:
            before = [
                column(each, (*above, slug))
                for each in lessons[slug].builds_on
                if each in lessons and each not in above
            ]
            columns[slug] = 1 + max(before, default=-1)
        return columns[slug]

    rows: dict[int, list[str]] = {}
    for slug in lessons:
        rows.setdefault(column(slug), []).append(slug)
    most = max(map(len, rows.values()))
    return {
        slug: (
            MARGIN + at * (measures.across + measures.gap),
            MARGIN + measures.row * (row + (most - len(slugs)) / 2),
        )
        for at, slugs in rows.items()
        for row, slug in enumerate(slugs)
    }


def _nearest(lesson: Lesson, lessons: Mapping[str, Lesson]) -> list[str]:
    """What a lesson builds on, without what another of these builds on already."""
    given = [slug for slug in lesson.builds_on if slug in lessons]
    return [slug for slug in given if not any(slug in _all_before(each, lessons) for each in given)]


def _all_before(slug: str, lessons: Mapping[str, Lesson]) -> set[str]:
    """Everything that a lesson builds on, directly or through others."""
    found: set[str] = set()
    waiting = [each for each in lessons[slug].builds_on if each in lessons]
    while waiting:
        before = waiting.pop()
        if before not in found:
            found.add(before)
            waiting += [each for each in lessons[before].builds_on if each in lessons]
    return found


def _edge(sheet: Sheet, start: Point, end: Point, measures: Measures, *, lit: bool) -> None:
    """An arrow; one that skips a column runs between the rows."""
    down, gap, row = measures.down, measures.gap, measures.row
    x, y = start[0] + measures.across, start[1] + down / 2
    to_x, to_y = end[0], end[1] + down / 2
    bends: tuple[Point, ...] = ()
    if to_x - x > gap:
        lane = start[1] + (down + (row - down) / 2 if to_y > y else -(row - down) / 2)
        bends = ((x + gap / 3, lane), (to_x - 2 * gap / 3, lane))
    for first, second in pairwise(((x, y), *bends, (to_x - 6, to_y))):
        sheet.line(first, second, stroke=GREEN if lit else QUIET, width=2 if lit else 1.2)
    tip = ((to_x - 8, to_y - 4), (to_x, to_y), (to_x - 8, to_y + 4))
    sheet.polygon(tip, fill=GREEN if lit else INK)


def _lesson(
    sheet: Sheet, lesson: Lesson, at: Point, state: str, language: Language, measures: Measures
) -> None:
    x, y = at
    across, down, size = measures.across, measures.down, measures.size
    title = f"{lesson.number} · {lesson.title.of(language)}"
    spoken = f"{title} · {t(f'course.state.{state}', language)}"
    sheet.ground(x, y, across, down)  # a long arrow passes behind it
    with sheet.group(layer=lesson.slug, title=spoken, kind="lesson"):
        sheet.rectangle(x, y, across, down, fill=COLOURS[state], opacity=FILLS[state],
                        stroke=COLOURS[state], width=2.4 if state == "next" else 1.2,
                        dash="5 4" if state == "later" else "")  # fmt: skip
        lines = wrapped(SIGNS[state] + title, across - measures.inset, size, most=3)
        between = 1.27 * size
        top = y + down / 2 - (len(lines) - 1) * between / 2 + 0.36 * size
        for number, line in enumerate(lines):
            middle = x + across / 2
            sheet.text(middle, top + between * number, line, size=size, bold=state == "next")
