"""Live passes of a process: a bounded queue, and one batch for those who wait for the same model.

A batch is made where it is not slower than passes one by one.  Measured on two cores with the
network of 2012 (milliseconds a picture, batches of 1, 2, 4 and 8): weights that are read in full
51, 50, 48, 37; the weights that ship, whose dense layers read only what a single picture needs
(``model.selective``), 42, 52, 61, 57.  So the latter run one by one on a CPU.
"""

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_viz.jobs import Gate
from alexnet_viz.model.activations import capture
from alexnet_viz.model.selective import SelectiveLinear
from alexnet_viz.text.problem import Problem

Floats = NDArray[np.float32]

MOST_TOGETHER = 8
"""Pictures of one batch: each needs the memory of its activations, up to 100 MB."""
MOST_PRESENT = 64
"""Passes that run or wait; a further one is refused."""


@dataclass(eq=False)
class _Pass:
    image: Floats
    done: Event = field(default_factory=Event)
    kept: dict[str, Floats] | None = None
    milliseconds: float = 0.0
    error: BaseException | None = None


def together(model: nn.Sequential) -> int:
    """The largest batch that is not slower than its pictures one by one."""
    alone = any(
        isinstance(layer, SelectiveLinear) and layer.weight.is_cpu for layer in model.children()
    )
    return 1 if alone else MOST_TOGETHER


class MicroBatches:
    """Runs passes behind a gate; pictures that wait for the same model run in one batch.

    A batch of one is the pass of that picture, to the bit; in a larger one the sums are added in
    another order (relative differences up to 2e-6).
    """

    def __init__(self, gate: Gate, most_present: int = MOST_PRESENT) -> None:
        self._gate, self._most = gate, most_present
        self._lock = Lock()
        self._present = 0
        self._waiting: defaultdict[str, deque[_Pass]] = defaultdict(deque)

    def capture(
        self, key: str, model: nn.Sequential, image: Floats, most: int | None = None
    ) -> tuple[dict[str, Floats], float]:
        """Every layer's output for an image [C, H, W], as ``model.activations.capture``.

        The second value is the milliseconds of the pass, of a batch those of one picture.

        ``key`` names the model; ``most`` is the largest batch, by default ``together``.

        Raises:
            Problem: ``engine_busy``, if as many passes run or wait as may.
        """
        mine = _Pass(image)
        with self._lock:
            if self._present >= self._most:
                raise Problem("engine_busy", ahead=self._present)
            self._present += 1
            self._waiting[key].append(mine)
        try:
            while not mine.done.is_set():
                self._lead(key, model, mine, most or together(model))
        finally:
            with self._lock:
                self._present -= 1
        if mine.error:
            raise mine.error
        assert mine.kept is not None
        return mine.kept, mine.milliseconds

    def _lead(self, key: str, model: nn.Sequential, mine: _Pass, most: int) -> None:
        """Run the batch that is next for a model, or wait for the one that holds ``mine``."""
        with self._gate:
            with self._lock:
                line = self._waiting.get(key, deque())
                batch = [line.popleft() for _ in range(min(most, len(line)) if mine in line else 0)]
                if not line:
                    self._waiting.pop(key, None)
            if batch:
                _run(model, batch)
                return
        mine.done.wait()


def _run(model: nn.Sequential, batch: list[_Pass]) -> None:
    """Run a batch; what it raises is every picture's."""
    began = time.perf_counter()
    try:
        found = captures(model, [each.image for each in batch])
        spent = 1000 * (time.perf_counter() - began) / len(batch)
        for each, kept in zip(batch, found, strict=True):
            each.kept, each.milliseconds = kept, spent
    except BaseException as error:
        for each in batch:
            each.error = error
    finally:
        for each in batch:
            each.done.set()


def captures(model: nn.Sequential, images: list[Floats]) -> list[dict[str, Floats]]:
    """By layer, the output for each image, read-only; they run as one batch."""
    if len(images) == 1:
        return [capture(model, images[0])]
    kept = capture(model, np.stack(images))
    # copies, because a view would keep the whole batch in memory
    return [{name: _own(maps[at]) for name, maps in kept.items()} for at in range(len(images))]


def _own(maps: Floats) -> Floats:
    copy: Floats = maps.copy()
    copy.setflags(write=False)
    return copy
