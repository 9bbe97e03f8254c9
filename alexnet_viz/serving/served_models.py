"""The models and activations of a process that serves others: made from names, and kept."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.model.device import Home, Placed, describe
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.serving.engine import Named
from alexnet_viz.serving.kept import Kept
from alexnet_viz.serving.micro_batches import captures, together
from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.weights import loader
from alexnet_viz.weights.catalogue import WEIGHTS
from alexnet_viz.weights.shared import SharedWeights, drawn, drawn_alike

Floats = NDArray[np.float32]
Captured = tuple[dict[str, Floats], float, torch.device]

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
    return sum(array.nbytes for array in captured[0].values())


class ServedModels:
    """Makes models from their names, once each, and runs pictures through them."""

    def __init__(self) -> None:
        self._weights: Kept[SharedWeights] = Kept(WEIGHTS_SHARE, lambda shared: shared.bytes)
        self._activations: Kept[Captured] = Kept(ACTIVATIONS_SHARE, _size)
        self._home = Home(release=self._weights.clear)

    def runner(self, named: Named) -> Callable[[Callable[[nn.Sequential], Any]], Placed[Any]]:
        """A function that runs a function of the model of a name, which is read-only.

        The model is on the best device, or on the CPU while that is full.

        Raises:
            Problem: the weights were not fetched to this machine, or are damaged.
        """

        def load(where: torch.device) -> nn.Sequential:
            return self._shared(named, where).model(named.key, named.network)

        return lambda use: self._home.run(lambda placement: use(load(placement.device)))

    def _shared(self, named: Named, where: torch.device) -> SharedWeights:
        if not named.weights:
            key = f"{where}/{named.seed}/{drawn_alike(named.network)}"
            return self._weights.get(key, lambda: drawn(named.network, named.seed, where))
        weights = WEIGHTS[named.weights]
        return self._weights.get(
            f"{where}/{weights.sha256 or weights.id}",
            lambda: SharedWeights(loader.tensors(weights), where, learned=True),
        )

    def captured(self, wanted: list[Wanted]) -> list[Captured]:
        """Every layer's output for each pass, and its milliseconds; those of a model in batches."""
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
            run = self.runner(same[0].named)
            size = run(together).made
            for first in range(0, len(same), size):
                found |= self._batch(run, same[first : first + size])
        return [found[each.key] for each in wanted]

    def _batch(self, run: Any, batch: list[Wanted]) -> dict[str, Captured]:
        images = [each.image for each in batch]
        began = time.perf_counter()
        placed = run(lambda model: captures(model, images))
        spent = 1000 * (time.perf_counter() - began) / len(batch)
        found: dict[str, Captured] = {}
        for each, kept in zip(batch, placed.made, strict=True):
            captured = (kept, spent, placed.placement.device)
            found[each.key] = self._activations.get(each.key, partial(_same, captured))
        return found


def _same(captured: Captured) -> Captured:
    return captured


def described(where: torch.device) -> dict[Language, str]:
    """The name of a device, in each language."""
    return {each: describe(where, each) for each in LANGUAGES}


def traced(named: Named) -> Trace:
    """The trace of a name's network at its input."""
    return trace(named.network)
