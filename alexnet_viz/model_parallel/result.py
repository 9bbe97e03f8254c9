"""What a run found: plain values, so that a page keeps them and a file holds them.  No torch.

Seconds are seconds of one clock: the other processes' clocks are put on GPU 0's.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import prod
from typing import Any, Literal

from alexnet_viz.model_parallel.request import Phase, Request
from alexnet_viz.network.trace import FLOAT32_BYTES

Kind = Literal["compute", "wait", "exchange"]

TOLERANCE = 1e-5
"""Largest relative difference that another order of the same float32 sums explains."""


@dataclass(frozen=True)
class Event:
    """Something a tower did: computing a layer, waiting for another tower, exchanging maps."""

    tower: int
    layer: str
    phase: Phase
    kind: Kind
    start: float
    """Seconds since the pass began on GPU 0; in a process, on its own clock."""
    seconds: float
    sources: tuple[int, ...] = ()
    """Of an exchange: the towers from which something came."""


@dataclass(frozen=True, order=True)
class Sent:
    """Bytes that went from one tower to another for a layer, in one pass over the whole batch."""

    phase: Phase
    layer: str
    source: int
    target: int
    bytes: int


@dataclass(frozen=True)
class Difference:
    """How far something is from the same on one device."""

    name: str
    absolute: float
    """Largest |towers - one device|."""
    relative: float
    """That over the largest |one device|."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """A run that came to its end."""

    network: str
    input_shape: tuple[int, ...]
    gpus: int
    processes: int
    backend: str
    """What carried the tensors: gloo, nccl, or "copy" inside one process."""
    devices: tuple[str, ...]
    """By tower, where it ran."""
    threads: int
    batch: int
    train: bool
    last: str
    weights: str
    seed: int
    params: tuple[int, ...]
    """Learnable numbers that each tower held, counted in its tensors."""
    losses: tuple[float, float] | None
    """Of the towers and of one device; None of a forward pass."""
    output: Difference
    gradients: tuple[Difference, ...]
    """Of every weight and bias, in the order of the layers; () of a forward pass."""
    sent: tuple[Sent, ...]
    """Counted where it was sent."""
    predicted: tuple[Sent, ...]
    """What the plan says."""
    events: tuple[Event, ...]
    """Of the pass of median length."""
    seconds: tuple[float, ...]
    """Of every pass, after one to warm up."""
    alone: tuple[float, ...]
    """Of every pass of the whole network on one device, with the threads of one process."""
    clock: float
    """Seconds by which the processes' clocks may be apart."""

    @property
    def stands_in(self) -> bool:
        """Whether one device stood for several GPUs."""
        return len(set(self.devices)) < self.gpus

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Output and gradients."""
        return (self.output, *self.gradients)

    @property
    def largest(self) -> Difference:
        """The largest relative difference."""
        return max(self.differences, key=lambda each: each.relative)

    @property
    def equal(self) -> bool:
        """Whether the towers computed what one device does."""
        return all(each.relative <= TOLERANCE for each in self.differences)

    @property
    def as_planned(self) -> bool:
        """Whether what was sent is what the plan says, byte for byte."""
        return Counter(self.sent) == Counter(self.predicted)


def predicted(request: Request) -> tuple[Sent, ...]:
    """What a pass sends: every fetch of the plan, and its gradient back.

    Logits are collected on GPU 0 for the loss, and their gradients dealt out again: the phases
    "collect" and "deal", which are not the network's own traffic.
    """
    found = []
    stages = request.stages()
    each = FLOAT32_BYTES * request.batch
    for stage in stages:
        for target, row in enumerate(stage.fetches):
            for source, values in enumerate(row):
                if values:
                    found.append(Sent("forward", stage.name, source, target, each * values))
                    if request.train:
                        found.append(Sent("backward", stage.name, target, source, each * values))
    for tower, shape in enumerate(stages[-1].shapes):
        if tower and prod(shape):
            found.append(Sent("collect", stages[-1].name, tower, 0, each * prod(shape)))
            if request.train:
                found.append(Sent("deal", stages[-1].name, 0, tower, each * prod(shape)))
    return tuple(sorted(found))


def crossing_bytes(sent: Iterable[Sent]) -> int:
    """Bytes of the network's own traffic."""
    return sum(each.bytes for each in sent if each.phase in ("forward", "backward"))


def dumps(result: Result) -> str:
    """The result as JSON."""
    return json.dumps(asdict(result))


def loads(text: str) -> Result:
    """The result that ``dumps`` wrote."""
    data: dict[str, Any] = json.loads(text)
    kinds = {"sent": Sent, "predicted": Sent, "events": Event, "gradients": Difference}
    for key, kind in kinds.items():
        data[key] = tuple(kind(**tuples(each)) for each in data[key])
    data["output"] = Difference(**data["output"])
    return Result(**tuples(data))


def tuples(data: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON knows, its lists as the tuples they were."""
    return {
        key: tuple(each) if isinstance(each, list | tuple) else each for key, each in data.items()
    }
