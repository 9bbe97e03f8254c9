"""The network as a picture passes through it: on the face of every block, one of its maps.

The front of a block is the map itself, drawn in perspective over a thickness for the channels.
Sides grow as n^0.36 so that a 13×13 map is still a picture beside one of 224, thicknesses as the
square root of the channels.  Bars are rows of features.  What a face shows is given as a picture
(``Face``): this module knows neither models nor arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from alexnet_viz.network.layers import Layer, Shape, Window, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render import theme
from alexnet_viz.render.diagrams.blocks import block_title, is_thin
from alexnet_viz.render.diagrams.kernel_window import kernel_text
from alexnet_viz.render.diagrams.svg import Point, Sheet, text_width
from alexnet_viz.render.theme import FAILURE, FAMILY_COLOURS, QUIET
from alexnet_viz.text import Language, t

WIDTH, MARGIN, ABOVE, BELOW = 984.0, 6.0, 46.0, 36.0
LARGEST, EXPONENT = 168.0, 0.36
THICKNESS, THICKNESS_AT = 17.0, 384
SLANT: Point = (0.8, -0.45)
"""Where a step of one into the page lies on paper."""
GAP, BAR, SMALLEST = 13.0, 13.0, 16.0
NAME, SMALL = 14.0, 11.5
INPUT = "input"
"""The name of the picture's own block."""


@dataclass(frozen=True)
class Face:
    """What the front of a block shows."""

    image: str
    """A PNG as a data URI; of a bar one pixel wide, its first feature on top."""
    layer: str
    """Whose output it is: relu3 on the block of conv3."""
    channel: int | None
    """Which channel of it; None for a row of features."""


@dataclass(frozen=True)
class _Block:
    name: str
    kind: str
    layer: Layer | None
    row: Row | None
    shape: Shape

    @property
    def flat(self) -> bool:
        return len(self.shape) != 3 or max(self.shape[1:]) == 1


@dataclass(frozen=True)
class _Placed:
    block: _Block
    left: float
    top: float
    across: float
    down: float
    thickness: float

    @property
    def centre(self) -> float:
        return self.left + self.across / 2


def flow(trace: Trace, faces: Mapping[str, Face], language: Language = "en") -> str:
    """The whole network as one SVG, 984 units wide; ``faces`` by layer name, the input's too."""
    blocks = _blocks(trace)
    placed, middle = _place(blocks, max(trace.input_shape[1:] or (1,)))
    sheet = Sheet()
    row_ends = [0.0, 0.0, 0.0]
    before: _Placed | None = None
    for number, each in enumerate(placed):
        block, face = each.block, faces.get(each.block.name)
        title = _title(block, face, language)
        with sheet.group(layer=block.name, title=title, kind=block.kind):
            _draw(sheet, each, face)
            _name(sheet, each, language)
            after = placed[number + 1].block if number + 1 < len(placed) else None
            unrolled = bool(after and after.flat and after.shape) and not block.flat
            _shape(sheet, each, row_ends, unrolled=unrolled)
        if before:
            _connect(sheet, before, each)
        before = each
    height = middle + max(each.down for each in placed) / 2 + BELOW
    title = t("drawing.architecture", language, network=trace.network.id)
    return sheet.document(WIDTH, height, title=title)


def _blocks(trace: Trace) -> list[_Block]:
    blocks = [_Block(INPUT, INPUT, None, None, trace.input_shape)]
    for row in trace.rows:
        if not is_thin(row.layer):
            blocks.append(_Block(row.name, row.kind, row.layer, row, row.output_shape))
    if trace.failure:
        stopped = trace.network.layers[len(trace.rows)]
        blocks.append(_Block(stopped.name, stopped.kind, stopped, None, ()))
    return blocks


def _place(blocks: Sequence[_Block], largest: int) -> tuple[list[_Placed], float]:
    """Every block where it stands, and the height of their common middle."""
    thick = [0.0 if b.flat else THICKNESS * (b.shape[0] / THICKNESS_AT) ** 0.5 for b in blocks]
    ratios = [0.0 if b.flat else (max(b.shape[1:]) / largest) ** EXPONENT for b in blocks]
    bars = sum(b.flat for b in blocks) * (BAR + 2 * GAP)
    free = WIDTH - 2 * MARGIN - bars - GAP * len(blocks) - SLANT[0] * sum(thick)
    side = max(SMALLEST, min(LARGEST, free / max(1.0, sum(ratios))))
    middle = ABOVE + side / 2
    placed, x = [], MARGIN
    for block, thickness, ratio in zip(blocks, thick, ratios, strict=True):
        if block.flat:
            features = block.shape[0] if block.shape else 1
            down = max(24.0, side * min(1.0, (features / 4096) ** EXPONENT))
            x += GAP
            across = BAR
        else:
            rows, columns = block.shape[1:]
            down = max(SMALLEST, side * ratio * rows / max(rows, columns))
            across = max(SMALLEST, side * ratio * columns / max(rows, columns))
        placed.append(_Placed(block, x, middle - down / 2, across, down, thickness))
        x += across + SLANT[0] * thickness + GAP + (GAP if block.flat else 0.0)
    return placed, middle


def _draw(sheet: Sheet, it: _Placed, face: Face | None) -> None:
    colour = FAMILY_COLOURS[it.block.layer.family] if it.block.layer else theme.INPUT
    x, y, w, h = it.left, it.top, it.across, it.down
    if it.block.layer and not it.block.row:
        sheet.rectangle(x, y, w, h, stroke=FAILURE, dash="5 4")
        return
    dx, dy = SLANT[0] * it.thickness, SLANT[1] * it.thickness
    if it.thickness:
        above = [(x, y), (x + dx, y + dy), (x + w + dx, y + dy), (x + w, y)]
        beside = [(x + w, y), (x + w + dx, y + dy), (x + w + dx, y + h + dy), (x + w, y + h)]
        sheet.polygon(above, fill=colour, opacity=0.28, stroke=colour)
        sheet.polygon(beside, fill=colour, opacity=0.5, stroke=colour)
    if face:
        sheet.image(x, y, w, h, face.image, smooth=it.block.name == INPUT)
    sheet.rectangle(x, y, w, h, fill=colour, opacity=0.0 if face else 0.4, stroke=colour, width=1.6)


def _name(sheet: Sheet, it: _Placed, language: Language) -> None:
    block = it.block
    lowest = it.top + SLANT[1] * it.thickness - 6
    kernel = kernel_text(block.layer, block.row)
    failed = block.layer is not None and block.row is None
    words = block.name
    if block.name == INPUT:
        words = t("flow.picture", language)
        if text_width(words, NAME) > it.across + GAP:
            words = t("kind.input", language)
    if kernel:
        sheet.text(it.centre, lowest, kernel, size=SMALL, quiet=True)
    sheet.text(it.centre, lowest - (15 if kernel else 0), words, size=NAME, bold=True,
               fill=FAILURE if failed else "")  # fmt: skip


def _shape(sheet: Sheet, it: _Placed, row_ends: list[float], *, unrolled: bool) -> None:
    """The output shape below the block, in the next line where the first is taken.

    The last map says how many values it is ``unrolled``: 256×6×6 = 9,216.
    """
    shape = it.block.shape
    if not shape:
        return
    first = 0
    lines = [f"{shape[0]:,}" if len(shape) == 1 else shape_text(shape)]
    for words in [*lines, f"= {prod(shape):,}"] if unrolled else lines:
        half = text_width(words, SMALL) / 2
        free = (n for n in range(first, len(row_ends)) if it.centre - half > row_ends[n])
        line = next(free, first)
        row_ends[line] = it.centre + half + 3
        below = it.top + it.down + 15 + 14 * line
        sheet.text(it.centre, below, words, size=SMALL, bold=first > 0)
        first = line + 1


def _connect(sheet: Sheet, before: _Placed, after: _Placed) -> None:
    """The window of ``after`` on the map before it, to scale, and lines to where it lands."""
    layer, row = after.block.layer, after.block.row
    if not isinstance(layer, Window) or not row or before.block.flat:
        return
    _, height, width = row.input_shape
    down, across = (
        min(1.0, (d * (k - 1) + 1) / size)
        for k, d, size in zip(layer.kernel_size, layer.dilation, (height, width), strict=True)
    )
    w, h = max(4.0, across * before.across), max(4.0, down * before.down)
    x, y = before.centre - w / 2, before.top + before.down / 2 - h / 2
    with sheet.group(passive=True):
        sheet.rectangle(x, y, w, h, fill="#FFFFFF", opacity=0.25, stroke=QUIET)
        for corner in ((x + w, y), (x + w, y + h)):
            sheet.line(corner, (after.left, after.top + after.down / 2), dash="4 3")


def _title(block: _Block, face: Face | None, language: Language) -> str:
    words = block_title(block.row, language) if block.row else block.name
    if not face or not block.row:
        return words
    if face.channel is None:
        return f"{words} · {t('flow.units', language, layer=face.layer)}"
    return f"{words} · {t('flow.map', language, layer=face.layer, channel=face.channel)}"
