"""One process of a run.

``python -m alexnet_viz.model_parallel.worker FOLDER RANK COUNT`` reads the request from the folder
and leaves there where it is (``place.RANK``), what went wrong (``failure.RANK``) or, on GPU 0, the
result.  It listens to nobody but its own kind, on the loopback interface, and ends when whoever
started it does: that one holds the other end of its standard input.

Under ``torchrun`` the same ``joined`` takes rank and address from the environment.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from alexnet_viz.model_parallel import process_failure, status_card
from alexnet_viz.model_parallel import request as requests
from alexnet_viz.model_parallel import result as results
from alexnet_viz.model_parallel.exchange import Exchange, OneProcess, Processes
from alexnet_viz.model_parallel.request import Request
from alexnet_viz.model_parallel.run import run
from alexnet_viz.text.problem import Problem

REQUEST, RESULT, PLACE, FAILURE, STORE = "request", "result", "place", "failure", "store"
"""Files of the folder; of the third and fourth one a rank."""


def main(folder: str, rank: str, count: str) -> int:
    """Be one process of ``count``, and say in the folder how it went."""
    here, number, processes = Path(folder), int(rank), int(count)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    come = status_card.writer(here / f"{PLACE}.{number}")
    come()  # before it waits for the others, so that one that never comes is the one behind
    request = requests.loads((here / REQUEST).read_text("utf-8"))
    try:
        with joined(request, number, processes, here / STORE) as exchange:
            result = run(request, exchange, come)
            if result:
                (here / RESULT).write_text(results.dumps(result), "utf-8")
        return 0
    except Exception as error:
        traceback.print_exc()
        place = requests.place(request, status_card.read(here / f"{PLACE}.{number}"))
        problem = process_failure.crashed(error, number, place)
        words = json.dumps(process_failure.as_plain(problem))
        (here / f"{FAILURE}.{number}").write_text(words, "utf-8")
        sys.stderr.flush()
        os._exit(1)  # at once: leaving politely would wait for connections that are lost


@contextmanager
def joined(
    request: Request, rank: int, count: int, store: Path | None = None
) -> Iterator[Exchange]:
    """What carries the maps of a run of ``count`` processes.

    ``store`` is a file by which they find each other; without one it is torchrun's address.

    Raises:
        Problem: too few GPUs.
    """
    devices = _devices(request, count)
    if count == 1:
        yield OneProcess(devices)
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
    yield Processes(device)
    dist.destroy_process_group()


def _devices(request: Request, processes: int) -> list[torch.device]:
    """Where each tower runs; in one process a single GPU may stand for all."""
    if request.device == "cpu":
        return [torch.device("cpu")] * request.gpus
    here = torch.cuda.device_count()
    if not here or (processes > 1 and here < request.gpus):
        raise Problem("run_few_gpus", needed=request.gpus if processes > 1 else 1, here=here)
    return [torch.device("cuda", tower if here >= request.gpus else 0)
            for tower in range(request.gpus)]  # fmt: skip


def _end_with_parent() -> None:
    """Standard input ends when the process that started this one has."""
    while os.read(0, 1):  # not by sys.stdin, whose lock would outlive the main thread
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
