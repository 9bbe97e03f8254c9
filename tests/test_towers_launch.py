"""Towers in processes of their own: the same numbers, the bytes of the plan, and no hang."""

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz.model_parallel import launcher as launching
from alexnet_viz.model_parallel import process_failure, report
from alexnet_viz.model_parallel.launcher import Worker, launch
from alexnet_viz.model_parallel.process_failure import RunProblem
from alexnet_viz.model_parallel.request import Place, Request
from alexnet_viz.model_parallel.result import Result, Sent, crossing_bytes
from alexnet_viz.network.spec_file import dumps
from alexnet_viz.text import LANGUAGES
from alexnet_viz.text.problem import Problem
from tests.parallel import PAPER, in_process, request, small

BOOM = """
import sys
from alexnet_viz.model_parallel import shard, worker
forward = shard.Shard.forward
def broken(self, input):
    if sys.argv[2] == "1" and self.row.name == "conv3":
        raise ValueError("boom")
    return forward(self, input)
shard.Shard.forward = broken
sys.exit(worker.main(*sys.argv[1:]))
"""
"""A worker of which rank 1 fails at conv3."""

FULL_GPUS = """
import sys
import torch
from alexnet_viz.model_parallel import shard, worker
forward, asked = shard.Shard.forward, []
def devices(request, count):
    asked.append(request.device)
    return [torch.device("cpu")] * request.gpus
def full(self, input):
    if asked == ["cuda"] and sys.argv[2] == sys.argv[4] and self.row.name == "conv3":
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    return forward(self, input)
worker._devices = devices
worker.describe = lambda device, language="en": "CUDA: NVIDIA H200"
shard.Shard.forward = full
sys.exit(worker.main(*sys.argv[1:4]))
"""
"""A worker that takes CPUs for GPUs, one of which is full at conv3: that of rank FULL."""

LONG = 1000
"""Rounds of a run that somebody ends."""


@pytest.fixture(scope="module")
def paper() -> Result:
    """The real network, one image, two processes."""
    return launch(Request(network=PAPER, gpus=2, last="halves", batch=1, rounds=1), 2)


def test_two_processes_are_one_network(paper: Result) -> None:
    assert (paper.processes, paper.backend, paper.devices) == (2, "gloo", ("cpu", "cpu"))
    assert paper.equal, paper.largest
    assert paper.params == (30_482_612, 30_482_612)


def test_two_processes_send_what_the_plan_says(paper: Result) -> None:
    assert paper.as_planned
    assert crossing_bytes(paper.sent) == 4 * 60_672
    for ways in ((0, 1), (1, 0)):
        assert Sent("forward", "conv3", *ways, 4 * 128 * 13 * 13) in paper.sent
        assert Sent("forward", "fc6", *ways, 4 * 4608) in paper.sent
    assert not [each for each in paper.sent if each.layer in ("conv1", "conv2", "conv4", "conv5")]
    assert [each.bytes for each in paper.sent if each.phase == "collect"] == [4 * 500]


def test_both_processes_are_on_one_clock(paper: Result) -> None:
    """Every exchange ends, on both, after both have come to it."""
    assert 0 < paper.clock < 0.1
    parts = [event for event in paper.events if event.layer == "fc7" and event.phase == "forward"]
    begun = {e.tower: e.start for e in reversed(parts) if e.kind in ("wait", "exchange")}
    ended = {e.tower: e.start + e.seconds for e in parts if e.kind == "exchange"}
    assert set(begun) == set(ended) == {0, 1}
    assert max(begun.values()) <= min(ended.values()) + paper.clock


def when(share: float, act: Callable[[], object]) -> Callable[[float], None]:
    """A progress callback that acts once, when so much is done."""
    done: list[bool] = []

    def told(now: float) -> None:
        if now > share and not done:
            done.append(True)
            act()

    return told


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """The processes that the launcher starts."""
    seen: list[Worker] = []

    def started(*arguments: Any) -> Worker:
        seen.append(Worker(*arguments))
        return seen[-1]

    monkeypatch.setattr(launching, "Worker", started)
    return seen


def ended_by(signal: signal.Signals, workers: list[Worker], **limits: float) -> Problem:
    """What is said of a run whose second process gets a signal while it runs."""
    with pytest.raises(Problem) as raised:
        launch(
            request(rounds=LONG),
            2,
            progress=when(0.002, lambda: os.kill(workers[1].process.pid, signal)),
            **limits,
        )
    return raised.value


def gone(workers: list[Worker]) -> bool:
    return len(workers) == 2 and not any(worker.running for worker in workers)


def test_a_killed_process_has_a_name(workers: list[Worker]) -> None:
    problem = ended_by(signal.SIGKILL, workers)
    assert problem.code == "run_killed"
    assert "Process 1 was ended from outside by SIGKILL at " in problem.message()
    assert problem.values["phase"] in ("forward", "backward", "collect")
    assert "进程 1 在“" in problem.message("zh")
    assert gone(workers)


def test_a_stopped_process_has_a_name(workers: list[Worker]) -> None:
    problem = ended_by(signal.SIGSTOP, workers, patience=3.0)
    assert problem.code == "run_silent"
    assert "Process 1 has not moved for 3 seconds at" in problem.message()
    assert gone(workers)


def test_a_failing_process_has_a_name(
    monkeypatch: pytest.MonkeyPatch, workers: list[Worker]
) -> None:
    """The other process loses it, and is not blamed."""
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", BOOM))
    with pytest.raises(Problem) as raised:
        launch(request(), 2)
    assert raised.value.message() == "Process 1 failed at conv3, forward: ValueError: boom"
    assert gone(workers)


def test_a_full_memory_has_a_name() -> None:
    place = Place("backward", "fc6")
    words = "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.\nAt: x"
    for error in (MemoryError("full"), RuntimeError(words)):
        problem = process_failure.as_problem(error, 1, place)
        assert problem.code == "run_memory"
        assert problem.message().startswith("Process 1 ran out of memory at fc6, backward: ")
        assert "\n" not in problem.message()
    assert process_failure.as_problem(problem, 0, place) is problem


@pytest.mark.parametrize("processes", [1, 2])
def test_a_gpu_that_is_full_gives_way_to_the_cpu(
    monkeypatch: pytest.MonkeyPatch, workers: list[Worker], processes: int
) -> None:
    """All processes begin again there, and the result says so once."""
    script = f"import sys\nsys.argv.append({str(processes - 1)!r})\n{FULL_GPUS}"
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", script))
    seen: list[float] = []
    result = launch(request(device="cuda"), processes, progress=seen.append)
    assert len(workers) == 2 * processes
    assert not any(worker.running for worker in workers)
    assert result.equal
    assert result.as_planned
    assert result.full == "CUDA: NVIDIA H200"
    assert seen[-1] == pytest.approx(1, abs=0.1)
    for language in LANGUAGES:
        said = report.sentences(result, language)
        assert [each for each in said if "H200" in each] == said[:1]
        assert "CPU" in said[0]
    assert report.record(result)["full"] == "CUDA: NVIDIA H200"


def test_a_full_gpu_is_the_cause_whatever_the_others_lost() -> None:
    """NCCL says of a lost process what it says of any fault."""
    place = Place("forward", "conv3")
    lost = process_failure.as_problem(RuntimeError("NCCL error: remote process exited"), 0, place)
    full = process_failure.as_problem(torch.OutOfMemoryError("full"), 1, place, "CUDA: H200")
    assert full.message() == "Process 1 found the memory of CUDA: H200 full at conv3, forward."
    assert "--device cpu" in full.remedy()  # torchrun's processes do not begin again
    assert min((lost, full), key=launching._precedence) is full
    killed = RunProblem("run_killed", rank=0, signal="SIGKILL", **process_failure.texts(lost))
    assert min((full, killed), key=launching._precedence) is killed


def test_a_full_temporary_folder_is_no_fault_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = BOOM.replace('ValueError("boom")', 'OSError(28, "No space left on device")')
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", full))
    with pytest.raises(Problem) as reported:
        launch(request(rounds=1), 2)
    assert reported.value.code == "no_room"

    silent = "import sys; sys.exit(1)"  # its report found no room either
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", silent))
    usage = type("usage", (), {"free": 0})
    monkeypatch.setattr(launching.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(Problem) as noticed:
        launch(request(), 2)
    assert noticed.value.code == "no_room"

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(Problem) as unmade:
        launch(request(), 2)
    assert unmade.value.code == "no_room"


def test_a_process_that_cannot_even_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", "raise OSError('no room')"))
    with pytest.raises(Problem, match="Process 0 failed at its start: OSError: no room"):
        launch(request(), 2)


SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


def test_a_run_can_be_stopped(monkeypatch: pytest.MonkeyPatch, workers: list[Worker]) -> None:
    monkeypatch.setattr(launching, "WORKER", SLEEP)
    with pytest.raises(Problem, match="was stopped"):
        launch(request(), 2, stop=lambda: True)
    assert [worker.process.returncode for worker in workers] == [-signal.SIGKILL] * 2


def test_of_two_that_are_equally_far_the_stopped_one_is_named(
    monkeypatch: pytest.MonkeyPatch, workers: list[Worker]
) -> None:
    monkeypatch.setattr(launching, "WORKER", SLEEP)
    monkeypatch.setattr(launching, "STARTING", 0.5)

    def stop(share: float) -> None:
        os.kill(workers[1].process.pid, signal.SIGSTOP)

    with pytest.raises(Problem, match=r"Process 1 has not moved for \d seconds"):
        launch(request(), 2, progress=stop)


def test_a_killed_process_is_named_though_the_other_cannot_end(
    monkeypatch: pytest.MonkeyPatch, workers: list[Worker]
) -> None:
    """Nobody waits for a process that is stopped to say what it knows."""
    monkeypatch.setattr(launching, "WORKER", SLEEP)
    monkeypatch.setattr(launching, "GRACE", 30.0)

    def kill(share: float) -> None:
        os.kill(workers[0].process.pid, signal.SIGSTOP)
        os.kill(workers[1].process.pid, signal.SIGKILL)

    began = time.monotonic()
    with pytest.raises(Problem, match="Process 1 was ended from outside by SIGKILL at its start"):
        launch(request(), 2, progress=kill)
    assert time.monotonic() - began < 10
    assert gone(workers)


def test_a_run_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "WORKER", SLEEP)
    with pytest.raises(Problem, match=r"more than 0 seconds; the last process was 0 at its"):
        launch(request(), 2, limit=0.1)
    monkeypatch.setattr(launching, "STARTING", 0.05)
    with pytest.raises(Problem, match="Process 0, 1 has not moved for 0 seconds at its"):
        launch(request(), 2)


def test_workers_end_with_whoever_started_them(tmp_path: Path) -> None:
    """The pid is told by a process that starts a worker and dies without a word."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from alexnet_viz.model_parallel import launcher as l\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "worker = l.Worker(folder, 0, 2, 1)\n"
        "print(worker.process.pid, flush=True)\n"
        "os._exit(0)"
    )
    (tmp_path / "request").write_bytes(pickle.dumps(request()))  # waits for a rank 1
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    pid = int(told.stdout)
    for _ in range(300):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[-1]:
            return  # ended, and nobody has asked for its end yet
        signal.sigtimedwait([], 0.1)
    raise AssertionError(f"process {pid} lives on")


def test_under_torchrun(tmp_path: Path) -> None:
    spec, timeline = tmp_path / "small.json", tmp_path / "trace.json"
    spec.write_text(dumps(small()), "utf-8")
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"),
        *("-m", "alexnet_viz.towers_run", "--spec", str(spec), "--last", "halves", "--train"),
        *("--batch", "2", "--rounds", "1", "--format", "json", "--trace", str(timeline)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["equal"]
    assert record["as_planned"]
    assert record["processes"] == 2
    assert len(record["gradients"]) == 16
    assert {each["phase"] for each in record["sent"]} == {"forward", "collect", "deal", "backward"}
    assert record["losses"][0] == pytest.approx(in_process(request()).losses[0], rel=1e-5)
    written = json.loads(timeline.read_text("utf-8"))
    assert {event["pid"] for event in written["traceEvents"]} == {0, 1}


@pytest.mark.parametrize(
    ("weights", "english", "chinese"),
    [("nope", "No weights 'nope'", "nope"), ("five.pt", "do not fit small", "small")],
)
def test_what_a_process_refuses_is_said_here(
    weights: str, english: str, chinese: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what was raised there says more than its values, and where it has no remedy."""
    monkeypatch.chdir(tmp_path)
    torch.save({"conv1.weight": torch.zeros(5, 3, 11, 11)}, "five.pt")
    with pytest.raises(Problem) as caught:
        launch(request(weights=weights), 1)
    assert english in caught.value.explained("en")
    assert chinese in caught.value.explained("zh")


def test_the_cause_is_not_who_lost_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two complaints, the one that is not about a lost connection."""
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", "import sys; sys.exit(1)"))
    places = replace(request(), train=False).places()
    workers = [Worker(tmp_path, rank, 2, 1) for rank in (0, 1)]
    for worker in workers:
        worker.process.wait()
        worker.end()
    lost = RunProblem(
        "run_peer_lost",
        rank=0,
        peer="1",
        reason="closed",
        **process_failure.place_values(Place("check")),
    )
    full = RunProblem(
        "run_memory", rank=1, reason="full", **process_failure.place_values(Place("weights"))
    )
    for rank, problem in enumerate((lost, full)):
        (tmp_path / f"failure.{rank}").write_bytes(reported(problem))
    cause = launching.cause(workers, places)
    assert cause.message() == "Process 1 ran out of memory at the weights: full"
    (tmp_path / "failure.1").write_bytes(reported(lost))
    cause = launching.cause(workers, places)
    words = "GPU 0 lost its connection to GPU 1 (the check against one device): closed"
    assert cause.message() == words
    assert "The process of GPU 1 has ended" in cause.remedy()


def reported(problem: Problem) -> bytes:
    told = process_failure.messages(problem), process_failure.texts(problem)
    return pickle.dumps((problem.code, *told))


def test_places_are_counted_and_outlive_who_reached_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os, sys\n"
        "places = open(f'{sys.argv[1]}/places.{sys.argv[2]}', 'wb', buffering=0)\n"
        "places.write(b'.')\n"
        "sys.stdin.buffer.read(1)\n"
        "places.write(b'.')\n"
        "os.kill(os.getpid(), 9)"
    )
    monkeypatch.setattr(launching, "WORKER", (sys.executable, "-c", script))
    worker = Worker(tmp_path, 0, 1, 1)
    worker.look()
    assert worker.reached == 0
    end = time.monotonic() + 60
    while not worker.reached and time.monotonic() < end:
        worker.look()
    assert (worker.reached, worker.running) == (1, True)
    assert worker.process.stdin
    worker.process.stdin.close()
    worker.process.wait()
    assert worker.failure(request().places()).message() == (
        "Process 0 was ended from outside by SIGKILL at the weights; the others were stopped."
    )
    assert worker.reached == 2
    worker.end()
