"""The towers of a network as rows of solids, after Figure 2 of the 2012 paper, generated from data.

One row a tower in that GPU's colour, each block to scale with its own channels.  Kernels stand as
windows on the maps they slide over, dotted lines lead to where the product lands.  Arrows run only
where values cross, as thick as what crosses.  Works for any number of towers, one included.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from alexnet_viz.analysis.towers.split import Towers
from alexnet_viz.network.layers import Layer, Shape, shape_text
from alexnet_viz.render.diagrams.crossings import (
    NOTE,
    Count,
    draw_crossing,
    draw_cut,
    draw_scale,
    flows,
)
from alexnet_viz.render.diagrams.light import Light, draw_lit, draw_unit
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.diagrams.tower_columns import KERNEL, NAME, SHAPE, Column
from alexnet_viz.render.diagrams.tower_kernels import draw_kernels, draw_stays
from alexnet_viz.render.diagrams.tower_layout import LEADING, MARGIN, Layout, layout
from alexnet_viz.render.diagrams.tower_words import block_words
from alexnet_viz.render.theme import FAILURE, INPUT, QUIET, TOWER_COLOURS
from alexnet_viz.text import Language, t


def tower_diagram(
    towers: Towers,
    input_shape: Shape,
    language: Language = "en",
    *,
    unit: str = "values",
    batch: int = 1,
    lit: Mapping[str, Collection[int]] | None = None,
    unit_of: tuple[str, int] | None = None,
    cut: Collection[str] = (),
    ghosts: Sequence[Layer] = (),
) -> str:
    """An SVG of the towers.

    Crossings are counted in ``unit``, "values" or "bytes", for ``batch`` images.  ``lit`` are the
    channels, by layer, that the chosen unit ``unit_of`` (layer, channel) sees: the rest is dark.
    ``cut`` names layers that crossed before they were cut, ``ghosts`` are the layers that a failing
    network never reached, the failing one first.
    """
    count = Count(unit, batch, language)
    plan = layout(towers, input_shape, count.short, cut, ghosts)
    sheet, light = Sheet(), Light(lit)
    _image(sheet, plan, input_shape, language)
    carried = flows(plan.columns, len(plan.middles))
    right = plan.image_right
    for before, column in pairwise((None, *plan.columns)):
        assert column is not None
        draw_stays(sheet, plan, before, column, light)
        if column.stage and column.stage.crossing:
            draw_crossing(sheet, plan, right, column, light, max(carried, default=1), count)
        elif column.layer.name in cut:
            draw_cut(sheet, plan, right, column, language)
        right = column.right
    for column in plan.columns:
        for tower in range(len(plan.middles)):
            title = block_words(column, tower, language)
            with sheet.group(layer=column.layer.name, title=title, kind=column.layer.kind,
                             tower=tower):  # fmt: skip
                _block(sheet, plan, column, tower, light)
                _words(sheet, plan, column, tower, language)
    for before, column in pairwise((None, *plan.columns)):
        assert column is not None
        draw_kernels(sheet, plan, before, column, light)
    if unit_of:
        _unit(sheet, plan, towers, *unit_of)
    _gpus(sheet, plan, language)
    right, bottom = _notes(sheet, plan, towers, carried, count, unit_of)
    title = t("drawing.towers", language, count=towers.count)
    return sheet.document(max(plan.width, right + MARGIN), bottom + 20, title=title)


def _image(sheet: Sheet, plan: Layout, shape: Shape, language: Language) -> None:
    plan.image.draw(sheet, plan.image_left, plan.centre, INPUT)
    x = plan.image_left + plan.image.width / 2
    name = t("kind.input", language)
    sheet.text(x, plan.image.top(plan.centre) - 12, name, size=NAME, bold=True)
    # under the front edge, because lines to many rows leave steeply on the right
    words = shape_text(shape)
    x -= max(0.0, plan.image.width - text_width(words, SHAPE)) / 2
    sheet.text(x, plan.image.bottom(plan.centre) + 20, words, size=SHAPE)


def _block(sheet: Sheet, plan: Layout, column: Column, tower: int, light: Light) -> None:
    """A tower's part of a layer; an outline if it has none or the layer was not reached."""
    solid, left, middle = column.solids[tower], column.solid_left(tower), plan.middles[tower]
    stage = column.stage
    if stage and stage.channels[tower]:
        runs = light.runs(stage.name, stage.held[tower])
        draw_lit(sheet, solid, left, middle, _colour(tower), runs)
    else:
        colour = FAILURE if column.failed else QUIET if stage is None else _colour(tower)
        solid.ghost(sheet, left, middle, colour)


def _words(sheet: Sheet, plan: Layout, column: Column, tower: int, language: Language) -> None:
    solid, middle = column.solids[tower], plan.middles[tower]
    failed = column.failed
    held = bool(column.channels(tower))
    if tower < plan.labelled and (held or column.stage is None):
        y = solid.top(middle) - 12 - LEADING * len(column.words)
        sheet.text(column.centre, y, column.layer.name, size=NAME, bold=held or failed,
                   fill=FAILURE if failed else "", quiet=not held)  # fmt: skip
        for line, words in enumerate(column.words):
            y += LEADING
            sheet.text(column.centre, y, words, size=KERNEL, quiet=line > 0 or not column.depth)
    below = t("drawing.stops", language) if failed else column.shape(tower) if held else ""
    if below:
        sheet.text(column.centre, solid.bottom(middle) + 20, below, size=SHAPE,
                   fill=FAILURE if failed else "")  # fmt: skip


def _unit(sheet: Sheet, plan: Layout, towers: Towers, layer: str, channel: int) -> None:
    """Mark the chosen unit on the block that it belongs to."""
    names = [stage.name for stage in towers.stages]
    drawn = [c for c in plan.columns if c.stage and names.index(c.stage.name) <= names.index(layer)]
    held = towers.stages[names.index(layer)].held
    for tower, channels in enumerate(held[: len(plan.middles)]):
        if drawn and channel in channels:
            place = (channel - channels.start + 0.5) / len(channels)
            with sheet.group(passive=True):
                draw_unit(sheet, drawn[-1].solids[tower], drawn[-1].solid_left(tower),
                          plan.middles[tower], place)  # fmt: skip


def _gpus(sheet: Sheet, plan: Layout, language: Language) -> None:
    """The name of every row: above the lines that rise to it, below those that fall."""
    for tower, middle in enumerate(plan.middles):
        words = t("drawing.gpu", language, n=tower)
        x = plan.row_start(tower) - 12
        y = middle + (30 if middle > plan.centre + 1 else -18)
        sheet.label(x - text_width(words, NAME) / 2, y, words, size=NAME)
        sheet.rectangle(x - 1.15 * text_width(words, NAME) - 9, y - 13, 5, 15, fill=_colour(tower))


def _notes(
    sheet: Sheet, plan: Layout, towers: Towers, carried: list[int], count: Count,
    unit_of: tuple[str, int] | None,
) -> tuple[float, float]:  # fmt: skip
    """The words below: what is left out, what is lit, the legend; returns where they end."""
    language, rows, y = count.language, len(plan.middles), plan.bottom
    words = []
    if towers.count > rows:
        words.append(t("drawing.more_gpus", language, count=towers.count - rows))
    if unit_of:
        words.append(t("drawing.unit_sees", language, layer=unit_of[0], channel=unit_of[1]))
    if towers.count == 1:
        words.append(t("drawing.one_gpu", language))
    elif not towers.crossing:
        words.append(t("drawing.nothing_crosses", language))
    for line in words:
        y += 28
        sheet.text(MARGIN, y, line, size=NOTE, quiet=True, anchor="start")
    right = MARGIN + max((text_width(line, NOTE) for line in words), default=0.0)
    if carried:
        y += 30
        right = max(right, draw_scale(sheet, y, carried, rows, count))
    return right, y


def _colour(tower: int) -> str:
    return TOWER_COLOURS[tower % len(TOWER_COLOURS)]
