"""Dense layers that read only the weights they need, for one image on the CPU.

A pass of one image reads every weight of a dense layer once, and the memory's speed is its limit:
151 MB for fc6 alone.  After a ReLU most inputs are zero (of fc6 94 in 100, with the weights that
ship and a photograph), and their weights change nothing.  A ``SelectiveLinear`` keeps its weights
by input and adds up the rows of the inputs that are not zero: the same float32 products, added in
another order.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_viz.model.build import private_copy

LEAST = 1_000_000
"""Weights below which a layer stays as it is: finding the inputs takes as long as using them."""
MOST = 0.5
"""Share of inputs that are not zero above which reading all weights in a row is as fast."""


class SelectiveLinear(nn.Linear):
    """A dense layer whose ``weight`` (out, in) is stored by input; see ``selective``."""

    def forward(self, input: Tensor) -> Tensor:
        rows = self.weight.T
        recorded = torch.is_grad_enabled() and (input.requires_grad or rows.requires_grad)
        alone = len(input) == 1 and input.is_cpu and input.dtype == torch.float32
        if recorded or not alone or not rows.is_contiguous():
            return super().forward(input)
        values = input[0]
        (used,) = values.nonzero(as_tuple=True)
        if len(used) > MOST * len(values):
            sums = torch.mv(self.weight, values)
        else:
            sums = _weighted_sum(rows, used, values[used])
        return (sums if self.bias is None else sums + self.bias)[None]


def _weighted_sum(rows: Tensor, used: Tensor, factors: Tensor) -> Tensor:
    """The sum of the ``used`` rows (n, features), each times its factor: (features,).

    Every row is cut into as many parts as there are threads, and each thread adds up its own.
    """
    features = rows.shape[1]
    threads = torch.get_num_threads()
    parts = threads if features % threads == 0 else 1
    places = used * parts + torch.arange(parts)[:, None]
    return functional.embedding_bag(
        places.flatten(),
        rows.view(-1, features // parts),
        offsets=torch.arange(parts) * len(used),
        mode="sum",
        per_sample_weights=factors.repeat(parts),
    ).flatten()


def selective(model: nn.Sequential) -> nn.Sequential:
    """A copy of a model whose large dense layers read only the weights they need.

    Other layers share their tensors with the model.  A layer with a weight that is not finite
    stays as it is, because zero times that weight is not zero.
    """
    copy = private_copy(model)
    for name, layer in copy.named_children():
        if type(layer) is nn.Linear and _pays(layer.weight):
            setattr(copy, name, _stored_by_input(layer))
    return copy


def by_input(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors with large matrices stored by input: ``selective`` then needs no copy of them."""
    return {
        name: tensor.T.contiguous().T
        if tensor.ndim == 2 and tensor.is_cpu and tensor.numel() >= LEAST
        else tensor
        for name, tensor in tensors.items()
    }


def _pays(weight: Tensor) -> bool:
    return weight.is_cpu and weight.numel() >= LEAST and bool(weight.sum().isfinite())


def _stored_by_input(layer: nn.Linear) -> SelectiveLinear:
    sizes: Any = {"bias": layer.bias is not None, "device": "meta"}
    made = SelectiveLinear(layer.in_features, layer.out_features, **sizes)
    made.weight = nn.Parameter(layer.weight.T.contiguous().T, requires_grad=False)
    made.bias = layer.bias
    return made.eval()
