"""Networks that no source has, made of what writers find hardest: every special case at once."""

from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Sigmoid,
    Softmax,
    Squeeze,
    Tanh,
    ZeroPad,
)
from alexnet_viz.network.spec import Network

ODD = Network(
    id="odd",
    input_shape=(4, 21, 18),
    layers=(
        ZeroPad(name="pad0", padding=(1, 0, 2, 3)),
        Conv(name="conv1", out_channels=8, kernel_size=(3, 5), stride=(2, 3), padding=(1, 0, 2, 4)),
        Tanh(name="tanh1"),
        LRN(name="norm1", size=3, alpha=0.3, k=1.5, beta=0.6, groups=2),
        AvgPool(name="pool1", kernel_size=3, stride=2, padding=1, rounding="ceil"),
        Conv(name="conv2", out_channels=12, kernel_size=3, rounding="same", groups=4, bias=False),
        BatchNorm(name="bn2", eps=0.01),
        Sigmoid(name="sigmoid2"),
        LRN(name="norm2", size=3, alpha=0.5, k=2.0, region="map", divide_alpha=True),
        MaxPool(name="pool2", kernel_size=2, stride=2, padding=(0, 1), rounding="caffe"),
        AdaptiveAvgPool(name="pool3", output_size=(3, 2)),
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=12, groups=3),
        BatchNorm(name="bn6"),
        ReLU(name="relu6"),
        Dropout(name="drop6", p=0.5, scale="test"),
        Linear(name="fc7", out_features=6, groups=2, bias=False),
        Dropout(name="drop7", p=0.5),
        Softmax(name="prob", log=True),
    ),
)

SQUEEZED = Network(
    id="squeezed",
    input_shape=(3, 7, 7),
    layers=(
        Conv(name="conv1", out_channels=6, kernel_size=5, dilation=(1, 1), rounding="valid"),
        MaxPool(name="pool1", kernel_size=3, stride=3, rounding="same"),
        Softmax(name="prob"),
        Squeeze(name="squeeze"),
        Linear(name="fc6", out_features=4),
    ),
)

FLAT = Network(
    id="flat",
    input_shape=(6,),
    layers=(Linear(name="fc6", out_features=4), ReLU(name="relu6"), Softmax(name="prob")),
)

ODD_NETWORKS = {network.id: network for network in (ODD, SQUEEZED, FLAT)}
