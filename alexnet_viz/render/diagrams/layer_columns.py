"""Networks as columns of layers beside each other, what differs lit and what is missing dashed.

Rows are joined by layer name.  A bar's length is the square root of the number of values of the
layer's output, against the largest of the drawing; activations and layouts are left out where both
networks have them alike.
"""

from math import prod, sqrt

from alexnet_viz.analysis.compare.differences import named
from alexnet_viz.network.layers import Conv, Layer, Window, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.render.diagrams.svg import Sheet, text_width
from alexnet_viz.render.theme import FAILURE, FAMILY_COLOURS, GREY, VERMILION
from alexnet_viz.text import Language, has, t

WIDTH, GAP, SIZE = 640.0, 16.0, 14.0
PLAIN = frozenset(("activation", "layout"))
"""Families that are shown only where they differ."""


def layer_columns(
    traces: tuple[Trace, Trace],
    titles: tuple[str, str],
    language: Language = "en",
    *,
    title: str,
    size: float = SIZE,
) -> str:
    """An SVG of two traced networks, 640 units wide, with text of ``size`` units."""
    sheet = Sheet()
    top, line = size + 12, _line(size)
    across = (WIDTH - GAP) / 2
    shown = _shown(traces)
    differ = named(traces[1].network, traces[0].network)
    most = max((prod(row.output_shape) for each in traces for row in each.rows), default=1)
    for column, (each, words) in enumerate(zip(traces, titles, strict=True)):
        x = column * (across + GAP)
        sheet.text(x + 4, size + 2, words, size=size, bold=True, anchor="start")
        layers = {layer.name: layer for layer in each.network.layers}
        for place, name in enumerate(shown):
            y = top + line * place
            if name not in layers:
                sheet.rectangle(x + 1, y + 2, across - 2, line - 4, stroke=GREY, dash="3 4")
                sheet.text(x + 7, y + size, name, size=size, anchor="start", quiet=True)
                continue
            failed = bool(each.failure and each.failure.layer == name)
            row = each.by_name.get(name)
            _draw(sheet, layers[name], row, x, y, across, most, language, size, failed=failed)
            if name in differ:
                sheet.rectangle(x + 1, y + 1, across - 2, line - 2, stroke=VERMILION, width=1.8)
    return sheet.document(WIDTH, top + line * len(shown) + 4, title=title)


def _line(size: float) -> float:
    """The height of a row: lines of larger text need more between them, or the plate hides one."""
    return 1.5 * size - 3


def _shown(traces: tuple[Trace, Trace]) -> list[str]:
    """Names of the rows: the second network's order, the first's own layers where they stand."""
    first, second = ([layer.name for layer in each.network.layers] for each in traces)
    names = list(second)
    for place, name in enumerate(first):
        if name not in names:
            names.insert(names.index(first[place - 1]) + 1 if place else 0, name)
    differ = named(traces[1].network, traces[0].network)
    families = {layer.name: layer.family for each in traces for layer in each.network.layers}
    failed = {each.failure.layer for each in traces if each.failure}
    return [n for n in names if families[n] not in PLAIN or n in differ or n in failed]


def _draw(
    sheet: Sheet, layer: Layer, row: Row | None, x: float, y: float, across: float, most: int,
    language: Language, size: float, *, failed: bool,
) -> None:  # fmt: skip
    colour = FAMILY_COLOURS[layer.family]
    words, high = layer_text(layer, row, language), _line(size) - 4
    if row:
        long = max(3.0, across * sqrt(prod(row.output_shape) / most))
        sheet.rectangle(x + 1, y + 2, long - 2, high, fill=colour, opacity=0.32, stroke=colour)
    else:
        dash = "5 4"
        sheet.rectangle(x + 1, y + 2, across - 2, high, stroke=FAILURE if failed else GREY,
                        dash=dash)  # fmt: skip
    if failed:
        words = t("drawing.stops", language)
    fill = FAILURE if failed else ""
    sheet.text(x + 7, y + size, layer.name, size=size, bold=True, anchor="start", fill=fill)
    start = x + 7 + max(58.0, text_width(layer.name, size - 1) + 10)
    sheet.text(start, y + size, words, size=size, anchor="start", fill=fill)


def layer_text(layer: Layer, row: Row | None, language: Language = "en") -> str:
    """What a layer does, in a few signs: its window, what it reads and the map it leaves.

    >>> from alexnet_viz.network.trace import trace
    >>> from alexnet_viz.variants import VARIANTS
    >>> row = trace(VARIANTS["alexnet_2012_227"])["conv2"]
    >>> layer_text(row.layer, row)
    '256 × 5×5×48 → 27×27'
    """
    if isinstance(layer, Window):
        kernel = shape_text(layer.kernel_size)
        if isinstance(layer, Conv) and row:
            kernel = f"{layer.out_channels} × {kernel}×{layer.kernel_depth(row.input_shape)}"
        stride = f" /{layer.stride[0]}" if layer.stride != (1, 1) else ""
        return f"{kernel}{stride}" + (f" → {shape_text(row.output_shape[1:])}" if row else "")
    if row and layer.weighted:
        return f"{row.input_shape[0]:,} → {row.output_shape[0]:,}"
    short = f"kind_short.{layer.kind}"
    return t(short if has(short) else f"kind.{layer.kind}", language)
