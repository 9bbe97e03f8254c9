"""The formulas of a layer with its own numbers, as LaTeX.

Every number is read from a ``Row``; nothing is computed here that the trace has not computed.
"""

from alexnet_viz.analysis.columns import quotient_text
from alexnet_viz.network.geometry import Slide
from alexnet_viz.network.layers import LRN, Conv, Linear, Window
from alexnet_viz.network.trace import Row


def output_size_formula(window: Slide) -> str:
    """N = (W - F + P_before + P_after)/S + 1 as LaTeX: numbers, quotient and rounding.

    >>> from alexnet_viz.network.geometry import slide
    >>> output_size_formula(slide(227, 11, stride=4))
    'N = \\\\frac{227 - 11 + 0 + 0}{4} + 1 = 55'
    """
    extent = str(window.kernel_size)
    if window.dilation > 1:
        extent = rf"({window.dilation}\cdot({window.kernel_size} - 1) + 1)"
    before, after = _stated_padding(window)
    quotient = (
        rf"\frac{{{window.input_size} - {extent} + {before} + {after}}}{{{window.stride}}} + 1"
    )
    if window.rounding == "same":
        return (
            rf"N = \left\lceil \frac{{{window.input_size}}}{{{window.stride}}} \right\rceil"
            rf" = {window.output_size}"
        )
    if window.exact:
        return f"N = {quotient} = {window.output_size}"
    raw = quotient_text(window.quotient)
    up = window.rounding in ("ceil", "caffe")
    left, right = (r"\lceil", r"\rceil") if up else (r"\lfloor", r"\rfloor")
    rounded = rf"{left} {raw} {right}"
    if up and window.quotient > window.output_size:  # Caffe's clip rule dropped the last window
        reach = rf"\tfrac{{{window.input_size} + {before} - 1}}{{{window.stride}}}"
        counted = rf"\min({rounded},\, \lfloor {reach} \rfloor + 1)"
        return rf"N = \min\left({quotient},\, \ldots\right) = {counted} = {window.output_size}"
    return rf"N = \left{left} {quotient} \right{right} = {rounded} = {window.output_size}"


def _stated_padding(window: Slide) -> tuple[int, int]:
    """The padding (before, after) without the overhang that the rounding rule added."""
    before, after = window.padding
    total = (window.quotient - 1) * window.stride - window.input_size + window.extent
    return (before, int(total) - before) if window.rounding == "ceil" else (before, after)


def params_formula(row: Row) -> str:
    """Weights + biases as LaTeX; empty for a layer without learnable parameters."""
    layer = row.layer
    if isinstance(layer, Conv):
        return (
            rf"{_n(layer.out_channels)} \times {_read(row, layer)} \times {_kernel(layer)}"
            rf" + {_n(row.biases)} = {_n(row.weights)} + {_n(row.biases)} = {_n(row.params)}"
        )
    if isinstance(layer, Linear):
        return (
            rf"{_read(row, layer)} \times {_n(layer.out_features)} + {_n(row.biases)}"
            rf" = {_n(row.weights)} + {_n(row.biases)} = {_n(row.params)}"
        )
    if layer.family == "normalisation" and row.params:
        return rf"{_n(row.weights)} \, (\gamma) + {_n(row.biases)} \, (\beta) = {_n(row.params)}"
    return f"{_n(row.weights)} + {_n(row.biases)} = {_n(row.params)}" if row.params else ""


def macs_formula(row: Row) -> str:
    """Weights times map positions as LaTeX; empty for a layer without MACs."""
    if isinstance(row.layer, Conv):
        _, height, width = row.output_shape
        return rf"{_n(row.weights)} \times {height} \times {width} = {_n(row.macs)}"
    if isinstance(row.layer, Linear):
        read = _read(row, row.layer)
        return rf"{read} \times {_n(row.output_shape[0])} = {_n(row.macs)}"
    return ""


def lrn_formula(layer: LRN, channels: int) -> str:
    """b = a / (k + alpha * sum a^2)^beta as LaTeX, with the layer's constants.

    ``channels`` is the number of channels of the map; with towers the index i counts within one.
    """
    last = channels // layer.groups - 1
    reach = layer.size // 2
    over = (
        rf"\sum_{{j=\max(0,\,i-{reach})}}^{{\min({last},\,i+{reach})}} a_j^2"
        if layer.region == "channels"
        else rf"\sum_{{{layer.size} \times {layer.size}}} a^2"
    )
    digits, exponent = f"{layer.effective_alpha:e}".split("e")
    alpha = rf"{float(digits):g} \cdot 10^{{{int(exponent)}}}"
    return rf"b_i = \frac{{a_i}}{{\left({layer.k:g} + {alpha} {over}\right)^{{{layer.beta:g}}}}}"


def _read(row: Row, layer: Conv | Linear) -> str:
    """The number of channels or features that one output reads: all, or those of one group."""
    arriving = _n(row.input_shape[0])
    return rf"\tfrac{{{arriving}}}{{{layer.groups}}}" if layer.groups > 1 else arriving


def _kernel(window: Window) -> str:
    height, width = window.kernel_size
    return rf"{height} \times {width}"


def _n(number: int) -> str:
    """A number with thousands separators after which LaTeX adds no space."""
    return f"{number:,}".replace(",", "{,}")
