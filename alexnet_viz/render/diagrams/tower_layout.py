"""The positions of a tower diagram: one column per layer, one row per tower.

A column is as wide as its blocks and its words, so neighbours keep apart; a gap that values cross
is at least as wide as their count.  Rows are as high as what they hold: the more towers, the
smaller everything is drawn.  Of more than ``MOST_ROWS`` towers the first few are drawn.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from alexnet_viz.analysis.towers.split import Towers
from alexnet_viz.network.layers import Layer, Shape, shape_text
from alexnet_viz.render.diagrams.solids import Scale, Solid
from alexnet_viz.render.diagrams.svg import text_width
from alexnet_viz.render.diagrams.tower_columns import KERNEL, NAME, SHAPE, Column, columns_of

WIDTH, MARGIN = 1360.0, 20.0
FAN, FAN_FARTHER = 76.0, 12.0
"""Distance between the image and the first column, and what each row beyond four adds."""
GAPS, CROSSING_GAP = (15.0, 110.0), 36.0
ROWS_APART = {1: 0.0, 2: 62.0}
FARTHER_APART = 36.0
REDUCTIONS = {1: 1.0, 2: 0.92, 3: 0.74, 4: 0.66}
SMALLEST_REDUCTION = 0.5
MOST_ROWS, FIRST_ROWS = 8, 4
LEADING = 19.0
WIDEST = 1440.0
SHRINK = (1.0, 0.85, 0.72)
"""Factors that are tried in turn to stay below ``WIDEST``, above which words become small."""


@dataclass(frozen=True)
class Layout:
    """All positions; ``middles`` are the centre lines of the rows."""

    columns: tuple[Column, ...]
    image: Solid
    image_left: float
    middles: tuple[float, ...]
    labelled: int
    """Number of rows that name their layers: both of two, otherwise the first."""
    width: float
    bottom: float
    between: float
    """The height at which crossings are counted: between the two rows in the middle."""

    @property
    def centre(self) -> float:
        return (self.middles[0] + self.middles[-1]) / 2

    @property
    def image_right(self) -> float:
        return self.image_left + self.image.width

    def row_start(self, tower: int) -> float:
        """Left edge of a row's first block or of its words."""
        if not self.columns:
            return self.image_right + FAN
        first = self.columns[0]
        words = text_width(first.shape(tower), SHAPE)
        return first.centre - max(first.solids[tower].width, words) / 2


def layout(
    towers: Towers,
    input_shape: Shape,
    count_text: Callable[[int], str],
    cut: Collection[str],
    ghosts: Sequence[Layer],
) -> Layout:
    """The layout of a split; ``count_text`` returns the words at a crossing."""
    rows = towers.count if towers.count <= MOST_ROWS else FIRST_ROWS
    reduction = REDUCTIONS.get(rows, SMALLEST_REDUCTION)
    side = max(input_shape[1:] or (1,))
    words = max(text_width(shape_text(input_shape), SHAPE), text_width("input", NAME))
    fan = FAN + FAN_FARTHER * max(0, rows - 4)
    for shrink in SHRINK:
        image = Scale(side, reduction=0.8 * shrink).solid(input_shape)
        image_left = MARGIN + max(0.0, (words - image.width) / 2)
        scale = Scale(side, reduction=reduction * shrink)
        columns = columns_of(towers, scale, rows, cut, ghosts)
        columns = _placed(columns, image_left + image.width + fan, count_text, cut)
        if not columns or columns[-1].right + MARGIN <= WIDEST:
            break
    labelled = rows if rows <= 2 else 1
    up = [0.0] * rows
    down = [0.0] * rows
    for column in columns:
        above = LEADING * (1 + len(column.words)) + 12
        for row, solid in enumerate(column.solids):
            half = (solid.height + solid.rise) / 2
            up[row] = max(up[row], half + (above if row < labelled else 0.0))
            down[row] = max(down[row], half + 24.0)
    apart = max((a + b for a, b in zip(down, up[1:], strict=False)), default=0.0)
    apart += ROWS_APART.get(rows, FARTHER_APART)
    spread = apart * (rows - 1)
    half = (image.height + image.rise) / 2 + 34
    first = MARGIN + max(up[0], half - spread / 2)
    middles = tuple(first + apart * row for row in range(rows))
    bottom = max(middles[-1] + down[-1], (first + middles[-1]) / 2 + half)
    right = columns[-1].right if columns else image_left + image.width
    # counts stand below the middle between two rows, where the upper one's shapes are
    half_way = (len(middles) - 1) // 2
    between = middles[half_way] + (down[half_way] + apart - up[min(half_way + 1, rows - 1)]) / 2
    return Layout(columns, image, image_left, middles, labelled, right + MARGIN, bottom, between)


def _placed(
    columns: tuple[Column, ...],
    left: float,
    count_text: Callable[[int], str],
    cut: Collection[str],
) -> tuple[Column, ...]:
    gaps = [GAPS[0]] * len(columns)
    for place, column in enumerate(columns):
        crossing = column.stage.crossing if column.stage else 0
        if crossing or column.layer.name in cut:
            # the counts stand between the rows, where they may reach beyond their gap
            count = text_width(count_text(crossing), KERNEL) + 16
            gaps[place] = max(CROSSING_GAP, count - column.width)
    if gaps:  # a network without layers has none
        gaps[0] = 0.0
    free = WIDTH - MARGIN - left - sum(gaps) - sum(column.width for column in columns)
    more = max(0.0, free / max(1, len(columns) - 1))
    placed: list[Column] = []
    for column, gap in zip(columns, gaps, strict=True):
        left += min(max(GAPS[1], gap), gap + more) if placed else 0.0
        placed.append(replace(column, left=left))
        left += column.width
    return tuple(placed)
