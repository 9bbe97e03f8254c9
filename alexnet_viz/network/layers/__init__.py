"""The kinds of layer that AlexNets are made of, as frozen values.

A layer has an output shape, counts and traits; it holds no weights and depends on no framework.
Shapes are ``(channels, height, width)`` or ``(features,)``, without a batch axis; every count is
for one image.  docs/methodology.md defines what each count includes:

``weights``, ``biases``  learnable numbers (BatchNorm: gamma, beta; its running mean and variance
                         are buffers and not counted)
``macs``                 multiply-accumulates of conv and linear layers, padded cells included
``operations``           all other operations of an inference pass, by name
"""

from alexnet_viz.network.layers.base import Layer, Pair, Shape, Sides, pair, shape_text, sides
from alexnet_viz.network.layers.normalisation import LRN, BatchNorm, Dropout
from alexnet_viz.network.layers.units import Flatten, Linear, ReLU, Sigmoid, Softmax, Squeeze, Tanh
from alexnet_viz.network.layers.windows import (
    AdaptiveAvgPool,
    AvgPool,
    Conv,
    MaxPool,
    Window,
    ZeroPad,
)

__all__ = [
    "KINDS",
    "LRN",
    "AdaptiveAvgPool",
    "AvgPool",
    "BatchNorm",
    "Conv",
    "Dropout",
    "Flatten",
    "Layer",
    "Linear",
    "MaxPool",
    "Pair",
    "ReLU",
    "Shape",
    "Sides",
    "Sigmoid",
    "Softmax",
    "Squeeze",
    "Tanh",
    "Window",
    "ZeroPad",
    "pair",
    "shape_text",
    "sides",
]  # fmt: skip

KINDS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (
        Conv, MaxPool, AvgPool, AdaptiveAvgPool, ZeroPad, ReLU, Tanh, Sigmoid, LRN, BatchNorm,
        Dropout, Flatten, Squeeze, Linear, Softmax,
    )
}  # fmt: skip
