"""The channels on which a unit depends, one strip per layer, one cell per channel.

Each tower's channels stand side by side in that GPU's colour; what the unit cannot see is hollow.
"""

from collections.abc import Collection, Mapping
from itertools import groupby

from alexnet_viz.analysis.towers.split import Stage, Towers
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import TOWER_COLOURS
from alexnet_viz.text import Language, t

WIDTH, LEFT, TOP, ROW, STRIP, GAP = 1360.0, 150.0, 44.0, 40.0, 22.0, 14.0
FIRST = 34.0
"""Height of the first learned layer's strip, whose cells are counted one by one."""
CELLS = 128
"""Most channels drawn as cells of their own."""


def reach_diagram(
    towers: Towers, lit: Mapping[str, Collection[int]], language: Language = "en"
) -> str:
    """An SVG of the strips of the layers before a unit, the image's first, the unit's own last."""
    sheet = Sheet()
    stages = [stage for stage in towers.stages if stage.name in lit]
    shown = [s for s in stages if s.row.layer.weighted or s.crossing]
    if stages[-1] not in shown:
        shown.append(stages[-1])
    across = (WIDTH - LEFT - 150 - GAP * (towers.count - 1)) / towers.count
    for tower in range(towers.count):
        x = LEFT + tower * (across + GAP)
        sheet.text(x, TOP - 14, t("drawing.gpu", language, n=tower), size=16, bold=True,
                   anchor="start", fill="")  # fmt: skip
    y = TOP
    for stage in shown:
        height = FIRST if stage is shown[0] else STRIP
        seen = frozenset(lit[stage.name])
        words = t("reach.seen", language, n=len(seen), of=stage.row.output_shape[0])
        with sheet.group(layer=stage.name, title=f"{stage.name}: {words}", kind="strip"):
            sheet.text(LEFT - 14, y + height / 2 + 5, stage.name, size=16, bold=True, anchor="end")
            for tower in range(towers.count):
                _strip(
                    sheet, stage, tower, seen, (LEFT + tower * (across + GAP), y, across, height)
                )
            sheet.text(WIDTH - 136, y + height / 2 + 5, words, size=15, anchor="start")
        y += height + ROW - STRIP
    return sheet.document(WIDTH, y + 6, title=t("reach.title", language))


def _strip(
    sheet: Sheet,
    stage: Stage,
    tower: int,
    seen: frozenset[int],
    box: tuple[float, float, float, float],
) -> None:
    """One tower's channels of one layer."""
    held, (x, y, across, height) = stage.held[tower], box
    if not held:
        return
    colour = TOWER_COLOURS[tower % len(TOWER_COLOURS)]
    each = across / len(held)
    for is_lit, run in groupby(held, seen.__contains__):
        channels = list(run)
        if is_lit:
            sheet.rectangle(x + each * (channels[0] - held.start), y, each * len(channels), height,
                            fill=colour, opacity=0.75)  # fmt: skip
    sheet.rectangle(x, y, across, height, stroke=colour, width=1.4)
    if len(held) <= CELLS and stage.row.output_shape[1:]:
        for edge in range(1, len(held)):
            at = x + each * edge
            sheet.line((at, y), (at, y + height), opacity=0.45, width=0.8)
