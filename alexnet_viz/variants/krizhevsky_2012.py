"""The 2012 network: of the paper, of the authors' code, and as textbooks usually correct it.

Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks",
NIPS 2012; computerhistory/AlexNet-Source-Code at 2f8b81f764 (layers/layers-145.cfg, layer.py).

The paper states an input of 224 and a map of 55.  The code rounds up: 1 + ceil((224 - 11) / 4) is
55.  Where sizes are rounded down three pixels are added: an input of 227, or three columns of zeros
at one border.
"""

from alexnet_viz.network.layers import LRN, Conv, Dropout, Flatten, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.text import Text

PAPER = Source(
    title="Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural "
    "Networks, NIPS 2012",
    where=Text("sections 3.1-3.5, 4.2, 5; Figure 2", "第 3.1–3.5、4.2、5 节；图 2"),
    url="https://proceedings.neurips.cc/paper_files/paper/2012/file/c399862d3b9d6b76c8436e924a68c45b-Paper.pdf",
)

PADDING_NOT_STATED = Text(
    "The paper states no padding: 0, 2, 1, 1, 1 are the smallest symmetric values that keep the "
    "sizes of its Figure 2.",
    "论文没有写填充：0、2、1、1、1 是能保持图 2 尺寸的最小对称值。",
)

alexnet_2012_paper = Network(
    id="alexnet_2012_paper",
    input_shape=(3, 224, 224),
    layers=(
        Conv(name="conv1", out_channels=96, kernel_size=11, stride=4, rounding="ceil"),
        ReLU(name="relu1"),
        LRN(name="norm1", groups=2),
        MaxPool(name="pool1", kernel_size=3, stride=2, rounding="ceil"),
        Conv(name="conv2", out_channels=256, kernel_size=5, padding=2, groups=2),
        ReLU(name="relu2"),
        LRN(name="norm2", groups=2),
        MaxPool(name="pool2", kernel_size=3, stride=2, rounding="ceil"),
        Conv(name="conv3", out_channels=384, kernel_size=3, padding=1),
        ReLU(name="relu3"),
        Conv(name="conv4", out_channels=384, kernel_size=3, padding=1, groups=2),
        ReLU(name="relu4"),
        Conv(name="conv5", out_channels=256, kernel_size=3, padding=1, groups=2),
        ReLU(name="relu5"),
        MaxPool(name="pool5", kernel_size=3, stride=2, rounding="ceil"),
        Flatten(name="flatten"),
        Linear(name="fc6", in_features=9216, out_features=4096),
        ReLU(name="relu6"),
        Dropout(name="drop6", p=0.5, scale="test"),
        Linear(name="fc7", in_features=4096, out_features=4096),
        ReLU(name="relu7"),
        Dropout(name="drop7", p=0.5, scale="test"),
        Linear(name="fc8", in_features=4096, out_features=1000),
        Softmax(name="prob"),
    ),
    about=About(
        title=Text("AlexNet, the paper (2012)", "AlexNet 论文原版（2012）"),
        year=2012,
        source=PAPER,
        summary=Text(
            "224 input and 55×55 maps: the size follows from rounding up, as the authors' code "
            "does. Two towers, LRN after ReLU, overlapping pooling.",
            "输入 224、特征图 55×55：按作者代码的向上取整得到。"
            "双塔结构，LRN 在 ReLU 之后，重叠池化。",
        ),
        assumptions=(
            Text(
                "The paper prints no rounding rule: the one of the authors' released layer.py is "
                "used (1 + ceil((2p + W - F)/S)).",
                "论文没有写取整规则：采用作者公开的 layer.py 的规则（1 + ceil((2p + W - F)/S)）。",
            ),
            PADDING_NOT_STATED,
        ),
    ),
)

# conv1 and conv5 have no neuron of their own: the ReLU is that of the pool after them, so LRN in
# stage 1 reads signed values.  The code divides alpha by the number of cells in the window.
alexnet_2012_code_145 = alexnet_2012_paper.edited(
    id="alexnet_2012_code_145",
    without=("relu1", "relu5"),
    norm1={"divide_alpha": True},
    norm2={"divide_alpha": True},
    after={
        "pool1": (ReLU(name="relu1"),),
        "norm2": (LRN(name="norm2b", size=5, alpha=1e-3, k=1.0, divide_alpha=True, region="map"),),
        "pool5": (ReLU(name="relu5"),),
    },
    about=About(
        title=Text("AlexNet, the authors' own code (2012)", "AlexNet 作者的原始代码（2012）"),
        year=2012,
        framework="cuda-convnet",
        source=Source(
            title="Krizhevsky: AlexNet source code, Computer History Museum",
            where="layers/layers-145.cfg, layers/layer-params-145.cfg, layer.py at 2f8b81f764",
            url="https://github.com/computerhistory/AlexNet-Source-Code",
        ),
        summary=Text(
            "What was trained: the errors logged in its files are the paper's. ReLU after pool1 "
            "and pool5, and a second, spatial normalisation in stage 2 that the paper omits.",
            "真正训练的网络：文件里记录的错误率就是论文的数字。ReLU 在 pool1 和 pool5 之后，"
            "第二阶段还有一个论文没提的空间归一化。",
        ),
        assumptions=(
            Text(
                "The two GPUs' layers (conv1a, conv1b …) are merged into one with groups=2.",
                "两块 GPU 上的层（conv1a、conv1b……）合并为一层，groups=2。",
            ),
        ),
        parent="alexnet_2012_paper",
    ),
)

# The file names it "conv6"; relu6 is that of fc6, so the ReLU of conv6 is the second of stage 5.
alexnet_2012_code_146_conv6 = alexnet_2012_code_145.edited(
    id="alexnet_2012_code_146_conv6",
    after={
        "relu5": (
            Conv(name="conv6", out_channels=256, kernel_size=3, padding=1),
            ReLU(name="relu5b"),
        )
    },
    about=About(
        title=Text("AlexNet with a sixth convolution (2012)", "AlexNet 六层卷积版（2012）"),
        year=2012,
        framework="cuda-convnet",
        source=Source(
            title="Krizhevsky: AlexNet source code, Computer History Museum",
            where="layers/layers-146-2012-2011.cfg at 2f8b81f764",
            url="https://github.com/computerhistory/AlexNet-Source-Code",
        ),
        summary=Text(
            "The paper's “1 CNN*”: one more 3×3 convolution on the last pooled map, first trained "
            "on all of ImageNet Fall 2011.",
            "论文表格里的 “1 CNN*”：在最后的池化图上再加一层 3×3 卷积，"
            "先在 ImageNet Fall 2011 全集上预训练。",
        ),
        parent="alexnet_2012_code_145",
    ),
)

alexnet_2012_227 = (
    alexnet_2012_paper.rounded("floor")
    .refitted()
    .edited(
        id="alexnet_2012_227",
        input_size=227,
        about=About(
            title=Text("AlexNet at 227, the usual repair", "AlexNet 227：常见的修正"),
            year=2012,
            source=PAPER,
            summary=Text(
                "The paper's layers on 227×227: the smallest input that gives 55×55 maps when "
                "sizes are rounded down.",
                "论文的各层不变，输入改为 227×227：向下取整时能得到 55×55 特征图的最小输入。",
            ),
            assumptions=(
                Text(
                    "The paper prints 224; 227 is where (W - 11)/4 + 1 is the 55 of its Figure 2.",
                    "论文写的是 224；227 使 (W - 11)/4 + 1 正好等于图 2 中的 55。",
                ),
                PADDING_NOT_STATED,
            ),
            parent="alexnet_2012_paper",
        ),
    )
)

alexnet_2012_224_floor = alexnet_2012_227.edited(
    id="alexnet_2012_224_floor",
    input_size=224,
    about=About(
        title=Text("AlexNet at 224, rounded down", "AlexNet 224：向下取整"),
        year=2012,
        source=PAPER,
        summary=Text(
            "The printed 224 with the rounding of today's frameworks: every map comes out one "
            "smaller than drawn, and fc6 loses nearly a third of its inputs.",
            "按论文的 224 和如今框架的向下取整：每张特征图都比论文画的小一格，"
            "fc6 的输入少了约三分之一。",
        ),
        assumptions=(
            Text(
                "conv1 without padding; conv2 to conv5 padded by 2, 1, 1, 1.",
                "conv1 不填充；conv2 到 conv5 填充 2、1、1、1。",
            ),
        ),
        parent="alexnet_2012_227",
    ),
)

alexnet_2012_224_ceil = alexnet_2012_227.edited(
    id="alexnet_2012_224_ceil",
    input_size=224,
    conv1={"padding": (0, 3)},
    about=About(
        title=Text("AlexNet at 224, 3 zeros at one border", "AlexNet 224：一侧补 3 列零"),
        year=2012,
        source=PAPER,
        summary=Text(
            "Rounding up, written as padding: the last window of conv1 hangs three pixels over the "
            "border, so three zeros there give 55×55 under every rule.",
            "把向上取整写成填充：conv1 的最后一个窗口越界 3 个像素，"
            "在那一侧补 3 个零，无论哪种取整规则都得到 55×55。",
        ),
        assumptions=(
            Text(
                "The rule is that of the authors' layer.py of 2012: 1 + ceil((2p + W - F)/S).",
                "取整规则取自作者 2012 年的代码 layer.py：1 + ceil((2p + W - F)/S)。",
            ),
        ),
        parent="alexnet_2012_227",
    ),
)

NETWORKS = (
    alexnet_2012_paper,
    alexnet_2012_code_145,
    alexnet_2012_code_146_conv6,
    alexnet_2012_227,
    alexnet_2012_224_floor,
    alexnet_2012_224_ceil,
)
