"""Article 003: the 227 network with every size worked out (Chinese, 7 July 2023).

``stated`` lists the fields that the article states.
"""

from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_227

NAMED = ("present",)
CONV = ("present", "out_channels", "kernel_size", "kernel_depth", "stride", "padding")

article_003 = alexnet_2012_227.edited(
    id="article_003",
    norm1={"groups": 1},
    norm2={"groups": 1},
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    about=About(
        title=Text("Article 003, its text", "文章 003：正文"),
        year=2023,
        source=Source(
            title=Text(
                "Article 003: the structure of AlexNet in detail", "文章 003：详解 AlexNet 结构"
            ),
            where=Text("Article 003, items 1-20", "文章 003，第 1–20 条"),
        ),
        summary=Text(
            "The paper's order on 227, with every kernel, padding and map size written out: "
            "all of them agree with the computed ones.",
            "论文的层序，输入 227，每个核、填充和特征图尺寸都写了出来，与计算结果全部一致。",
        ),
        assumptions=(
            Text(
                "The constants of LRN are not stated: the paper's.",
                "没有写 LRN 的常数：取论文的数值。",
            ),
            Text(
                "Two groups in conv2, conv4 and conv5 follow from kernel depths of 48, 192, 192.",
                "conv2、conv4、conv5 的两组由核深度 48、192、192 推出。",
            ),
            Text(
                "ReLU after fc6 and fc7 is not mentioned: assumed.",
                "没有提 fc6、fc7 之后的 ReLU：补上。",
            ),
            Text(
                "Dropout has neither place nor rate: after fc6 and fc7, 0.5.",
                "dropout 没有写位置和比例：放在 fc6、fc7 之后，取 0.5。",
            ),
        ),
        stated={
            **dict.fromkeys(("conv1", "conv2", "conv3", "conv4", "conv5"), CONV),
            **dict.fromkeys(("relu1", "relu2", "relu3", "relu4", "relu5"), NAMED),
            **dict.fromkeys(("norm1", "norm2"), NAMED),
            **dict.fromkeys(
                ("pool1", "pool2", "pool5"), ("present", "kernel_size", "stride", "padding")
            ),
            "flatten": NAMED,
            **dict.fromkeys(("fc6", "fc7", "fc8"), ("present", "out_features")),
            **dict.fromkeys(("drop6", "drop7", "prob"), NAMED),
        },
        parent="alexnet_2012_paper",
    ),
)

NETWORKS = (article_003,)
