"""The weights that ship with the package, and those that can be fetched."""

from alexnet_viz.pictures import fashion
from alexnet_viz.pictures.preprocessing import Preprocessing
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.text import Text, catalogue
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights import Weights
from alexnet_viz.weights.model_card import card
from alexnet_viz.weights.published import PUBLISHED

DRAWINGS = Weights(
    id="drawings",
    title=Text("Learned on drawings", "在自绘图案上学得"),
    network=VARIANTS["alexnet_2012_227"].edited(
        id="alexnet_2012_227", fc8={"out_features": len(CLASSES)}
    ),
    trained_on=Text(
        f"Trained by this project on pictures it draws itself, in {len(CLASSES)} classes. "
        "It knows drawn shapes and textures, not cats.",
        f"由本项目用自己绘制的图像训练，共 {len(CLASSES)} 类。它认识画出来的形状和纹理，不认识猫。",
    ),
    file="drawings.safetensors",
    sha256=card()["sha256"],
    bytes=card()["bytes"],
    classes=tuple(catalogue()[f"drawn.{name}"] for name in CLASSES),
)

CLOTHES = Preprocessing(scale=1 / 255, mean=(0.2860,) * 3, std=(0.3530,) * 3)
"""Mean and standard deviation of the pixels of Fashion-MNIST's 60,000 training pictures."""

_FASHION = card("fashion")
_TESTED = sum(map(sum, _FASHION["confusion"]))

FASHION = Weights(
    id="fashion",
    title=Text(
        "Learned on photographs of clothes (Fashion-MNIST)", "在服装照片上学得（Fashion-MNIST）"
    ),
    network=VARIANTS["d2l_alexnet"],
    trained_on=Text(
        "Trained by this project on the 60,000 training photographs of Fashion-MNIST, 28×28, grey, "
        f"in {len(fashion.CLASSES)} classes of clothes on black, enlarged to 224×224; "
        f"{_FASHION['accuracy']:.1%} of {_TESTED:,} test photographs are right. "
        "Clothes on a light background are not recognised.",
        "由本项目用 Fashion-MNIST 的 60,000 张训练照片训练：28×28 灰度、黑色背景，"
        f"{len(fashion.CLASSES)} 类服装，放大到 224×224；{_TESTED:,} 张测试照片答对 "
        f"{_FASHION['accuracy']:.1%}。浅色背景上的服装认不出。",
    ),
    file="fashion.safetensors",
    sha256=_FASHION["sha256"],
    bytes=_FASHION["bytes"],
    preprocessing=CLOTHES,
    classes=fashion.CLASSES,
)

SHIPPED = (DRAWINGS, FASHION)
"""The sets that are in this package."""

WEIGHTS: dict[str, Weights] = {weights.id: weights for weights in (*SHIPPED, *PUBLISHED)}
