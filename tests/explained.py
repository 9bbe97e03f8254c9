"""Small networks to explain: with ReLUs, without, and with a softmax; and a quick call."""

from typing import Any

import numpy as np
import pytest
from torch import nn

from alexnet_viz.interpretability.attribution import METHODS, Attribution, Unit
from alexnet_viz.interpretability.attribution.methods import attribute
from alexnet_viz.model.build import build
from alexnet_viz.network.layers import (
    LRN,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from alexnet_viz.network.spec import Network


def small(activation: type[Layer], *last: Layer) -> Network:
    return Network(
        id="small",
        input_shape=(3, 20, 24),
        layers=(
            Conv(name="conv1", out_channels=6, kernel_size=5, stride=2),
            activation(name="act1"),
            LRN(name="norm1"),
            MaxPool(name="pool1", kernel_size=3, stride=2, rounding="ceil"),
            Conv(name="conv2", out_channels=8, kernel_size=3, padding=1, groups=2),
            BatchNorm(name="norm2"),
            activation(name="act2"),
            Flatten(name="flatten"),
            Dropout(name="drop2", scale="train"),
            Linear(name="fc3", out_features=12),
            activation(name="act3"),
            Linear(name="fc4", out_features=5),
            *last,
        ),
    )


NETWORKS = {
    "relu": small(ReLU, Softmax(name="prob")),
    "tanh": small(Tanh),
    "sigmoid": small(Sigmoid, Softmax(name="prob")),
}


def lively(network: Network, seed: int = 0) -> nn.Sequential:
    """A model whose units differ: weights a hundred times as wide as the paper's would saturate."""
    model = build(network, seed=seed)
    for name, parameter in model.named_parameters():
        if name.endswith("weight") and "norm" not in name:
            parameter.mul_(0.02 if name.startswith("conv1") else 20)
    return model


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 60, (3, 20, 24)).astype(np.float32)


UNITS = [Unit("fc4", 3), Unit("conv2", 5), Unit("conv2", 2, 1, 3), Unit("conv1", 1, 0, 9)]
each_method = pytest.mark.parametrize("method", METHODS)


def explained(model: nn.Sequential, unit: Unit, method: str, **options: Any) -> Attribution:
    needed = {"grad_cam": {"layer": "act1"}, "occlusion": {"window": 5}}
    options = needed.get(method, {}) | options
    return attribute(model, options.pop("image", picture()), unit, method, **options)
