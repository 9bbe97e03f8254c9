"""What pages ask of a model, and the engine that answers with the models of this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from alexnet_viz.jobs import Gate, Progress, Stop
from alexnet_viz.jobs.job import Work
from alexnet_viz.network.spec import Network
from alexnet_viz.network.trace import Trace
from alexnet_viz.text import Language

if TYPE_CHECKING:  # pages that run no model wait for no torch
    from torch import nn

    from alexnet_viz.model.device import Placed

Floats = NDArray[np.float32]
Subject = TypeVar("Subject", contravariant=True)
Picture = TypeVar("Picture", contravariant=True)


@dataclass(frozen=True)
class Named:
    """A model by what every process can make it from."""

    key: str
    """The key of its results in caches: ids and digests."""
    network: Network
    """The layers that run, at their input."""
    weights: str = ""
    """The id of a set of ``weights.catalogue``; empty: drawn from ``seed``."""
    seed: int = 0


@dataclass(frozen=True)
class Passes:
    """A model, and every layer's output for some pictures; all of it is read only."""

    model: nn.Sequential
    result: Trace
    """The trace of the model's network."""
    images: Sequence[Floats]
    """What the network reads, float32 (channels, height, width) each."""
    kept: Sequence[Mapping[str, Floats]]
    """By layer, the output for each picture, float32 (C, H, W) or (features,)."""


Ask = Callable[[Passes], Any]
"""Returns what a page shows.  It is sent to where the model is: a frozen dataclass of plain values,
whose ``repr`` is its key in caches."""


class Task(Protocol):
    """Long work with a model, which may be sent to another process: plain values, no closure."""

    def __call__(self, model: nn.Sequential, progress: Progress, stop: Stop, /) -> Any:
        """Return the result; raises ``Stopped`` soon after ``stop`` returns true."""


class Ran(NamedTuple):
    """What was asked, and how it was found."""

    value: Any
    milliseconds: float
    """The time of the last picture's pass."""
    device: Mapping[Language, str]
    """The name of what computed, in each language."""


class Engine(Protocol[Subject, Picture]):
    """Runs models for all visitors of a process."""

    def run(self, subject: Subject, pictures: Sequence[Picture], ask: Ask) -> Ran:
        """Pass pictures through a model; returns what ``ask`` makes of the activations.

        Raises:
            Problem: too many wait already (``engine_busy``), or the model cannot be had.
        """

    def submit(self, subject: Subject, task: Task) -> Work:
        """Long work for the queue of jobs: it reports progress, can be stopped, and returns."""


@dataclass(frozen=True)
class Embedded(Generic[Subject, Picture]):
    """The engine that is always there: the models of this process."""

    runner: Callable[[Subject], Callable[[Callable[[nn.Sequential], Any]], Placed[Any]]]
    """A function that runs a function of the model where there is room for it, in any thread."""
    traced: Callable[[Subject], Trace]
    prepared: Callable[[Subject, Picture], Floats]
    captured: Callable[[Subject, Picture], tuple[Mapping[str, Floats], float, Any]]
    """Every layer's output, the milliseconds of the pass, and the device."""
    described: Callable[[Any], Mapping[Language, str]]
    """The name of a device."""
    gate: Callable[[], Gate]

    def run(self, subject: Subject, pictures: Sequence[Picture], ask: Ask) -> Ran:
        """See ``Engine.run``; the activations stay in this process."""
        found = [self.captured(subject, each) for each in pictures]
        images = [self.prepared(subject, each) for each in pictures]
        kept, result = [each for each, _, _ in found], self.traced(subject)
        _, milliseconds, where = found[-1]

        def asked(model: nn.Sequential) -> Any:
            with self.gate():
                return ask(Passes(model, result, images, kept))

        value = self.runner(subject)(asked).made
        return Ran(value, milliseconds, self.described(where))

    def submit(self, subject: Subject, task: Task) -> Work:
        """See ``Engine.submit``."""
        run = self.runner(subject)
        return lambda progress, stop: run(lambda model: task(model, progress, stop)).made
