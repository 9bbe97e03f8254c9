"""Article 000: AlexNet in words, layer by layer (Chinese).

It states kernels and strides, but neither a padding nor an input size, and 384 kernels in conv5.
It describes dropout as the paper does: outputs are multiplied at test time.

``stated`` lists the fields that the article states.  The article has no date; its
``year`` is that of the network it describes.
"""

from dataclasses import replace

from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_227

NAMED = ("present",)
POOL = ("present", "kernel_size", "stride")
DENSE = ("present", "out_features")
DROPOUT = ("present", "scale")

PADDING = Text(
    "Padding is not stated: 0, 2, 1, 1, 1 as in the usual 227 network.",
    "没有写填充：沿用常见 227 网络的 0、2、1、1、1。",
)
GROUPS = Text(
    "Two groups in conv2 follow from its kernel depth of 48; conv4 and conv5 follow the paper.",
    "conv2 的两组由核深度 48 推出；conv4 和 conv5 按论文分组。",
)
OPEN = (
    Text(
        "The input size is not stated, only that it is fixed: 227.",
        "输入尺寸没有写明，只说固定：取 227。",
    ),
    Text("The dropout rate is not stated: 0.5.", "没有写 dropout 比例：取 0.5。"),
    Text("Softmax is not mentioned: added.", "没有提到 softmax：补上。"),
)

ABOUT = About(
    title=Text("Article 000, its text", "文章 000：正文"),
    year=2012,
    source=Source(
        title=Text("Article 000: AlexNet, layer by layer", "文章 000：逐层介绍 AlexNet"),
        where=Text("Article 000, layers 1-12", "文章 000，第 1–12 层"),
    ),
    summary=Text(
        "Three pools and no LRN. conv5 has 384 kernels where the paper has 256, so fc6 reads "
        "half as many values again.",
        "三个池化层，没有 LRN。conv5 有 384 个卷积核（论文为 256），fc6 的输入因此多出一半。",
    ),
    assumptions=(PADDING, GROUPS, *OPEN),
    stated={
        "conv1": ("present", "out_channels", "kernel_size", "kernel_depth", "stride"),
        "conv2": ("present", "out_channels", "kernel_size", "kernel_depth", "stride"),
        **dict.fromkeys(("conv3", "conv4", "conv5"), ("present", "out_channels", "kernel_size")),
        **dict.fromkeys(("relu1", "relu2", "relu3", "relu4", "relu5", "relu6", "relu7"), NAMED),
        **dict.fromkeys(("pool1", "pool2", "pool5"), POOL),
        **dict.fromkeys(("fc6", "fc7", "fc8"), DENSE),
        **dict.fromkeys(("drop6", "drop7"), DROPOUT),
    },
    parent="alexnet_2012_paper",
)

article_000_text = alexnet_2012_227.edited(
    id="article_000_text",
    without=("norm1", "norm2"),
    conv5={"out_channels": 384},
    about=ABOUT,
)

article_000_text_ungrouped345 = article_000_text.edited(
    id="article_000_text_ungrouped345",
    conv4={"groups": 1},
    conv5={"groups": 1},
    about=replace(
        ABOUT,
        title=Text("Article 000, conv4 and conv5 ungrouped", "文章 000：conv4、conv5 不分组"),
        summary=Text(
            "Groups only where the stated kernel depth forces them, in conv2: conv4 and conv5 see "
            "all 384 channels.",
            "只在核深度要求分组的 conv2 分组：conv4 和 conv5 看到全部 384 个通道。",
        ),
        assumptions=(
            PADDING,
            Text(
                "Two groups in conv2 follow from its kernel depth of 48; nowhere else are there "
                "any.",
                "conv2 的两组由核深度 48 推出；其余各层不分组。",
            ),
            *OPEN,
        ),
        parent="article_000_text",
    ),
)

article_000_text_p0 = article_000_text_ungrouped345.edited(
    id="article_000_text_p0",
    conv2={"padding": 0},
    conv3={"padding": 0},
    conv4={"padding": 0},
    conv5={"padding": 0},
    about=replace(
        ABOUT,
        title=Text("Article 000, unmentioned padding is 0", "文章 000：未提及的填充按 0"),
        summary=Text(
            "Taken at its word: without padding the maps shrink to 2×2 before fc6, which reads "
            "1536 values.",
            "严格按字面：不填充时特征图在 fc6 之前缩小到 2×2，fc6 只读入 1536 个值。",
        ),
        assumptions=(
            Text("No padding anywhere, because none is mentioned.", "没有提到填充，所以全部为 0。"),
            Text("Groups only in conv2.", "只有 conv2 分组。"),
            *OPEN,
        ),
        parent="article_000_text",
    ),
)

NETWORKS = (article_000_text, article_000_text_ungrouped345, article_000_text_p0)
