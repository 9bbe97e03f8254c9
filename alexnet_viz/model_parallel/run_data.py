"""Inputs of a run: the network's weights, and a batch of images and labels."""

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
"""Standard deviation of the images' values, about that of a photograph minus its mean."""


def fitted(request: Request) -> Request:
    """Return the request, its network's outputs changed to the number of the published weights.

    Raises:
        Problem: the published weights do not fit the network.
    """
    if request.weights not in WEIGHTS:
        return request
    weights = WEIGHTS[request.weights]
    network = adapted(request.network, weights)
    wrong = misfits(trace(network), weights)
    if wrong:
        raise Problem("run_misfit", id=weights.id, network=network.id, layer=wrong[0].layer)
    return Request(**vars(request) | {"network": network})


def full_model(request: Request) -> nn.Sequential:
    """Build the whole network with the requested weights, on the CPU.

    Raises:
        Problem: there are no such weights, they do not fit, or the network cannot be built.
    """
    if request.weights == "random":
        return reinitialised(build(request.network, seed=request.seed), request.seed)
    if request.weights in WEIGHTS:
        return filled(request.network, tensors(WEIGHTS[request.weights]))
    path = Path(request.weights)
    if not path.is_file():
        raise Problem("run_weights", given=shown(request.weights), known=", ".join(WEIGHTS))
    return filled(request.network, files.fit(files.read(path, path.name), request.network))


def reinitialised(model: nn.Sequential, seed: int) -> nn.Sequential:
    """Redraw the parameters in place so that an error in any layer changes the logits.

    With the paper's standard deviation of 0.01 and constant biases the logits hardly depend on the
    image, and exchanged biases would not be noticed.  So weights get the standard deviation
    sqrt(2 / fan-in), which preserves the variance through ReLU layers (He et al. 2015, section
    2.2), and biases and BatchNorm's parameters are drawn at random.
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


def reference_model(request: Request) -> nn.Sequential:
    """Build the network to compare with: no final softmax, and dropout masks from the seed."""
    model = full_model(request)
    for index, row in enumerate(trace(request.network).rows):
        if request.train and isinstance(row.layer, Dropout):
            every = range(row.output_shape[0])
            setattr(model, row.name, SharedDropout(row, request.seed + index, every))
    if isinstance(request.network.layers[-1], Softmax):
        delattr(model, request.network.layers[-1].name)
    return model


def batch(request: Request) -> tuple[Tensor, Tensor]:
    """Draw images (batch, channels, height, width), float32, and labels (batch,), int64."""
    generator = torch.Generator().manual_seed(request.seed)
    shape = request.batch, *request.network.input_shape
    images = DEVIATION * torch.randn(shape, generator=generator)
    labels = torch.randint(request.logits[0], (request.batch,), generator=generator)
    return images, labels


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy, a scalar, of logits (images, classes, …) and labels (images,).

    Logits that are feature maps are averaged over height and width first.
    """
    return functional.cross_entropy(logits.flatten(2).mean(2) if logits.dim() > 2 else logits,
                                    labels)  # fmt: skip
