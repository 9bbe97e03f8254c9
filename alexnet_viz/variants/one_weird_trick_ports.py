"""More ports of the one-tower network of 2014, each with changes of its own."""

from typing import Any

from alexnet_viz.network.layers import LRN, Dropout, Flatten, Linear
from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.one_weird_trick import tf_slim_alexnet_v2
from alexnet_viz.variants.torch7 import torchvision_alexnet

mxnet_gluon_alexnet = torchvision_alexnet.edited(
    id="mxnet_gluon_alexnet",
    without=("avgpool", "drop5"),
    fc6={"in_features": None},
    after={"relu7": (Dropout(name="drop7"),)},
    about=About(
        title=Text("MXNet Gluon: alexnet", "MXNet Gluon：alexnet"),
        year=2017,
        framework="MXNet",
        source=Source(
            title="MXNet Gluon model zoo",
            where="python/mxnet/gluon/model_zoo/vision/alexnet.py at b84609d3fc",
            url="https://github.com/apache/mxnet",
        ),
        summary=Text(
            "torchvision's convolutions with dropout where the paper has it, after fc6 and fc7.",
            "卷积与 torchvision 相同，dropout 则像论文那样放在 fc6 和 fc7 之后。",
        ),
        parent="torch7_alexnetowt",
    ),
)

CEIL_POOLS: dict[str, Any] = {pool: {"rounding": "caffe"} for pool in ("pool1", "pool2", "pool5")}

pytorchcv_alexnetb = torchvision_alexnet.edited(
    id="pytorchcv_alexnetb",
    **CEIL_POOLS,
    without=("avgpool", "drop5"),
    after={"relu7": (Dropout(name="drop7"),)},
    about=About(
        title=Text("pytorchcv: alexnetb", "pytorchcv：alexnetb"),
        year=2018,
        framework="PyTorch",
        source=Source(
            title="pytorchcv, alexnet (version b)",
            where="pytorchcv/models/alexnet.py at 7f31dc8fe5",
            url="https://github.com/osmr/pytorchcv/blob/master/pytorchcv/models/alexnet.py",
        ),
        summary=Text(
            "torchvision's widths with pools that round up: equal at 224, but 227 ends in 7×7 and "
            "does not fit fc6.",
            "宽度与 torchvision 相同，池化向上取整：224 时一致，227 时最后得 7×7，接不上 fc6。",
        ),
        parent="torch7_alexnetowt",
    ),
)

tf_cnn_benchmarks_alexnet = tf_slim_alexnet_v2.edited(
    id="tf_cnn_benchmarks_alexnet",
    input_size=227,
    without=("fc6", "fc7", "fc8", "squeeze"),
    after={
        "pool5": (
            Flatten(name="flatten"),
            Linear(name="fc6", in_features=9216, out_features=4096),
        ),
        "drop6": (Linear(name="fc7", in_features=4096, out_features=4096),),
        "drop7": (Linear(name="fc8", in_features=4096, out_features=1001),),
    },
    about=About(
        title=Text("TensorFlow benchmarks: alexnet", "TensorFlow benchmarks：alexnet"),
        year=2017,
        framework="TensorFlow",
        source=Source(
            title="TensorFlow benchmarks",
            where="scripts/tf_cnn_benchmarks/models/alexnet_model.py at 8fb7907926",
            url="https://github.com/tensorflow/benchmarks",
        ),
        summary=Text(
            "224 + 3 = 227 written into the code, conv4 of 384, and a class for the background.",
            "代码里直接写成 224 + 3 = 227，conv4 为 384，并多一个背景类别。",
        ),
        parent="tf_slim_alexnet_v2",
    ),
)

tf_models_alexnet_benchmark = tf_slim_alexnet_v2.edited(
    id="tf_models_alexnet_benchmark",
    conv1={"rounding": "same"},
    conv4={"out_channels": 256},
    without=("fc6", "relu6", "drop6", "fc7", "relu7", "drop7", "fc8", "squeeze"),
    after={"relu1": (LRN(name="norm1", size=11),), "relu2": (LRN(name="norm2", size=11),)},
    about=About(
        title=Text("TensorFlow tutorial: convolutions only", "TensorFlow 教程：仅卷积部分"),
        year=2016,
        framework="TensorFlow",
        source=Source(
            title="TensorFlow models, AlexNet benchmark",
            where="tutorials/image/alexnet/alexnet_benchmark.py at 1c3408026f",
            url="https://github.com/tensorflow/models",
        ),
        summary=Text(
            "Five stages without a classifier. TensorFlow counts a radius, so the 5 of its LRN "
            "is a window of 11 channels.",
            "只有五个阶段，没有分类器。TensorFlow 按半径计，LRN 的 5 实际是 11 个通道的窗口。",
        ),
        parent="cuda_convnet2_1gpu",
    ),
)

mindspore_alexnet = tf_cnn_benchmarks_alexnet.edited(
    id="mindspore_alexnet",
    input_size=224,
    conv1={"rounding": "same"},
    conv2={"out_channels": 128},
    conv3={"out_channels": 192},
    conv4={"out_channels": 256},
    drop6={"p": 0.35},
    drop7={"p": 0.35},
    fc8={"out_features": 1000},
    about=About(
        title=Text("MindSpore: AlexNet", "MindSpore：AlexNet"),
        year=2020,
        framework="MindSpore",
        source=Source(
            title="MindSpore models",
            where="research/cv/Alexnet/src/alexnet.py at eab643f513",
            url="https://gitee.com/mindspore/models",
        ),
        summary=Text(
            "Narrower: 64, 128, 192, 256, 256 kernels, SAME padding in conv1, and dropout of 0.35.",
            "更窄：卷积核数 64、128、192、256、256，conv1 用 SAME 填充，dropout 为 0.35。",
        ),
        parent="alexnet_2012_paper",
    ),
)

tch_rs_alexnet = torchvision_alexnet.edited(
    id="tch_rs_alexnet",
    conv2={"stride": 2, "padding": 1},
    about=About(
        title=Text("tch-rs: alexnet (arguments swapped)", "tch-rs：alexnet（参数写反）"),
        year=2019,
        framework="tch-rs",
        source=Source(
            title="tch-rs",
            where="src/vision/alexnet.rs at a1dc7ecec8",
            url="https://github.com/LaurentMazare/tch-rs/blob/main/src/vision/alexnet.rs",
        ),
        summary=Text(
            "conv2 got its padding and stride the wrong way round. torchvision's weights still "
            "load, because the adaptive pool hides the wrong size.",
            "conv2 的填充和步幅写反了。自适应池化掩盖了错误的尺寸，torchvision 的权重仍能加载。",
        ),
        parent="torchvision_alexnet",
    ),
)

NETWORKS = (
    mxnet_gluon_alexnet,
    pytorchcv_alexnetb,
    tf_cnn_benchmarks_alexnet,
    tf_models_alexnet_benchmark,
    mindspore_alexnet,
    tch_rs_alexnet,
)
