"""Caffe's two AlexNets and their conversions.

BVLC/caffe at 9b89154018.  Three conventions differ from the paper and belong to the weights:
pooling rounds up (pooling_layer.cpp) while convolution rounds down, LRN has k = 1 (the default of
caffe.proto; the models set none), and alpha is divided by the window (lrn_layer.cpp,
``alpha_over_size``).  LRN runs over all channels, across the two groups.
"""

from typing import Any

from alexnet_viz.network.spec import About, Network, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_paper

REPOSITORY = "https://github.com/BVLC/caffe"

CAFFE_LRN: dict[str, Any] = {"k": 1.0, "divide_alpha": True, "groups": 1}

caffe_bvlc_alexnet = alexnet_2012_paper.edited(
    id="caffe_bvlc_alexnet",
    input_size=227,
    conv1={"rounding": "floor"},
    pool1={"rounding": "caffe"},
    pool2={"rounding": "caffe"},
    pool5={"rounding": "caffe"},
    norm1=CAFFE_LRN,
    norm2=CAFFE_LRN,
    drop6={"scale": "train"},
    drop7={"scale": "train"},
    about=About(
        title=Text("Caffe: bvlc_alexnet", "Caffe：bvlc_alexnet"),
        year=2014,
        framework="Caffe",
        source=Source(
            title="BVLC Caffe, bvlc_alexnet",
            where="models/bvlc_alexnet/deploy.prototxt at 9b89154018",
            url=f"{REPOSITORY}/tree/master/models/bvlc_alexnet",
        ),
        summary=Text(
            "The paper's order on 227. Pooling rounds up, so 224 runs too and fits the same "
            "weights. LRN has k=1 and divides alpha by 5.",
            "论文的层序，输入 227。池化向上取整，所以 224 也能用同一套权重运行。"
            "LRN 取 k=1，alpha 除以 5。",
        ),
        parent="alexnet_2012_paper",
    ),
)

caffe_bvlc_reference_caffenet = caffe_bvlc_alexnet.edited(
    id="caffe_bvlc_reference_caffenet",
    without=("norm1", "norm2"),
    after={
        "pool1": (caffe_bvlc_alexnet["norm1"],),
        "pool2": (caffe_bvlc_alexnet["norm2"],),
    },
    about=About(
        title=Text("Caffe: CaffeNet (pool before norm)", "Caffe：CaffeNet（先池化后归一化）"),
        year=2013,
        framework="Caffe",
        source=Source(
            title="BVLC Caffe, bvlc_reference_caffenet",
            where="models/bvlc_reference_caffenet/deploy.prototxt at 9b89154018",
            url=f"{REPOSITORY}/tree/master/models/bvlc_reference_caffenet",
        ),
        summary=Text(
            "Pooling comes before LRN, which then works on a quarter of the values; parameters "
            "and MACs are the same.",
            "池化在 LRN 之前，归一化只需处理约四分之一的数值；参数量和 MAC 不变。",
        ),
        parent="alexnet_2012_paper",
    ),
)

places365_alexnet = caffe_bvlc_reference_caffenet.edited(
    id="places365_alexnet",
    fc8={"out_features": 365},
    about=About(
        title=Text("Places365: alexnet (scenes)", "Places365：alexnet（场景分类）"),
        year=2016,
        framework="Caffe",
        source=Source(
            title="Places365, Caffe model",
            where="deploy_alexnet_places365.prototxt at 06218620d5",
            url="https://github.com/CSAILVision/places365",
        ),
        summary=Text(
            "Called AlexNet, built like CaffeNet: 365 kinds of scene instead of 1000 kinds of "
            "object.",
            "名为 AlexNet，结构却是 CaffeNet：输出 365 类场景，而不是 1000 类物体。",
        ),
        parent="caffe_bvlc_reference_caffenet",
    ),
)

# The conversion dropped Caffe's rounding up at pool1 and pool2, and replaced it by one cell of
# padding at pool5: facebookarchive/models, bvlc_alexnet/predict_net.pbtxt; onnx/models issue 5.
onnx_zoo_bvlcalexnet = caffe_bvlc_alexnet.edited(
    id="onnx_zoo_bvlcalexnet",
    input_size=224,
    pool1={"rounding": "floor"},
    pool2={"rounding": "floor"},
    pool5={"rounding": "floor", "padding": (0, 1)},
    about=About(
        title=Text("ONNX Model Zoo: bvlcalexnet", "ONNX Model Zoo：bvlcalexnet"),
        year=2017,
        framework="ONNX",
        source=Source(
            title="ONNX Model Zoo, AlexNet (Caffe, then Caffe2, then ONNX)",
            where="validated/vision/classification/alexnet/README.md at b1eeaa1ac7",
            url="https://github.com/onnx/models/tree/main/validated/vision/classification/alexnet",
        ),
        summary=Text(
            "Caffe's weights in another network: the conversion lost the rounding of the pools, "
            "so the maps at 224 are 26 and 12 where Caffe has 27 and 13.",
            "Caffe 的权重装进了另一个网络：转换丢掉了池化的取整方式，"
            "224 输入时特征图是 26 和 12，而 Caffe 是 27 和 13。",
        ),
        assumptions=(
            Text(
                "The layers are read from the Caffe2 file that the ONNX files were made from.",
                "各层取自生成 ONNX 文件的 Caffe2 网络定义。",
            ),
        ),
        parent="caffe_bvlc_alexnet",
    ),
)

NETWORKS: tuple[Network, ...] = (
    caffe_bvlc_alexnet,
    caffe_bvlc_reference_caffenet,
    places365_alexnet,
    onnx_zoo_bvlcalexnet,
)
