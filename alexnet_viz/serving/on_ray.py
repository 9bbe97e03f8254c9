"""The engine whose models are on a Ray cluster; only what is shown comes back."""

import time
from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Any

from alexnet_viz.jobs import Progress, Stop, Stopped
from alexnet_viz.jobs.job import Work
from alexnet_viz.serving import cluster
from alexnet_viz.serving.engine import Ask, Embedded, Named, Ran, Task
from alexnet_viz.text.problem import Problem

PATIENCE_SECONDS = 2.0
"""How long a request that was refused is made again before its page says that all are busy."""
AGAIN_SECONDS = 0.1
LOST_SECONDS = 60.0
"""How long a request is made again whose replica ended: a new one takes seconds to load."""
ANSWER_SECONDS = 120.0
LOOK_SECONDS = 0.2
"""How often the progress of a job is asked for."""
HALT_SECONDS = 5.0
"""How long a job that was told to stop may take until its process is ended."""
RETRIES = 2
"""How often a job is begun again whose process ended."""


def connected(address: str) -> None:
    """Join the cluster, and have it serve the models unless it does.

    Raises:
        Problem: see ``cluster.join``.
    """
    cluster.join(address)
    try:
        if not cluster.deployed():
            cluster.deploy()
    except RuntimeError as error:  # of Serve: a replica does not start
        raise Problem("engine_lost", kind=type(error).__name__) from error


class OnRay:
    """See ``engine.Engine``; what only this process can make is computed here."""

    def __init__(
        self, here: Embedded[Any, Any], named: Callable[[Any], Named | None], cpus: float = 1
    ) -> None:
        """``cpus`` is what a job takes of the cluster."""
        from ray import serve

        self._here, self._named, self._cpus = here, named, cpus
        self._handle: Any = serve.get_app_handle(cluster.APPLICATION)
        self._board = cluster.board()

    def run(self, subject: Any, pictures: Sequence[Any], ask: Ask) -> Ran:
        """See ``Engine.run``."""
        from alexnet_viz.serving.ray_replica import Asked

        named = self._named(subject)
        if named is None:
            return self._here.run(subject, pictures, ask)
        images = tuple(self._here.prepared(subject, each) for each in pictures)
        asked = Asked(named, tuple(each.digest for each in pictures), images, ask)
        return self.answer(asked)

    def answer(self, asked: Any) -> Ran:
        """The answer of a replica; asked again where one has ended, since a pass changes nothing.

        Raises:
            Problem: too many wait, no replica lives, or what the replica raised.
        """
        import ray
        from ray.exceptions import RayError, RayTaskError
        from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError

        began = time.monotonic()
        while True:
            try:
                told = self._handle.run.remote(asked).result(timeout_s=ANSWER_SECONDS)
                if told.problem:
                    raise told.problem
                return ray.get(told.stored[0]) if told.stored else told.ran  # type: ignore[no-any-return]
            except BackPressureError as error:
                if time.monotonic() - began > PATIENCE_SECONDS:
                    raise Problem("engine_busy", ahead=error.args[0]) from error
            except RayTaskError as error:  # a fault, which would come again
                raise Problem("engine_lost", kind=type(error.cause).__name__) from error
            except (DeploymentUnavailableError, TimeoutError, RayError) as error:
                if time.monotonic() - began > LOST_SECONDS:
                    raise Problem("engine_lost", kind=type(error).__name__) from error
            time.sleep(AGAIN_SECONDS)

    def submit(self, subject: Any, task: Task) -> Work:
        """See ``Engine.submit``."""
        named = self._named(subject)
        if named is None:
            return self._here.submit(subject, task)

        def work(progress: Progress, stop: Stop) -> Any:
            return self.done(named, task, progress, stop)

        return work

    def done(self, named: Named, task: Task, progress: Progress, stop: Stop) -> Any:
        """Have a worker of the cluster do a task; passes on its progress, and the wish to stop.

        Raises:
            Stopped: ``stop`` returned true.
            Problem: what the task raised, or its process ended again and again.
        """
        import ray
        from ray.exceptions import RayError, RayTaskError

        from alexnet_viz.serving import ray_replica

        job = token_hex(8)
        options: Any = ray_replica.work.options(num_cpus=self._cpus, max_retries=RETRIES)
        doing = options.remote(named, task, self._board, job)
        try:
            while True:
                ready, _ = ray.wait([doing], timeout=LOOK_SECONDS)
                share, found = ray.get(self._board.read.remote(job))
                progress(share, found)
                if ready:
                    return ray.get(doing)
                if stop():
                    self._halt(doing, job)
                    raise Stopped
        except RayTaskError as error:
            raise error.cause from error
        except RayError as error:
            raise Problem("engine_lost", kind=type(error).__name__) from error
        finally:
            self._board.forget.remote(job)

    def _halt(self, doing: Any, job: str) -> None:
        import ray

        ray.get(self._board.stop.remote(job))
        ended, _ = ray.wait([doing], timeout=HALT_SECONDS)
        if not ended:
            ray.cancel(doing, force=True)
