"""Which GPU holds which layer, as data.

Sources differ in the output layer.  The released code puts it whole on the first GPU
(layers/layers-145.cfg of computerhistory/AlexNet-Source-Code and layers-imagenet-2gpu-model.cfg of
akrizhevsky/cuda-convnet2: fc1000 has gpu=0 only); Figure 2 of the paper draws two halves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from alexnet_viz.network.spec import Network
from alexnet_viz.text import Text

Last = Literal["first", "halves"]
LASTS: tuple[Last, ...] = get_args(Last)
"""Placements of the output layer: whole on the first GPU, or divided evenly."""


@dataclass(frozen=True)
class Placement:
    """The layers of a network on GPUs: divided evenly, except those that one GPU holds whole."""

    gpus: int
    whole: Mapping[str, int] = field(default_factory=dict)
    """By layer, the GPU that holds all of it."""


def placement(network: Network, gpus: int, last: Last = "first") -> Placement:
    """All layers divided evenly, except with ``last="first"`` the output layer, whole on GPU 0.

    >>> from alexnet_viz.variants import VARIANTS
    >>> placement(VARIANTS["alexnet_2012_paper"], 2)
    Placement(gpus=2, whole={'fc8': 0})
    """
    learned = [layer for layer in network.layers if layer.weighted]
    # each group of an output layer with several groups already belongs to a tower
    whole = last == "first" and learned[-1:] and learned[-1].groups == 1
    return Placement(gpus, {learned[-1].name: 0} if whole else {})


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """A published network on GPUs."""

    variant: str
    gpus: int
    last: Last
    title: Text
    source: str | Text
    """The file or section that says so."""


CONFIGURATIONS: dict[str, Configuration] = {
    "released": Configuration(
        variant="alexnet_2012_code_145",
        gpus=2,
        last="first",
        title=Text("Released code, fc8 on GPU 0", "公开代码，fc8 在 GPU 0 上"),
        source="layers/layers-145.cfg",
    ),
    "figure_2": Configuration(
        variant="alexnet_2012_paper",
        gpus=2,
        last="halves",
        title=Text("The paper's Figure 2, even halves", "论文图 2，两半相等"),
        source=Text("Krizhevsky et al. 2012, Figure 2", "Krizhevsky 等 2012，图 2"),
    ),
    "run_150": Configuration(
        variant="alexnet_2012_code_150",
        gpus=2,
        last="first",
        title=Text("Run 150, silent until fc8", "150 号实验，到 fc8 才相通"),
        source="layers/layers-150.cfg",
    ),
    "half": Configuration(
        variant="alexnet_2012_code_145_half",
        gpus=1,
        last="first",
        title=Text("145-half, one column", "145-half，只有一个塔"),
        source="layers/layers-145-half.cfg",
    ),
    "torch7": Configuration(
        variant="torch7_alexnet_2tower",
        gpus=2,
        last="halves",
        title=Text("Torch7's two towers, conv3 grouped too", "Torch7 的双塔，conv3 也分组"),
        source="soumith/imagenet-multiGPU.torch models/alexnet.lua",
    ),
}
"""Published placements, in the order of a table."""
