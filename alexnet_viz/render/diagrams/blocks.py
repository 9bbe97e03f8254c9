"""A network as a row of solids, to scale, for the Architecture page.

Every map is a block, every row of features a bar.  Kernel windows stand true to scale on the map
they slide over, dotted lines lead to where the product lands.  Layers after a failure are dashed
ghosts.  ``detail`` adds the layers that keep the shape (ReLU, LRN, dropout …) as thin slices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from alexnet_viz.network.layers import Layer, Linear, Shape, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.diagrams.kernel_window import kernel_text, kernel_window
from alexnet_viz.render.diagrams.solids import Scale, Solid
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import FAILURE, FAMILY_COLOURS, INPUT, QUIET
from alexnet_viz.text import Language, t

WIDTH, MARGIN = 1360.0, 20.0
GAPS = (38.0, 92.0)
SLICE = Solid(5.0, 0.0, 0.0)


@dataclass(frozen=True)
class Block:
    """One solid of the drawing: the input, a layer of the trace, or one that was not reached."""

    name: str
    kind: str
    layer: Layer | None
    shape: Shape
    solid: Solid
    row: Row | None
    failed: bool = False

    @property
    def thin(self) -> bool:
        """Whether it is a slice of the block before it."""
        return self.layer is not None and is_thin(self.layer)


def is_thin(layer: Layer) -> bool:
    """Whether a layer is drawn only as detail: it keeps the shape, or only lays it out anew."""
    return layer.keeps_shape or layer.is_view


def architecture(trace: Trace, language: Language = "en", *, detail: bool = False) -> str:
    """The whole network as one SVG."""
    blocks = _blocks(trace, detail)
    widths = sum(block.solid.width for block in blocks)
    wide = [b for b in blocks if not b.thin]
    free = WIDTH - 2 * MARGIN - widths - 8.0 * (len(blocks) - len(wide))
    gap = min(max(free / max(1, len(wide) - 1), GAPS[0]), GAPS[1])
    height = max(block.solid.height + block.solid.rise for block in blocks)
    middle = height / 2 + 62
    sheet, x, before = Sheet(), MARGIN, None
    lowest = middle + height / 2
    unrolled = _unrolled(blocks)
    for block in blocks:
        if before is not None:
            x += 8.0 if block.thin else gap
        with sheet.group(layer=block.name, title=_title(block, language), kind=block.kind):
            _draw(sheet, block, x, middle, language)
            if block.name == unrolled:
                _values(sheet, block, x + block.solid.width / 2, middle)
        if before is not None and block.row:
            _window(sheet, before, (block, x), block.row, middle)
        if not block.thin or before is None:
            before = (block, x)
        x += block.solid.width
    title = t("drawing.architecture", language, network=trace.network.id)
    return sheet.document(max(WIDTH, x + MARGIN), lowest + 48, title=title)


def _unrolled(blocks: Sequence[Block]) -> str:
    """The last block of maps, which the dense layers read as a row of values; else nothing."""
    maps = [block.name for block in blocks if len(block.shape) == 3 and not block.thin]
    dense = any(isinstance(block.layer, Linear) and block.row for block in blocks)
    return maps[-1] if maps and dense else ""


def _blocks(trace: Trace, detail: bool) -> list[Block]:
    scale = Scale(max(trace.input_shape[1:] or (1,)))
    first = scale.solid(trace.input_shape)
    blocks = [Block("input", "input", None, trace.input_shape, first, None)]
    for row in trace.rows:
        if is_thin(row.layer):
            if detail and not row.layer.is_view:
                size = blocks[-1].solid.height + blocks[-1].solid.rise
                blocks.append(
                    Block(row.name, row.kind, row.layer, row.output_shape,
                          Solid(SLICE.thickness, size, 0.0), row)
                )  # fmt: skip
        else:
            solid = scale.solid(row.output_shape)
            blocks.append(Block(row.name, row.kind, row.layer, row.output_shape, solid, row))
    for number, layer in enumerate(trace.network.layers[len(trace.rows) :]):
        if not is_thin(layer) or number == 0:
            shape = (layer.out_features,) if isinstance(layer, Linear) else (96, 13, 13)
            ghost = scale.solid(shape)
            blocks.append(Block(layer.name, layer.kind, layer, (), ghost, None, number == 0))
    return blocks


def _draw(sheet: Sheet, block: Block, x: float, middle: float, language: Language) -> None:
    solid, layer = block.solid, block.layer
    centre = x + solid.width / 2
    if block.row is None and block.layer is not None:
        solid.ghost(sheet, x, middle, FAILURE if block.failed else QUIET)
        sheet.text(centre, solid.top(middle) - 14, block.name, size=16, bold=block.failed,
                   fill=FAILURE if block.failed else "", quiet=True)  # fmt: skip
        if block.failed:
            sheet.text(centre, solid.bottom(middle) + 22, t("drawing.stops", language), size=14,
                       fill=FAILURE)  # fmt: skip
        return
    solid.draw(sheet, x, middle, FAMILY_COLOURS[layer.family] if layer else INPUT)
    if block.thin:
        return
    above = solid.top(middle) - 14
    words = t("kind.input", language) if block.name == "input" else block.name
    kernel = kernel_text(block.layer, block.row)
    sheet.text(centre, above - (21 if kernel else 0), words, size=17, bold=True)
    if kernel:
        sheet.text(centre, above, kernel, size=14, quiet=True)
    text = f"{block.shape[0]:,}" if len(block.shape) == 1 else shape_text(block.shape)
    sheet.text(centre, solid.bottom(middle) + 22, text, size=15)


def _values(sheet: Sheet, block: Block, centre: float, middle: float) -> None:
    """How many values the last maps are, below their shape: 256×6×6 = 9,216."""
    below = block.solid.bottom(middle) + 41
    sheet.text(centre, below, f"= {prod(block.shape):,}", size=15, bold=True)


def _window(
    sheet: Sheet, source: tuple[Block, float], target: tuple[Block, float], row: Row, middle: float
) -> None:
    window = kernel_window(row, source[0].solid, source[1], middle)
    if window:
        window.draw(sheet)
        window.lines(sheet, (target[1], middle + target[0].solid.rise / 2))


def _title(block: Block, language: Language) -> str:
    if block.row:
        return block_title(block.row, language)
    return f"{block.name} {shape_text(block.shape)}" if block.shape else block.name


def block_title(row: Row, language: Language = "en") -> str:
    """A layer in one line: name, kind, shape, parameters, MACs."""
    return t(
        "drawing.block",
        language,
        name=row.name,
        kind=t(f"kind.{row.kind}", language),
        shape=shape_text(row.output_shape),
        params=row.params,
        macs=row.macs,
    )
