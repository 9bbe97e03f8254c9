"""The towers of a network as rows of solids, after Figure 2 of the 2012 paper, generated from data.

One row a tower in that GPU's colour, each block to scale with its own channels; grey lines where
values stay on their tower, thick lines only where values cross, as thick as what crosses, with
the count.  Works for any number of towers.
"""

from dataclasses import dataclass
from itertools import pairwise

from alexnet_viz.columns import axes_text
from alexnet_viz.drawings.solids import Scale, Solid
from alexnet_viz.drawings.svg import Sheet
from alexnet_viz.layers import Conv, Linear, Shape, Window, shape_text
from alexnet_viz.text import Language, t
from alexnet_viz.theme import CROSSING, KIND_COLOURS, TOWER_COLOURS
from alexnet_viz.towers import Stage, Towers
from alexnet_viz.trace import FLOAT32_BYTES

WIDTH, MARGIN, ROW, TOP = 1360.0, 20.0, 268.0, 56.0
GAP = 34.0
THINNEST, THICKNESS, THICKEST, THICK_AT = 1.8, 9.0, 14.0, 21_632
"""A crossing line of the paper's conv3 carries 21,632 values; thickness grows as the root."""


@dataclass(frozen=True)
class Column:
    """One drawn layer: its stage and where it stands."""

    stage: Stage
    solids: tuple[Solid, ...]
    left: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def centre(self) -> float:
        return self.left + self.width / 2


def tower_diagram(
    towers: Towers, input_shape: Shape, language: Language = "en", *, unit: str = "values"
) -> str:
    """The towers as one SVG; crossings are counted in ``unit``: "values" or "bytes"."""
    sheet = Sheet()
    scale = Scale(max(input_shape[1:] or (1,)), reduction=0.92)
    image = Scale(max(input_shape[1:] or (1,)), reduction=0.8).solid(input_shape)
    columns = _columns(towers, scale, MARGIN + image.width + 70)
    middles = [TOP + ROW * (tower + 0.5) for tower in range(towers.count)]
    centre = sum(middles) / len(middles)
    with sheet.group():
        _image(sheet, image, input_shape, centre, language)
        if columns:
            for middle in middles:
                sheet.line((MARGIN + image.width + 8, centre), (columns[0].left - 8, middle))
    for before, after in pairwise(columns):
        _links(sheet, before, after, middles, unit)
    for column in columns:
        title = _title(column.stage, language)
        with sheet.group(layer=column.stage.name, title=title, kind=column.stage.kind):
            for tower, middle in enumerate(middles):
                _block(sheet, column, tower, middle)
    label = columns[0].left if columns else MARGIN
    for tower, middle in enumerate(middles):
        top = middle - ROW / 2
        sheet.rectangle(label, top - 8, 5, 20, fill=_colour(tower))
        sheet.text(label + 12, top + 8, t("drawing.gpu", language, n=tower), size=18, bold=True,
                   anchor="start")  # fmt: skip
    right = columns[-1].right if columns else image.width
    return sheet.document(
        max(WIDTH, right + MARGIN + 10), TOP + ROW * towers.count + 10,
        title=t("drawing.towers", language, count=towers.count),
    )  # fmt: skip


def _columns(towers: Towers, scale: Scale, left: float) -> list[Column]:
    drawn = [stage for stage in towers.stages if isinstance(stage.row.layer, Window | Linear)]
    solids = [tuple(scale.solid(shape) for shape in stage.shapes) for stage in drawn]
    # a column is as wide as its block or its kernel's words, so that neighbours keep apart
    widths = [
        max(6.4 * len(_kernel(stage)), *(solid.width for solid in each))
        for stage, each in zip(drawn, solids, strict=True)
    ]
    gap = max(GAP, (WIDTH - MARGIN - 30 - left - sum(widths)) / max(1, len(widths) - 1))
    columns = []
    for stage, each, width in zip(drawn, solids, widths, strict=True):
        columns.append(Column(stage, each, left, width))
        left += width + gap
    return columns


def _image(sheet: Sheet, solid: Solid, shape: Shape, middle: float, language: Language) -> None:
    solid.draw(sheet, MARGIN, middle, KIND_COLOURS["input"])
    x = MARGIN + solid.width / 2
    sheet.text(x, solid.top(middle) - 12, t("kind.input", language), size=17, bold=True)
    sheet.text(x, solid.bottom(middle) + 22, shape_text(shape), size=15)


def _block(sheet: Sheet, column: Column, tower: int, middle: float) -> None:
    stage, solid = column.stage, column.solids[tower]
    x = column.left + (column.width - solid.width) / 2
    if not stage.channels[tower]:
        solid = column.solids[0]
        solid.ghost(sheet, x, middle, _colour(tower))
        return
    solid.draw(sheet, x, middle, _colour(tower))
    above = solid.top(middle) - 12
    kernel = _kernel(stage)
    sheet.text(column.centre, above - (20 if kernel else 0), stage.name, size=16, bold=True)
    if kernel:
        sheet.text(column.centre, above, kernel, size=13, quiet=True)
    shape = stage.shapes[tower]
    words = f"{shape[0]:,}" if len(shape) == 1 else shape_text(shape)
    sheet.text(column.centre, solid.bottom(middle) + 20, words, size=14)


def _kernel(stage: Stage) -> str:
    """A convolution's kernel with its depth, 5×5×48: the number everybody asks about."""
    layer = stage.row.layer
    if not isinstance(layer, Window):
        return ""
    size = shape_text(layer.kernel_size)
    depth = f"×{stage.kernel_depth}" if isinstance(layer, Conv) else ""
    return f"{size}{depth} / {axes_text(*layer.stride)}"


def _links(sheet: Sheet, before: Column, after: Column, middles: list[float], unit: str) -> None:
    start, end = before.right + 11, after.left - 11
    receiving = [tower for tower, n in enumerate(after.stage.channels) if n]
    for tower in receiving:
        sheet.line((start, middles[tower]), (end, middles[tower]), opacity=0.7)
    if not after.stage.crossing:
        return
    for tower, row in enumerate(after.stage.fetches):
        for other, values in enumerate(row):
            if values:
                width = min(THICKEST, THINNEST + THICKNESS * (values / THICK_AT) ** 0.5)
                sheet.line((start, middles[other]), (end, middles[tower]), stroke=CROSSING,
                           width=width, opacity=0.75)  # fmt: skip
    amount = f"{after.stage.crossing:,}"
    if unit == "bytes":
        amount = f"{FLOAT32_BYTES * after.stage.crossing:,} B"
    middle = sum(middles) / len(middles)
    sheet.label((start + end) / 2, middle + 5, amount, size=14, fill=CROSSING)


def _title(stage: Stage, language: Language) -> str:
    return t(
        "drawing.stage",
        language,
        name=stage.name,
        kind=t(f"kind.{stage.kind}", language),
        params=" + ".join(f"{n:,}" for n in stage.params),
        reads=t(f"towers.read.{stage.reads}", language),
        crossing=stage.crossing,
    )


def _colour(tower: int) -> str:
    return TOWER_COLOURS[tower % len(TOWER_COLOURS)]
