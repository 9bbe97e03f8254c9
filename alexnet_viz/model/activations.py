"""What every layer puts out for an image, and what can be said of each map.

A network is a chain, so its activations are captured by walking the layers and keeping each output.
No hooks: hooks on a model that several threads share deliver one visitor's maps to another.  And
no layer works in place, so that conv1 keeps the negative values that relu1 removes.
"""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Floats = NDArray[np.float32]


def walk(model: nn.Sequential, batch: Tensor) -> dict[str, Tensor]:
    """Every layer's output for a batch, by layer name, on the model's device.

    Grad mode belongs to the thread, so it is set here and not at start-up.
    """
    kept = {}
    with torch.inference_mode():
        for name, layer in model.named_children():
            batch = kept[name] = layer(batch)
    return kept


def capture(model: nn.Sequential, image: Floats) -> dict[str, Floats]:
    """Every layer's output for one image [C, H, W] or a batch [N, C, H, W], by layer name.

    One image gives maps [C, H, W] and rows [features]; a batch keeps its first axis.  The image is
    read in the model's own type of numbers and the arrays are float32, whatever that is.  They are
    read-only: a layer that changes nothing (dropout, flatten) shares its input's memory.
    """
    like = next(model.parameters(), torch.empty(0))
    one = image.ndim == 3
    batch = torch.tensor(image[None] if one else image, dtype=like.dtype, device=like.device)
    kept = {name: _array(output) for name, output in walk(model, batch).items()}
    return {name: array[0] for name, array in kept.items()} if one else kept


def _array(output: Tensor) -> Floats:
    """A layer's output as read-only float32 on the CPU, channels first in memory."""
    array: Floats = output.contiguous().cpu().float().numpy()
    array.setflags(write=False)
    return array


class ChannelStatistics(NamedTuple):
    """One number a channel."""

    mean: NDArray[Any]
    maximum: NDArray[Any]
    minimum: NDArray[Any]
    deviation: NDArray[Any]
    """Standard deviation over the map."""
    zeros: NDArray[Any]
    """Share of the map that is exactly 0: after a ReLU, the cells it silenced."""


def channel_statistics(maps: Floats) -> ChannelStatistics:
    """What the maps [C, H, W] of one layer, or the units [features] of a dense one, look like."""
    channels = maps.reshape(len(maps), -1)
    return ChannelStatistics(
        mean=channels.mean(axis=1),
        maximum=channels.max(axis=1),
        minimum=channels.min(axis=1),
        deviation=channels.std(axis=1),
        zeros=(channels == 0).mean(axis=1),
    )
