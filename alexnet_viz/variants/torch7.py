"""Torch7's two AlexNets, and torchvision's, which derives from one of them.

soumith/imagenet-multiGPU.torch at deb5466a16.  Both omit LRN, pad conv1 by 2 where Krizhevsky's
library rounds up, apply dropout to the inputs of fc6 and fc7, and end in a log-softmax.
"""

from alexnet_viz.network.layers import AdaptiveAvgPool, Dropout, ReLU
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_paper
from alexnet_viz.variants.one_weird_trick import cuda_convnet2_1gpu

REPOSITORY = "https://github.com/soumith/imagenet-multiGPU.torch"

torch7_alexnetowt = cuda_convnet2_1gpu.rounded("floor").edited(
    id="torch7_alexnetowt",
    without=("norm1", "norm2", "relu1", "relu5", "drop7"),
    conv1={"padding": 2},
    drop6={"scale": "train"},
    prob={"log": True},
    after={
        "conv1": (ReLU(name="relu1"),),
        "conv5": (ReLU(name="relu5"),),
        "flatten": (Dropout(name="drop5"),),
    },
    about=About(
        title=Text("Torch7: alexnetowt", "Torch7：alexnetowt"),
        year=2015,
        framework="Torch7",
        source=Source(
            title="imagenet-multiGPU.torch",
            where="models/alexnetowt.lua at deb5466a16",
            url=f"{REPOSITORY}/blob/master/models/alexnetowt.lua",
        ),
        summary=Text(
            "It cites cuda-convnet2's file and drops its LRN: the network that torchvision took "
            "over in its first version (0.1.6), before the adaptive pool.",
            "注释引用 cuda-convnet2 的配置文件，却去掉了 LRN："
            "torchvision 最初（0.1.6）照搬的就是它，当时还没有自适应池化。",
        ),
        parent="cuda_convnet2_1gpu",
    ),
)

torch7_alexnet_2tower = alexnet_2012_paper.rounded("floor").edited(
    id="torch7_alexnet_2tower",
    without=("norm1", "norm2", "drop7"),
    conv1={"padding": 2},
    conv3={"groups": 2},
    drop6={"scale": "train"},
    prob={"log": True},
    after={"flatten": (Dropout(name="drop5"),)},
    about=About(
        title=Text("Torch7: alexnet (two towers)", "Torch7：alexnet（双塔）"),
        year=2015,
        framework="Torch7",
        source=Source(
            title="imagenet-multiGPU.torch",
            where="models/alexnet.lua at deb5466a16",
            url=f"{REPOSITORY}/blob/master/models/alexnet.lua",
        ),
        summary=Text(
            "Two branches, one a copy of the other, that first meet at fc6: conv3, which joins "
            "the towers in the paper, is split too.",
            "两条相同的支路，到 fc6 才汇合：论文里连通两塔的 conv3 在这里也分开了。",
        ),
        assumptions=(
            Text(
                "The branches of nn.Concat are merged into layers with groups=2.",
                "nn.Concat 的两条支路合并为 groups=2 的层。",
            ),
            Text(
                "Behind fc6 and fc7 stands Threshold(0, 1e-6), giving 1e-6 where ReLU gives 0.",
                "fc6、fc7 之后是 Threshold(0, 1e-6)：ReLU 输出 0 之处它输出 1e-6。",
            ),
        ),
        parent="alexnet_2012_paper",
    ),
)

torchvision_alexnet = torch7_alexnetowt.edited(
    id="torchvision_alexnet",
    without=("prob",),
    after={"pool5": (AdaptiveAvgPool(name="avgpool", output_size=6),)},
    about=About(
        title=Text("torchvision: alexnet", "torchvision：alexnet"),
        year=2019,
        framework="PyTorch",
        source=Source(
            title="torchvision.models.alexnet",
            where="torchvision/models/alexnet.py at f12281517f",
            url="https://pytorch.org/vision/stable/models/generated/torchvision.models.alexnet.html",
        ),
        summary=Text(
            "One tower, no LRN; conv1 padded by 2 gives 55 at 224. Dropout sits before fc6 and "
            "fc7, and an adaptive pool accepts every input of 63 pixels or more.",
            "单塔，没有 LRN；conv1 填充 2，输入 224 得到 55。dropout 在 fc6 和 fc7 之前，"
            "自适应池化使 63 像素以上的输入都能运行。",
        ),
        parent="torch7_alexnetowt",
    ),
)

NETWORKS = (torch7_alexnetowt, torch7_alexnet_2tower, torchvision_alexnet)
