"""A network as a Caffe net (``.prototxt``), as far as Caffe has its layers.

Caffe pads both sides of an axis equally.  Its convolution rounds down; its pooling rounds up with
the clip rule, or (since 2018) down with ``round_mode: FLOOR``.  The output sizes are computed here
as in its sources (base_conv_layer.cpp, pooling_layer.cpp) and must equal the trace's.  Layers that
Caffe lacks are refused by name: a window that reaches over one edge, a response norm inside towers,
block-diagonal dense weights.  As in Caffe's own nets, layers that keep the shape work in place.
"""

import json
from collections.abc import Iterator

from alexnet_viz.network.geometry import Slide
from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    Pair,
    ReLU,
    Sigmoid,
    Softmax,
    Squeeze,
    Tanh,
    Window,
    ZeroPad,
    shape_text,
)
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.network.window_padding import alike, even_window, steps, windows
from alexnet_viz.render.export.refusal import heading, odd_window, written
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem

Message = list[tuple[str, object]]
"""Fields in order; a value is a number, a string, a ``Word`` or a message."""

IN_PLACE = frozenset({"ReLU", "TanH", "Sigmoid", "Dropout", "Power", "Scale", "Log"})


class Word(str):
    """A value written without quotes: MAX, FLOOR."""


def prototxt(trace: Trace, language: Language = "en") -> str:
    """The text of the Caffe net of a traced network.

    Raises:
        Problem: the network fails at its input, or Caffe lacks a layer.
    """
    pieces = written(trace, "Caffe", _layers)
    names = {row.name for row in trace.rows}
    blob = next(name for name in ("data", "input", "image", "data_0") if name not in names)
    shape: Message = [("dim", number) for number in (1, *trace.input_shape)]
    first: Message = [
        ("name", blob),
        ("type", "Input"),
        ("top", blob),
        ("input_param", [("shape", shape)]),
    ]
    lines = [f"# {line}".rstrip() for line in heading(trace, language, "Caffe prototxt")]
    lines += ["", f"name: {_quoted(trace.network.id)}", *_lines([("layer", first)])]
    for _, layers in pieces:
        for name, kind, parameters in layers:
            top = blob if kind in IN_PLACE else name
            layer: Message = [("name", name), ("type", kind), ("bottom", blob), ("top", top)]
            lines += _lines([("layer", layer + parameters)])
            blob = top
    return "\n".join(lines) + "\n"


Layers = list[tuple[str, str, Message]]
"""Name, type and parameters of the Caffe layers for one layer of a network."""


def _layers(row: Row) -> Layers:
    layer, name = row.layer, row.name
    match layer:
        case Conv():
            return [(name, "Convolution", [("convolution_param", _convolution(row, layer))])]
        case MaxPool():
            return [(name, "Pooling", [("pooling_param", _pooling(row, layer, "MAX"))])]
        case AvgPool():
            return [(name, "Pooling", [("pooling_param", _pooling(row, layer, "AVE"))])]
        case AdaptiveAvgPool():
            side = even_window(row)
            if side is None:
                given, wanted = (shape_text(s[1:]) for s in (row.input_shape, row.output_shape))
                raise Problem("no_adaptive_pooling", format="Caffe", given=given, wanted=wanted)
            size = [*_pair("kernel", side, "kernel_size"), *_pair("stride", side)]
            return [(name, "Pooling", [("pooling_param", [("pool", Word("AVE")), *size])])]
        case ReLU():
            return [(name, "ReLU", [])]
        case Tanh():
            return [(name, "TanH", [])]
        case Sigmoid():
            return [(name, "Sigmoid", [])]
        case LRN():
            return [(name, "LRN", [("lrn_param", _response_norm(layer))])]
        case BatchNorm(eps=eps):
            return [
                (name, "BatchNorm", [("batch_norm_param", [("eps", eps)])]),
                (f"{name}_scale", "Scale", [("scale_param", [("bias_term", Word("true"))])]),
            ]
        case Dropout(p=p, scale=scale):
            layers: Layers = [(name, "Dropout", [("dropout_param", [("dropout_ratio", p)])])]
            if scale == "test":
                # Caffe divides by 1 - p in training; one factor corrects both phases
                layers.append((f"{name}_scale", "Power", [("power_param", [("scale", 1 - p)])]))
            return layers
        case Flatten() | Squeeze():
            return [(name, "Flatten", [])]
        case Linear():
            if layer.groups > 1:
                raise Problem("no_grouped_dense", format="Caffe", groups=layer.groups)
            return [(name, "InnerProduct", [("inner_product_param", _units(layer))])]
        case ZeroPad():
            raise Problem("no_zero_pad", format="Caffe")
        case Softmax(log=log):
            # Caffe's logarithm is a separate layer
            last: Layers = [(f"{name}_log", "Log", [])] if log else []
            return [(name, "Softmax", []), *last]
        case _:
            raise Problem("no_such_layer", format="Caffe", kind=layer.kind)


def _convolution(row: Row, layer: Conv) -> Message:
    padding = alike(row, "floor")
    if padding is None:
        raise Problem("caffe_convolution", **_reach(row))
    kernel_size, stride, dilation = steps(layer)
    fields: Message = [("num_output", layer.out_channels)]
    fields += [] if layer.bias else [("bias_term", Word("false"))]
    fields += [*_pair("pad", padding), *_pair("kernel", kernel_size, "kernel_size")]
    fields += _pair("stride", stride)
    if dilation != (1, 1):
        fields += [("dilation", cells) for cells in dilation]
    return fields + ([("group", layer.groups)] if layer.groups > 1 else [])


def _pooling(row: Row, layer: Window, method: str) -> Message:
    if layer.dilation != (1, 1):
        raise Problem("no_dilated_pooling", format="Caffe", dilation=layer.dilation)
    vertical, horizontal = windows(row)
    padding = vertical.padding[0], horizontal.padding[0]
    if method == "AVE" and any(padding):
        raise Problem("caffe_average", padding=padding)
    wanted = vertical.output_size, horizontal.output_size
    for up in (True, False):
        sizes = tuple(_pooled(window, up, any(padding)) for window in (vertical, horizontal))
        if sizes == wanted and all(p < k for p, k in zip(padding, layer.kernel_size, strict=True)):
            fields: Message = [("pool", Word(method)), *_pair("pad", padding)]
            fields += _pair("kernel", layer.kernel_size, "kernel_size")
            fields += _pair("stride", layer.stride)
            return fields + ([] if up else [("round_mode", Word("FLOOR"))])
    raise Problem("caffe_pooling", **_reach(row))


def _reach(row: Row) -> dict[str, str]:
    """The cells outside the map that the windows read, before and after, by axis."""
    vertical, horizontal = (" + ".join(map(str, window.padding_read)) for window in windows(row))
    return {"vertical": vertical, "horizontal": horizontal}


def _pooled(window: Slide, up: bool, clips: bool) -> int:
    """Caffe's output size with the leading padding on both sides (pooling_layer.cpp, Reshape)."""
    before, stride = window.padding[0], window.stride
    steps, rest = divmod(window.input_size + 2 * before - window.kernel_size, stride)
    size = steps + (1 if rest and up else 0) + 1
    if clips and (size - 1) * stride >= window.input_size + before:
        size -= 1
    return size


def _response_norm(layer: LRN) -> Message:
    if layer.groups > 1:
        raise Problem("caffe_norm_towers", groups=layer.groups)
    odd_window(layer, "Caffe")
    # Caffe divides alpha by the cells of the window, so it is multiplied by them first
    cells = layer.size if layer.region == "channels" else layer.size**2
    alpha = layer.alpha if layer.divide_alpha else layer.alpha * cells
    fields: Message = [("local_size", layer.size), ("alpha", alpha), ("beta", layer.beta)]
    if layer.region == "channels":
        return [*fields, ("k", layer.k)]
    if layer.k != 1:  # lrn_layer.cpp: within a channel the shift is 1, whatever k says
        raise Problem("caffe_norm_map", k=layer.k)
    return [*fields, ("norm_region", Word("WITHIN_CHANNEL"))]


def _units(layer: Linear) -> Message:
    fields: Message = [("num_output", layer.out_features)]
    return fields if layer.bias else [*fields, ("bias_term", Word("false"))]


def _pair(name: str, pair: Pair, both: str = "") -> Message:
    """A size of a window: field ``both`` or ``name`` if the axes are equal, else name_h, name_w."""
    vertical, horizontal = pair
    if vertical != horizontal:
        return [(f"{name}_h", vertical), (f"{name}_w", horizontal)]
    default = {"pad": 0, "stride": 1}.get(name)
    return [] if vertical == default else [(both or name, vertical)]


def _lines(message: Message) -> Iterator[str]:
    """The lines of a message in protobuf's text format."""
    for name, value in message:
        if isinstance(value, list):
            yield f"{name} {{"
            yield from (f"  {line}" for line in _lines(value))
            yield "}"
        else:
            yield f"{name}: {_quoted(value)}"


def _quoted(value: object) -> str:
    if isinstance(value, str) and not isinstance(value, Word):
        return json.dumps(value)
    return str(value)
