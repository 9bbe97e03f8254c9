"""The receptive field of one cell, drawn on the network's input.

The part of the field inside the image is filled; where it reaches beyond, into the zeros that
padding put there, it is grey with a dashed outline.
"""

from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.diagrams.svg import Sheet
from alexnet_viz.render.theme import BLUE, GREY, GROUND, PADDING, QUIET
from alexnet_viz.text import Language, t

SIZE, MARGIN = 420.0, 12.0


def receptive_field(
    trace: Trace,
    row: Row,
    cell: tuple[int, int],
    language: Language = "en",
    *,
    photo: str = "",
    width: float = SIZE + 2 * MARGIN,
) -> str:
    """An SVG of the input with the receptive field of output cell (row, column) of a layer.

    ``photo``, a data URI, is laid under it as the input; without one the image is an empty square.
    In a wider drawing it is in the middle.
    """
    _, height, across = trace.input_shape
    assert row.receptive_field is not None
    vertical, horizontal = row.receptive_field
    seen_y, seen_x = vertical.pixels(cell[0]), horizontal.pixels(cell[1])
    low_y, low_x = min(0, seen_y.start), min(0, seen_x.start)
    span = max(max(height, seen_y.stop) - low_y, max(across, seen_x.stop) - low_x)
    unit = SIZE / span
    left = (width - SIZE) / 2
    sheet = Sheet()

    def box(ys: range, xs: range, **style: str | float) -> None:
        sheet.rectangle(
            left + (xs.start - low_x) * unit, MARGIN + (ys.start - low_y) * unit,
            len(xs) * unit, len(ys) * unit, **style,
        )  # fmt: skip

    image_y, image_x = range(height), range(across)
    box(seen_y, seen_x, fill=PADDING, opacity=0.35)
    if photo:
        sheet.image(left - low_x * unit, MARGIN - low_y * unit, across * unit, height * unit, photo)
    box(image_y, image_x, fill=GREY, opacity=0.12, stroke=QUIET, width=1.6)
    inside_y, inside_x = _clip(seen_y, height), _clip(seen_x, across)
    if inside_y and inside_x:
        if photo:
            box(inside_y, inside_x, stroke=GROUND, width=6)  # so that it shows on any picture
        box(inside_y, inside_x, fill=BLUE, opacity=0.2 if photo else 0.4, stroke=BLUE, width=2.4)
    box(seen_y, seen_x, stroke=BLUE, width=1.2, dash="5 4")
    title = t(
        "drawing.field", language, layer=row.name, row=cell[0], column=cell[1],
        size=field_text(vertical, horizontal),
    )  # fmt: skip
    return sheet.document(width, SIZE + 2 * MARGIN, title=title)


def _clip(pixels: range, size: int) -> range:
    return range(max(0, pixels.start), min(size, pixels.stop))


def field_text(vertical: ReceptiveField, horizontal: ReceptiveField) -> str:
    """The size of a receptive field as text: 195×195."""
    return f"{vertical.size}×{horizontal.size}"
