"""Convert one layer of a Caffe prototxt to a layer of this project, with Caffe's defaults.

Three conventions are specific to Caffe: pooling rounds up and drops a window that begins beyond the
image (pooling_layer.cpp, unless ``round_mode: FLOOR``), LRN has k = 1 and alpha = 1 by default
and divides alpha by the window (lrn_layer.cpp), dropout scales while training.
"""

from collections.abc import Callable
from typing import Any

from alexnet_viz.network.caffe_types import KINDS
from alexnet_viz.readers.chain import Spec
from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.readers.layer_settings import Settings

LOSSES = frozenset(
    {"SoftmaxWithLoss", "EuclideanLoss", "HingeLoss", "SigmoidCrossEntropyLoss"}
    | {"MultinomialLogisticLoss", "ContrastiveLoss"}
)
"""Layers that read the network's output and the label."""

SECOND = frozenset({"Scale", "Power", "Log"})
"""Types that complete the layer before them: BatchNorm's gamma and beta, the factor of a dropout
scaled at test time, the logarithm of a softmax.  Alone they have no counterpart here."""

Parameters = Callable[[str], Settings]
"""Returns the settings in one of a layer's messages, given the message's name."""


def spec(type: str, parameters: Parameters, found: Finding) -> Spec | None:
    """A layer as plain data; None if it has no counterpart here.

    The kind of a layer in ``SECOND`` is its type.
    """
    settings = _settings(type, parameters, found)
    return None if settings is None else {"kind": KINDS.get(type, type), **settings}


def _settings(type: str, parameters: Parameters, found: Finding) -> Spec | None:
    match type:
        case "Convolution":
            return _convolution(parameters("convolution_param"))
        case "Pooling":
            return _pooling(parameters("pooling_param"), found)
        case "InnerProduct":
            return _dense(parameters("inner_product_param"))
        case "ReLU":
            parameters("relu_param").only("negative_slope", "0", "0.0")
            return {}
        case "TanH" | "Sigmoid":
            return {}
        case "LRN":
            return _norm(parameters("lrn_param"))
        case "BatchNorm":
            given = parameters("batch_norm_param")
            # NVIDIA's Caffe learns gamma and beta in the same layer
            scaled = given.flag("scale_bias", False)
            return {"eps": given.number("eps", 1e-5), "unscaled": not scaled}
        case "Scale":
            given = parameters("scale_param")
            if not given.flag("bias_term", False):
                given.refuse("open_setting", "bias_term", "false")
            given.only("axis", "1")
            return {}
        case "Power":
            given = parameters("power_param")
            given.only("power", "1", "1.0")
            given.only("shift", "0", "0.0")
            return {"scale": given.number("scale", 1.0)}
        case "Log":
            parameters("log_param").only("base", "-1", "-1.0")
            return {}
        case "Dropout":
            ratio = parameters("dropout_param").number("dropout_ratio", 0.5)
            return {"p": ratio, "scale": "train"}
        case "Flatten":
            parameters("flatten_param").only("axis", "1")
            return {}
        case "Softmax" | "SoftmaxWithLoss":
            parameters("softmax_param").only("axis", "1")
            if type == "SoftmaxWithLoss":
                found.assume("open.assumed_loss")
            return {}
        case _:
            return None


def _convolution(given: Settings) -> Spec:
    given.only("axis", "1")
    return {
        "out_channels": given.whole("num_output"),
        **_window(given),
        "dilation": _pair(given, "dilation", 1),
        "groups": given.whole("group", 1),
        "bias": given.flag("bias_term", True),
    }


def _pooling(given: Settings, found: Finding) -> Spec | None:
    given.only("pool", "MAX", "AVE", "0", "1")
    average = given.word("pool", "MAX") in ("AVE", "1")
    if given.flag("global_pooling", False):
        if not average:
            given.refuse("open_setting", "global_pooling", "true")
        return {"kind": "adaptive_avg_pool", "output_size": 1}
    window = _window(given)
    if average and window["padding"] not in (0, (0, 0)):
        found.assume("open.assumed_average")
    rounding = "floor" if given.word("round_mode") in ("FLOOR", "1") else "caffe"
    return {"kind": "avg_pool" if average else "max_pool", **window, "rounding": rounding}


def _dense(given: Settings) -> Spec:
    given.only("axis", "1")
    return {
        "out_features": given.whole("num_output"),
        "bias": given.flag("bias_term", True),
    }


def _norm(given: Settings) -> Spec:
    within = given.word("norm_region") in ("WITHIN_CHANNEL", "1")
    return {
        "size": given.whole("local_size", 5),
        "alpha": given.number("alpha", 1.0),
        "beta": given.number("beta", 0.75),
        # within a channel Caffe adds 1, whatever k says (LRNLayer::LayerSetUp, power_param)
        "k": 1.0 if within else given.number("k", 1.0),
        "divide_alpha": True,
        "region": "map" if within else "channels",
    }


def _window(given: Settings) -> dict[str, Any]:
    height, width = _sides(given, "kernel", "kernel_size", None)
    vertical, horizontal = _sides(given, "pad", "pad", 0)
    padding = (vertical, vertical, horizontal, horizontal)
    return {
        "kernel_size": _short((height, width)),
        "stride": _short(_sides(given, "stride", "stride", 1)),
        "padding": vertical if vertical == horizontal else padding,
    }


def _pair(given: Settings, name: str, default: int | None) -> Any:
    """A repeated field as one number for both axes or as (vertical, horizontal)."""
    numbers = given.all(name) if name in given else [given.whole(name, default)]
    if len(numbers) > 2:
        given.refuse("open_setting", name, " ".join(map(str, numbers)))
    return _short((numbers[0], numbers[min(1, len(numbers) - 1)]))


def _sides(given: Settings, stem: str, name: str, default: int | None) -> tuple[int, int]:
    if f"{stem}_h" in given or f"{stem}_w" in given:
        return given.whole(f"{stem}_h", default), given.whole(f"{stem}_w", default)
    both = _pair(given, name, default)
    return (both, both) if isinstance(both, int) else both


def _short(pair: tuple[int, int]) -> int | tuple[int, int]:
    return pair[0] if pair[0] == pair[1] else pair
