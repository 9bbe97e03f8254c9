"""Which channel of a layer matters most for a class: each is silenced in turn.

The layers up to this one are not run again, only those behind it, many channels at a time; and
channels that are 0 for this image anyway are not run at all.  The shared model is only read.
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

BATCH_BYTES = 20_000_000
"""Most that one layer's output takes for all channels of a batch."""
LARGEST_BATCH = 256


@dataclass(frozen=True)
class ChannelEffects:
    """What silencing each channel of a layer does, as far as they have been tried."""

    drops: NDArray[np.float64]
    """(channels,) by how much the class's logit falls; not a number where not tried yet."""
    answers: NDArray[np.int64]
    """(channels,) the class with the largest logit then; -1 where not tried yet."""

    @property
    def done(self) -> int:
        """How many channels have been tried."""
        return int((self.answers >= 0).sum())

    @property
    def complete(self) -> bool:
        """Whether all have been."""
        return self.done == len(self.answers)

    def ranked(self) -> list[int]:
        """The channels tried, the largest fall first; of equal ones the lower number first."""
        order = np.argsort(-self.drops, kind="stable")  # not-a-numbers come last
        return [int(channel) for channel in order[: self.done]]


def channel_effects(
    model: nn.Sequential,
    result: Trace,
    layer: str,
    kept: Mapping[str, Floats],
    target: int,
    since: ChannelEffects | None = None,
) -> Iterator[ChannelEffects]:
    """Silence every channel of a layer, one at a time; yield what is known after each batch.

    ``kept`` are the activations of the intact model for one image, ``target`` the class whose
    logit is watched.  Going on from ``since`` repeats nothing; who has seen enough stops asking.

    Raises:
        Problem: the network gives no answer.
        KeyError: it has no such layer before its answer.
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
    size = _batch_size(result, here, last)
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
    """Before the first batch: silencing what is silent changes nothing."""
    silent = ~maps.reshape(len(maps), -1).any(axis=1)
    return ChannelEffects(
        np.where(silent, 0.0, np.nan), np.where(silent, logits.argmax(), -1).astype(np.int64)
    )


def _batch_size(result: Trace, here: int, last: int) -> int:
    """As many channels as keep the largest output behind the layer below ``BATCH_BYTES``."""
    largest = max(row.activation_bytes for row in result.rows[here : last + 1])
    return max(1, min(LARGEST_BATCH, BATCH_BYTES // largest))


def _logits_without(
    tail: nn.Sequential, intact: torch.Tensor, channels: NDArray[np.intp]
) -> Floats:
    """(channels, classes): what the layers behind say when each of these is silent."""
    with torch.inference_mode():
        batch = intact.repeat(len(channels), *(1 for _ in intact.shape))
        batch[torch.arange(len(channels)), torch.from_numpy(channels)] = 0
        said: Floats = tail(batch).flatten(start_dim=1).cpu().numpy()
    return said
