"""The effect of each channel of a layer on a class logit, by setting one channel at a time to 0.

Only the layers after this one are run again, for many channels at a time; channels that are already
0 for this image are not run.  The shared model is only read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.interpretability.predictions import logit_layer, logits_of
from alexnet_viz.model.activations import Floats
from alexnet_viz.network.trace import Trace

BATCH_BYTES, ON_GPU = 4_000_000, 100_000_000
"""Limit on the size of one layer's output for a batch, one image per silenced channel: on the CPU,
where visitors wait for the batch to end, and on a GPU."""
LARGEST_BATCH = 256


@dataclass(frozen=True)
class ChannelEffects:
    """The effects of setting each channel to 0, for the channels that have been run so far."""

    drops: NDArray[np.float64]
    """(channels,) decrease of the class's logit; NaN for channels not run yet."""
    answers: NDArray[np.int64]
    """(channels,) index of the class with the largest logit; -1 for channels not run yet."""

    @property
    def done(self) -> int:
        """The number of channels that have been run."""
        return int((self.answers >= 0).sum())

    @property
    def complete(self) -> bool:
        """Whether all channels have been run."""
        return self.done == len(self.answers)

    def ranked(self) -> list[int]:
        """The indices of the channels run, largest decrease first, ties by lower index."""
        order = np.argsort(-self.drops, kind="stable")  # NaN sorts last
        return [int(channel) for channel in order[: self.done]]


def channel_effects(
    model: nn.Sequential,
    result: Trace,
    layer: str,
    kept: Mapping[str, Floats],
    target: int,
    since: ChannelEffects | None = None,
) -> Iterator[ChannelEffects]:
    """Set every channel of a layer to 0, one at a time; yield all effects so far after each batch.

    ``kept`` are the activations of the intact model for one image, float32, (channels, …);
    ``target`` is the index of the class whose logit is measured.  ``since`` is an earlier result to
    continue from.

    Raises:
        Problem: the network has no logits; see ``logit_layer``.
        KeyError: there is no such layer before the logits.
    """
    names = [row.name for row in result.rows]
    last = names.index(logit_layer(result))
    if layer not in names[:last]:
        raise KeyError(layer)
    here = names.index(layer)
    maps, logits = kept[layer], logits_of(kept, names[last])
    found = since or _untouched(maps, logits)
    tail = cast(nn.Sequential, model[here + 1 : last + 1])
    device = next((each.device for each in model.parameters()), torch.device("cpu"))
    intact = torch.tensor(maps, device=device)
    most = BATCH_BYTES if device.type == "cpu" else ON_GPU
    size = _batch_size(result, here, last, most)
    yield found
    while not found.complete:
        channels = np.flatnonzero(found.answers < 0)[:size]
        rows = _logits_without(tail, intact, channels)
        drops, answers = found.drops.copy(), found.answers.copy()
        drops[channels] = logits[target] - rows[:, target]
        answers[channels] = rows.argmax(axis=1)
        found = ChannelEffects(drops, answers)
        yield found


def _untouched(maps: Floats, logits: Floats) -> ChannelEffects:
    """The effects before the first batch: 0 for channels that are already 0 everywhere."""
    silent = ~maps.reshape(len(maps), -1).any(axis=1)
    return ChannelEffects(
        np.where(silent, 0.0, np.nan), np.where(silent, logits.argmax(), -1).astype(np.int64)
    )


def _batch_size(result: Trace, here: int, last: int, most: int) -> int:
    """The number of channels for which no output from the layer on exceeds ``most`` bytes."""
    largest = max(row.activation_bytes for row in result.rows[here : last + 1])
    return max(1, min(LARGEST_BATCH, most // largest))


def _logits_without(
    tail: nn.Sequential, intact: torch.Tensor, channels: NDArray[np.intp]
) -> Floats:
    """The logits (channels, classes), float32, with each of these channels in turn set to 0."""
    with torch.inference_mode():
        batch = intact.repeat(len(channels), *(1 for _ in intact.shape))
        batch[torch.arange(len(channels)), torch.from_numpy(channels)] = 0
        said: Floats = tail(batch).flatten(start_dim=1).cpu().numpy()
    return said
