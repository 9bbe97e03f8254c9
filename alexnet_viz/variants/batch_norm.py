"""AlexNets with BatchNorm between convolution and ReLU, and without LRN."""

from typing import Any

from alexnet_viz.network.layers import BatchNorm, Dropout, Layer, MaxPool, ZeroPad
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.caffe import caffe_bvlc_alexnet
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_paper
from alexnet_viz.variants.torch7 import torchvision_alexnet

STAGES = range(1, 6)
BEHIND_CONVS: dict[str, tuple[Layer, ...]] = {
    f"conv{stage}": (BatchNorm(name=f"norm{stage}"),) for stage in STAGES
}

# conv5 has a bias in the file; in the other four BatchNorm's beta replaces it
UNBIASED: dict[str, Any] = {f"conv{stage}": {"bias": False} for stage in range(1, 5)}

nvcaffe_alexnet_bn = caffe_bvlc_alexnet.edited(
    id="nvcaffe_alexnet_bn",
    **UNBIASED,
    without=("norm1", "norm2"),
    after={f"conv{stage}": (BatchNorm(name=f"norm{stage}", eps=1e-4),) for stage in STAGES},
    about=About(
        title=Text("NVIDIA Caffe: alexnet_bn", "NVIDIA Caffe：alexnet_bn"),
        year=2017,
        framework="Caffe",
        source=Source(
            title="NVIDIA Caffe, alexnet_bn",
            where="models/alexnet_bn/train_val.prototxt at 87a25543a6",
            url="https://github.com/NVIDIA/caffe",
        ),
        summary=Text(
            "Caffe's two towers with BatchNorm in place of LRN; conv1 to conv4 give up their bias.",
            "Caffe 的双塔，用 BatchNorm 代替 LRN；conv1 到 conv4 不带偏置。",
        ),
        parent="caffe_bvlc_alexnet",
    ),
)

deepcluster_alexnet_bn = alexnet_2012_paper.rounded("floor").edited(
    id="deepcluster_alexnet_bn",
    conv1={"padding": 2},
    conv2={"groups": 1},
    conv4={"groups": 1},
    conv5={"groups": 1},
    drop6={"scale": "train"},
    without=("norm1", "norm2", "drop7", "prob"),
    after={**BEHIND_CONVS, "flatten": (Dropout(name="drop5"),)},
    about=About(
        title=Text("DeepCluster: AlexNet with BatchNorm", "DeepCluster：带 BatchNorm 的 AlexNet"),
        year=2018,
        framework="PyTorch",
        source=Source(
            title="DeepCluster",
            where="models/alexnet.py at 2d1927e8e3",
            url="https://github.com/facebookresearch/deepcluster",
        ),
        summary=Text(
            "The 2012 widths in one tower, conv1 padded by 2, BatchNorm, and dropout before fc6 "
            "and fc7.",
            "2012 年的宽度，单塔，conv1 填充 2，使用 BatchNorm，dropout 在 fc6 和 fc7 之前。",
        ),
        assumptions=(
            Text(
                "RGB in and 1000 classes out; the published weights read two edge maps instead "
                "and end in 10,000 clusters.",
                "输入 RGB、输出 1000 类；公开的权重读的是两张边缘图，输出 10,000 个聚类。",
            ),
        ),
        parent="alexnet_2012_paper",
    ),
)

rotnet_alexnet_bn = torchvision_alexnet.edited(
    id="rotnet_alexnet_bn",
    fc6={"bias": False},
    fc7={"bias": False},
    without=("avgpool", "drop5", "drop6"),
    after={
        **BEHIND_CONVS,
        "fc6": (BatchNorm(name="norm6"),),
        "fc7": (BatchNorm(name="norm7"),),
    },
    about=About(
        title=Text("RotNet: AlexNet with BatchNorm", "RotNet：带 BatchNorm 的 AlexNet"),
        year=2018,
        framework="PyTorch",
        source=Source(
            title="FeatureLearningRotNet",
            where="architectures/AlexNet.py at edafaba656",
            url="https://github.com/gidariss/FeatureLearningRotNet",
        ),
        summary=Text(
            "torchvision's widths with BatchNorm after every convolution and dense layer but the "
            "last, and no dropout.",
            "宽度与 torchvision 相同，除最后一层外，"
            "每个卷积和全连接层之后都有 BatchNorm，没有 dropout。",
        ),
        assumptions=(
            Text(
                "1000 classes; the training on rotations has 4.",
                "取 1000 类；旋转预训练时只有 4 类。",
            ),
        ),
        parent="torch7_alexnetowt",
    ),
)

KERAS_EPS = 1e-3
SAME: dict[str, Any] = {"padding": 0, "rounding": "same", "groups": 1}
TWO_BY_TWO: dict[str, Any] = {"kernel_size": 2, "rounding": "valid"}

keras_eweill_bn = alexnet_2012_paper.edited(
    id="keras_eweill_bn",
    without=("norm1", "norm2"),
    conv1={**SAME, "stride": 1},
    conv2=SAME,
    conv3={**SAME, "out_channels": 512},
    conv4={**SAME, "out_channels": 1024},
    conv5={**SAME, "out_channels": 1024},
    pool1=TWO_BY_TWO,
    pool2=TWO_BY_TWO,
    pool5=TWO_BY_TWO,
    fc6={"in_features": None, "out_features": 3072},
    fc7={"in_features": 3072},
    fc8={"out_features": 10},
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    after={
        **{f"conv{stage}": (BatchNorm(name=f"norm{stage}", eps=KERAS_EPS),) for stage in STAGES},
        **{
            f"fc{number}": (BatchNorm(name=f"norm{number}", eps=KERAS_EPS),) for number in (6, 7, 8)
        },
        "pool2": (ZeroPad(name="pad3", padding=1),),
        "relu3": (
            MaxPool(name="pool3", kernel_size=2, stride=2, rounding="valid"),
            ZeroPad(name="pad4", padding=1),
        ),
        "relu4": (ZeroPad(name="pad5", padding=1),),
    },
    about=About(
        title=Text(
            "Keras (eweill): AlexNet with BatchNorm", "Keras（eweill）：带 BatchNorm 的 AlexNet"
        ),
        year=2017,
        framework="Keras",
        source=Source(
            title="keras-deepcv",
            where="models/classification/alexnet.py at edb43108f6",
            url="https://github.com/eweill/keras-deepcv",
        ),
        summary=Text(
            "Much copied, AlexNet in name: conv1 at stride 1, pools of 2×2, up to 1024 kernels, "
            "zeros laid around maps that SAME pads again, BatchNorm even on the logits. Maps of "
            "16×16 reach fc6.",
            "流传很广，却徒有其名：conv1 步幅 1，池化 2×2，卷积核多达 1024 个，"
            "SAME 之前还要补一圈零，连 logit 也做 BatchNorm。到 fc6 时还有 16×16。",
        ),
        assumptions=(
            Text(
                "Keras' defaults hold where the code is silent: pools VALID, BatchNorm eps 0.001.",
                "代码没写的按 Keras 默认：池化 VALID，BatchNorm 的 eps 为 0.001。",
            ),
        ),
        parent="alexnet_2012_paper",
    ),
)

NETWORKS = (nvcaffe_alexnet_bn, deepcluster_alexnet_bn, rotnet_alexnet_bn, keras_eweill_bn)
