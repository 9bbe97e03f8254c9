"""The models and activations of a process that serves others: made from names, and kept."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.model import device
from alexnet_viz.model.activations import capture
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.serving.engine import Captured, Named
from alexnet_viz.serving.kept import Kept
from alexnet_viz.serving.micro_batches import together
from alexnet_viz.text import LANGUAGES
from alexnet_viz.weights import loader
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.shared import SharedWeights, drawn, drawn_alike

Floats = NDArray[np.float32]

WEIGHTS_SHARE, ACTIVATIONS_SHARE = 1 / 8, 1 / 32
"""What is kept of either, as a share of the machine's memory: several such processes share it."""


class Wanted(NamedTuple):
    """A pass: a model, the digest of a picture, and what the network reads, [C, H, W]."""

    named: Named
    digest: str
    image: Floats

    @property
    def key(self) -> str:
        """The key of its activations."""
        return f"{self.named.key}/{self.digest}"


def _size(captured: Captured) -> int:
    return sum(array.nbytes for array in captured.kept.values())


class ServedModels:
    """Makes models from their names, once each, and runs pictures through them."""

    def __init__(self) -> None:
        self._weights: Kept[SharedWeights] = Kept(WEIGHTS_SHARE, lambda shared: shared.bytes)
        self._activations: Kept[Captured] = Kept(ACTIVATIONS_SHARE, _size)
        self._home = device.Home(release=self._weights.clear)

    def run(self, named: Named, use: Callable[[nn.Sequential], Any]) -> device.Placed[Any]:
        """``use`` with the model of a name, which is read-only; on the CPU where memory is short.

        Raises:
            Problem: the weights were not fetched to this machine, or are damaged.
        """
        return self._home.run(lambda placement: use(self._model(named, placement.device)))

    def _model(self, named: Named, where: torch.device) -> nn.Sequential:
        if named.weights:
            weights = WEIGHTS[named.weights]
            shared = self._weights.get(
                f"{where}/{weights.sha256 or weights.id}",
                lambda: SharedWeights(loader.tensors(weights), where, learned=True),
            )
        else:
            shared = self._weights.get(
                f"{where}/{named.seed}/{drawn_alike(named.network)}",
                lambda: drawn(named.network, named.seed, where),
            )
        return shared.model(named.key, named.network)

    def captured(self, wanted: list[Wanted]) -> list[Captured]:
        """The passes; those of a model in batches."""
        found: dict[str, Captured] = {}
        missing: dict[str, list[Wanted]] = {}
        for each in wanted:
            if each.key not in found and (known := self._activations.find(each.key)):
                found[each.key] = known
            elif each.key not in found:
                same = missing.setdefault(each.named.key, [])
                if each.key not in {other.key for other in same}:
                    same.append(each)
        for same in missing.values():
            found |= self.run(same[0].named, partial(self._batches, same)).made
        return [found[each.key] for each in wanted]

    def _batches(self, wanted: list[Wanted], model: nn.Sequential) -> dict[str, Captured]:
        size = together(model)
        found: dict[str, Captured] = {}
        for first in range(0, len(wanted), size):
            found |= self._batch(model, wanted[first : first + size])
        return found

    def _batch(self, model: nn.Sequential, batch: list[Wanted]) -> dict[str, Captured]:
        where = next((each.device for each in model.parameters()), device.CPU.device)
        described = {each: device.describe(where, each) for each in LANGUAGES}
        began = time.perf_counter()
        if len(batch) == 1:
            runs = [capture(model, batch[0].image)]
        else:
            kept = capture(model, np.stack([each.image for each in batch]))
            runs = [
                {name: maps[at].copy() for name, maps in kept.items()} for at in range(len(batch))
            ]
        spent = 1000 * (time.perf_counter() - began) / len(batch)
        found: dict[str, Captured] = {}
        for each, run in zip(batch, runs, strict=True):
            captured = Captured(run, spent, described)
            found[each.key] = self._activations.get(each.key, partial(_same, captured))
        return found


def _same(captured: Captured) -> Captured:
    return captured


def traced(named: Named) -> Trace:
    """The trace of a name's network at its input."""
    return trace(named.network)
