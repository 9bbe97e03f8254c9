"""Article 001: notes on the paper, in the order of CaffeNet (Chinese).

It uses 227, says that the 224 of its figure does not give 55, and pools before it normalises.  Its
conv3 has "2 groups" and kernels of depth 256, which contradict each other.

``stated`` lists the fields that the article states.  The article has no date; its
``year`` is that of the network it describes.
"""

from dataclasses import replace

from alexnet_viz.network.layers import LRN, Conv
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_227

NAMED = ("present",)
KERNEL = ("present", "out_channels", "kernel_size", "kernel_depth")
PADDED = (*KERNEL, "stride", "padding")
GROUPED = (*PADDED, "groups")
NORM = ("present", "size", "k", "alpha", "beta")
POOL = ("present", "kernel_size", "stride")
DENSE = ("present", "out_features")

CONV3_WHOLE = Text(
    "conv3 has “2 groups” and kernels of depth 256, which is all of its input: groups=1.",
    "conv3 写着 “2 组”，核深度却是 256，即全部输入通道：取 groups=1。",
)
OPEN = (
    Text(
        "The stride of conv1 (4) appears only in the opening note; its padding of 0 is implied.",
        "conv1 的步幅 4 只出现在开头的注里；不填充由尺寸推出。",
    ),
    Text("The dropout rate is not stated: 0.5.", "没有写 dropout 比例：取 0.5。"),
    Text(
        "The width of fc7 follows from its 4096 results.",
        "fc7 的宽度由 “4096 个结果” 推出。",
    ),
)

ABOUT = About(
    title=Text("Article 001, its text", "文章 001：正文"),
    year=2012,
    source=Source(
        title=Text("Article 001: notes on AlexNet", "文章 001：AlexNet 论文笔记"),
        where=Text("Article 001, network structure", "文章 001，网络结构"),
    ),
    summary=Text(
        "227 input, two towers, and pooling before LRN as in CaffeNet: the paper's parameters to "
        "the last one.",
        "输入 227，双塔，像 CaffeNet 那样先池化后 LRN：参数量与论文完全相同。",
    ),
    assumptions=(CONV3_WHOLE, *OPEN),
    stated={
        "conv1": KERNEL,
        "conv3": PADDED,
        **dict.fromkeys(("conv2", "conv4", "conv5"), GROUPED),
        **dict.fromkeys(("relu1", "relu2", "relu3", "relu4", "relu5", "relu6", "relu7"), NAMED),
        **dict.fromkeys(("norm1", "norm2"), NORM),
        **dict.fromkeys(("pool1", "pool2", "pool5"), POOL),
        **dict.fromkeys(("fc6", "fc7", "fc8"), DENSE),
        **dict.fromkeys(("drop6", "drop7", "prob"), NAMED),
    },
    parent="alexnet_2012_paper",
)

article_001 = alexnet_2012_227.edited(
    id="article_001",
    without=("norm1", "norm2"),
    after={"pool1": (LRN(name="norm1"),), "pool2": (LRN(name="norm2"),)},
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    about=ABOUT,
)

article_001_fig224 = article_001.edited(
    id="article_001_fig224",
    input_size=224,
    about=replace(
        ABOUT,
        title=Text("Article 001, the 224 of its figure", "文章 001：图中的 224"),
        source=replace(
            ABOUT.source,
            where=Text("Article 001, figure and opening note", "文章 001，插图与开头的说明"),
        ),
        summary=Text(
            "The case the article warns about: 224 gives 54, 26, 12, 5 when sizes are rounded "
            "down.",
            "文章提醒的情形：向下取整时，输入 224 得到 54、26、12、5。",
        ),
        parent="article_001",
    ),
)

article_001_conv3_2groups = article_001.edited(
    id="article_001_conv3_2groups",
    conv3={"groups": 2},
    about=replace(
        ABOUT,
        title=Text("Article 001, conv3 in two groups", "文章 001：conv3 分两组"),
        summary=Text(
            "“2 groups” taken literally: each kernel of conv3 reads 128 channels, and the towers "
            "never meet before fc6.",
            "按字面理解 “2 组”：conv3 的每个核只读 128 个通道，两塔在 fc6 之前不再交流。",
        ),
        assumptions=(
            Text(
                "The words “2 groups” win over the stated kernel depth of 256.",
                "以 “2 组” 的说法为准，不采用所写的核深度 256。",
            ),
            *OPEN,
        ),
        stated={
            **ABOUT.stated,
            "conv3": tuple(field for field in GROUPED if field != "kernel_depth"),
        },
        parent="article_001",
    ),
)

article_001_fc_as_conv = article_001.edited(
    id="article_001_fc_as_conv",
    without=("flatten", "fc6", "fc7", "fc8"),
    after={
        "flatten": (Conv(name="fc6", out_channels=4096, kernel_size=6),),
        "drop6": (Conv(name="fc7", out_channels=4096, kernel_size=1),),
        "drop7": (Conv(name="fc8", out_channels=1000, kernel_size=1),),
    },
    about=replace(
        ABOUT,
        title=Text("Article 001, dense layers as convolutions", "文章 001：全连接写成卷积"),
        source=replace(ABOUT.source, where=Text("Article 001, layer FC6", "文章 001，FC6 层")),
        summary=Text(
            "fc6 as 4096 kernels of 6×6×256: the same numbers at 227, a map of scores on larger "
            "images, and nothing at all at 224.",
            "fc6 写成 4096 个 6×6×256 的卷积核：227 时结果相同，更大的图像得到一张得分图，"
            "224 则无法运行。",
        ),
        assumptions=(
            CONV3_WHOLE,
            *OPEN,
            Text(
                "fc7 and fc8 as 1×1 kernels carry the article's idea on.",
                "fc7 和 fc8 写成 1×1 卷积，是对文章思路的延伸。",
            ),
        ),
        stated={
            **ABOUT.stated,
            "fc6": KERNEL,
            "fc7": ("present", "out_channels"),
            "fc8": ("present", "out_channels"),
        },
        parent="article_001",
    ),
)

NETWORKS = (
    article_001,
    article_001_fig224,
    article_001_conv3_2groups,
    article_001_fc_as_conv,
)
