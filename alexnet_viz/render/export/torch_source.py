"""A network as a PyTorch script that needs only torch.

The layers are in an ``nn.Sequential`` under their own names, so the state dict of this project's
model fits.  torch's own layers are used if they read the same cells; for the others (a window that
reaches over one edge, a norm inside towers, the paper's dropout) the script defines a small class.
Run as a program, it prints the output shape of every layer as torch computes it.
"""

from collections.abc import Iterable

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
from alexnet_viz.network.window_padding import alike, outside, steps, torch_pooling
from alexnet_viz.render.export.refusal import heading, written
from alexnet_viz.render.export.torch_classes import CLASSES
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem

TAKEN = frozenset(
    [
        "T_destination",
        "add_module",
        "append",
        "apply",
        "bfloat16",
        "buffers",
        "call_super_init",
        "children",
        "compile",
        "cpu",
        "cuda",
        "double",
        "dump_patches",
        "eval",
        "extend",
        "extra_repr",
        "float",
        "forward",
        "get_buffer",
        "get_extra_state",
        "get_parameter",
        "get_submodule",
        "half",
        "insert",
        "ipu",
        "load_state_dict",
        "modules",
        "mtia",
        "named_buffers",
        "named_children",
        "named_modules",
        "named_parameters",
        "parameters",
        "pop",
        "register_backward_hook",
        "register_buffer",
        "register_forward_hook",
        "register_forward_pre_hook",
        "register_full_backward_hook",
        "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook",
        "register_load_state_dict_pre_hook",
        "register_module",
        "register_parameter",
        "register_state_dict_post_hook",
        "register_state_dict_pre_hook",
        "requires_grad_",
        "set_extra_state",
        "set_submodule",
        "share_memory",
        "state_dict",
        "to",
        "to_empty",
        "train",
        "training",
        "type",
        "xpu",
        "zero_grad",
    ]
)
"""Names of attributes of ``nn.Sequential``, which no layer can have."""

SCRIPT = """\
{heading}

from collections import OrderedDict

import torch
from torch import nn
{imports}
INPUT_SHAPE = {input_shape}


{classes}def build() -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            [
{layers}
            ]
        )
    )


if __name__ == "__main__":
    with torch.device("meta"):  # shapes without numbers
        model, batch = build().eval(), torch.empty(1, *INPUT_SHAPE)
    for name, layer in model.named_children():
        batch = layer(batch)
        print(name, *batch.shape[1:])
    print("params", sum(p.numel() for p in model.parameters()))
"""


def torch_source(trace: Trace, language: Language = "en") -> str:
    """The script of a traced network.

    Raises:
        Problem: the network fails at its input, or torch has no such layer.
    """
    pieces = written(trace, "PyTorch", _line)
    calls = [call for _, call in pieces]
    classes = needed(CLASSES, calls)
    return SCRIPT.format(
        heading="\n".join(f"# {line}".rstrip() for line in heading(trace, language, "PyTorch")),
        imports="from torch.nn import functional\n" if "functional." in classes else "",
        input_shape=trace.input_shape,
        classes=classes,
        layers="\n".join(
            f'                ("{row.name}", {call}),  # {shape_text(row.output_shape)}'
            for row, call in pieces
        ),
    )


def needed(classes: dict[str, str], calls: Iterable[str]) -> str:
    """The source of those classes that the calls name, in the order of ``classes``."""
    used = {call.partition("(")[0] for call in calls}
    return "".join(f"{source}\n\n" for name, source in classes.items() if name in used)


def _line(row: Row) -> str:
    if row.name in TAKEN:
        raise Problem("name_of_torch", name=row.name)
    return _call(row)


def _call(row: Row) -> str:
    """The Python expression for the layer of one row."""
    layer, arriving = row.layer, row.input_shape[0]
    match layer:
        case Conv():
            return _convolution(row, layer)
        case MaxPool():
            return _pooling(row, layer, "MaxPool2d")
        case AvgPool():
            if steps(layer)[2] != (1, 1):
                raise Problem("dilated_average", dilation=layer.dilation)
            return _pooling(row, layer, "AvgPool2d")
        case AdaptiveAvgPool():
            return call("nn.AdaptiveAvgPool2d", _short(layer.output_size))
        case ReLU():
            return "nn.ReLU()"
        case Tanh():
            return "nn.Tanh()"
        case Sigmoid():
            return "nn.Sigmoid()"
        case LRN():
            return _response_norm(layer)
        case BatchNorm(eps=eps):
            name = "nn.BatchNorm2d" if len(row.input_shape) == 3 else "nn.BatchNorm1d"
            return call(name, arriving, eps=repr(eps))
        case Dropout(p=p, scale=scale):
            return call("PaperDropout" if scale == "test" else "nn.Dropout", p=repr(p))
        case Flatten() | Squeeze():
            return "nn.Flatten()"
        case Linear():
            bias = None if layer.bias else "False"
            if layer.groups > 1:
                features = arriving, layer.out_features
                return call("GroupedLinear", *features, groups=layer.groups, bias=bias)
            return call("nn.Linear", arriving, layer.out_features, bias=bias)
        case ZeroPad():
            top, bottom, left, right = layer.padding
            return call("nn.ZeroPad2d", (left, right, top, bottom))
        case Softmax(log=log):
            return call("nn.LogSoftmax" if log else "nn.Softmax", dim=1)
        case _:
            raise Problem("no_such_layer", format="PyTorch", kind=layer.kind)


def _convolution(row: Row, layer: Conv) -> str:
    padding = alike(row, "floor")
    kernel_size, stride, dilation = steps(layer)
    return call(
        "nn.Conv2d" if padding else "PaddedConv2d",
        row.input_shape[0],
        layer.out_channels,
        kernel_size=_short(kernel_size),
        stride=_short(stride, 1),
        padding=_short(padding, 0) if padding else None,
        outside=None if padding else _outside(row),
        dilation=_short(dilation, 1),
        groups=None if layer.groups == 1 else layer.groups,
        bias=None if layer.bias else "False",
    )


def _pooling(row: Row, layer: Window, name: str) -> str:
    size = {
        "kernel_size": _short(layer.kernel_size),
        "stride": _short(layer.stride),
        "dilation": _short(layer.dilation, 1),
    }
    plain = torch_pooling(row)
    if plain is None:
        return call(f"Padded{name}", **size, outside=_outside(row))
    padding, ceil_mode = plain
    if name == "AvgPool2d" and (ceil_mode or any(padding)):
        size["count_include_pad"] = "False"
    mode = "True" if ceil_mode else None
    return call(f"nn.{name}", **size, padding=_short(padding, 0), ceil_mode=mode)


def _response_norm(layer: LRN) -> str:
    # torch divides alpha by the cells of the window, so it is multiplied by them first
    cells = layer.size if layer.region == "channels" else layer.size**2
    alpha = layer.alpha if layer.divide_alpha else layer.alpha * cells
    constants = {"alpha": repr(alpha), "beta": repr(layer.beta), "k": repr(layer.k)}
    if layer.region == "map":
        return call("MapResponseNorm", layer.size, **constants)
    if layer.groups > 1:
        return call("TowerResponseNorm", layer.size, **constants, groups=layer.groups)
    return call("nn.LocalResponseNorm", layer.size, **constants)


def _outside(row: Row) -> str:
    """The cells outside the map in the order of ``functional.pad``: left, right, top, bottom."""
    top, bottom, left, right = outside(row)
    return str((left, right, top, bottom))


def _short(pair: Pair, default: int | None = None) -> str | None:
    """A pair as source text, one number if equal; None if it is torch's default."""
    if pair == (default, default):
        return None
    return str(pair[0] if pair[0] == pair[1] else pair)


def call(name: str, /, *values: object, **options: object) -> str:
    """The source text of a call; options that are None are left out.

    >>> call("nn.Linear", 9216, 4096, bias=None)
    'nn.Linear(9216, 4096)'
    """
    named = (f"{key}={value}" for key, value in options.items() if value is not None)
    return f"{name}({', '.join((*map(str, values), *named))})"
