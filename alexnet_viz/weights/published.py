"""Weights published by others, each a file at its maker's address; none ships with this package.

The statements about a file are its maker's, from ``source``.  torchvision puts the first 8 digits
of a SHA-256 into the file's name; the others are as the many projects pin them that check the whole
(lpips users, for example).  Caffe's model zoo states SHA-1, Places365 states no checksum and serves
without encryption; ``download`` verifies what there is, the command line and the page report which.

Left out: zip archives (GluonCV, pytorchcv), Darknet's own format, DeepCluster (two edge maps
instead of colours), caffenet-yos (no checksum, and 223 MB where CaffeNet's numbers take 244), and
second files of the same numbers (torchvision's older 4df8aa71, ONNX files of older opsets).
"""

from dataclasses import replace
from functools import cache
from importlib.resources import files

from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import FLOAT32_BYTES, trace
from alexnet_viz.pictures.preprocessing import Preprocessing
from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import Weights

TORCHVISION = Preprocessing(scale=1 / 255, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
"""torchvision/transforms/_presets.py, ``ImageClassification``.  torchvision scales the
picture bilinearly, this project bicubically."""

CAFFE = Preprocessing(bgr=True)
"""models/bvlc_alexnet/train_val.prototxt of BVLC/caffe at 9b89154018: 0 to 255, blue first, less a
mean image.  That image's average per channel is subtracted here (``CHANNEL_MEANS``); Caffe warps
the picture to 256 x 256, here it is cropped."""

CAFFE_ZOO = "https://github.com/BVLC/caffe/tree/master/models"
PLACES = "https://github.com/CSAILVision/places365"
PLACES_SCENES = 365


@cache
def imagenet_classes() -> tuple[Text, ...]:
    """The 1000 classes of ILSVRC 2012, in the order of the outputs.

    >>> imagenet_classes()[281].en
    'tabby'
    """
    lines = (files(__package__) / "imagenet_classes.txt").read_text("utf-8").splitlines()
    return tuple(Text(*line.split("\t")) for line in lines if not line.startswith("#"))


def _numbers(network: Network) -> int:
    """Bytes of a network's parameters in float32."""
    return FLOAT32_BYTES * trace(network).params


TORCHVISION_IMAGENET = Weights(
    id="torchvision_imagenet",
    title=Text("torchvision (ImageNet)", "torchvision（ImageNet 分类）"),
    network=VARIANTS["torchvision_alexnet"],
    trained_on=Text(
        "Trained by torchvision on the 1.28 million photographs of ILSVRC 2012, in 1000 classes; "
        "56.5% top-1, 79.1% top-5, as its makers state.",
        "由 torchvision 用 ILSVRC 2012 的 128 万张照片训练，1000 类；"
        "作者公布 top-1 56.5%，top-5 79.1%。",
    ),
    file="alexnet-owt-7be5be79.pth",
    sha256="7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
    bytes=_numbers(VARIANTS["torchvision_alexnet"]),
    url="https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",
    source="https://pytorch.org/vision/stable/models/generated/torchvision.models.alexnet.html",
    preprocessing=TORCHVISION,
    classes=imagenet_classes(),
)

BVLC_ALEXNET = Weights(
    id="bvlc_alexnet",
    title=Text("Caffe: bvlc_alexnet (ImageNet)", "Caffe：bvlc_alexnet（ImageNet 分类）"),
    network=VARIANTS["caffe_bvlc_alexnet"],
    trained_on=Text(
        "Trained by Evan Shelhamer with Caffe on ILSVRC 2012, two towers as in the paper, biases "
        "from 0.1; 57.1% top-1, 80.2% top-5 on the centre crop, as its makers state.",
        "由 Evan Shelhamer 用 Caffe 在 ILSVRC 2012 上训练，双塔同论文，偏置从 0.1 开始；"
        "作者公布中心裁剪 top-1 57.1%，top-5 80.2%。",
    ),
    file="bvlc_alexnet.caffemodel",
    sha256="",
    sha1="9116a64c0fbe4459d18f4bb6b56d647b63920377",
    bytes=_numbers(VARIANTS["caffe_bvlc_alexnet"]),
    url="http://dl.caffe.berkeleyvision.org/bvlc_alexnet.caffemodel",
    source=f"{CAFFE_ZOO}/bvlc_alexnet",
    licence="unrestricted",
    preprocessing=CAFFE,
    classes=imagenet_classes(),
)

BVLC_CAFFENET = replace(
    BVLC_ALEXNET,
    id="bvlc_reference_caffenet",
    title=Text("Caffe: CaffeNet (ImageNet)", "Caffe：CaffeNet（ImageNet 分类）"),
    network=VARIANTS["caffe_bvlc_reference_caffenet"],
    trained_on=Text(
        "Trained by Jeff Donahue with Caffe on ILSVRC 2012, pooling before normalisation; "
        "57.4% top-1, 80.4% top-5 on the centre crop, as its makers state.",
        "由 Jeff Donahue 用 Caffe 在 ILSVRC 2012 上训练，先池化后归一化；"
        "作者公布中心裁剪 top-1 57.4%，top-5 80.4%。",
    ),
    file="bvlc_reference_caffenet.caffemodel",
    sha1="4c8d77deb20ea792f84eb5e6d0a11ca0a8660a46",
    url="http://dl.caffe.berkeleyvision.org/bvlc_reference_caffenet.caffemodel",
    source=f"{CAFFE_ZOO}/bvlc_reference_caffenet",
)

BVLC_ONNX = Weights(
    id="bvlcalexnet_onnx",
    title=Text("ONNX Model Zoo: bvlcalexnet (ImageNet)", "ONNX：bvlcalexnet（ImageNet 分类）"),
    network=VARIANTS["onnx_zoo_bvlcalexnet"],
    trained_on=Text(
        "Caffe's bvlc_alexnet, converted; the pools round down, so at 224 it is another network: "
        "54.8% top-1, 78.2% top-5, as its makers state. They state no preprocessing: Caffe's.",
        "由 Caffe 的 bvlc_alexnet 转换而来；池化向下取整，224 输入时是另一个网络："
        "作者公布 top-1 54.8%，top-5 78.2%。没有写预处理：取 Caffe 的。",
    ),
    file="bvlcalexnet-12.onnx",
    sha256="6b0da9510f27f234ee96a85dc3809dd210150fdefad87f6850f9788513216945",
    bytes=243_863_787,
    url="https://github.com/onnx/models/raw/main/validated/vision/classification/alexnet/model/"
    "bvlcalexnet-12.onnx",
    source="https://github.com/onnx/models/tree/main/validated/vision/classification/alexnet",
    licence="BSD-3-Clause",
    preprocessing=CAFFE,
    classes=imagenet_classes(),
)

PLACES_CAFFE = Weights(
    id="places365_caffe",
    title=Text("Places365: CaffeNet (scenes)", "Places365：CaffeNet（场景分类）"),
    network=VARIANTS["places365_alexnet"],
    trained_on=Text(
        "Trained on the 1.8 million photographs of Places365-Standard, 365 kinds of scene: it "
        "knows places, not things. Its own mean image is not read: Caffe's average for ImageNet.",
        "用 Places365-Standard 的 180 万张照片训练，365 类场景：它认识地点，不认识物体。"
        "没有读取它自己的均值图：取 Caffe 的 ImageNet 均值。",
    ),
    file="alexnet_places365.caffemodel",
    sha256="",
    bytes=_numbers(VARIANTS["places365_alexnet"]),
    url="http://places2.csail.mit.edu/models_places365/alexnet_places365.caffemodel",
    source=PLACES,
    licence="CC BY",
    preprocessing=CAFFE,
)

OF_PLACES = VARIANTS["torchvision_alexnet"].edited(
    id="torchvision_alexnet", fc8={"out_features": PLACES_SCENES}
)

PLACES_TORCH = replace(
    PLACES_CAFFE,
    id="places365_torch",
    title=Text("Places365: torchvision (scenes)", "Places365：torchvision 结构（场景分类）"),
    network=OF_PLACES,
    trained_on=Text(
        "torchvision's AlexNet trained on the 1.8 million photographs of Places365-Standard, 365 "
        "kinds of scene: it knows places, not things.",
        "torchvision 结构的 AlexNet，用 Places365-Standard 的 180 万张照片训练，365 类场景："
        "它认识地点，不认识物体。",
    ),
    file="alexnet_places365.pth.tar",
    bytes=_numbers(OF_PLACES),
    url="http://places2.csail.mit.edu/models_places365/alexnet_places365.pth.tar",
    preprocessing=TORCHVISION,
)

PUBLISHED = (
    TORCHVISION_IMAGENET,
    BVLC_ALEXNET,
    BVLC_CAFFENET,
    BVLC_ONNX,
    PLACES_CAFFE,
    PLACES_TORCH,
)
