"""The 2012 widths in one tower: every kernel reads all channels, which adds 1,413,120 weights.

Frameworks without grouped convolutions implement AlexNet with 96, 256, 384, 384, 256 kernels and no
groups; each with its own rounding, LRN and dropout.
"""

from typing import Any

from alexnet_viz.network.layers import LRN
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_227, alexnet_2012_paper

ONE_TOWER: dict[str, Any] = {conv: {"groups": 1} for conv in ("conv2", "conv4", "conv5")}
INVERTED: dict[str, Any] = {drop: {"scale": "train"} for drop in ("drop6", "drop7")}
CEIL_POOLS: dict[str, Any] = {pool: {"rounding": "caffe"} for pool in ("pool1", "pool2", "pool5")}

chainer_alex = alexnet_2012_227.edited(
    id="chainer_alex",
    **ONE_TOWER,
    **CEIL_POOLS,
    **INVERTED,
    norm1={"groups": 1},
    norm2={"groups": 1},
    without=("prob",),
    about=About(
        title=Text("Chainer: alex", "Chainer：alex"),
        year=2015,
        framework="Chainer",
        source=Source(
            title="Chainer, ImageNet example",
            where="examples/imagenet/alex.py at a8e15cbe55",
            url="https://github.com/chainer/chainer/blob/master/examples/imagenet/alex.py",
        ),
        summary=Text(
            "One tower on 227 with the paper's own LRN formula and pools that cover the whole map.",
            "单塔，输入 227，LRN 用论文的原式，池化覆盖整张特征图。",
        ),
        parent="alexnet_2012_227",
    ),
)

darknet_alexnet = alexnet_2012_227.edited(
    id="darknet_alexnet",
    **ONE_TOWER,
    **INVERTED,
    without=("norm1", "norm2"),
    about=About(
        title=Text("Darknet: alexnet", "Darknet：alexnet"),
        year=2016,
        framework="Darknet",
        source=Source(
            title="Darknet",
            where="cfg/alexnet.cfg at f6afaabcdf",
            url="https://github.com/pjreddie/darknet/blob/master/cfg/alexnet.cfg",
        ),
        summary=Text(
            "One tower on 227 without LRN. At 224 it shrinks its first dense layer in silence, "
            "and trained weights no longer fit.",
            "单塔，输入 227，没有 LRN。输入 224 时第一个全连接层会悄悄变小，训练好的权重不再适用。",
        ),
        parent="alexnet_2012_227",
    ),
)

mxnet_symbol_alexnet = alexnet_2012_227.edited(
    id="mxnet_symbol_alexnet",
    input_size=224,
    **ONE_TOWER,
    **INVERTED,
    norm1={"groups": 1, "divide_alpha": True},
    norm2={"groups": 1, "divide_alpha": True},
    about=About(
        title=Text("MXNet: symbol alexnet", "MXNet：symbol alexnet"),
        year=2015,
        framework="MXNet",
        source=Source(
            title="MXNet, image classification example",
            where="example/image-classification/symbols/alexnet.py at 26f44b71d8",
            url="https://github.com/apache/mxnet",
        ),
        summary=Text(
            "One tower on 224 with everything rounded down: fc6 reads 6400 values.",
            "单塔，输入 224，全部向下取整：fc6 读入 6400 个值。",
        ),
        parent="alexnet_2012_224_floor",
    ),
)

pytorchcv_alexnet = alexnet_2012_paper.edited(
    id="pytorchcv_alexnet",
    conv1={"rounding": "floor"},
    **ONE_TOWER,
    **CEIL_POOLS,
    **INVERTED,
    norm1={"groups": 1, "divide_alpha": True},
    norm2={"groups": 1, "divide_alpha": True},
    without=("prob",),
    about=About(
        title=Text("pytorchcv: alexnet", "pytorchcv：alexnet"),
        year=2018,
        framework="PyTorch",
        source=Source(
            title="pytorchcv, alexnet (version a)",
            where="pytorchcv/models/alexnet.py at 7f31dc8fe5",
            url="https://github.com/osmr/pytorchcv/blob/master/pytorchcv/models/alexnet.py",
        ),
        summary=Text(
            "One tower on 224: conv1 gives 54, and pools that round up bring it back to 27, 13, 6.",
            "单塔，输入 224：conv1 得 54，向上取整的池化又回到 27、13、6。",
        ),
        parent="alexnet_2012_paper",
    ),
)

SAME: dict[str, Any] = {"padding": 0, "rounding": "same", "groups": 1}

dl4j_alexnet = alexnet_2012_paper.rounded("floor").edited(
    id="dl4j_alexnet",
    conv2={"groups": 1},
    conv3=SAME,
    conv4=SAME,
    conv5=SAME,
    pool1={"rounding": "same"},
    norm1={"groups": 1},
    drop6={"scale": "train"},
    without=("norm2", "drop7"),
    after={"pool2": (LRN(name="norm2"),)},
    about=About(
        title=Text("Deeplearning4j: AlexNet", "Deeplearning4j：AlexNet"),
        year=2017,
        framework="Deeplearning4j",
        source=Source(
            title="Deeplearning4j, model zoo",
            where="deeplearning4j-zoo, zoo/model/AlexNet.java at 2c69d8dc0b",
            url="https://github.com/deeplearning4j/deeplearning4j",
        ),
        summary=Text(
            "LRN before the pool in stage 1 and after it in stage 2, three roundings mixed, and "
            "one dropout only, on the input of fc7.",
            "第一阶段 LRN 在池化前，第二阶段在池化后；取整方式混用；"
            "只有一个 dropout，在 fc7 的输入上。",
        ),
        assumptions=(
            Text(
                "The number of classes must be set by the user: 1000.",
                "类别数须由用户设定：取 1000。",
            ),
            Text(
                "LRN as on the CPU; through cuDNN the same code divides alpha by 5.",
                "LRN 按 CPU 的算法；经 cuDNN 时同一代码会把 alpha 除以 5。",
            ),
        ),
        parent="alexnet_2012_paper",
    ),
)

NETWORKS = (
    chainer_alex,
    darknet_alexnet,
    mxnet_symbol_alexnet,
    pytorchcv_alexnet,
    dl4j_alexnet,
)
