"""The small siblings of AlexNet that the experiments train, as differences from each other.

``SMALL`` is the paper's network (``alexnet_2012_227``) for pictures of 28 pixels: five convolutions
in two towers, LRN and overlapping pooling where the paper has them.  Dropout is left out, because a
run of a minute is too short to overfit thousands of pictures: the experiment on dropout adds it.
Every map has an odd side, 15 - 7 - 3 - 1 as 55 - 27 - 13 has in the paper, so windows of 2 and of 3
lead to maps of the same size.

Pixels are centred and divided by ``PIXEL_SCALE``.  LRN is the same formula as on pixels of 0 to 255
if alpha is multiplied by the square of that.
"""

from typing import Any

from alexnet_viz.network.layers import BatchNorm, Layer, Sigmoid, Tanh
from alexnet_viz.network.spec import About, Network
from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS

PIXEL_SCALE = 64
"""What centred pixels are divided by: about the standard deviation of a picture's."""
SIDE = 28
"""Pixels of a side of a picture."""
PAPER = VARIANTS["alexnet_2012_227"]
ALPHA = 1e-4 * PIXEL_SCALE**2

assert PAPER.about is not None
SMALL = PAPER.edited(
    id="small_alexnet",
    input_size=SIDE,
    without=("drop6", "drop7", "prob"),
    conv1={"out_channels": 16, "kernel_size": 5, "stride": 2, "padding": 3},
    norm1={"alpha": ALPHA},
    conv2={"out_channels": 32},
    norm2={"alpha": ALPHA},
    conv3={"out_channels": 48},
    conv4={"out_channels": 48},
    conv5={"out_channels": 32},
    fc6={"out_features": 128},
    fc7={"out_features": 128},
    fc8={"out_features": 10},
    about=About(
        title=Text("A small sibling of AlexNet", "缩小版 AlexNet"),
        year=None,
        source=PAPER.about.source,
        summary=Text(
            "The paper's layers with fewer and smaller kernels, for pictures of 28 pixels.",
            "论文的各层，卷积核更少更小，用于 28 像素的图片。",
        ),
        parent=PAPER.id,
    ),
).with_channels(1)

RELUS = tuple(layer.name for layer in SMALL.layers if layer.kind == "relu")
NORMS, POOLS = ("norm1", "norm2"), ("pool1", "pool2", "pool5")
CONVOLUTIONS = tuple(layer.name for layer in SMALL.layers if layer.kind == "conv")


FOUR = SMALL.edited(
    id="small_four_layers",
    without=(
        *NORMS,
        *(f"{kind}{number}" for kind in ("conv", "relu") for number in (3, 4, 5)),
        *("pool5", "fc7", "relu7"),
    ),
    conv1={"out_channels": 32},
    conv2={"groups": 1},
)
"""Four layers without normalisation, for Figure 1, of which the paper says no more than this."""


def with_units(network: Network, kind: type[Tanh] | type[Sigmoid]) -> Network:
    """A network with another activation in the place of every ReLU."""
    relus = tuple(layer.name for layer in network.layers if layer.kind == "relu")
    after: dict[str, tuple[Layer, ...]] = {
        name: (kind(name=name.replace("relu", kind.kind)),) for name in relus
    }
    return network.edited(id=f"{network.id}_{kind.kind}", without=relus, after=after)


def without(id: str, *names: str) -> Network:
    """``SMALL`` without some layers."""
    return SMALL.edited(id=id, without=names)


def moved(id: str, **after: str) -> Network:
    """``SMALL`` with each named layer directly after another one: ``norm1="pool1"``."""
    moving: dict[str, tuple[Layer, ...]] = {to: (SMALL[name],) for name, to in after.items()}
    taken = Network(
        id=id,
        input_shape=SMALL.input_shape,
        layers=tuple(layer for layer in SMALL.layers if layer.name not in after),
        about=SMALL.about,
    )
    return taken.edited(id=id, after=moving)


def changed_in(id: str, names: tuple[str, ...], **settings: Any) -> Network:
    """``SMALL`` with the same settings for several layers."""
    changes: dict[str, Any] = dict.fromkeys(names, settings)
    return SMALL.edited(id=id, **changes)


def with_dropout() -> Network:
    """``SMALL`` with the paper's dropout after relu6 and relu7."""
    after: dict[str, tuple[Layer, ...]] = {
        f"relu{number}": (PAPER[f"drop{number}"],) for number in (6, 7)
    }
    return SMALL.edited(id="small_dropout", after=after)


def batch_normalised() -> Network:
    """``SMALL`` with batch normalisation after every convolution, in the place of LRN."""
    after: dict[str, tuple[Layer, ...]] = {
        name: (BatchNorm(name=name.replace("conv", "norm")),) for name in CONVOLUTIONS
    }
    return SMALL.edited(id="small_batch_norm", without=NORMS, after=after)
