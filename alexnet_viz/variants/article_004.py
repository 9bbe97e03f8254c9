"""Article 004: 224 padded by [1, 2], kernels counted per GPU (Chinese).

Its formula has one symmetric P, its numbers use 1 before and 2 after; its list gives 13 as the
output of the third pool, its calculation 6.  Each resolution is a variant of its own.

``stated`` lists the fields that the article states.  The article has no date; its
``year`` is that of the network it describes.
"""

from dataclasses import replace

from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_227

KERNEL = ("present", "out_channels", "kernel_size", "stride")
CONV = (*KERNEL, "padding")

PADDING = Text(
    "Padding [1, 2] is 1 before and 2 after; the other way round gives the same sizes.",
    "填充 [1, 2] 取前 1 后 2；反过来尺寸不变。",
)
TOWERS = Text(
    "Two GPUs are mentioned, kernel depths are not: groups as in the paper.",
    "提到两块 GPU，没有写核深度：按论文分组。",
)
OPEN = (
    Text(
        "“Three dense layers” have no sizes: 4096, 4096, 1000.",
        "“3 个全连接层” 没有写大小：取 4096、4096、1000。",
    ),
    Text("ReLU and softmax are not mentioned: assumed.", "没有提 ReLU 和 softmax：补上。"),
    Text("LRN and dropout are not mentioned: left out.", "没有提 LRN 和 dropout：不加。"),
)

ABOUT = About(
    title=Text("Article 004, its text", "文章 004：正文"),
    year=2012,
    source=Source(
        title=Text(
            "Article 004: the sizes of AlexNet, layer by layer", "文章 004：逐层计算 AlexNet 的尺寸"
        ),
        where=Text("Article 004, lists and sums of each layer", "文章 004，各层的列表与算式"),
    ),
    summary=Text(
        "224 input, padded by 1 and 2 so that the rounding down gives 55 exactly. Without LRN and "
        "dropout, with the paper's parameters.",
        "输入 224，前补 1 后补 2，向下取整恰好得 55。没有 LRN 和 dropout，参数量与论文相同。",
    ),
    assumptions=(PADDING, TOWERS, *OPEN),
    stated={
        **dict.fromkeys(("conv1", "conv2", "conv3", "conv4", "conv5"), CONV),
        **dict.fromkeys(
            ("pool1", "pool2", "pool5"), ("present", "kernel_size", "stride", "padding")
        ),
        **dict.fromkeys(("fc6", "fc7", "fc8"), ("present",)),
    },
    parent="alexnet_2012_paper",
)

article_004 = alexnet_2012_227.edited(
    id="article_004",
    input_size=224,
    conv1={"padding": (1, 2)},
    without=("norm1", "norm2", "drop6", "drop7"),
    about=ABOUT,
)

article_004_ungrouped = article_004.edited(
    id="article_004_ungrouped",
    conv2={"groups": 1},
    conv4={"groups": 1},
    conv5={"groups": 1},
    about=replace(
        ABOUT,
        title=Text("Article 004, no groups", "文章 004：不分组"),
        summary=Text(
            "The listed input depths taken as kernel depths: one tower, and over half as many "
            "MACs again.",
            "把所列的输入深度当作核深度：单塔，MAC 多出一半以上。",
        ),
        assumptions=(
            PADDING,
            Text(
                "Kernels are as deep as the listed inputs: no groups.",
                "核深度等于所列的输入深度：不分组。",
            ),
            *OPEN,
        ),
        parent="article_004",
    ),
)


def _symmetric(padding: int, summary: Text) -> Network:
    """The article's formula, with the same integer P on both sides of conv1."""
    return article_004.edited(
        id=f"article_004_formula_p{padding}",
        conv1={"padding": padding},
        about=replace(
            ABOUT,
            title=Text(
                f"Article 004, its formula with P = {padding}", f"文章 004：公式取 P = {padding}"
            ),
            source=replace(
                ABOUT.source,
                where=Text("Article 004, formula for the output size", "文章 004，输出尺寸公式"),
            ),
            summary=summary,
            assumptions=(
                Text(f"conv1 padded by {padding} on each side.", f"conv1 两侧各填充 {padding}。"),
                TOWERS,
                *OPEN,
            ),
            stated={**ABOUT.stated, "conv1": KERNEL},
            parent="article_004",
        ),
    )


article_004_formula_p1 = _symmetric(
    1,
    Text(
        "The smaller of the two stated paddings on both sides: 54 instead of 55.",
        "两侧都取较小的填充：得到 54 而不是 55。",
    ),
)
article_004_formula_p2 = _symmetric(
    2,
    Text(
        "The larger of the two stated paddings on both sides, torchvision's choice: 55 after "
        "rounding down.",
        "两侧都取较大的填充，与 torchvision 相同：向下取整后得 55。",
    ),
)
article_004_formula_p0 = _symmetric(
    0,
    Text(
        "The formula without padding: 54 instead of 55, as everywhere that rounds down.",
        "公式不加填充：得到 54 而不是 55，与所有向下取整的情形一样。",
    ),
)

article_004_pool3_as_listed = article_004.edited(
    id="article_004_pool3_as_listed",
    without=("pool5",),
    about=replace(
        ABOUT,
        title=Text("Article 004, third pool as listed", "文章 004：第三个池化按所列"),
        source=replace(
            ABOUT.source, where=Text("Article 004, list of Maxpool3", "文章 004，Maxpool3 的列表")
        ),
        summary=Text(
            "Its list says that the third pool keeps 13×13, so there is none: fc6 reads nearly "
            "five times as many values.",
            "按所列，第三个池化层输出仍是 13×13，等于没有：fc6 的输入接近原来的五倍。",
        ),
        assumptions=(
            Text(
                "The pool is left out, because its listed output equals its input.",
                "所列输出与输入相同，所以去掉这一层。",
            ),
            PADDING,
            TOWERS,
            *OPEN,
        ),
        stated={name: fields for name, fields in ABOUT.stated.items() if name != "pool5"},
        parent="article_004",
    ),
)

NETWORKS = (
    article_004,
    article_004_ungrouped,
    article_004_formula_p1,
    article_004_formula_p2,
    article_004_formula_p0,
    article_004_pool3_as_listed,
)
