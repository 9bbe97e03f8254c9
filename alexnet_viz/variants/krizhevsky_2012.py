"""The 2012 network: as the paper prints it, as the code runs it, as it is usually repaired.

Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks",
NIPS 2012; computerhistory/AlexNet-Source-Code (layers/layers-145.cfg, layer.py).
"""

from alexnet_viz.layers import LRN, Conv, Dropout, Flatten, Linear, MaxPool, ReLU, Softmax
from alexnet_viz.spec import About, Network, Source
from alexnet_viz.text import Text

PAPER = Source(
    title="Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural "
    "Networks, NIPS 2012",
    where="sections 3.1-3.5, 4.2, 5; Figure 2",
    url="https://proceedings.neurips.cc/paper_files/paper/2012/file/c399862d3b9d6b76c8436e924a68c45b-Paper.pdf",
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
            Text(
                "The paper states no padding: 0, 2, 1, 1, 1 are the only symmetric values that "
                "keep the sizes of its Figure 2.",
                "论文没有写填充：只有 0、2、1、1、1 这组对称值能保持图 2 的尺寸。",
            ),
        ),
    ),
)

NETWORKS = (alexnet_2012_paper,)
