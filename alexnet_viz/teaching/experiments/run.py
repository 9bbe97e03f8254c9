"""Runs an experiment: the arms are trained side by side, in plain torch.

Arms and seeds are interleaved: all are trained for some steps, then all are measured, and so on.
A run can be stopped and gone on with.
"""

import os
import platform
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from json import dumps, loads
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.jobs.job import Work
from alexnet_viz.model.device import choose
from alexnet_viz.teaching.experiments.data import pictures
from alexnet_viz.teaching.experiments.experiment import Experiment
from alexnet_viz.teaching.experiments.registry import experiment
from alexnet_viz.teaching.experiments.result import (
    Curve,
    Kernels,
    Machine,
    Request,
    Result,
)
from alexnet_viz.teaching.experiments.trained import Trained

MOMENTS = 10
"""How often all curves are measured at most, besides at the start."""
EVERY = 15
"""The fewest steps between two moments."""
KERNEL_MOMENTS = (0, 1, 4)
"""The moments at which the kernels of conv1 are kept, besides the last."""
KEPT = 4
"""Most stopped runs that are kept in memory; each takes a few MB."""


class Run:
    """A run that can be stopped and gone on with: all models, in memory.

    ``trained`` are finished arms of other runs of as many steps on the same data: an arm that is
    trained alike takes what they found, which is what it would find itself.
    """

    def __init__(
        self,
        request: Request,
        experiment: Experiment,
        device: torch.device | None = None,
        trained: Iterable[Trained] = (),
    ) -> None:
        self.request, self.experiment = request, experiment
        self.device = device or choose()
        self.data = pictures(request.data)
        known = {(each.arm.network.layers, each.arm.training, each.seed): each for each in trained}
        self.trained = [
            found.named(arm)
            if (found := known.get((arm.network.layers, arm.training, seed)))
            else Trained(arm, seed, self.data, self.device)
            for seed in request.seeds
            for arm in experiment.arms
        ]
        self.working = [each for each in self.trained if each.confusion is None]
        count = max(1, min(MOMENTS, request.steps // EVERY))
        self.planned = sorted({round(request.steps * n / count) for n in range(count + 1)})
        self.shown = {self.planned[n] for n in (*KERNEL_MOMENTS, -1) if n < len(self.planned)}
        """The steps at which the kernels of conv1 are kept."""
        self.moments: tuple[int, ...] = ()
        self.seconds = 0.0
        self.tasks = self._tasks()
        self.done, self.all = 0, len(self.working) * (request.steps + len(self.planned) + 1)

    def go_on(self, progress: Progress, stop: Stop) -> Result:
        """Train to the end and return the result; ``progress`` is told what there is so far.

        Raises:
            Stopped: by ``stop``, which is asked after every step; ``go_on`` can be called again.
        """
        told = len(self.moments)
        while not stop():
            began = time.monotonic()  # the time in ``stop`` is others': the run may be paused there
            if next(self.tasks, None) is None:
                return self.result(complete=True)
            self.done += 1
            self.seconds += time.monotonic() - began
            news = len(self.moments) > told
            told = len(self.moments)
            progress(min(1.0, self.done / max(1, self.all)), self.result() if news else None)
        raise Stopped

    def _tasks(self) -> Iterator[bool]:
        """Do the work, and yield after every piece of it."""
        step = 0
        for moment in self.planned:
            while step < moment:
                for each in self.working:
                    each.step(step)
                    yield True
                step += 1
            for each in self.working:
                each.measure(step, step in self.shown)
                yield True
            self.moments = (*self.moments, step)
            limit = self.request.seconds
            if limit is not None and self.seconds > limit:
                break
        for each in self.working:
            each.finish()
            yield True

    def result(self, complete: bool = False) -> Result:
        """What there is so far; curves end at the last moment that all have reached."""
        return Result(
            request=self.request,
            arms=tuple(arm.id for arm in self.experiment.arms),
            classes=self.data.classes,
            trainings={arm.id: asdict(arm.training) for arm in self.experiment.arms},
            networks={
                each.arm.id: loads(dumps(each.network.to_dict()))
                for each in self.trained
                if each.seed == self.request.seeds[0]
            },
            pictures={
                "train": len(self.data.train),
                **{
                    name: min(each.counts[name] for each in self.trained)
                    for name in self.trained[0].counts
                },
            },
            moments=self.moments,
            curves=tuple(cut(each.curve, len(self.moments)) for each in self.trained),
            kernels={
                each.arm.id: self._kernels(each)
                for each in self.trained
                if each.seed == self.request.seeds[0]
            },
            confusion=self._confusion() if complete else {},
            machine=Machine(
                name=machine_name(self.device),
                threads=torch.get_num_threads(),
                torch=str(torch.__version__),
                seconds=round(self.seconds, 1),
            ),
            complete=complete,
        )

    def _kernels(self, trained: Trained) -> tuple[Kernels, ...]:
        largest = max((float(each.abs().max()) for each in trained.kernels), default=1.0) or 1.0
        found = []
        for step, weights in zip(sorted(self.shown), trained.kernels, strict=False):
            pixels = (weights / largest * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8)
            last = pixels.permute(0, 2, 3, 1).contiguous().numpy()
            height, width, channels = last.shape[1:]
            shape = (len(last), height, width, channels)
            found.append(Kernels(step, shape, last.tobytes()))
        return tuple(found)

    def _confusion(self) -> dict[str, tuple[tuple[int, ...], ...]]:
        summed: dict[str, NDArray[np.int64]] = {}
        for each in self.trained:
            assert each.confusion is not None
            summed[each.arm.id] = summed.get(each.arm.id, 0) + each.confusion
        return {
            arm: tuple(tuple(map(int, row)) for row in counts) for arm, counts in summed.items()
        }


def run(
    request: Request,
    progress: Progress = lambda share, found=None: None,
    stop: Stop = lambda: False,
) -> Result:
    """Run an experiment to the end.

    Raises:
        Problem: no such experiment or data.
        Stopped: by ``stop``.
    """
    return Run(request, experiment(request.experiment)).go_on(progress, stop)


class Paused:
    """The runs that were stopped, by the key of their request: ``work`` goes on with them."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._runs: OrderedDict[str, Run] = OrderedDict()

    def work(self, request: Request) -> Work:
        """The work of a job: a stopped run of this request goes on, otherwise a new one begins."""

        def done(progress: Progress, stop: Stop) -> Result:
            with self._lock:
                going = self._runs.pop(request.key, None)
            going = going or Run(request, experiment(request.experiment))
            try:
                return going.go_on(progress, stop)
            except Stopped:
                with self._lock:
                    self._runs[request.key] = going
                    while len(self._runs) > self._most:
                        self._runs.popitem(last=False)
                raise

        return done

    def found(self, request: Request) -> Result | None:
        """What the stopped run of this request had found; None if there is none."""
        with self._lock:
            stopped = self._runs.get(request.key)
        return stopped.result() if stopped else None

    def forget(self, request: Request) -> None:
        """Drop the stopped run of this request."""
        with self._lock:
            self._runs.pop(request.key, None)


PAUSED = Paused()
"""The stopped runs of this process."""


def machine_name(device: torch.device) -> str:
    """The name of what computes: of the GPU, or of the processor with its number of cores."""
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    file = Path("/proc/cpuinfo")
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{next(iter(named), platform.machine())}, {os.cpu_count()} CPUs"


def cut(curve: Curve, moments: int) -> Curve:
    """The first moments of a curve."""
    return replace(
        curve,
        train_loss=curve.train_loss[:moments],
        train_error=curve.train_error[:moments],
        validation_error=curve.validation_error[:moments],
        gradients={name: sizes[:moments] for name, sizes in curve.gradients.items()},
    )
