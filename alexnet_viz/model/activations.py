"""The activations of a model: every layer's output for an image, and statistics of each channel.

A network is a chain, so its activations are captured by calling the layers in order and keeping
each output.  Hooks are not used: on a model that threads share they return one user's maps to
another.  No layer works in place, so conv1 keeps the negative values that relu1 removes.
"""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Floats = NDArray[np.float32]


def walk(model: nn.Sequential, batch: Tensor) -> dict[str, Tensor]:
    """By layer, its output (images, …) for a batch (images, channels, height, width).

    The tensors have the model's device and dtype.  Grad mode is set here because torch keeps it for
    each thread.
    """
    kept = {}
    with torch.inference_mode():
        for name, layer in model.named_children():
            batch = kept[name] = layer(batch)
    return kept


def capture(model: nn.Sequential, image: Floats) -> dict[str, Floats]:
    """By layer, its output for one image [C, H, W] or a batch [N, C, H, W].

    Of one image the outputs are [C, H, W] or [features]; of a batch they have its first axis.  The
    model computes in its own dtype; the arrays are float32.  They are read-only, because a layer
    that changes nothing (dropout, flatten) shares its input's memory.
    """
    like = next(model.parameters(), torch.empty(0))
    one = image.ndim == 3
    batch = torch.tensor(image[None] if one else image, dtype=like.dtype, device=like.device)
    kept = {name: _array(output) for name, output in walk(model, batch).items()}
    return {name: array[0] for name, array in kept.items()} if one else kept


def _array(output: Tensor) -> Floats:
    """A tensor as a read-only, C-contiguous float32 array of the same shape."""
    array: Floats = output.contiguous().cpu().float().numpy()
    array.setflags(write=False)
    return array


def answering(maps: Floats) -> NDArray[np.intp]:
    """The channels of maps [C, H, W], or units [C], by the mean of their map, the largest first.

    >>> answering(np.array([[[0, 1]], [[5, 0]], [[2, 2]]], np.float32)).tolist()
    [1, 2, 0]
    """
    return np.argsort(-maps.reshape(len(maps), -1).mean(axis=1), kind="stable")


class ChannelStatistics(NamedTuple):
    """Statistics of each channel; every array is (channels,)."""

    mean: NDArray[Any]
    maximum: NDArray[Any]
    minimum: NDArray[Any]
    deviation: NDArray[Any]
    """Standard deviation over the map."""
    zeros: NDArray[Any]
    """Share of the values that are exactly 0, as a ReLU makes negative ones."""


def channel_statistics(maps: Floats) -> ChannelStatistics:
    """Statistics of the maps [C, H, W] or the units [features] of one layer."""
    channels = maps.reshape(len(maps), -1)
    return ChannelStatistics(
        mean=channels.mean(axis=1),
        maximum=channels.max(axis=1),
        minimum=channels.min(axis=1),
        deviation=channels.std(axis=1),
        zeros=(channels == 0).mean(axis=1),
    )
