"""Arrows for what crosses between towers; their width grows with the root of the bytes.

A crossing that was cut leaves a faint dashed stub on both sides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from alexnet_viz.network.trace import FLOAT32_BYTES
from alexnet_viz.render.diagrams.light import DARK, Light
from alexnet_viz.render.diagrams.svg import Point, Sheet, text_width
from alexnet_viz.render.diagrams.tower_columns import KERNEL, Column
from alexnet_viz.render.diagrams.tower_layout import MARGIN, Layout
from alexnet_viz.render.diagrams.tower_words import crossing_words
from alexnet_viz.render.theme import CROSSING
from alexnet_viz.text import Language, t

THINNEST, THICKNESS, THICKEST, THICK_AT = 0.5, 9.0, 13.0, 21_632
"""An arrow into the paper's conv3 carries 21,632 values and is 9 units thick.  Where more than two
rows exchange, arrows are the thinner the more there are."""
AWAY = 7.0
"""Between an arrow and the columns it joins."""
NOTE = 15.0
"""Size of the words below the rows."""
STUB = 0.3
"""Length of a stub towards the next row."""


def thickness(values: int, most: int, rows: int = 2) -> float:
    """Width of an arrow that carries ``values``; ``most`` is the largest number of any arrow.

    One scale for all pictures with as many rows, so that a cut leaves the others as they are,
    unless an arrow would be thicker than ``THICKEST``: then all shrink together.
    """
    most_drawn = max(THICK_AT, most / (THICKEST / THICKNESS) ** 2)
    return float(max(THINNEST, min(1.0, 2 / rows) * THICKNESS * (values / most_drawn) ** 0.5))


@dataclass(frozen=True)
class Count:
    """The unit of crossings: values or float32 bytes, and the number of images."""

    unit: str = "values"
    batch: int = 1
    language: Language = "en"

    def short(self, values: int) -> str:
        """The amount that a batch moves, from the values of one image.

        >>> Count().short(43_264), Count("bytes").short(43_264), Count("bytes", 128).short(43_264)
        ('43,264', '173,056 B', '22.2 MB')
        """
        if self.unit == "values":
            return f"{values * self.batch:,}"
        size = values * self.batch * FLOAT32_BYTES
        return f"{size:,} B" if size < 1_000_000 else f"{size / 1e6:,.1f} MB"

    def long(self, values: int) -> str:
        """The amount with its unit."""
        number = self.short(values)
        if self.unit != "values":
            return number
        return t("drawing.values", self.language, number=number)

    @property
    def rule(self) -> str:
        """The caption of the arrows' width."""
        if self.batch == 1:
            return t("drawing.arrow_scale", self.language)
        return t("drawing.arrow_scale_batch", self.language, batch=self.batch)


def flows(columns: Iterable[Column], rows: int) -> list[int]:
    """The values of every arrow among the first ``rows`` towers."""
    return [
        values
        for column in columns
        if column.stage
        for fetched in column.stage.fetches[:rows]
        for values in fetched[:rows]
        if values
    ]


def draw_crossing(
    sheet: Sheet, plan: Layout, start: float, column: Column, light: Light, most: int, count: Count
) -> None:
    """The arrows into one column, and their count between the rows."""
    stage = column.stage
    assert stage is not None
    ends = (start + AWAY, column.left - AWAY)
    bright = 0.85 if len(plan.middles) <= 2 else 0.65
    for tower, fetched in enumerate(stage.fetches[: len(plan.middles)]):
        for other, values in enumerate(fetched[: len(plan.middles)]):
            if not values:
                continue
            lit = light.sees(stage.name, stage.held[tower])
            lit = lit and light.sees(column.source, column.arriving[other])
            # arrows from above arrive above those from below
            apart = 3.0 * (other - tower) if len(plan.middles) > 2 else 0.0
            tail = (ends[0], plan.middles[other] - apart)
            head = (ends[1], plan.middles[tower] + column.solids[tower].rise / 2 + apart)
            title = crossing_words(column, tower, other, count.batch, count.language)
            with sheet.group(kind="crossing", title=title,
                             opacity=bright if lit else 0.5 * DARK):  # fmt: skip
                _arrow(sheet, tail, head, thickness(values, most, len(plan.middles)))
    sheet.label(sum(ends) / 2, plan.between + KERNEL / 3, count.short(stage.crossing),
                size=KERNEL)  # fmt: skip


def draw_cut(sheet: Sheet, plan: Layout, start: float, column: Column, language: Language) -> None:
    """Dashed stubs where values crossed before the layer was cut."""
    ends = (start + AWAY, column.left - AWAY)
    rows = range(len(plan.middles))
    for tower in rows:
        for other in {tower - 1, tower + 1} & set(rows):
            for x, y, to_x, to_y in (
                (ends[0], plan.middles[tower], ends[1], plan.middles[other]),
                (ends[1], plan.middles[tower], ends[0], plan.middles[other]),
            ):
                stop = (x + STUB * (to_x - x), y + STUB * (to_y - y))
                sheet.line((x, y), stop, stroke=CROSSING, width=1.6, dash="5 4", opacity=0.7)
    sheet.text(sum(ends) / 2, plan.between + KERNEL / 3, t("drawing.cut", language), size=KERNEL,
               quiet=True)  # fmt: skip


def draw_scale(sheet: Sheet, y: float, carried: list[int], rows: int, count: Count) -> float:
    """The legend of the arrows' width: the largest and the smallest amount, and the rule.

    Returns its right end.
    """
    x, most = MARGIN, max(carried)
    for values in sorted({most, min(carried)}, reverse=True):
        words = count.long(values)
        _arrow(sheet, (x, y - 5), (x + 44, y - 5), thickness(values, most, rows))
        sheet.text(x + 52, y, words, size=NOTE, anchor="start")
        x += 52 + text_width(words, NOTE) + 26
    sheet.text(x, y, count.rule, size=NOTE, quiet=True, anchor="start")
    return x + text_width(count.rule, NOTE)


def _arrow(sheet: Sheet, tail: Point, head: Point, width: float) -> None:
    """A straight arrow; the width of its head grows with its own."""
    length = hypot(head[0] - tail[0], head[1] - tail[1])
    right, down = (head[0] - tail[0]) / length, (head[1] - tail[1]) / length
    long, half = 5.0 + 1.3 * width, 2.2 + 0.9 * width
    neck = (head[0] - long * right, head[1] - long * down)
    sheet.line(tail, neck, stroke=CROSSING, width=round(width, 3))
    sheet.polygon(
        [head, (neck[0] - half * down, neck[1] + half * right),
         (neck[0] + half * down, neck[1] - half * right)],
        fill=CROSSING,
    )  # fmt: skip
