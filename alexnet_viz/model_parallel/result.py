"""The result of a run as plain values, without torch, so that pages can cache it.

All times are in seconds of GPU 0's clock: other processes' times are converted to it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Literal

from alexnet_viz.model_parallel.request import Phase, Request
from alexnet_viz.network.trace import FLOAT32_BYTES

Kind = Literal["compute", "wait", "exchange"]

TOLERANCE = 1e-5
"""Largest relative difference that reordered float32 sums explain."""


@dataclass(frozen=True)
class Event:
    """An interval in which a tower computed a layer, waited for another tower or exchanged maps."""

    tower: int
    layer: str
    phase: Phase
    kind: Kind
    start: float
    """Seconds since the pass began on GPU 0; before conversion, the process's own clock."""
    seconds: float
    sources: tuple[int, ...] = ()
    """Of an exchange: the towers that sent something."""


@dataclass(frozen=True, order=True)
class Sent:
    """Bytes sent from one tower to another for a layer, in one pass over the whole batch."""

    phase: Phase
    layer: str
    source: int
    target: int
    bytes: int


@dataclass(frozen=True)
class Difference:
    """Distance of a tensor of the towers from the same tensor on one device."""

    name: str
    absolute: float
    """Largest |towers - one device|."""
    relative: float
    """``absolute`` divided by the largest |one device|."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """Settings and measurements of a finished run."""

    network: str
    input_shape: tuple[int, ...]
    gpus: int
    processes: int
    backend: str
    """Transport of the tensors: "gloo", "nccl", or "copy" inside one process."""
    devices: tuple[str, ...]
    """Device of each tower."""
    threads: int
    batch: int
    train: bool
    last: str
    weights: str
    seed: int
    params: tuple[int, ...]
    """Learnable parameters that each tower held, counted in its tensors."""
    losses: tuple[float, float] | None
    """Losses of the towers and of one device; None without training."""
    output: Difference
    gradients: tuple[Difference, ...]
    """Of every weight and bias, in the order of the layers; () without training."""
    sent: tuple[Sent, ...]
    """Counted by the sender."""
    predicted: tuple[Sent, ...]
    """According to the plan."""
    events: tuple[Event, ...]
    """Of the pass with the median duration."""
    seconds: tuple[float, ...]
    """Duration of every pass after the warm-up pass."""
    alone: tuple[float, ...]
    """The same for the whole network on one device, with the threads of one process."""
    clock: float
    """Error bound of the conversion between the processes' clocks."""
    full: str = ""
    """The name of the GPU whose memory was full, so that the CPU ran it instead; else empty."""

    @property
    def stands_in(self) -> bool:
        """Whether several towers shared a device."""
        return len(set(self.devices)) < self.gpus

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Differences of the logits and of all gradients."""
        return (self.output, *self.gradients)

    @property
    def largest(self) -> Difference:
        """The largest relative difference."""
        return max(self.differences, key=lambda each: each.relative)

    @property
    def equal(self) -> bool:
        """Whether every relative difference is within ``TOLERANCE``."""
        return all(each.relative <= TOLERANCE for each in self.differences)

    @property
    def as_planned(self) -> bool:
        """Whether the transfers are those of the plan, each with the same number of bytes."""
        return Counter(self.sent) == Counter(self.predicted)


def predicted(request: Request) -> tuple[Sent, ...]:
    """Return the transfers of one pass: every fetch of the plan, and its gradient in training.

    GPU 0 collects the logits for the loss and returns their gradients: the phases "collect" and
    "deal", which do not count as the network's traffic.
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
    """Return the bytes of the network's own traffic: phases "forward" and "backward"."""
    return sum(each.bytes for each in sent if each.phase in ("forward", "backward"))
