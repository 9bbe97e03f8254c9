"""Convert one node of an ONNX graph to a layer of this project.

Operators and defaults: onnx/docs/Operators.md.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, numpy_helper

from alexnet_viz.readers.chain import Spec
from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.weights.files.onnx_model import KINDS

MOST_NUMBERS = 16
"""Most numbers of a constant that is read as a setting; the pads of four axes are eight."""

BIAS: Spec = {"kind": "bias"}
"""An Add of a constant: a bias if it follows a MatMul."""

FACTOR = "factor"
"""Kind of a multiplication by less than 1, as the paper's dropout does at test time."""

REGROUPED = "regrouped"
"""Kind of a Reshape that moves groups of channels into the batch axis, or back."""


class Node:
    """A node of a graph, its attributes, and the constants that it reads."""

    def __init__(self, title: str, node: NodeProto, constants: Mapping[str, TensorProto]) -> None:
        self.title = title
        self.type = (
            node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
        )
        self.inputs = list(node.input)
        self._attributes = {each.name: each for each in node.attribute}
        self._constants = constants

    def whole(self, name: str, default: int) -> int:
        """An integer attribute."""
        return int(self._attributes[name].i) if name in self._attributes else default

    def number(self, name: str, default: float) -> float:
        """A float attribute, rounded as float32 prints it: 0.0001, not 0.0000999999."""
        if name not in self._attributes:
            return default
        return float(str(np.float32(self._attributes[name].f)))

    def wholes(self, name: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """An attribute with a list of integers."""
        return tuple(self._attributes[name].ints) if name in self._attributes else default

    def word(self, name: str, default: str) -> str:
        """A string attribute."""
        if name not in self._attributes:
            return default
        return str(self._attributes[name].s.decode("utf-8", "replace"))

    def shape(self, place: int) -> tuple[int, ...] | None:
        """The shape of the constant at the input ``place``; None if there is none."""
        tensor = self.constant(place)
        return None if tensor is None else tuple(tensor.dims)

    def numbers(self, place: int) -> tuple[float, ...]:
        """The numbers of a small constant at the input ``place``; empty if there is none."""
        tensor = self.constant(place)
        if tensor is None or tensor.data_location == TensorProto.EXTERNAL:
            return ()
        if not 0 < prod(tensor.dims) <= MOST_NUMBERS:
            return ()
        try:
            return tuple(float(str(each)) for each in numpy_helper.to_array(tensor).ravel())
        except (ValueError, TypeError, KeyError):  # dims, type and bytes disagree
            return ()

    def constant(self, place: int) -> TensorProto | None:
        """The constant at the input ``place``; None if there is none."""
        return self._constants.get(self.inputs[place] if place < len(self.inputs) else "")


def spec(node: Node, found: Finding) -> Spec | None:
    """A node's layer as plain data; empty for Identity, None if it was refused."""
    if node.type == "Identity":
        return {}
    settings = _settings(node, found)
    return None if settings is None else {"kind": KINDS.get(node.type), **settings}


def _settings(node: Node, found: Finding) -> Spec | None:
    """The settings of a node's layer, with its kind if ``KINDS`` has none for the operator."""
    match node.type:
        case "Conv":
            return _convolution(node, found)
        case "MaxPool" | "AveragePool":
            return _pooling(node, found)
        case "GlobalAveragePool":
            return {"output_size": 1}
        case "Gemm" | "MatMul":
            return _dense(node, found)
        case "Add" if node.shape(0) is not None or node.shape(1) is not None:
            return BIAS
        case "LRN":
            return {
                "size": node.whole("size", 0),
                "alpha": node.number("alpha", 1e-4),
                "beta": node.number("beta", 0.75),
                "k": node.number("bias", 1.0),
                "divide_alpha": True,
            }
        case "BatchNormalization":
            return {"eps": node.number("epsilon", 1e-5)}
        case "Dropout":
            # an attribute before opset 12 (2020), an input since
            ratio = node.numbers(1) or (node.number("ratio", 0.5),)
            return {"p": ratio[0]}
        case "Flatten":
            return _only(node, found, "axis", node.whole("axis", 1), 1, {})
        case "Reshape":
            axes = node.numbers(1)
            if len(axes) == 4:
                return {"kind": REGROUPED, "channels": int(axes[1])}
            # to two axes; a shape computed from the sizes of a map is taken to be one
            shape = node.shape(1) or (2,)
            return _only(node, found, "axes", shape, (2,), {"kind": "flatten"})
        case "Pad":
            pads = node.numbers(1)
            zero = node.word("mode", "constant") == "constant" and not any(node.numbers(2))
            if not zero or len(pads) != 8 or any(pads[:2] + pads[4:6]):
                return _refused(node, found, "pads", pads)
            top, left, bottom, right = (int(pads[place]) for place in (2, 3, 6, 7))
            return {"padding": (top, bottom, left, right)}
        case "Mul" if len(kept := node.numbers(1)) == 1 and 0 < kept[0] < 1:
            return {"kind": FACTOR, "p": round(1 - kept[0], 6)}
        case "Softmax" | "LogSoftmax":
            axis = node.whole("axis", 1)
            log = {"log": node.type == "LogSoftmax"}
            return _only(node, found, "axis", 1 if axis == -1 else axis, 1, log)
        case "Relu" | "Tanh" | "Sigmoid" | "Squeeze":
            return {}
    found.refuse("open_type", layer=node.title, type=node.type or "?")
    return None


def _convolution(node: Node, found: Finding) -> Spec | None:
    weight = node.shape(1)
    if weight is None or len(weight) != 4:
        return _refused(node, found, "W", weight)
    return {
        "out_channels": weight[0],
        **_window(node, weight[2:], found),
        "groups": node.whole("group", 1),
        "bias": len(node.inputs) > 2 and bool(node.inputs[2]),
    }


def _pooling(node: Node, found: Finding) -> Spec | None:
    kernel = node.wholes("kernel_shape", ())
    if len(kernel) != 2:
        return _refused(node, found, "kernel_shape", kernel)
    window = _window(node, kernel, found)
    if node.whole("ceil_mode", 0):
        window["rounding"] = "caffe"  # a window that begins in the trailing padding is dropped
    if node.whole("count_include_pad", 0) and window["padding"] != (0, 0, 0, 0):
        found.assume("open.assumed_average")
    return window


def _window(node: Node, kernel: tuple[int, ...], found: Finding) -> dict[str, Any]:
    pads = node.wholes("pads", (0, 0, 0, 0))
    strides, dilations = node.wholes("strides", (1, 1)), node.wholes("dilations", (1, 1))
    for name, given, length in (
        ("pads", pads, 4),
        ("strides", strides, 2),
        ("dilations", dilations, 2),
    ):
        if len(given) != length:
            _refused(node, found, name, given)
            pads, strides, dilations = (0, 0, 0, 0), (1, 1), (1, 1)
    top, left, bottom, right = pads
    automatic = node.word("auto_pad", "NOTSET")
    rounding = {"NOTSET": "floor", "VALID": "valid", "SAME_UPPER": "same"}.get(automatic)
    if rounding is None:
        _refused(node, found, "auto_pad", automatic)
    return {
        "kernel_size": kernel,
        "stride": strides,
        "padding": (top, bottom, left, right),
        "dilation": dilations,
        "rounding": rounding or "floor",
    }


def _dense(node: Node, found: Finding) -> Spec | None:
    """Gemm is alpha x A x B + beta x C; B is (in, out), with ``transB`` (out, in)."""
    weight = node.shape(1)
    if weight is None or len(weight) != 2:
        return _refused(node, found, "B", weight)
    for name in ("alpha", "beta"):
        if node.number(name, 1.0) != 1.0:
            return _refused(node, found, name, node.number(name, 1.0))
    if node.whole("transA", 0):
        return _refused(node, found, "transA", 1)
    arriving, leaving = reversed(weight) if node.whole("transB", 0) else weight
    return {
        "out_features": leaving,
        "in_features": arriving,
        "bias": len(node.inputs) > 2 and bool(node.inputs[2]),
    }


def _only(
    node: Node, found: Finding, name: str, given: object, wanted: object, layer: Spec
) -> Spec | None:
    """The layer if ``given`` is the wanted value of a setting; otherwise report it."""
    return layer if given == wanted else _refused(node, found, name, given)


def _refused(node: Node, found: Finding, setting: str, value: object) -> Spec | None:
    """Report a setting that has no counterpart here; returns None."""
    shown = "×".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
    found.refuse("open_setting", layer=node.title, setting=setting, value=shown or "–")
    return None
