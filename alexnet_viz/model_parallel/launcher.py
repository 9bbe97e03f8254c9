"""Start the processes of a run and watch them, so that one that dies or hangs has a name.

Each process writes where it is on a card (``model_parallel.card``).  The one that is furthest
behind is the one the others wait for: if it does not move for a while, it is the one that hangs,
whoever complains.  Several that are equally far wait for each other; of these the system may know
which one is stopped.  If processes end in error, one that was killed or failed by itself is the
cause, and the others only lost it.

The processes find each other through a file in a folder of their own, not through a port that
somebody else may take first; gloo then connects over the loopback interface alone.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from alexnet_viz.model_parallel import process_failure, status_card
from alexnet_viz.model_parallel import request as requests
from alexnet_viz.model_parallel import result as results
from alexnet_viz.model_parallel.process_failure import RunProblem
from alexnet_viz.model_parallel.request import Place, Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.text.problem import Problem

WORKER = (sys.executable, "-m", "alexnet_viz.model_parallel.worker")
ROOT = Path(__file__).resolve().parents[2]

PATIENCE = 20.0
"""Seconds without a move after which a process counts as hung."""
STARTING = 90.0
"""The same while it loads torch, finds the others and draws the weights."""
LIMIT = 600.0
"""Seconds that a whole run may take."""
STARTED = 2
"""Places at the beginning, before the first layer."""
GRACE = 1.0
"""Seconds that the others get, when one has ended, to say what they know."""
POLL = 0.05

Workers = Sequence["subprocess.Popen[bytes]"]


def launch(
    request: Request,
    processes: int,
    *,
    progress: Callable[[float], object] = lambda share: None,
    stop: Callable[[], bool] = lambda: False,
    started: Callable[[Workers], object] = lambda workers: None,
    patience: float = PATIENCE,
    starting: float = STARTING,
    limit: float = LIMIT,
) -> Result:
    """Run what is asked for in ``processes`` processes: one a tower, or one for all of them.

    ``progress`` is told the share that is done; ``started`` gets the processes.

    Raises:
        Problem: a process died, failed or hung; the run took too long or was stopped.  None of its
            processes is left.
    """
    with TemporaryDirectory(prefix="alexnet_viz_towers_", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "request").write_text(requests.dumps(request), "utf-8")
        workers: list[subprocess.Popen[bytes]] = []
        try:
            for rank in range(processes):
                workers.append(_start(folder, rank, processes, request.threads))
            started(workers)
            _watched(workers, folder, request, progress, stop, (starting, patience), limit)
            return results.loads((folder / "result").read_text("utf-8"))
        finally:
            for worker in workers:
                _end(worker)


def _start(folder: Path, rank: int, count: int, threads: int) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "OMP_NUM_THREADS": str(threads),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    loopback = [name for _, name in socket.if_nameindex() if name.startswith("lo")]
    if loopback:
        environment["GLOO_SOCKET_IFNAME"] = loopback[0]
    with (folder / f"errors.{rank}").open("wb") as errors:
        return subprocess.Popen(
            [*WORKER, str(folder), str(rank), str(count)],
            stdin=subprocess.PIPE,  # ends with this process, and the worker with it
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
        )


def _watched(
    workers: Workers,
    folder: Path,
    request: Request,
    progress: Callable[[float], object],
    stop: Callable[[], bool],
    patience: tuple[float, float],
    limit: float,
) -> None:
    """Return when all have ended well.

    Raises:
        Problem: they have not.
    """
    places, began = len(request.places()), time.monotonic()
    last, moved = [0] * len(workers), [began] * len(workers)
    while True:
        if any(worker.poll() for worker in workers):
            raise _cause(workers, folder, request)
        running = [rank for rank, worker in enumerate(workers) if worker.poll() is None]
        if not running:
            return
        now = time.monotonic()
        for rank in running:
            at = status_card.read(folder / f"place.{rank}")
            if at != last[rank]:
                last[rank], moved[rank] = at, now
        progress(min(last[rank] for rank in running) / places)
        # the one furthest behind, of several the one that has not moved for longest
        behind = min(running, key=lambda rank: (last[rank], moved[rank]))
        still = now - max(moved[rank] for rank in running if last[rank] == last[behind])
        where = process_failure.at(requests.place(request, last[behind]))
        if stop():
            raise Problem("run_stopped")
        if now - began > limit:
            raise RunProblem("run_too_long", rank=behind, seconds=limit, **where)
        if still > patience[last[behind] > STARTED]:
            tied = [rank for rank in running if last[rank] == last[behind]]
            blamed = [rank for rank in tied if _halted(workers[rank].pid)] or tied
            ranks = ", ".join(map(str, blamed))
            raise RunProblem("run_silent", rank=ranks, seconds=still, **where)
        time.sleep(POLL)


def _halted(pid: int) -> bool:
    """Whether a process is stopped, where the system tells (proc(5): state T)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] in "Tt"


def _cause(workers: Workers, folder: Path, request: Request) -> Problem:
    """Why a run failed: the process that did not merely lose another one."""
    end = time.monotonic() + GRACE
    while time.monotonic() < end and any(worker.poll() is None for worker in workers):
        time.sleep(POLL)
    lost: Problem | None = None
    for rank, worker in enumerate(workers):
        code = worker.poll()
        if not code:
            continue
        where = requests.place(request, status_card.read(folder / f"place.{rank}"))
        problem = _failure(folder, rank, code, where)
        if not problem.code.startswith("run_peer"):
            return problem
        lost = lost or problem
    assert lost is not None
    return lost


def _failure(folder: Path, rank: int, code: int, where: Place) -> Problem:
    """What one process that ended in error says, or what its end says."""
    try:
        told = json.loads((folder / f"failure.{rank}").read_text("utf-8"))
        return process_failure.from_plain(told)
    except (OSError, ValueError):  # it could not say anything
        pass
    if code < 0:
        number = -code
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        return RunProblem("run_killed", rank=rank, signal=name, **process_failure.at(where))
    words = (folder / f"errors.{rank}").read_text("utf-8", "replace").strip().splitlines() or [""]
    reason = words[-1][: process_failure.MAX_REASON] or f"exit code {code}"
    return RunProblem("run_crashed", rank=rank, reason=reason, **process_failure.at(where))


def _end(worker: "subprocess.Popen[bytes]") -> None:
    """End a process and what holds it."""
    if worker.poll() is None:
        worker.kill()
    worker.wait()
    assert worker.stdin
    worker.stdin.close()
