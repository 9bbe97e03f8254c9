"""Pairs of networks that differ in one disputed setting, take the same weights and the same input.

Run on one picture they show what the setting changes.
"""

from alexnet_viz.network.layers import ReLU
from alexnet_viz.network.spec import Network
from alexnet_viz.variants import VARIANTS

_AT_227 = VARIANTS["alexnet_2012_227"]

PAIRS: dict[str, tuple[Network, Network]] = {
    "norm_place": (
        VARIANTS["caffe_bvlc_alexnet"],
        VARIANTS["caffe_bvlc_reference_caffenet"],
    ),
    "alpha": (
        _AT_227,
        _AT_227.edited(
            id="alexnet_2012_227_torch_alpha",
            norm1={"divide_alpha": True},
            norm2={"divide_alpha": True},
        ),
    ),
    "norm_reach": (
        _AT_227,
        _AT_227.edited(id="alexnet_2012_227_across", norm1={"groups": 1}, norm2={"groups": 1}),
    ),
    "rounding": (
        VARIANTS["alexnet_2012_paper"],
        VARIANTS["alexnet_2012_224_ceil"],
    ),
    "relu_place": (
        _AT_227,
        _AT_227.edited(
            id="alexnet_2012_227_relu5_last",
            without=("relu5",),
            after={"pool5": (ReLU(name="relu5"),)},
        ),
    ),
}
"""By the name of the dispute; the first of a pair is the one that the second is compared with."""
