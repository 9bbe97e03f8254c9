"""What a run computes with: the network's numbers, and a batch of images and labels."""

from math import sqrt
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.model.build import WEIGHT_DEVIATION, build
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.shard import SharedDropout
from alexnet_viz.network.layers import Dropout, Softmax
from alexnet_viz.network.trace import trace
from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.weights import files
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.compatibility import adapted, misfits
from alexnet_viz.weights.loader import filled, tensors

DEVIATION = 50.0
"""Of the images' values: that of a photograph's colours minus their mean, about."""


def fitted(request: Request) -> Request:
    """The request with a network that has as many outputs as its weights.

    Raises:
        Problem: published weights that do not fit.
    """
    if request.weights not in WEIGHTS:
        return request
    weights = WEIGHTS[request.weights]
    network = adapted(request.network, weights)
    wrong = misfits(trace(network), weights)
    if wrong:
        raise Problem("run_misfit", id=weights.id, network=network.id, layer=wrong[0].layer)
    return Request(**vars(request) | {"network": network})


def whole(request: Request) -> nn.Sequential:
    """The network on one device, as every process builds it to cut its share out of it.

    Raises:
        Problem: no such weights, or they do not fit, or the network cannot be built.
    """
    if request.weights == "random":
        return awakened(build(request.network, seed=request.seed), request.seed)
    if request.weights in WEIGHTS:
        return filled(request.network, tensors(WEIGHTS[request.weights]))
    path = Path(request.weights)
    if not path.is_file():
        raise Problem("run_weights", given=shown(request.weights), known=", ".join(WEIGHTS))
    return filled(request.network, files.fit(files.read(path, path.name), request.network))


def awakened(model: nn.Sequential, seed: int) -> nn.Sequential:
    """Random weights with which every layer counts in the end, and no two channels are alike.

    With the paper's 0.01 and its constant biases the logits hardly depend on the image, and biases
    could be mixed up unseen.  So weights get the deviation that keeps a ReLU network's values in
    size, sqrt(2 / fan-in) (He et al. 2015, section 2.2), and biases and norms are drawn too.
    """
    generator = torch.Generator().manual_seed(seed)
    for layer in model:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.weight.mul_(sqrt(2 / layer.weight[0].numel()) / WEIGHT_DEVIATION)
        for name, tensor in layer.state_dict().items():
            if name == "bias" or name == "running_mean":
                tensor.normal_(generator=generator)
            elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) and tensor.dim():
                tensor.uniform_(0.5, 1.5, generator=generator)
    return model


def chain(request: Request) -> nn.Sequential:
    """The whole network as a run computes it: no softmax at the end, dropout with shared masks."""
    model = whole(request)
    for index, row in enumerate(trace(request.network).rows):
        if request.train and isinstance(row.layer, Dropout):
            every = range(row.output_shape[0])
            setattr(model, row.name, SharedDropout(row, request.seed + index, every))
    if isinstance(request.network.layers[-1], Softmax):
        delattr(model, request.network.layers[-1].name)
    return model


def batch(request: Request) -> tuple[Tensor, Tensor]:
    """Images (batch, channels, height, width) of random values, and a random label each."""
    generator = torch.Generator().manual_seed(request.seed)
    shape = request.batch, *request.network.input_shape
    images = DEVIATION * torch.randn(shape, generator=generator)
    labels = torch.randint(request.logits[0], (request.batch,), generator=generator)
    return images, labels


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """The mean over the images; 1 x 1 maps are logits too, larger ones are averaged."""
    return functional.cross_entropy(logits.flatten(2).mean(2) if logits.dim() > 2 else logits,
                                    labels)  # fmt: skip
