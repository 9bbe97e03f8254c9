"""Ablations done: on a private copy, whose tensors and modules are replaced and never written into.

The copy keeps the layers' names, so it is captured like the model itself.  What happens behind a
layer is part of that layer then: its output is what the next one gets.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from alexnet_viz.interpretability.ablation import Ablation, places, silenced
from alexnet_viz.model.activations import Floats, capture
from alexnet_viz.model.build import private_copy
from alexnet_viz.network.trace import Trace

SEED = 0
"""Of the order in which ``Shuffled`` puts the positions; the same at every run."""


class Silenced(nn.Module):
    """0 in some channels, the rest as it is: (images, channels, …)."""

    def __init__(self, channels: range) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, input: Tensor) -> Tensor:
        """A new tensor: the layer's own output may be somebody else's memory (flatten)."""
        output = input.clone()
        output[:, self.channels.start : self.channels.stop] = 0
        return output


class Averaged(nn.Module):
    """Every map is its mean at every position: (images, channels, height, width)."""

    def forward(self, input: Tensor) -> Tensor:
        """A view of the means, as large as the input."""
        return input.mean(dim=(2, 3), keepdim=True).expand_as(input)


class Shuffled(nn.Module):
    """The positions in another order, one for all maps: (images, channels, height, width)."""

    def forward(self, input: Tensor) -> Tensor:
        """A new tensor with the same values in every map."""
        cells = input.flatten(start_dim=2)
        generator = torch.Generator().manual_seed(SEED)
        order = torch.randperm(cells.shape[2], generator=generator).to(input.device)
        return cells[:, :, order].reshape(input.shape)


def ablated(model: nn.Sequential, result: Trace, ablations: Sequence[Ablation]) -> nn.Sequential:
    """A copy of a model without these things; ``result`` is the trace it was built from.

    Raises:
        Problem: the network has nothing of the kind, or no such layer, channel or tower.
    """
    copy = private_copy(model)
    behind: defaultdict[str, list[nn.Module]] = defaultdict(list)
    for ablation in ablations:
        for name in places(result, ablation):
            match ablation.kind:
                case "lrn":
                    setattr(copy, name, nn.Identity())
                case "bias":
                    layer = copy.get_submodule(name)
                    zeros = torch.zeros_like(layer.get_parameter("bias"))
                    layer.bias = nn.Parameter(zeros, requires_grad=False)
                case "channel" | "tower":
                    behind[name].append(Silenced(silenced(result, ablation, name)))
                case "average":
                    behind[name].append(Averaged())
                case "shuffle":
                    behind[name].append(Shuffled())
                case kind:
                    raise TypeError(f"no edit for the ablation {kind!r}")
    for name, modules in behind.items():
        setattr(copy, name, nn.Sequential(copy.get_submodule(name), *modules))
    return copy.train(model.training)


def recaptured(
    model: nn.Sequential,
    result: Trace,
    image: Floats,
    kept: Mapping[str, Floats],
    ablations: Sequence[Ablation],
) -> dict[str, Floats]:
    """Every layer's output for an image when these things are missing.

    ``kept`` are the activations of the intact model: only the layers from the first changed one on
    are run again.

    Raises:
        Problem: as ``ablated``.
    """
    if not ablations:
        return dict(kept)
    names = [row.name for row in result.rows]
    first = min(names.index(name) for each in ablations for name in places(result, each))
    arriving = kept[names[first - 1]] if first else image
    changed = cast(nn.Sequential, ablated(model, result, ablations)[first:])
    again = capture(changed, arriving[None])
    return {**kept, **{name: maps[0] for name, maps in again.items()}}
