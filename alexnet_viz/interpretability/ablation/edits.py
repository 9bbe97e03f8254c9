"""Apply ablations to a private copy, whose tensors and modules are replaced, never written into.

The copy keeps the layers' names, so its activations are captured like the model's.  A module that
changes a layer's output becomes part of that layer: the captured output is what the next layer
reads.
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
"""Seed of the permutation in ``Shuffled``, so that every run has the same."""


class Silenced(nn.Module):
    """Sets a range of channels to 0: (images, channels, …) → the same shape."""

    def __init__(self, channels: range) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, input: Tensor) -> Tensor:
        """A new tensor: the input may share memory with another layer's output (flatten)."""
        output = input.clone()
        output[:, self.channels.start : self.channels.stop] = 0
        return output


class Averaged(nn.Module):
    """Replaces every value of a map by the map's mean: (images, channels, height, width)."""

    def forward(self, input: Tensor) -> Tensor:
        """A view of the means, expanded to the shape of the input."""
        return input.mean(dim=(2, 3), keepdim=True).expand_as(input)


class Shuffled(nn.Module):
    """Permutes the positions, all maps alike: (images, channels, height, width)."""

    def forward(self, input: Tensor) -> Tensor:
        """A new tensor with the values of each map in permuted positions."""
        cells = input.flatten(start_dim=2)
        generator = torch.Generator().manual_seed(SEED)
        order = torch.randperm(cells.shape[2], generator=generator).to(input.device)
        return cells[:, :, order].reshape(input.shape)


def ablated(model: nn.Sequential, result: Trace, ablations: Sequence[Ablation]) -> nn.Sequential:
    """A copy of a model with these ablations applied; ``result`` is the trace of the model.

    Raises:
        Problem: the network has no place for an ablation, or no such layer, channel or tower.
    """
    copy = private_copy(model)
    following: defaultdict[str, list[nn.Module]] = defaultdict(list)
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
                    following[name].append(Silenced(silenced(result, ablation, name)))
                case "average":
                    following[name].append(Averaged())
                case "shuffle":
                    following[name].append(Shuffled())
                case kind:
                    raise TypeError(f"no edit for the ablation {kind!r}")
    for name, modules in following.items():
        setattr(copy, name, nn.Sequential(copy.get_submodule(name), *modules))
    return copy.train(model.training)


def recaptured(
    model: nn.Sequential,
    result: Trace,
    image: Floats,
    kept: Mapping[str, Floats],
    ablations: Sequence[Ablation],
) -> dict[str, Floats]:
    """Every layer's output for an image, float32, with these ablations applied.

    ``image`` is float32, (channels, height, width); ``kept`` are the activations of the intact
    model, (channels, …).  Only the layers from the first changed one on are run again.

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
