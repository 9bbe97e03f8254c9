"""A network as a torch model: one child a layer, under the layer's own name.

The model is an ``nn.Sequential``, in evaluation mode and without gradients, and meant to be shared
between visitors: nobody changes it.  No ReLU works in place, so every layer's output can be kept by
walking the children (``alexnet_viz.model.activations``).  Whoever must hook or edit takes a
``private_copy``.
"""

import copy
from collections import OrderedDict

import torch
from torch import nn

from alexnet_viz.model.modules import (
    PaddedAvgPool2d,
    PaddedMaxPool2d,
    UnscaledDropout,
    convolution,
    dense,
    pooling,
    response_norm,
)
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
from alexnet_viz.network.trace import FLOAT32_BYTES, Row, trace
from alexnet_viz.text.problem import Problem

WEIGHT_DEVIATION = 0.01
BIASED = frozenset({"conv2", "conv4", "conv5", "fc6", "fc7"})
"""Layers whose biases start at 1, so that their ReLUs begin with positive inputs (section 5)."""


MAX_BYTES = 1_500_000_000
"""Most memory that one model may take, its weights and one image's activations together: several
visitors share the machine, and dense layers refitted to a large input run to terabytes."""


def build(
    network: Network,
    *,
    input_size: int | None = None,
    device: str | torch.device = "cpu",
    seed: int = 0,
) -> nn.Sequential:
    """A network as a torch model for its own input, or for squares of ``input_size`` pixels.

    On the device "meta" it has shapes and no numbers.  Elsewhere it starts as the paper did
    (``initialise``); the same seed gives the same weights on every device.

    >>> from alexnet_viz.variants import VARIANTS
    >>> build(VARIANTS["alexnet_2012_paper"], device="meta").conv2
    Conv2d(96, 256, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), groups=2)

    Raises:
        CannotRun: the network fails at this input.
        Problem: the input size is out of range, torch has no such layer or means something
            else by its name, or the numbers of the model would take more than ``MAX_BYTES``.
    """
    result = trace(network, input_size)
    empty = nn.Sequential()
    for row in result.complete_rows():
        if hasattr(empty, row.name):  # model.train must stay what torch means by it
            raise Problem("name_of_torch", name=row.name)
    with torch.device("meta"):
        model = nn.Sequential(OrderedDict((row.name, module(row)) for row in result.rows))
    model.eval().requires_grad_(False)
    if torch.device(device).type == "meta":
        return model
    size = FLOAT32_BYTES * result.params + sum(row.activation_bytes for row in result.rows)
    if size > MAX_BYTES:
        raise Problem("too_large_to_run", gigabytes=size / 1e9, limit=MAX_BYTES / 1e9)
    initialise(model.to_empty(device="cpu"), seed)
    return model.to(device)


def module(row: Row) -> nn.Module:
    """The torch module that does what one row of a trace says."""
    layer, arriving = row.layer, row.input_shape[0]
    match layer:
        case Conv():
            return convolution(row, layer)
        case MaxPool():
            return pooling(row, nn.MaxPool2d, PaddedMaxPool2d, dilation=layer.dilation)
        case AvgPool():
            if layer.dilation != (1, 1):
                raise Problem("dilated_average", dilation=layer.dilation)
            return pooling(row, nn.AvgPool2d, PaddedAvgPool2d, count_include_pad=False)
        case AdaptiveAvgPool():
            return nn.AdaptiveAvgPool2d(layer.output_size)
        case ZeroPad(padding=(top, bottom, left, right)):
            return nn.ZeroPad2d((left, right, top, bottom))
        case ReLU():
            return nn.ReLU(inplace=False)
        case Tanh():
            return nn.Tanh()
        case Sigmoid():
            return nn.Sigmoid()
        case LRN():
            return response_norm(layer)
        case BatchNorm(eps=eps):
            maps = len(row.input_shape) == 3
            return (nn.BatchNorm2d if maps else nn.BatchNorm1d)(arriving, eps=eps)
        case Dropout(p=p, scale=scale):
            return UnscaledDropout(p) if scale == "test" else nn.Dropout(p)
        case Flatten() | Squeeze():
            return nn.Flatten()  # a 1 x 1 map laid out in a row is the map squeezed
        case Linear():
            return dense(arriving, layer)
        case Softmax(log=log):
            return nn.LogSoftmax(dim=1) if log else nn.Softmax(dim=1)
        case _:
            raise TypeError(f"no torch module for the layer kind {layer.kind!r}")


def initialise(model: nn.Sequential, seed: int = 0) -> None:
    """Fill a model as the paper does, section 5, from a seed.

    Weights are drawn from a normal distribution of mean 0 and standard deviation 0.01.  Biases are
    1 "in the second, fourth, and fifth convolutional layers, as well as in the fully-connected
    hidden layers", else 0.  BatchNorm, which the paper lacks, starts as the identity.
    """
    generator = torch.Generator().manual_seed(seed)
    learned = [
        name for name, layer in model.named_children() if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    for name, layer in model.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.normal_(layer.weight, std=WEIGHT_DEVIATION, generator=generator)
            if layer.bias is not None:
                hidden = name != learned[-1]  # the output layer has no ReLU to keep alive
                nn.init.constant_(layer.bias, float(hidden and name in BIASED))
        elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.reset_parameters()


def private_copy(model: nn.Sequential) -> nn.Sequential:
    """A copy of the structure that shares the numbers, for whoever must hook or edit a layer.

    Layers, parameters and hooks are the copy's own; the storage is shared, so nothing of any size
    is copied.  Replace a tensor of the copy, never write into one.
    """
    shared = {
        id(tensor): nn.Parameter(tensor.detach(), requires_grad=False)
        if isinstance(tensor, nn.Parameter)
        else tensor.detach()
        for tensor in (*model.parameters(), *model.buffers())
    }
    return copy.deepcopy(model, shared)
