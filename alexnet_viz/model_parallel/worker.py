"""One process of a run.

``python -m alexnet_viz.model_parallel.worker FOLDER RANK COUNT`` reads the request from the folder
and writes there a byte for every place that it reaches, its result (rank 0) or its error.  It
connects to the other processes only, on the loopback interface, and exits when the process that
started it does: that one holds the other end of the pipe at its standard input.

Under ``torchrun``, the command calls ``run_rank`` itself, and torch reads the address to meet at
from the environment.
"""

import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from alexnet_viz.model.device import describe, out_of_memory
from alexnet_viz.model_parallel import process_failure
from alexnet_viz.model_parallel.exchange import DistributedExchange, Exchange, LocalExchange
from alexnet_viz.model_parallel.launcher import FAILURE, PLACES, REQUEST, RESULT
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.model_parallel.run import run
from alexnet_viz.text.problem import Problem


def main(folder: str, rank: str, count: str) -> int:
    """Run as one process of ``count`` and write the outcome to the folder."""
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    here = Path(folder)
    request: Request = pickle.loads((here / REQUEST).read_bytes())
    with (here / f"{PLACES}.{rank}").open("wb", buffering=0) as places:
        try:
            result = run_rank(
                request, int(rank), int(count), lambda: places.write(b"."), here / "store"
            )
        except Problem as problem:
            traceback.print_exc()
            messages = process_failure.messages(problem)
            told = problem.code, messages, process_failure.texts(problem)
            (here / f"{FAILURE}.{rank}").write_bytes(pickle.dumps(told))
            sys.stderr.flush()
            os._exit(1)  # a regular exit would wait for lost connections
    if result:
        (here / RESULT).write_bytes(pickle.dumps(result))
    return 0


def run_rank(
    request: Request,
    rank: int,
    count: int,
    advance: Callable[[], object] = lambda: None,
    store: Path | None = None,
) -> Result | None:
    """Run as one process of ``count``; return the result on rank 0, elsewhere None.

    ``advance`` is called at every place of ``request.places()``.  ``store`` is the file of the
    rendezvous; without it, torchrun's environment variables are used.

    Raises:
        Problem: whatever was raised, with the rank and the place if it was unexpected.
    """
    reached = 0

    def count_place() -> None:
        nonlocal reached
        reached += 1
        advance()

    try:
        count_place()  # before the rendezvous: a process that never comes is the one behind
        with process_group(request, rank, count, store) as exchange:
            return run(request, exchange, count_place)
    except Exception as error:
        full = request.device != "cpu" and out_of_memory(error)
        name = describe(torch.device(request.device)) if full else ""
        raise process_failure.as_problem(error, rank, request.place(reached), name) from error


@contextmanager
def process_group(
    request: Request, rank: int, count: int, store: Path | None = None
) -> Iterator[Exchange]:
    """Join the process group of a run, if it has several processes; yield its exchange.

    Raises:
        Problem: there are too few GPUs.
    """
    devices = _devices(request, count)
    if count == 1:
        yield LocalExchange(devices)
        return
    own: dict[str, Any] = {} if store is None else {"init_method": store.absolute().as_uri()}
    device = devices[rank]
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group(
        "nccl" if device.type == "cuda" else "gloo",
        rank=rank,
        world_size=count,
        timeout=timedelta(seconds=request.silence),
        **own,
    )
    yield DistributedExchange(device)
    dist.destroy_process_group()


def _devices(request: Request, processes: int) -> list[torch.device]:
    """Return each tower's device; in one process a single GPU may serve all towers."""
    if request.device == "cpu":
        return [torch.device("cpu")] * request.gpus
    here = torch.cuda.device_count()
    if not here or (processes > 1 and here < request.gpus):
        raise Problem("run_few_gpus", needed=request.gpus if processes > 1 else 1, here=here)
    return [torch.device("cuda", tower if here >= request.gpus else 0)
            for tower in range(request.gpus)]  # fmt: skip


def _exit_with_parent() -> None:
    """Wait for the end of standard input, then exit."""
    while os.read(0, 1):  # sys.stdin's lock would block the interpreter's shutdown
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
