"""All data of the lens in one parcel.

These are the channel's map, the maps that are read, the kernel, and the rows and columns that each
row and column of cells reads.  A picture is sent as its pixels with a table from pixel to network
input, which is a quarter of the size of the input and as exact.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.interpretability.kernels import batch_norm, bias, kernel
from alexnet_viz.model.activations import Floats
from alexnet_viz.network.layers import LRN, BatchNorm, Conv, Dropout, Layer, Linear, Softmax
from alexnet_viz.network.receptive_field import ReceptiveField
from alexnet_viz.pictures.preprocessing import normalised
from alexnet_viz.render.charts.colour_limits import is_signed, limits_of
from alexnet_viz.render.charts.colour_maps import palette
from alexnet_viz.ui.components.component import pack
from alexnet_viz.ui.components.overlay import covered
from alexnet_viz.ui.components.specimen import Specimen

RULES = {
    "conv": "weighted", "linear": "weighted", "max_pool": "max", "avg_pool": "mean",
    "adaptive_avg_pool": "mean", "zero_pad": "same", "relu": "relu", "tanh": "tanh",
    "sigmoid": "sigmoid", "lrn": "lrn", "batch_norm": "batch_norm", "dropout": "scale",
    "flatten": "same", "squeeze": "same", "softmax": "softmax",
}  # fmt: skip
"""The rule of each kind of layer in ``lens_rule.js`` and in the phrases ``lens.rule.…``."""


def rule_of(layer: Layer) -> str:
    """The rule of a layer."""
    return (
        "log_softmax"
        if isinstance(layer, Softmax) and layer.log
        else RULES.get(layer.kind, "other")
    )


def packed(it: Specimen, module: Any, header: Mapping[str, Any]) -> bytes:
    """The parcel, with ``header`` in it, as ``lens.js`` unpacks it."""
    plane, (_, rows, columns) = it.plane, it.shape
    reaches = [it.reach(row, 0).rows for row in range(rows)]
    across = [it.reach(0, column).columns for column in range(columns)]
    image = not it.source.layer
    read = it.values[_span(it.reach(0, 0).channels)]
    signed = is_signed(plane)
    weighted = it.row.layer.weighted
    weights = kernel(module, it.channel) if weighted else np.zeros(0, np.float32)
    return pack(
        {
            **header,
            "size": (rows, columns),
            "picture": it.seen.shape[:2],
            "signed": signed,
            "limits": limits_of([plane], signed),
            "rows": [_tap(each) for each in reaches],
            "columns": [_tap(each) for each in across],
            "source": _source(it, read),
            "rule": _rule(it, module),
            "place": _place(it),
            "fields": _fields(it),
            "top": it.top(),
        },
        plane=_bytes(plane),
        values=b"" if image else _bytes(read),
        pixels=it.seen.tobytes(),
        table=_bytes(_table(it)) if image else b"",
        kernel=_bytes(weights),
        diverging=palette(True).tobytes(),
        rising=palette(False).tobytes(),
    )


def _source(it: Specimen, read: Floats) -> dict[str, Any]:
    """The layer's input: its shape, the channels that are read, and their colours."""
    signed = is_signed(read)
    return {
        "shape": it.source.shape,
        "first": it.reach(0, 0).channels.start,
        "count": len(read),
        "image": not it.source.layer,
        "colour": len(read) == 3 and bool(it.colours),
        "bands": ["RGB".index(letter) for letter in it.colours or "RGB"],
        "names": list(it.colours) or None,
        "signed": signed,
        "limits": limits_of([read], signed),
    }


def _rule(it: Specimen, module: Any) -> dict[str, Any]:
    """The rule's name and its parameters."""
    named = {"kind": rule_of(it.row.layer)}
    match it.row.layer:
        case Conv() | Linear():
            return {**named, "bias": bias(module, it.channel)}
        case LRN() as norm:
            channels = it.reach(0, 0).channels
            own = channels.index(it.channel)
            constants = {"k": norm.k, "alpha": norm.effective_alpha, "beta": norm.beta}
            return {**named, **constants, "own": own}
        case BatchNorm(eps=eps):
            return {**named, **batch_norm(module, it.channel), "eps": eps}
        case Dropout(p=p, scale=scale):
            return {**named, "factor": 1 - p if scale == "test" else 1}
        case Softmax():
            return {**named, "own": it.channel}
        case _:
            return named


def _place(it: Specimen) -> tuple[float, float, float, float] | None:
    """The place of the map on the picture: left, top, width and height as shares of it."""
    if it.row.receptive_field is None:
        return None
    vertical, horizontal = it.row.receptive_field
    top, tall = covered(vertical, it.shape[1], it.seen.shape[0])
    left, wide = covered(horizontal, it.shape[2], it.seen.shape[1])
    return left, top, wide, tall


def _fields(it: Specimen) -> list[tuple[int, int, int]] | None:
    """Size, stride and start of the receptive field in pixels, vertical and horizontal."""
    if it.row.receptive_field is None:
        return None
    return [_field(axis, cell) for axis, cell in zip(it.row.receptive_field, it.looks, strict=True)]


def _field(axis: ReceptiveField, cell: int) -> tuple[int, int, int]:
    return axis.size, axis.effective_stride, axis.pixels(cell).start


def _table(it: Specimen) -> NDArray[np.float32]:
    """The network's input for each pixel value: float32 (channels, 256)."""
    grey = np.arange(256, dtype=np.uint8)[:, None, None].repeat(3, axis=2)
    return normalised(grey, len(it.image), it.how)[:, :, 0]


def _span(channels: range) -> slice:
    return slice(channels.start, channels.stop)


def _tap(cells: range) -> tuple[int, int, int]:
    """First cell, number of cells, step between them."""
    return cells.start, len(cells), cells.step


def _bytes(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values, dtype="<f4").tobytes()
