"""The one-tower network of 2014 and its ports.

Krizhevsky, "One weird trick for parallelizing convolutional neural networks", arXiv 1404.5997, and
akrizhevsky/cuda-convnet2 at 3238bf0367.  It has two widths: conv4 has 256 kernels in the
released cfg, 384 in footnote 1 of the paper; the paper's "0.2% more parameters" fits only the cfg.
The cfg has normalisation layers; most ports left them out.
"""

from alexnet_viz.network.layers import (
    LRN,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Softmax,
    Squeeze,
)
from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.text import Text

cuda_convnet2_1gpu = Network(
    id="cuda_convnet2_1gpu",
    input_shape=(3, 224, 224),
    layers=(
        Conv(name="conv1", out_channels=64, kernel_size=11, stride=4, rounding="ceil"),
        LRN(name="norm1", divide_alpha=True),
        MaxPool(name="pool1", kernel_size=3, stride=2, rounding="ceil"),
        ReLU(name="relu1"),
        Conv(name="conv2", out_channels=192, kernel_size=5, padding=2),
        ReLU(name="relu2"),
        LRN(name="norm2", divide_alpha=True),
        MaxPool(name="pool2", kernel_size=3, stride=2, rounding="ceil"),
        Conv(name="conv3", out_channels=384, kernel_size=3, padding=1),
        ReLU(name="relu3"),
        Conv(name="conv4", out_channels=256, kernel_size=3, padding=1),
        ReLU(name="relu4"),
        Conv(name="conv5", out_channels=256, kernel_size=3, padding=1),
        MaxPool(name="pool5", kernel_size=3, stride=2, rounding="ceil"),
        ReLU(name="relu5"),
        Flatten(name="flatten"),
        Linear(name="fc6", in_features=9216, out_features=4096),
        ReLU(name="relu6"),
        Dropout(name="drop6", scale="test"),
        Linear(name="fc7", in_features=4096, out_features=4096),
        ReLU(name="relu7"),
        Dropout(name="drop7", scale="test"),
        Linear(name="fc8", in_features=4096, out_features=1000),
        Softmax(name="prob"),
    ),
    about=About(
        title=Text("cuda-convnet2: one GPU (2014)", "cuda-convnet2：单 GPU 版（2014）"),
        year=2014,
        framework="cuda-convnet",
        source=Source(
            title="Krizhevsky: cuda-convnet2",
            where="layers/layers-imagenet-1gpu.cfg at 3238bf0367",
            url="https://github.com/akrizhevsky/cuda-convnet2",
        ),
        summary=Text(
            "One tower of 64, 192, 384, 256, 256 kernels with LRN before ReLU in stage 1: the "
            "network that torchvision's goes back to.",
            "单塔，卷积核数 64、192、384、256、256，第一阶段 LRN 在 ReLU 之前："
            "torchvision 的 alexnet 由它而来。",
        ),
        parent="alexnet_2012_code_145",
    ),
)

owt_paper_2014 = cuda_convnet2_1gpu.edited(
    id="owt_paper_2014",
    conv4={"out_channels": 384},
    about=About(
        title=Text("One Weird Trick, the paper (2014)", "One Weird Trick 论文版（2014）"),
        year=2014,
        source=Source(
            title="Krizhevsky: One weird trick for parallelizing convolutional neural networks",
            where=Text("arXiv 1404.5997, footnote 1", "arXiv 1404.5997，脚注 1"),
            url="https://arxiv.org/abs/1404.5997",
        ),
        summary=Text(
            "The widths of the paper's footnote: conv4 has 384 kernels, not the 256 of the "
            "released code.",
            "按论文脚注的宽度：conv4 有 384 个卷积核，而公开的代码是 256 个。",
        ),
        assumptions=(
            Text(
                "LRN and pooling are taken from the released cfg; the paper does not spell them "
                "out.",
                "LRN 和池化取自公开的配置文件；论文没有写明。",
            ),
            Text(
                "The output is 1000 independent logistic units there; softmax stands for them.",
                "论文的输出是 1000 个独立的逻辑单元；这里用 softmax 代替。",
            ),
        ),
        parent="cuda_convnet2_1gpu",
    ),
)

tf_slim_alexnet_v2 = Network(
    id="tf_slim_alexnet_v2",
    input_shape=(3, 224, 224),
    layers=(
        Conv(name="conv1", out_channels=64, kernel_size=11, stride=4, rounding="valid"),
        ReLU(name="relu1"),
        MaxPool(name="pool1", kernel_size=3, stride=2, rounding="valid"),
        Conv(name="conv2", out_channels=192, kernel_size=5, rounding="same"),
        ReLU(name="relu2"),
        MaxPool(name="pool2", kernel_size=3, stride=2, rounding="valid"),
        Conv(name="conv3", out_channels=384, kernel_size=3, rounding="same"),
        ReLU(name="relu3"),
        Conv(name="conv4", out_channels=384, kernel_size=3, rounding="same"),
        ReLU(name="relu4"),
        Conv(name="conv5", out_channels=256, kernel_size=3, rounding="same"),
        ReLU(name="relu5"),
        MaxPool(name="pool5", kernel_size=3, stride=2, rounding="valid"),
        Conv(name="fc6", out_channels=4096, kernel_size=5, rounding="valid"),
        ReLU(name="relu6"),
        Dropout(name="drop6"),
        Conv(name="fc7", out_channels=4096, kernel_size=1, rounding="same"),
        ReLU(name="relu7"),
        Dropout(name="drop7"),
        Conv(name="fc8", out_channels=1000, kernel_size=1, rounding="same"),
        Squeeze(name="squeeze"),
    ),
    about=About(
        title=Text("TF-slim: alexnet_v2", "TF-slim：alexnet_v2"),
        year=2016,
        framework="TensorFlow",
        source=Source(
            title="TF-slim, alexnet_v2",
            where="tf_slim/nets/alexnet.py at 1287b1ef9a",
            url="https://github.com/google-research/tf-slim/blob/master/tf_slim/nets/alexnet.py",
        ),
        summary=Text(
            "Dense layers as convolutions, no LRN, conv4 of 384. conv1 gives 54 at 224, so fc6 "
            "is a 5×5 kernel; at 227 the last map is 2×2 and the squeeze fails.",
            "全连接层写成卷积，没有 LRN，conv4 为 384。输入 224 时 conv1 得 54，"
            "因此 fc6 是 5×5 的核；输入 227 时最后的图是 2×2，无法去掉空间维。",
        ),
        parent="owt_paper_2014",
    ),
)

NETWORKS = (cuda_convnet2_1gpu, owt_paper_2014, tf_slim_alexnet_v2)
