"""What runs on the cluster: a replica that holds models, long work, and the board of its progress.

A replica takes the requests that wait as one batch (``serve.batch``; no ``batch_size_fn``, with
which a replica may hang, ray issue 66140), and answers with what is shown.  An answer of more than
``LARGE`` bytes goes through the object store, since large ones through a handle are slow (ray issue
47590).
"""

import asyncio
import os
import pickle
import time
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import ray
from numpy.typing import NDArray
from ray import serve

from alexnet_viz.jobs.queue import explained
from alexnet_viz.model.activations import capture
from alexnet_viz.serving.engine import Ask, Named, Passes, Ran, Task
from alexnet_viz.serving.micro_batches import MOST_TOGETHER
from alexnet_viz.serving.served_models import ServedModels, Wanted, described, traced
from alexnet_viz.text.problem import Problem
from alexnet_viz.weights.catalogue import WEIGHTS

Floats = NDArray[np.float32]

LARGE = 1_000_000
"""Bytes of an answer from which on it goes through the object store."""
WAIT_SECONDS = 0.002
"""How long a batch waits for further requests."""
PROBED = "drawings"
"""The weights with which a replica shows that it works: those that ship."""
TOLD_SECONDS = 0.1
"""Least time between two reports of progress."""
HEARD_SECONDS = 0.2
"""Least time between two questions whether to stop."""


class Asked(NamedTuple):
    """A request to a replica."""

    named: Named
    digests: tuple[str, ...]
    images: tuple[Floats, ...]
    ask: Ask

    def wanted(self) -> list[Wanted]:
        """Its passes."""
        pairs = zip(self.digests, self.images, strict=True)
        return [Wanted(self.named, *pair) for pair in pairs]


class Told(NamedTuple):
    """An answer of a replica: what was asked, or where in the object store, or why not."""

    ran: Ran | None = None
    stored: Any = None
    problem: Problem | None = None


class Replica:
    """A process of the cluster that holds models and runs pictures through them."""

    def __init__(self) -> None:
        self._models = ServedModels()
        weights = WEIGHTS[PROBED]
        self._probe = Named("probe", weights.network, weights.id)
        self.check_health()

    def check_health(self) -> None:
        """Run a picture through a model; raises if the answer is no number."""
        image = np.zeros(self._probe.network.input_shape, np.float32)
        passed = self._models.runner(self._probe)(lambda model: capture(model, image))
        last = list(passed.made.values())[-1]
        if not np.isfinite(last).all():
            raise RuntimeError("a pass of the probe is not finite")

    @serve.batch(max_batch_size=MOST_TOGETHER, batch_wait_timeout_s=WAIT_SECONDS)
    async def _together(self, asked: list[Asked]) -> list[Told]:
        return await asyncio.to_thread(self._answers, asked)

    async def run(self, asked: Asked) -> Told:
        """Answer a request."""
        told: Told = await self._together(asked)
        return told

    async def process(self) -> int:
        """The number of this process on its machine."""
        return os.getpid()

    def _answers(self, asked: list[Asked]) -> list[Told]:
        with suppress(BaseException):  # of one of them; each is told its own below
            self._models.captured([each for one in asked for each in one.wanted()])
        return [self._answer(each) for each in asked]

    def _answer(self, asked: Asked) -> Told:
        try:
            found = self._models.captured(asked.wanted())
            kept, result = [each for each, _, _ in found], traced(asked.named)
            _, milliseconds, where = found[-1]
            value = (
                self._models.runner(asked.named)(
                    lambda model: asked.ask(Passes(model, result, asked.images, kept))
                )
            ).made
            ran = Ran(value, milliseconds, described(where))
        except BaseException as error:
            return Told(problem=explained(error))
        if len(pickle.dumps(ran, protocol=5)) > LARGE:
            return Told(stored=[ray.put(ran)])
        return Told(ran)


@ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)
class Board:
    """How far every job is, and which are to stop."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[float, Any]] = {}
        self._stopped: set[str] = set()

    def tell(self, job: str, share: float, found: Any) -> None:
        """Note how far a job is."""
        self._told[job] = (share, found)

    def read(self, job: str) -> tuple[float, Any]:
        """How far a job is, and what it has found."""
        return self._told.get(job, (0.0, None))

    def stop(self, job: str) -> None:
        """Tell a job to stop."""
        self._stopped.add(job)

    def stopped(self, job: str) -> bool:
        """Whether a job is to stop."""
        return job in self._stopped

    def forget(self, job: str) -> None:
        """Forget a job that is over."""
        self._told.pop(job, None)
        self._stopped.discard(job)


_models: ServedModels | None = None


def _of_this_worker() -> ServedModels:
    global _models
    if _models is None:
        _models = ServedModels()
    return _models


@ray.remote
def work(named: Named, task: Task, board: Any, job: str) -> Any:
    """Do long work in a worker of the cluster; it tells the board, and asks it whether to stop."""
    last = {"told": 0.0, "heard": 0.0}

    def progress(share: float, found: Any = None, /) -> None:
        now = time.monotonic()
        if now - last["told"] >= TOLD_SECONDS:
            last["told"] = now
            board.tell.remote(job, share, found)

    def stop() -> bool:
        now = time.monotonic()
        if now - last["heard"] < HEARD_SECONDS:
            return False
        last["heard"] = now
        return bool(ray.get(board.stopped.remote(job)))

    run = _of_this_worker().runner(named)
    return run(lambda model: task(model, progress, stop)).made


def deployment(replicas: int | tuple[int, int], cpus: float, gpus: float, most_waiting: int) -> Any:
    """The application: so many replicas, or between two numbers as many as the load needs."""
    number: dict[str, Any] = {"num_replicas": replicas}
    if isinstance(replicas, tuple):
        least, most = replicas
        number = {
            "autoscaling_config": {
                "min_replicas": least,
                "max_replicas": most,
                "target_ongoing_requests": MOST_TOGETHER / 2,
                "upscale_delay_s": 3.0,
                "downscale_delay_s": 120.0,
            }
        }
    made = serve.deployment(
        **number,
        max_ongoing_requests=2 * MOST_TOGETHER,
        max_queued_requests=most_waiting,
        health_check_period_s=10.0,
        graceful_shutdown_timeout_s=20.0,
        graceful_shutdown_wait_loop_s=0.5,
        ray_actor_options={"num_cpus": cpus, "num_gpus": gpus},
        logging_config={"log_level": "WARNING", "enable_access_log": False},
    )(Replica)
    return made.bind()
