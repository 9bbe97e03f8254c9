"""Starts the processes of a run, watches them and names the one that died or hangs.

Each process appends a byte to its file ``places.RANK`` at every place of ``Request.places()``.  The
process that is furthest behind is the one that the others wait for: if it does not advance for a
while, it hangs.  Of several that are equally far, those that the operating system reports as
stopped are named.  If processes exit with an error, the cause is one that was killed or failed by
itself, not one that lost its connection to it.

The processes meet in a ``FileStore`` in a private temporary folder, so that no port is fixed and
two runs never mix; gloo connects over the loopback interface only.

``torch.distributed.elastic`` (torch 2.13) does not replace this module.  Measured with two workers
on two busy cores, started by its ``multiprocessing.start_processes``:

- It knows exit codes and signals, but not the place of a process, and detects no hang.  Nor does
  torchrun's agent, which uses it.
- When a process was killed it was named after 0.2 s, here after 0.3 to 0.5 s.  But first the others
  get SIGTERM and up to 30 s to end: with the other one stopped by SIGSTOP it took 30.3 s, here 0.3.
- Its subprocesses survive when the process that started them is killed: both did, here none.  Those
  of its ``spawn`` method end, but import ``__main__`` first, under Streamlit the page's script.
- It replaces the handlers of SIGINT, SIGTERM, SIGHUP and SIGQUIT and does not restore them; outside
  the main thread, where pages run, it logs a warning instead.
- Importing it takes 1.8 s of CPU time and 224 MB in the process that starts a run, this module
  0.1 s and 18 MB.
"""

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from alexnet_viz.model_parallel.process_failure import (
    GPU_FULL,
    MAX_REASON,
    ReportedProblem,
    RunProblem,
    place_values,
)
from alexnet_viz.model_parallel.request import Place, Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.text.local_file import no_room, temporary_folder
from alexnet_viz.text.problem import Problem

WORKER = (sys.executable, "-m", "alexnet_viz.model_parallel.worker")
ROOT = Path(__file__).resolve().parents[2]
REQUEST, RESULT, PLACES, FAILURE, ERRORS = "request", "result", "places", "failure", "errors"
"""Files in the folder of a run; the last three exist once per rank."""

PATIENCE = 20.0
"""Seconds without progress after which a process counts as hung."""
STARTING = 90.0
"""The same while it imports torch, meets the others and draws the weights."""
LIMIT = 600.0
"""Most seconds of a whole run."""
STARTED = 2
"""Number of places before the first layer."""
GRACE = 1.0
"""Seconds that the others have, after one has failed, to report what they know."""
LEAST_ROOM = 1 << 16
"""Bytes that a process needs in the folder of a run to report an error."""
POLL = 0.05
"""Seconds between two looks at the processes."""


def launch(
    request: Request,
    processes: int,
    *,
    progress: Callable[[float], object] = lambda share: None,
    stop: Callable[[], bool] = lambda: False,
    patience: float = PATIENCE,
    limit: float = LIMIT,
    niceness: int = 0,
) -> Result:
    """Run a request in ``processes`` processes: one per tower, or one for all.

    ``progress`` is called with the share of places reached, 0 to 1; ``stop`` is polled.
    ``niceness`` is by how much the processes' priority is lowered (POSIX, nice).  If a GPU's memory
    is full, the CPU runs the request from its beginning, and the result says so.

    Raises:
        Problem: a process died, failed or hung, the run took more than ``limit`` seconds or was
            stopped, the temporary folder is full.  All its processes have ended.
    """

    def launched(request: Request) -> Result:
        return _launched(request, processes, progress, stop, patience, limit, niceness)

    try:
        return launched(request)
    except Problem as problem:
        if problem.code != GPU_FULL:
            raise
        full = str(problem.values["device"])
    return replace(launched(replace(request, device="cpu")), full=full)


def _launched(
    request: Request,
    processes: int,
    progress: Callable[[float], object],
    stop: Callable[[], bool],
    patience: float,
    limit: float,
    niceness: int,
) -> Result:
    with temporary_folder("towers_") as folder:
        (folder / REQUEST).write_bytes(pickle.dumps(request))
        workers: list[Worker] = []
        try:
            for rank in range(processes):
                workers.append(Worker(folder, rank, processes, request.threads, niceness))
            _wait(workers, request.places(), progress, stop, patience, limit)
            result: Result = pickle.loads((folder / RESULT).read_bytes())
            return result
        finally:
            for worker in workers:
                worker.end()


class Worker:
    """A process of a run, started by this one."""

    def __init__(
        self, folder: Path, rank: int, count: int, threads: int, niceness: int = 0
    ) -> None:
        self.folder, self.rank = folder, rank
        self.reached, self.moved = 0, time.monotonic()
        """Number of places reached, and when the last change of it was seen."""
        environment = os.environ | {
            "OMP_NUM_THREADS": str(threads),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        }
        loopback = [name for _, name in socket.if_nameindex() if name.startswith("lo")]
        if loopback:
            environment["GLOO_SOCKET_IFNAME"] = loopback[0]
        with self._file(ERRORS).open("wb") as errors:
            self.process = subprocess.Popen(
                [*WORKER, str(folder), str(rank), str(count)],
                stdin=subprocess.PIPE,  # closed when this process ends, and the worker then exits
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=environment,
            )
        if niceness and hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, niceness)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.{self.rank}"

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    @property
    def halted(self) -> bool:
        """Whether the operating system has stopped the process (Linux; proc(5), state T)."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8", "replace")
        except OSError:
            return False
        return stat.rpartition(")")[2].split()[0] in "Tt"

    def look(self) -> None:
        """Update ``reached`` and ``moved``; the file survives a process that is killed."""
        file = self._file(PLACES)
        reached = file.stat().st_size if file.exists() else 0
        if reached != self.reached:
            self.reached, self.moved = reached, time.monotonic()

    def failure(self, places: Sequence[Place]) -> Problem:
        """Return the error that the ended process reported, or the one that its exit code tells."""
        try:
            return ReportedProblem(*pickle.loads(self._file(FAILURE).read_bytes()))
        except (OSError, EOFError, pickle.UnpicklingError):  # it had no time to report
            pass
        self.look()
        code = self.process.returncode
        where = place_values(places[max(self.reached - 1, 0)])
        if code < 0:
            number = -code
            name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
            return RunProblem("run_killed", rank=self.rank, signal=name, **where)
        if shutil.disk_usage(self.folder).free < LEAST_ROOM:  # it could not even say so
            return no_room(self.folder.parent)
        lines = self._file(ERRORS).read_text("utf-8", "replace").strip().splitlines() or [""]
        reason = lines[-1][:MAX_REASON] or f"exit code {code}"
        return RunProblem("run_crashed", rank=self.rank, reason=reason, **where)

    def end(self) -> None:
        """Kill the process if it is running, and close its pipe."""
        if self.running:
            self.process.kill()
        self.process.wait()
        assert self.process.stdin
        self.process.stdin.close()


def _wait(
    workers: Sequence[Worker],
    places: Sequence[Place],
    progress: Callable[[float], object],
    stop: Callable[[], bool],
    patience: float,
    limit: float,
) -> None:
    """Return when all processes have ended without an error.

    Raises:
        Problem: as ``launch``.
    """
    end = time.monotonic() + limit
    while True:
        if any(worker.process.poll() for worker in workers):
            raise cause(workers, places)
        running = [worker for worker in workers if worker.running]
        if not running:
            return
        for worker in running:
            worker.look()
        reached = min(worker.reached for worker in running)
        progress(reached / len(places))
        behind = [worker for worker in running if worker.reached == reached]
        now = time.monotonic()
        still = now - max(worker.moved for worker in behind)
        where = place_values(places[max(reached - 1, 0)])
        if stop():
            raise Problem("run_stopped")
        if now > end:
            first = min(behind, key=lambda worker: worker.moved)
            raise RunProblem("run_too_long", rank=first.rank, seconds=limit, **where)
        if still > (patience if reached > STARTED else STARTING):
            named = [worker for worker in behind if worker.halted] or behind
            ranks = ", ".join(str(worker.rank) for worker in named)
            raise RunProblem("run_silent", rank=ranks, seconds=still, **where)
        time.sleep(POLL)


def cause(workers: Sequence[Worker], places: Sequence[Place]) -> Problem:
    """Return why a run failed, after at least one process ended with an error.

    A killed process is the cause.  Without one, the others get ``GRACE`` seconds to end too, and
    the cause is one whose GPU was full, else the first by rank that did not merely lose its
    connection.
    """
    end = time.monotonic() + GRACE
    while True:
        waiting = time.monotonic() < end and any(worker.running for worker in workers)
        problems = [worker.failure(places) for worker in workers if worker.process.poll()]
        problem = min(problems, key=_precedence)
        if problem.code == "run_killed" or not waiting:
            return problem
        time.sleep(POLL)


def _precedence(problem: Problem) -> tuple[bool, bool, bool]:
    code = problem.code
    return code != "run_killed", code != GPU_FULL, code.startswith("run_peer")
