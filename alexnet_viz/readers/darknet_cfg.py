"""Read a Darknet ``.cfg``: one section a layer, in the order of the chain.

Any ``pad`` other than 0 means padding by size/2.  ``padding`` counts one side of a convolution, but
both sides of a pool together: size - 1 by default, the smaller half before (maxpool_layer.c).  All
sizes round down.  A layer's BatchNorm and activation become layers of their own.

Two dialects share the syntax.  A file that uses a setting of AlexeyAB's fork (``FORKED``), which
pjreddie's program ignores, is read as the fork reads it, and the result says so: strides may differ
between the axes, and ``dilation`` multiplies the padding too (convolutional_layer.c: ``im2col``
with ``pad * dilation``) while the output size is computed as without it, so that the two agree
only where the padding keeps the size.
Defaults: src/parser.c of pjreddie/darknet at f6afaabcdf, src/parser.c of AlexeyAB/darknet.
"""

from collections.abc import Sequence

from alexnet_viz.network.spec import Network
from alexnet_viz.readers.chain import Chain, Spec
from alexnet_viz.readers.diagnostics import Finding
from alexnet_viz.readers.layer_settings import Settings
from alexnet_viz.readers.network_builder import flattened, network
from alexnet_viz.readers.section_text import Section, parse

FORMAT = "Darknet cfg"

HEADS = frozenset({"net", "network"})

ACTIVATIONS: dict[str, list[Spec]] = {
    "linear": [],
    "relu": [{"kind": "relu"}],
    "logistic": [{"kind": "sigmoid"}],
    "tanh": [{"kind": "tanh"}],
}

EPS = 1e-6
"""The eps of Darknet's BatchNorm (blas.c, ``normalize_cpu``)."""

FORKED = frozenset(
    {"dilation", "stride_x", "stride_y", "maxpool_depth", "out_channels", "antialiasing"}
    | {"assisted_excitation", "sway", "rotate", "stretch", "share_index"}
)
"""Settings that AlexeyAB's fork reads and pjreddie's program ignores."""

FORK = "AlexeyAB"

ODD = ("binary", "xnor", "antialiasing", "sway", "rotate", "stretch", "assisted_excitation")
"""Settings that change what a convolution computes; 0 is off."""


def read(text: str, name: str) -> Network:
    """The network of a Darknet cfg.

    Raises:
        Problems: every section that has no counterpart here.
        Problem: not of this syntax.
    """
    sections = parse(text)
    found = Finding()
    shape = [3, 0, 0]
    chain: Chain = []
    for section in sections:
        title = f"[{section.name}], {section.line}"
        given = Settings(title, section.values, found)
        if section.name in HEADS:
            shape = [given.whole("channels", 0), given.whole("height", 0), given.whole("width", 0)]
        elif section.name == "crop" and not chain:
            shape[1:] = [given.whole("crop_height", 1), given.whole("crop_width", 1)]
        elif section.name != "cost":
            chain += [(title, spec) for spec in _layers(section, given, found)]
    if 0 in shape:
        found.refuse("open_input", shape="×".join(map(str, shape)))
        shape = [1, 1, 1]
    chain = flattened(chain)
    forked = sorted({key for each in sections for key in each.values if key in FORKED})
    if forked:
        found.assume("open.assumed_fork", settings=", ".join(forked))
    # a [connected] layer takes any number of features, so its in_features stay open
    dialect = f"{FORMAT} ({FORK})" if forked else FORMAT
    return network(name, shape, chain, None, found, format=dialect, built=False)


def _layers(section: Section, given: Settings, found: Finding) -> Sequence[Spec]:
    """The layers of one section: the layer, its BatchNorm and its activation."""
    match section.name:
        case "convolutional" | "conv":
            for setting in ODD:
                given.only(setting, "0")
            return [_convolution(given), *_after(given)]
        case "connected" | "conn":
            dense = {
                "kind": "linear",
                "out_features": given.whole("output", 1),
                "bias": not given.flag("batch_normalize", False),
            }
            return [dense, *_after(given)]
        case "maxpool" | "max":
            return [_pool(given)]
        case "avgpool" | "avg":
            return [{"kind": "adaptive_avg_pool", "output_size": 1}]
        case "dropout":
            share = given.number("probability", 0.5)
            return [{"kind": "dropout", "p": share, "scale": "train"}]
        case "normalization" | "lrn":
            return [
                {
                    "kind": "lrn",
                    "size": given.whole("size", 5),
                    "alpha": given.number("alpha", 1e-4),
                    "beta": given.number("beta", 0.75),
                    "k": given.number("kappa", 1.0),
                }
            ]
        case "batchnorm":
            return [{"kind": "batch_norm", "eps": EPS}]
        case "activation":
            return _activation(given, "linear")
        case "softmax" | "soft":
            given.only("groups", "1")
            given.only("tree")
            return [{"kind": "softmax"}]
    found.refuse("open_type", layer=given.layer, type=section.name)
    return []


def _convolution(given: Settings) -> Spec:
    given.only("share_index")
    size = given.whole("size", 1)
    padding = size // 2 if given.whole("pad", 0) else given.whole("padding", 0)
    dilation = given.whole("dilation", 1) if size > 1 else 1
    if dilation > 1 and 2 * padding != size - 1:
        given.refuse("open_setting", "dilation", dilation)
    return {
        "kind": "conv",
        "out_channels": given.whole("filters", 1),
        "kernel_size": size,
        "stride": _strides(given),
        "padding": padding * dilation,
        "dilation": dilation,
        "groups": given.whole("groups", 1),
        "bias": not given.flag("batch_normalize", False),
    }


def _pool(given: Settings) -> Spec:
    given.only("maxpool_depth", "0")
    given.only("antialiasing", "0")
    size = given.whole("size", given.whole("stride", 1))
    padding = given.whole("padding", size - 1)
    return {
        "kind": "max_pool",
        "kernel_size": size,
        "stride": _strides(given),
        "padding": (padding // 2, padding - padding // 2) if padding else 0,
    }


def _strides(given: Settings) -> int | tuple[int, int]:
    """The stride, (vertical, horizontal) where a file of the fork has two."""
    stride = given.whole("stride", 1)
    across = (given.whole("stride_y", stride), given.whole("stride_x", stride))
    return across[0] if across[0] == across[1] else across


def _after(given: Settings) -> list[Spec]:
    """BatchNorm and activation of a convolution or dense layer."""
    norm = [{"kind": "batch_norm", "eps": EPS}] if given.flag("batch_normalize", False) else []
    return [*norm, *_activation(given, "logistic")]


def _activation(given: Settings, default: str) -> list[Spec]:
    name = given.word("activation", default)
    if name not in ACTIVATIONS:
        given.refuse("open_setting", "activation", name)
    return ACTIVATIONS.get(name, [])
