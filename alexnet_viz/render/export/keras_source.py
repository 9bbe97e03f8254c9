"""A network as a Keras 3 script that needs only keras and a backend.

Keras keeps channels last: shapes are (height, width, channels), and ``Flatten`` would order the
values differently from other frameworks.  A ``Permute`` before it puts the channels first, so that
dense weights and groups keep their meaning.  A window becomes Keras' "same" or "valid" if that
reads the same cells; otherwise the map is padded explicitly.
"""

from alexnet_viz.network.geometry import slide
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
    Shape,
    Sigmoid,
    Softmax,
    Squeeze,
    Tanh,
    Window,
    ZeroPad,
)
from alexnet_viz.network.trace import Row, Trace
from alexnet_viz.network.window_padding import outside, steps, windows
from alexnet_viz.render.export.keras_classes import CLASSES
from alexnet_viz.render.export.refusal import heading, written
from alexnet_viz.render.export.torch_source import call, needed
from alexnet_viz.text import Language, t
from alexnet_viz.text.problem import Problem

SCRIPT = """\
{heading}

import keras
from keras import layers, ops

INPUT_SHAPE = {input_shape}  # height, width, channels


{classes}def build() -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input(INPUT_SHAPE),
{layers}
        ]
    )


if __name__ == "__main__":
    model = build()
    for layer in model.layers:
        print(layer.name, *layer.output.shape[1:])
    print("params", sum(int(ops.size(weight)) for weight in model.trainable_weights))
"""


def keras_source(trace: Trace, language: Language = "en") -> str:
    """The script of a traced network.

    Raises:
        Problem: the network fails at its input, or Keras has no such layer.
    """
    pieces = written(trace, "Keras", _call)
    lines = []
    for row, text in pieces:
        if row.kind == "flatten" and len(row.input_shape) == 3:
            name = f'"{row.name}_order"'
            lines.append(f"# {t('exports.keras_flatten', language)}")
            lines.append(f"{call('layers.Permute', (3, 1, 2), name=name)},")
        shape_text = "×".join(map(str, last(row.output_shape)))
        lines.append(f"{text},  # {shape_text}")
    classes = needed(CLASSES, [text for _, text in pieces])
    return SCRIPT.format(
        heading="\n".join(f"# {line}".rstrip() for line in heading(trace, language, "Keras 3")),
        input_shape=last(trace.input_shape),
        classes=classes,
        layers="\n".join(" " * 12 + line for line in lines),
    )


def last(shape: Shape) -> Shape:
    """A shape (channels, height, width) with the channels last.

    >>> last((96, 55, 50))
    (55, 50, 96)
    """
    return (*shape[1:], shape[0])


def _call(row: Row) -> str:
    """The Python expression for the layer of one row."""
    layer, name = row.layer, f'"{row.name}"'
    match layer:
        case Conv():
            return _convolution(row, layer)
        case MaxPool():
            return _pooling(row, layer, "MaxPooling2D", "PaddedMaxPooling2D")
        case AvgPool():
            return _pooling(row, layer, "AveragePooling2D", "PaddedAveragePooling2D")
        case AdaptiveAvgPool():
            size = _short(layer.output_size)
            return call("layers.AdaptiveAveragePooling2D", size, name=name)
        case ReLU():
            return call("layers.ReLU", name=name)
        case Tanh():
            return call("layers.Activation", '"tanh"', name=name)
        case Sigmoid():
            return call("layers.Activation", '"sigmoid"', name=name)
        case LRN():
            constants = {"alpha": repr(layer.effective_alpha), "beta": repr(layer.beta)}
            constants |= {"k": repr(layer.k), "name": name}
            if layer.region == "map":
                return call("MapResponseNorm", layer.size, **constants)
            groups = None if layer.groups == 1 else layer.groups
            return call("LocalResponseNorm", layer.size, groups=groups, **constants)
        case BatchNorm(eps=eps):
            # torch's momentum of 0.1 counts the new value, Keras' the old
            return call("layers.BatchNormalization", epsilon=repr(eps), momentum=0.9, name=name)
        case Dropout(p=p, scale=scale):
            return call("PaperDropout" if scale == "test" else "layers.Dropout", repr(p), name=name)
        case Flatten() | Squeeze():
            return call("layers.Flatten", name=name)
        case Linear():
            grouped = layer.groups > 1
            return call(
                "GroupedDense" if grouped else "layers.Dense",
                layer.out_features,
                groups=layer.groups if grouped else None,
                use_bias=None if layer.bias else "False",
                name=name,
            )
        case ZeroPad():
            top, bottom, left, right = layer.padding
            return call("layers.ZeroPadding2D", ((top, bottom), (left, right)), name=name)
        case Softmax(log=log):
            if log:
                return call("layers.Activation", '"log_softmax"', name=name)
            return call("layers.Softmax", name=name)
        case _:
            raise Problem("no_such_layer", format="Keras", kind=layer.kind)


def _convolution(row: Row, layer: Conv) -> str:
    kernel_size, stride, dilation = steps(layer)
    if dilation != (1, 1) and stride != (1, 1):
        raise Problem("keras_dilated_stride", stride=stride, dilation=dilation)
    padding = _padding(row)
    return call(
        "PaddedConv2D" if padding is None else "layers.Conv2D",
        layer.out_channels,
        _short(kernel_size),
        strides=_short(stride, 1),
        padding=padding and f'"{padding}"',
        outside=None if padding else _outside(row),
        dilation_rate=_short(dilation, 1),
        groups=None if layer.groups == 1 else layer.groups,
        use_bias=None if layer.bias else "False",
        name=f'"{row.name}"',
    )


def _pooling(row: Row, layer: Window, plain: str, padded: str) -> str:
    if layer.dilation != (1, 1):
        raise Problem("no_dilated_pooling", format="Keras", dilation=layer.dilation)
    padding = _padding(row)
    return call(
        padded if padding is None else f"layers.{plain}",
        _short(layer.kernel_size),
        strides=_short(layer.stride),
        padding='"same"' if padding == "same" else None,
        outside=None if padding else _outside(row),
        name=f'"{row.name}"',
    )


def _padding(row: Row) -> str | None:
    """Keras' name for the padding of a window, "valid" or "same"; None if neither fits."""
    if not any(outside(row)):
        return "valid"
    alike = all(
        window.starts == wanted.starts
        for window in windows(row)
        for wanted in [
            slide(window.input_size, window.kernel_size, window.stride, (0, 0),
                  window.dilation, "same")
        ]
    )  # fmt: skip
    return "same" if alike else None


def _outside(row: Row) -> str:
    """The cells outside the map in Keras' order: (top, bottom), (left, right)."""
    top, bottom, left, right = outside(row)
    return str(((top, bottom), (left, right)))


def _short(pair: Pair, default: int | None = None) -> str | None:
    """A pair as source text, one number if equal; None if it is Keras' default."""
    if pair == (default, default):
        return None
    return str(pair[0] if pair[0] == pair[1] else pair)
