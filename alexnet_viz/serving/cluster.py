"""The Ray cluster behind the app: started or joined, its replicas counted, set and ended.

Ray's usage statistics and its dashboard are off.  A cluster that this process started ends with it;
one that was joined goes on, with its replicas.
"""

import atexit
import logging
import os
import shutil
import socket
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from alexnet_viz.text.problem import Problem

APPLICATION, BOARD, SPACE = "alexnet-viz", "alexnet-viz-board", "alexnet-viz"
REPLICAS = "ALEXNET_VIZ_REPLICAS"
"""Environment variable: the number of replicas, "2", or the least and the most, "1-4"."""
STORE_BYTES, LEAST_STORE_BYTES = 300_000_000, 80_000_000
"""Memory for what processes hand each other; Ray takes no less than the second."""
SHARED_MEMORY = Path("/dev/shm")
REACH_SECONDS = 5.0
RUNNING = "auto"
"""As an address: the cluster of which this machine is a node already."""
MOST_WAITING = 64
"""Requests that wait in one app process for a replica; a further one is refused."""

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # read when ray is imported
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")


def wanted_replicas() -> int | tuple[int, int]:
    """What ``ALEXNET_VIZ_REPLICAS`` says; by default one, and up to half as many as cores.

    Raises:
        Problem: it is neither a number nor two.
    """
    text = os.environ.get(REPLICAS, "").strip()
    if not text:
        return 1, max(1, (os.cpu_count() or 1) // 2)
    numbers = text.split("-")
    if len(numbers) > 2 or not all(each.isdecimal() and int(each) for each in numbers):
        raise Problem("engine_replicas", variable=REPLICAS, value=text)
    least, most = int(numbers[0]), int(numbers[-1])
    if least > most:
        raise Problem("engine_replicas", variable=REPLICAS, value=text)
    return least if least == most else (least, most)


def join(address: str = "", cpus: int | None = None) -> bool:
    """Start a cluster on this machine, or be part of the one at "host:port" or of ``RUNNING``.

    A cluster that runs here may be somebody else's, so it is joined only where that is said.
    ``cpus`` is what a started one may use, by default all.  Returns whether it was started here.

    Raises:
        Problem: the cluster cannot be reached.
    """
    if joined():
        return False
    options: dict[str, Any] = {
        "logging_level": "ERROR",
        "log_to_driver": False,
        "namespace": SPACE,
    }
    if not address:
        _start(cpus, options)
        return True
    if address != RUNNING:
        _reach(address)
    import ray

    with warnings.catch_warnings():  # Ray's own, of its own code
        warnings.simplefilter("ignore")
        try:
            ray.init(address=address, **options)
        except ConnectionError as error:
            reason = str(error).splitlines()[0].rstrip(".")
            raise Problem("engine_unreachable", address=address, reason=reason) from error
    return False


def joined() -> bool:
    """Whether this process is part of a cluster."""
    import ray

    return bool(ray.is_initialized())


def _reach(address: str) -> None:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS).close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Problem("engine_unreachable", address=address, reason=reason) from error


def _start(cpus: int | None, options: dict[str, Any]) -> None:
    """Start a cluster on this machine, on its loopback address, that ends with this process."""
    import ray

    store = STORE_BYTES
    if SHARED_MEMORY.is_dir():
        free = shutil.disk_usage(SHARED_MEMORY).free
        store = max(LEAST_STORE_BYTES, min(store, int(0.8 * free)))
        if store > free:  # as in containers, which have 64 MB: then a file in the temporary folder
            os.environ["RAY_OBJECT_STORE_ALLOW_SLOW_STORAGE"] = "1"
    start = partial(
        ray.init,
        address="local",
        num_cpus=cpus,
        object_store_memory=store,
        include_dashboard=False,
        _node_ip_address="127.0.0.1",
        **options,
    )
    # Linux ends the cluster's processes with the thread that started them, so that one stays
    started: Future[object] = Future()
    Thread(target=_stay, args=(start, started), name="ray", daemon=True).start()
    started.result()
    atexit.register(leave)


_left = Event()


def _stay(start: Callable[[], object], started: "Future[object]") -> None:
    """Start the cluster, and stay for as long as it runs."""
    _left.clear()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            started.set_result(start())
    except BaseException as error:
        started.set_exception(error)
    else:
        _left.wait()


def leave() -> None:
    """Leave the cluster; one that this process started ends."""
    import ray

    if joined():
        ray.shutdown()
    _left.set()


def deploy(
    replicas: int | tuple[int, int] | None = None,
    *,
    cpus: float = 1,
    gpus: float = 0,
    most_waiting: int = MOST_WAITING,
) -> None:
    """Serve the models with so many replicas; those that serve already go on where they can."""
    number = replicas or wanted_replicas()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ray import serve

        from alexnet_viz.serving.ray_replica import deployment

        logging.getLogger("ray.serve").setLevel(logging.ERROR)
        application = deployment(number, cpus, gpus, most_waiting)
        serve.start(proxy_location="Disabled")  # the pages are its only clients: no HTTP
        serve.run(application, name=APPLICATION, route_prefix=None)


def deployed() -> bool:
    """Whether the cluster serves the models already."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ray import serve

        logging.getLogger("ray.serve").setLevel(logging.ERROR)
        return APPLICATION in serve.status().applications


def replicas() -> list[str]:
    """The names of the actors of the replicas that live."""
    import ray

    names = ray.util.list_named_actors(all_namespaces=True)
    start = f"SERVE_REPLICA::{APPLICATION}#"
    return sorted(each["name"] for each in names if each["name"].startswith(start))


def end_replica(name: str) -> None:
    """Kill a replica at once, as a crash would; Serve starts another one."""
    import ray

    ray.kill(ray.get_actor(name, namespace="serve"))


def board() -> Any:
    """The actor that knows how far the cluster's jobs are; every app process uses the same."""
    from alexnet_viz.serving.ray_replica import Board

    options = Board.options(  # type: ignore[attr-defined]
        name=BOARD, namespace=SPACE, lifetime="detached", get_if_exists=True
    )
    return options.remote()
