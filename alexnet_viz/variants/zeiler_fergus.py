"""ZFNet: AlexNet with a smaller window and stride in the first layer.

Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks", arXiv 1311.2901, Figure 3.
"""

from typing import Any

from alexnet_viz.network.layers import LRN
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_paper

ONE_TOWER: dict[str, Any] = {"groups": 1}

zfnet_paper = alexnet_2012_paper.edited(
    id="zfnet_paper",
    conv1={"kernel_size": 7, "stride": 2, "padding": 1, "rounding": "floor"},
    conv2={"stride": 2, "padding": 0, "groups": 1},
    conv4=ONE_TOWER,
    conv5=ONE_TOWER,
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    without=("norm1", "norm2"),
    after={
        "pool1": (LRN(name="norm1", divide_alpha=True),),
        "pool2": (LRN(name="norm2", divide_alpha=True),),
    },
    about=About(
        title=Text("ZFNet, the paper (2013)", "ZFNet 论文版（2013）"),
        year=2013,
        source=Source(
            title="Zeiler, Fergus: Visualizing and Understanding Convolutional Networks",
            where=Text("arXiv 1311.2901, Figure 3", "arXiv 1311.2901，图 3"),
            url="https://arxiv.org/abs/1311.2901",
        ),
        summary=Text(
            "A first kernel of 7×7 at stride 2 instead of 11×11 at 4: maps of 110×110, twice as "
            "fine. One tower, pooling before normalisation.",
            "第一层核由 11×11、步幅 4 改为 7×7、步幅 2：特征图 110×110，边长加倍。"
            "单塔，先池化后归一化。",
        ),
        assumptions=(
            Text(
                "The paper states no padding: 1 at conv1, 0 at conv2 and pools that round up give "
                "its sizes 110, 55, 26, 13, 6.",
                "论文没有写填充：conv1 填充 1、conv2 填充 0、池化向上取整，"
                "才得到它的尺寸 110、55、26、13、6。",
            ),
            Text(
                "The constants of the normalisation are not stated: AlexNet's are used, alpha "
                "divided by the window as in cuda-convnet.",
                "归一化的常数没有写明：沿用 AlexNet 的数值，"
                "并像 cuda-convnet 那样把 alpha 除以窗口大小。",
            ),
        ),
        parent="alexnet_2012_paper",
    ),
)

NETWORKS = (zfnet_paper,)
