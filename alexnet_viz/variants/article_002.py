"""Article 002: two networks under one name, a text and a Keras program (Chinese).

The text has a pool after every convolution and two normalisations in each stage (NORM1 to NORM10:
norm1, norm1b, norm2 …), and says that fc1 reads 227 x 227 x 3.  The program has three pools,
BatchNorm, and SAME padding, so that its first map is 56 x 56.

``stated`` lists the fields that the article states.  The article has no date; its
``year`` is that of the network it describes.
"""

from dataclasses import replace
from typing import Any

from alexnet_viz.network.layers import LRN, BatchNorm, MaxPool
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_224_floor, alexnet_2012_227

CONVS = ("conv1", "conv2", "conv3", "conv4", "conv5")
POOLS = ("pool1", "pool2", "pool3", "pool4", "pool5")
NORMS = tuple(f"norm{stage}{which}" for stage in range(1, 6) for which in ("", "b"))

NAMED = ("present",)
KERNEL = ("present", "out_channels", "kernel_size")
POOL = ("present", "kernel_size", "stride")
DENSE = ("present", "out_features")

SAME = {"padding": 0, "rounding": "same"}
SAME_CONVS: dict[str, Any] = dict.fromkeys(CONVS, SAME)
SAME_POOLS: dict[str, Any] = dict.fromkeys(POOLS, SAME)
CEIL_POOLS: dict[str, Any] = {pool: {"rounding": "caffe"} for pool in POOLS}

TEXT_SOURCE = Source(
    title=Text(
        "Article 002: an introduction to AlexNet with Keras code",
        "文章 002：AlexNet 入门，附 Keras 代码",
    ),
    where=Text("Article 002, sections 3.1 and 3.2 (text)", "文章 002，第 3.1、3.2 节（正文）"),
)
OPEN = (
    Text(
        "The input is 227: the number appears only as the stated input of fc1.",
        "输入取 227：这个数只出现在 fc1 的输入维度里。",
    ),
    Text(
        "The kind of NORM1 to NORM10 is not stated: LRN with the paper's constants.",
        "没有写 NORM1 到 NORM10 的类型：按论文常数的 LRN。",
    ),
    Text(
        "ReLU is not mentioned layer by layer: after every convolution, fc6 and fc7.",
        "各层没有提 ReLU：放在每个卷积以及 fc6、fc7 之后。",
    ),
    Text("Groups are not mentioned: none.", "没有提分组：不分组。"),
    Text(
        "Dropout has neither place nor rate: after fc6 and fc7, 0.5.",
        "dropout 没有写位置和比例：放在 fc6、fc7 之后，取 0.5。",
    ),
    Text(
        "fc6 reads the flattened map, not the stated 227×227×3.",
        "fc6 读入展平后的特征图，而不是所写的 227×227×3。",
    ),
)

TEXT_ABOUT = About(
    title=Text("Article 002, its text", "文章 002：正文"),
    year=2012,
    source=TEXT_SOURCE,
    summary=Text(
        "Five pools and ten normalisations. The map has vanished before the fifth pool: this "
        "network cannot be built.",
        "五个池化层、十个归一化层。特征图在第五个池化层之前就小得放不下窗口：这个网络无法搭建。",
    ),
    assumptions=(
        Text("Convolutions padded by 0, 2, 1, 1, 1.", "各卷积层填充 0、2、1、1、1。"),
        *OPEN,
    ),
    stated={
        **dict.fromkeys(CONVS, (*KERNEL, "stride")),
        **dict.fromkeys(NORMS, NAMED),
        **dict.fromkeys(POOLS, POOL),
        **dict.fromkeys(("fc6", "fc7", "fc8"), DENSE),
        **dict.fromkeys(("drop6", "drop7", "prob"), NAMED),
    },
    parent="alexnet_2012_paper",
)

article_002_text = alexnet_2012_227.edited(
    id="article_002_text",
    without=("norm1", "norm2"),
    conv2={"groups": 1},
    conv4={"groups": 1},
    conv5={"groups": 1},
    after={
        "relu1": (LRN(name="norm1"), LRN(name="norm1b")),
        "relu2": (LRN(name="norm2"), LRN(name="norm2b")),
        "relu3": (
            LRN(name="norm3"),
            LRN(name="norm3b"),
            MaxPool(name="pool3", kernel_size=3, stride=2),
        ),
        "relu4": (
            LRN(name="norm4"),
            LRN(name="norm4b"),
            MaxPool(name="pool4", kernel_size=3, stride=2),
        ),
        "relu5": (LRN(name="norm5"), LRN(name="norm5b")),
    },
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    about=TEXT_ABOUT,
)

article_002_text_p0 = article_002_text.edited(
    id="article_002_text_p0",
    conv2={"padding": 0},
    conv3={"padding": 0},
    conv4={"padding": 0},
    conv5={"padding": 0},
    about=replace(
        TEXT_ABOUT,
        title=Text("Article 002, unmentioned padding is 0", "文章 002：未提及的填充按 0"),
        summary=Text(
            "Taken at its word, without padding: the map vanishes one pool earlier, at the fourth.",
            "严格按字面、不填充：特征图提前一层，在第四个池化层消失。",
        ),
        assumptions=(
            Text("No padding anywhere, because none is mentioned.", "没有提到填充，所以全部为 0。"),
            *OPEN,
        ),
        parent="article_002_text",
    ),
)

article_002_text_sameconv = article_002_text.edited(
    id="article_002_text_sameconv",
    **SAME_CONVS,
    about=replace(
        TEXT_ABOUT,
        title=Text("Article 002, text padded as its code", "文章 002：正文配代码的填充"),
        summary=Text(
            "The text's layers with the code's padding, SAME for convolutions and none for pools: "
            "the fifth pool still finds a 2×2 map.",
            "正文的各层配上代码的填充方式，卷积 SAME、池化不填充：第五个池化层得到的仍是 2×2。",
        ),
        assumptions=(
            Text(
                "Convolutions SAME and pools VALID, as in the article's code.",
                "卷积 SAME、池化 VALID，与文章的代码相同。",
            ),
            *OPEN,
        ),
        parent="article_002_text",
    ),
)

article_002_text_samepool = article_002_text_sameconv.edited(
    id="article_002_text_samepool",
    **SAME_POOLS,
    about=replace(
        TEXT_ABOUT,
        title=Text("Article 002, text, SAME everywhere", "文章 002：正文，全部 SAME"),
        summary=Text(
            "A reading that survives: with SAME padding in the pools too, 2×2 values reach fc6.",
            "仍能运行的读法：池化也用 SAME 填充，2×2 的特征图得以到达 fc6。",
        ),
        assumptions=(
            Text("SAME in convolutions and pools.", "卷积和池化全部 SAME。"),
            *OPEN,
        ),
        parent="article_002_text",
    ),
)

article_002_text_ceil = article_002_text.edited(
    id="article_002_text_ceil",
    **CEIL_POOLS,
    about=replace(
        TEXT_ABOUT,
        title=Text("Article 002, text, pools rounded up", "文章 002：正文，池化向上取整"),
        summary=Text(
            "Another reading that survives: with Caffe's rounding one value a channel is left "
            "for fc6.",
            "另一种仍能运行的读法：按 Caffe 的取整，每个通道只剩一个值进入 fc6。",
        ),
        assumptions=(
            Text(
                "Convolutions padded by 0, 2, 1, 1, 1; pools round up.",
                "各卷积层填充 0、2、1、1、1；池化向上取整。",
            ),
            *OPEN,
        ),
        parent="article_002_text",
    ),
)

HEAD = ("flatten", "fc6", "relu6", "drop6", "fc7", "relu7", "drop7", "fc8", "prob")

article_002_text_fc1_stated = article_002_text.edited(
    id="article_002_text_fc1_stated",
    without=tuple(layer.name for layer in article_002_text.layers if layer.name not in HEAD),
    about=replace(
        TEXT_ABOUT,
        title=Text("Article 002, fc6 fed by the raw image", "文章 002：fc6 直接读图像"),
        source=replace(
            TEXT_SOURCE,
            where=Text("Article 002, section 3.2 (text)", "文章 002，第 3.2 节（正文）"),
        ),
        summary=Text(
            "fc1 as stated reads 227×227×3 values, and those are the pixels: no convolution "
            "reaches the classifier, whose weights grow more than tenfold.",
            "按所写，fc1 读入 227×227×3 个值，那正是像素本身：卷积到不了分类器，"
            "权重却增加到十倍以上。",
        ),
        assumptions=(
            Text(
                "Only the three dense layers are computed: the convolutions cannot feed them.",
                "只计算三个全连接层：卷积部分无法接上。",
            ),
        ),
        stated={name: fields for name, fields in TEXT_ABOUT.stated.items() if name in HEAD},
        parent="article_002_text",
    ),
)

KERAS_WINDOWS: dict[str, Any] = {
    **dict.fromkeys(CONVS, SAME | {"groups": 1}),
    **{pool: {"rounding": "valid"} for pool in ("pool1", "pool2", "pool5")},
}

article_002_keras = alexnet_2012_224_floor.edited(
    id="article_002_keras",
    without=("norm1", "norm2"),
    after={f"relu{stage}": (BatchNorm(name=f"norm{stage}", eps=1e-3),) for stage in range(1, 6)},
    **KERAS_WINDOWS,
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    about=About(
        title=Text("Article 002, its Keras code", "文章 002：Keras 代码"),
        year=2012,
        framework="Keras",
        source=replace(
            TEXT_SOURCE, where=Text("Article 002, section 4 (code)", "文章 002，第 4 节（代码）")
        ),
        summary=Text(
            "SAME padding makes the first map 56×56; BatchNorm stands after every ReLU of the "
            "convolutions, in the place of LRN.",
            "SAME 填充使第一张特征图为 56×56；每个卷积的 ReLU 之后是 BatchNorm，代替 LRN。",
        ),
        assumptions=(
            Text(
                "Keras' defaults hold where the code is silent: strides of 1, pools VALID, one "
                "group, BatchNorm eps 0.001.",
                "代码没写的按 Keras 默认：步幅 1、池化 VALID、不分组、BatchNorm 的 eps 为 0.001。",
            ),
        ),
        # padding="same" of the code is the field ``rounding`` here
        stated={
            **dict.fromkeys(CONVS, (*KERNEL, "rounding")),
            "conv1": (*KERNEL, "stride", "rounding"),
            **{f"relu{number}": NAMED for number in range(1, 8)},
            **{f"norm{stage}": NAMED for stage in range(1, 6)},
            **dict.fromkeys(("pool1", "pool2", "pool5"), POOL),
            "flatten": NAMED,
            **dict.fromkeys(("fc6", "fc7", "fc8"), DENSE),
            **dict.fromkeys(("drop6", "drop7"), ("present", "p")),
            "prob": NAMED,
        },
        parent="article_002_text",
    ),
)

NETWORKS = (
    article_002_text,
    article_002_text_p0,
    article_002_text_sameconv,
    article_002_text_samepool,
    article_002_text_ceil,
    article_002_text_fc1_stated,
    article_002_keras,
)
