"""Ports of Caffe's AlexNet: the one of DIGITS, and those of MATLAB's toolboxes.

MATLAB's pools round down.  Without Caffe's rounding up an input of 224 gives 5×5 before fc6, so
only inputs of 227 to 258 fit.
"""

from typing import Any

from alexnet_viz.network.layers import Conv, Squeeze
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.caffe import caffe_bvlc_alexnet

FLOOR_POOLS: dict[str, Any] = {pool: {"rounding": "floor"} for pool in ("pool1", "pool2", "pool5")}

digits_caffe_alexnet = caffe_bvlc_alexnet.edited(
    id="digits_caffe_alexnet",
    about=About(
        title=Text("NVIDIA DIGITS: alexnet", "NVIDIA DIGITS：alexnet"),
        year=2015,
        framework="Caffe",
        source=Source(
            title="NVIDIA DIGITS, standard networks",
            where="digits/standard-networks/caffe/alexnet.prototxt at 2160783d86",
            url="https://github.com/NVIDIA/DIGITS",
        ),
        summary=Text(
            "bvlc_alexnet, layer by layer; the width of fc8 is left to the data set.",
            "逐层与 bvlc_alexnet 相同；fc8 的宽度由数据集决定。",
        ),
        assumptions=(
            Text(
                "num_output of fc8 is unset in the file: 1000 classes.",
                "文件没有设定 fc8 的 num_output：取 1000 类。",
            ),
        ),
        parent="caffe_bvlc_alexnet",
    ),
)

matlab_alexnet = caffe_bvlc_alexnet.edited(
    id="matlab_alexnet",
    **FLOOR_POOLS,
    about=About(
        title=Text("MATLAB: alexnet", "MATLAB：alexnet"),
        year=2016,
        framework="MATLAB",
        source=Source(
            title="MATLAB Deep Learning Toolbox, alexnet",
            where=Text(
                "README.md of the Model Hub at 54ee7d263d; printed net.Layers",
                "Model Hub 的 README.md（提交 54ee7d263d）；打印出的 net.Layers",
            ),
            url="https://github.com/matlab-deep-learning/MATLAB-Deep-Learning-Model-Hub",
        ),
        summary=Text(
            "Caffe's weights with pools that round down: 224 leaves 6400 values where fc6 needs "
            "9216, so it insists on 227.",
            "Caffe 的权重，但池化向下取整：输入 224 只剩 6400 个值，"
            "而 fc6 需要 9216，所以必须用 227。",
        ),
        assumptions=(
            Text(
                "The constant K of the normalisation was not read: Caffe's 1.",
                "归一化常数 K 未能查到原文：取 Caffe 的 1。",
            ),
        ),
        parent="caffe_bvlc_alexnet",
    ),
)

matconvnet_init_alexnet = matlab_alexnet.edited(
    id="matconvnet_init_alexnet",
    without=("flatten", "fc6", "fc7", "fc8"),
    norm1={"alpha": 1e-4 / 5, "divide_alpha": False},
    norm2={"alpha": 1e-4 / 5, "divide_alpha": False},
    after={
        "pool5": (Conv(name="fc6", out_channels=4096, kernel_size=6),),
        "drop6": (Conv(name="fc7", out_channels=4096, kernel_size=1),),
        "drop7": (Conv(name="fc8", out_channels=1000, kernel_size=1), Squeeze(name="squeeze")),
    },
    about=About(
        title=Text("MatConvNet: alexnet", "MatConvNet：alexnet"),
        year=2015,
        framework="MatConvNet",
        source=Source(
            title="MatConvNet, ImageNet training example",
            where="examples/imagenet/cnn_imagenet_init.m at 1e5ae7b70f",
            url="https://github.com/vlfeat/matconvnet",
        ),
        summary=Text(
            "Dense layers as convolutions, pools that round down, and LRN whose alpha is written "
            "as already divided by 5.",
            "全连接层写成卷积，池化向下取整，LRN 的 alpha 直接写成除以 5 之后的值。",
        ),
        parent="caffe_bvlc_alexnet",
    ),
)

NETWORKS = (digits_caffe_alexnet, matlab_alexnet, matconvnet_init_alexnet)
