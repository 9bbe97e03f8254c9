"""What a layer does, in a sentence with its own numbers, and the formula of its output side."""

from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.network.geometry import Slide
from alexnet_viz.network.layers import AvgPool, Conv, Linear, MaxPool, Sides, Window, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.plate import Detail


def layer_sentence(result: Trace, row: Row) -> str:
    """What the layer of ``row`` does: its kernels or units, and what each of them reads."""
    layer = row.layer
    match layer:
        case Conv():
            depth, channels = layer.kernel_depth(row.input_shape), row.input_shape[0]
            key = "conv_groups" if layer.groups > 1 else "conv"
            if row is result.rows[0]:
                key = "conv_image" if channels > 1 else "conv_grey"
            kernel = f"{size_text(layer)}×{depth}"
            numbers = {"kernels": layer.out_channels, "kernel": kernel}
            return t(f"layer_words.{key}", depth=depth, channels=channels, **numbers)
        case MaxPool() | AvgPool():
            kernel, stride = size_text(layer), _stride(layer)
            return t(f"layer_words.{layer.kind}", kernel=kernel, stride=stride)
        case Linear():
            source = unrolled(result, row)
            maps = source.output_shape if source else ()
            key = "linear_groups" if layer.groups > 1 else "linear_unrolled" if maps else "linear"
            return t(
                f"layer_words.{key}",
                units=layer.out_features,
                inputs=row.input_shape[0],
                depth=layer.kernel_depth(row.input_shape),
                factors="·".join(map(str, maps)),
            )
        case _:
            shapes = {"input": shape_text(row.input_shape), "output": shape_text(row.output_shape)}
            return t("layer_words.other", kind=t(f"kind.{row.kind}"), **shapes)


def layer_lines(result: Trace, row: Row) -> list[str]:
    """The sentence, the formula of a window with its numbers, and the costs of a learned layer."""
    lines = [layer_sentence(result, row)]
    if row.slides and isinstance(row.layer, Window):
        formula = window_formula(row.slides[0], row.layer.padding)
        lines.append(t("layer_words.formula", formula=formula))
    if row.params:
        lines.append(t("layer_words.costs", params=row.params, macs=row.macs))
    return lines


def details(result: Trace) -> dict[str, Detail]:
    """What the card beside a block of a drawing says of its layer, for every layer."""
    return {
        row.name: Detail(row.name, layer_lines(result, row), _pages(row)) for row in result.rows
    }


def _pages(row: Row) -> tuple[str, ...]:
    towers = isinstance(row.layer, Conv | Linear) and row.layer.groups > 1
    return ("layer", "feature_maps", "channel", *(("towers",) if towers else ()))


def window_formula(window: Slide, stated: Sides) -> str:
    """(W − F + P)/S + 1 with its numbers, and what the rounding makes of the quotient.

    ``stated`` is the padding that the layer declares; SAME and VALID have their own instead.
    """
    before, after = stated[:2] if window.rounding not in ("same", "valid") else window.padding
    padding = ""
    if before or after:
        padding = f" + 2·{before}" if before == after else f" + {before} + {after}"
    numbers = {
        "w": window.input_size,
        "f": window.extent,
        "p": padding,
        "s": window.stride,
        "n": window.output_size,
    }
    if window.exact:
        return t("start.even", **numbers)
    rounded = "up" if window.output_size > window.quotient else "down"
    return t(f"start.rounded_{rounded}", quotient=quotient_text(window.quotient), **numbers)


def size_text(window: Window) -> str:
    """The sides of a window: 5×5."""
    return shape_text(window.kernel_size)


def _stride(window: Window) -> str:
    down, across = window.stride
    return str(down) if down == across else shape_text(window.stride)


def unrolled(result: Trace, row: Row) -> Row | None:
    """The layer whose maps the dense layer of ``row`` reads as one row of values, if it does."""
    at = result.rows.index(row)
    while at and len(result.rows[at].input_shape) == 1:
        at -= 1
        if result.rows[at].params:
            return None
    laid_out = at != result.rows.index(row) and len(result.rows[at].input_shape) == 3
    return result.rows[at - 1] if laid_out and at else None
