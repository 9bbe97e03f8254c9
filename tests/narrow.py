"""Variants with few kernels, at their own inputs, and models of them in which every layer speaks.

Windows, padding, norms and groups are a variant's own; only the widths are a sixteenth, those of
dense layers a 64th.  The norms' alpha is a thousand times the stated one, so that a norm done
wrongly shows.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import nn

from alexnet_viz.model.build import build
from alexnet_viz.network.layers import LRN, Conv, Layer, Linear
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import trace
from alexnet_viz.variants import VARIANTS

WHOLE = [id for id, network in VARIANTS.items() if trace(network).failure is None]
"""The variants that run through at their own input."""


def forms(text: str) -> set[str]:
    """The lines of a text without names, numbers and comments: the different things it says."""
    left_out = r"""#.*|\("\w+"|name=["']\w+["']|\d[\d.e-]*"""
    return {re.sub(left_out, "", line) for line in text.splitlines()}


def covering(marks: Mapping[str, set[str]]) -> list[str]:
    """A few variants, found greedily, that between them have every mark that any variant has."""
    left = set().union(*marks.values())
    chosen = []
    while left:
        chosen.append(max(marks, key=lambda id: len(marks[id] & left)))
        left -= marks[chosen[-1]]
    return chosen


def narrow(id: str) -> Network:
    """A variant a sixteenth as wide."""
    network = VARIANTS[id]
    return replace(network, layers=tuple(map(_narrow, network.layers)))


def _narrow(layer: Layer) -> Layer:
    match layer:
        case Conv(out_channels=channels):
            return replace(layer, out_channels=_narrowed(channels))
        case Linear(out_features=features):
            return replace(layer, in_features=None, out_features=_narrowed(features // 4))
        case LRN(alpha=alpha):
            return replace(layer, alpha=alpha * 1000)
        case _:
            return layer


def _narrowed(width: int) -> int:
    """A sixteenth, in fours, so that it can be split as the variants are."""
    return max(1, width // 64) * 4


def lively(network: Network, seed: int = 0) -> nn.Sequential:
    """A model of a network whose weights, biases and statistics are all different."""
    model = build(network)
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in model.state_dict().items():
        if not tensor.is_floating_point():
            continue
        fan_in = max(1, tensor[0].numel()) if tensor.ndim > 1 else 1
        values = torch.randn(tensor.shape, generator=generator) / fan_in**0.5
        tensor.copy_(values.abs() + 0.5 if name.endswith("running_var") else values)
    return model


def picture(network: Network, seed: int = 0, count: int = 1) -> torch.Tensor:
    """A batch of noise of a network's input shape."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, *network.input_shape, generator=generator)
