"""Why a layer has the numbers it has: sentences with its own numbers."""

from alexnet_viz.network.layers import Conv, Linear, Window, shape_text
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.ui.app.words import t
from alexnet_viz.ui.components.layer_words import (
    layer_sentence,
    size_text,
    unrolled,
    window_formula,
)


def reasons(result: Trace, row: Row) -> list[str]:
    """What the layer does, then why its kernels are as deep, its inputs and its side as large."""
    layer = row.layer
    lines = [layer_sentence(result, row)]
    if isinstance(layer, Conv):
        lines += _depth(result, row, layer)
    if isinstance(layer, Linear):
        lines += _inputs(result, row)
    if isinstance(layer, Conv | Linear) and layer.groups > 1:
        whole = {"weights": row.weights * layer.groups, "macs": row.macs * layer.groups}
        lines.append(
            t(
                "layer.why.saved",
                groups=layer.groups,
                weights=row.weights,
                macs=row.macs,
                whole_weights=whole["weights"],
                whole_macs=whole["macs"],
            )
        )
    if isinstance(layer, Window) and row.slides:
        window = row.slides[0]
        formula = window_formula(window, layer.padding)
        key = window.rounding if window.rounding in ("same", "valid") else "side"
        lines.append(t(f"layer.why.{key}", n=window.output_size, formula=formula))
    return lines


def _depth(result: Trace, row: Row, layer: Conv) -> list[str]:
    if row is result.rows[0]:
        return []
    depth, channels = layer.kernel_depth(row.input_shape), row.input_shape[0]
    size = size_text(layer)
    numbers = {
        "depth": depth,
        "channels": channels,
        "groups": layer.groups,
        "kernel": f"{size}×{depth}",
        "whole": f"{size}×{channels}",
    }
    return [t(f"layer.why.{'depth' if layer.groups > 1 else 'whole_depth'}", **numbers)]


def _inputs(result: Trace, row: Row) -> list[str]:
    source = unrolled(result, row)
    if source is None:
        return []
    return [
        t(
            "layer.why.inputs",
            n=row.input_shape[0],
            source=source.name,
            maps=source.output_shape[0],
            size=shape_text(source.output_shape[1:]),
            factors="·".join(map(str, source.output_shape)),
        )
    ]
