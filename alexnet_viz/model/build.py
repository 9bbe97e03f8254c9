"""A network as a torch model: one child for each layer, under the layer's name.

The model is an ``nn.Sequential`` in evaluation mode, without gradients, and shared between threads,
so it must not be changed.  No ReLU works in place, so every layer's output can be kept by calling
the children in order (``alexnet_viz.model.activations``).  Code that sets hooks or edits weights
takes a ``private_copy``.
"""

import copy
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from alexnet_viz.model.modules import (
    average_pooling,
    batch_norm,
    convolution,
    dense,
    dropout,
    max_pooling,
    response_norm,
)
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import FLOAT32_BYTES, Row, trace
from alexnet_viz.text.problem import Problem

WEIGHT_DEVIATION = 0.01
BIASED = frozenset({"conv2", "conv4", "conv5", "fc6", "fc7"})
"""Layers whose biases start at 1, so that their ReLUs get positive inputs (section 5)."""


MAX_BYTES = 1_500_000_000
"""Most bytes that the weights and one image's activations may take together: several users share
the machine, and dense layers refitted to a large input would take terabytes."""


def build(
    network: Network,
    *,
    input_size: int | None = None,
    device: str | torch.device = "cpu",
    seed: int = 0,
) -> nn.Sequential:
    """A network as a torch model for its own input, or for squares of ``input_size`` pixels.

    On the device "meta" it has shapes and no values.  Elsewhere its weights are float32, drawn
    as in the paper (``initialise``); the same seed gives the same weights on every device.

    >>> from alexnet_viz.variants import VARIANTS
    >>> build(VARIANTS["alexnet_2012_paper"], device="meta").conv2
    Conv2d(96, 256, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), groups=2)

    Raises:
        CannotRun: the network fails at this input.
        Problem: the input size is out of range, torch has no such layer, a layer's name is an
            attribute of ``nn.Sequential``, or the model would take more than ``MAX_BYTES``.
    """
    result = trace(network, input_size)
    empty = nn.Sequential()
    for row in result.complete_rows():
        if hasattr(empty, row.name):  # a layer must not replace an attribute such as model.train
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


MODULES: dict[str, Callable[[Row, Any], nn.Module]] = {
    "conv": convolution,
    "max_pool": max_pooling,
    "avg_pool": average_pooling,
    "adaptive_avg_pool": lambda row, layer: nn.AdaptiveAvgPool2d(layer.output_size),
    "zero_pad": lambda row, layer: nn.ZeroPad2d((*layer.padding[2:], *layer.padding[:2])),
    "relu": lambda row, layer: nn.ReLU(inplace=False),
    "tanh": lambda row, layer: nn.Tanh(),
    "sigmoid": lambda row, layer: nn.Sigmoid(),
    "lrn": response_norm,
    "batch_norm": batch_norm,
    "dropout": dropout,
    "flatten": lambda row, layer: nn.Flatten(),
    "squeeze": lambda row, layer: nn.Flatten(),  # the same for a 1 x 1 map
    "linear": dense,
    "softmax": lambda row, layer: (nn.LogSoftmax if layer.log else nn.Softmax)(dim=1),
}
"""By kind of layer, the torch module of a row of a trace and its layer."""


def module(row: Row) -> nn.Module:
    """The torch module that computes one row of a trace: (images, *input) to (images, *output).

    Raises:
        Problem: torch has no such layer.
    """
    if row.kind not in MODULES:
        raise TypeError(f"no torch module for the layer kind {row.kind!r}")
    return MODULES[row.kind](row, row.layer)


def initialise(model: nn.Sequential, seed: int = 0) -> None:
    """Set the weights of a model in place, drawn from a seed as in the paper, section 5.

    Weights are drawn from a normal distribution of mean 0 and standard deviation 0.01.  Biases are
    1 "in the second, fourth, and fifth convolutional layers, as well as in the fully-connected
    hidden layers", else 0.  Other layers, which the paper lacks, start as torch has them: batch
    normalisation with factors of 1 and biases of 0.
    """
    generator = torch.Generator().manual_seed(seed)
    learned = [
        name for name, layer in model.named_children() if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    for name, layer in model.named_children():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            # the numbers are drawn in the order of memory, which a layer may store otherwise
            drawn = torch.empty_like(layer.weight, memory_format=torch.contiguous_format)
            nn.init.normal_(drawn, std=WEIGHT_DEVIATION, generator=generator)
            layer.weight.copy_(drawn)
            if layer.bias is not None:
                hidden = name != learned[-1]  # the output layer has no ReLU to keep alive
                nn.init.constant_(layer.bias, float(hidden and name in BIASED))
        elif reset := getattr(layer, "reset_parameters", None):
            reset()


def private_copy(model: nn.Sequential) -> nn.Sequential:
    """A copy of the model that shares the storage of its tensors, for hooks and edits.

    Modules, parameters and hooks are the copy's own.  A tensor of the copy may be replaced but not
    written into.
    """
    # .data, because detach() would share the count of writes too: then writing into a tensor that
    # was replaced by ``to_empty`` makes the backward passes of other threads fail
    shared = {
        id(tensor): nn.Parameter(tensor.data, requires_grad=False)
        if isinstance(tensor, nn.Parameter)
        else tensor.data
        for tensor in (*model.parameters(), *model.buffers())
    }
    return copy.deepcopy(model, shared)
