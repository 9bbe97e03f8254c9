"""AlexNet in textbooks and tutorials: one tower, and often a small data set."""

from typing import Any

from alexnet_viz.network.layers import LRN, Conv, Dropout, Flatten, Linear, MaxPool, ReLU, Tanh
from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_227

d2l_alexnet = Network(
    id="d2l_alexnet",
    input_shape=(1, 224, 224),
    layers=(
        Conv(name="conv1", out_channels=96, kernel_size=11, stride=4, padding=1),
        ReLU(name="relu1"),
        MaxPool(name="pool1", kernel_size=3, stride=2),
        Conv(name="conv2", out_channels=256, kernel_size=5, padding=2),
        ReLU(name="relu2"),
        MaxPool(name="pool2", kernel_size=3, stride=2),
        Conv(name="conv3", out_channels=384, kernel_size=3, padding=1),
        ReLU(name="relu3"),
        Conv(name="conv4", out_channels=384, kernel_size=3, padding=1),
        ReLU(name="relu4"),
        Conv(name="conv5", out_channels=256, kernel_size=3, padding=1),
        ReLU(name="relu5"),
        MaxPool(name="pool5", kernel_size=3, stride=2),
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=4096),
        ReLU(name="relu6"),
        Dropout(name="drop6"),
        Linear(name="fc7", in_features=4096, out_features=4096),
        ReLU(name="relu7"),
        Dropout(name="drop7"),
        Linear(name="fc8", in_features=4096, out_features=10),
    ),
    about=About(
        title=Text("Dive into Deep Learning: AlexNet", "《动手学深度学习》：AlexNet"),
        year=2020,
        framework="PyTorch",
        source=Source(
            title=Text(
                "Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 8.1",
                "Zhang、Lipton、李沐、Smola：《动手学深度学习》，第 8.1 节",
            ),
            where="chapter_convolutional-modern/alexnet.md at 23d7a5aece (PyTorch)",
            url="https://d2l.ai/chapter_convolutional-modern/alexnet.html",
        ),
        summary=Text(
            "Grey images and 10 classes (Fashion-MNIST enlarged to 224). conv1 padded by 1 gives "
            "54, so fc6 reads 6400 values instead of 9216.",
            "灰度图像、10 个类别（放大到 224 的 Fashion-MNIST）。conv1 填充 1 得到 54，"
            "所以 fc6 读入 6400 个值而不是 9216 个。",
        ),
        assumptions=(
            Text(
                "The book's other editions pad conv1 by 0; the sizes at 224 are the same.",
                "该书其他框架的版本 conv1 不填充；输入 224 时尺寸相同。",
            ),
        ),
        parent="alexnet_2012_224_floor",
    ),
)

SAME: dict[str, Any] = {"padding": 0, "rounding": "same"}
SAME_WINDOWS: dict[str, Any] = {
    **{f"conv{stage}": SAME | {"groups": 1} for stage in range(1, 6)},
    **{f"pool{stage}": SAME for stage in (1, 2, 5)},
}

# The units after fc6 and fc7 are tanh, another role than relu6, so they have another name.
tflearn_alexnet = alexnet_2012_227.edited(
    id="tflearn_alexnet",
    **SAME_WINDOWS,
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    fc8={"out_features": 17},
    without=("norm1", "norm2", "relu6", "relu7"),
    after={
        **{f"pool{stage}": (LRN(name=f"norm{stage}", size=11, k=1.0),) for stage in (1, 2, 5)},
        "fc6": (Tanh(name="tanh6"),),
        "fc7": (Tanh(name="tanh7"),),
    },
    about=About(
        title=Text("TFLearn example: alexnet", "TFLearn 示例：alexnet"),
        year=2016,
        framework="TFLearn",
        source=Source(
            title="TFLearn, image example (17 flowers)",
            where="examples/images/alexnet.py at db51767732",
            url="https://github.com/tflearn/tflearn/blob/master/examples/images/alexnet.py",
        ),
        summary=Text(
            "SAME everywhere, so that 8×8 maps reach fc6; three LRN layers over 11 channels, tanh "
            "in the dense layers, 17 kinds of flower. Much copied.",
            "全部 SAME，到 fc6 时还有 8×8；三个跨 11 个通道的 LRN，全连接层用 tanh，"
            "输出 17 种花。被许多教程照抄。",
        ),
        parent="alexnet_2012_227",
    ),
)

NETWORKS = (d2l_alexnet, tflearn_alexnet)
