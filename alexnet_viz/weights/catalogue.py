"""The weights that ship with the package, and those that can be fetched."""

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

WEIGHTS: dict[str, Weights] = {weights.id: weights for weights in (DRAWINGS, *PUBLISHED)}
