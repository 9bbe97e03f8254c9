"""``run-towers VARIANT``: runs a network in towers and prints the result.

Without torchrun it starts the processes itself, one per GPU, or one for all with ``--in-process``.
Under ``torchrun --nproc-per-node 2 -m alexnet_viz.towers_run VARIANT`` it is one of the processes,
and rank 0 prints.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from alexnet_viz.analysis.towers.placements import LASTS
from alexnet_viz.analysis.towers.split import MAX_TOWERS
from alexnet_viz.commands.arguments import (
    Parser,
    Word,
    add_format,
    add_network,
    add_reading,
    asked_network,
    traced,
    whole_number,
)
from alexnet_viz.model_parallel import report
from alexnet_viz.model_parallel.launcher import LIMIT, PATIENCE, launch
from alexnet_viz.model_parallel.request import MAX_BATCH, MAX_ROUNDS, Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.model_parallel.timeline import chrome_trace
from alexnet_viz.render.tables.grid import as_json, plain
from alexnet_viz.text import Language
from alexnet_viz.text.problem import Problem, shown

MAX_SECONDS, MAX_SEED = 86_400, 10**9


def configure(parser: Parser, word: Word) -> None:
    """Add the options."""

    def add(name: str, metavar: str, default: str | None = None) -> None:
        parser.add_argument(f"--{name}", metavar=metavar, default=default, help=word(f"run_{name}"))

    add_network(parser, word)
    add_reading(parser, word)
    parser.add_argument("--last", choices=LASTS, default=LASTS[0], help=word("last"))
    add("gpus", "N")
    add("batch", "N", "8")
    parser.add_argument("--train", action="store_true", help=word("run_train"))
    add("rounds", "N", "3")
    add("weights", "WEIGHTS", "random")
    add("seed", "N", "0")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help=word("run_device"))
    add("threads", "N")
    parser.add_argument("--in-process", action="store_true", help=word("run_in_process"))
    add("patience", "SECONDS", str(int(PATIENCE)))
    add("trace", "FILE")
    add_format(parser, word, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Run the towers and return the exit code.

    0: the towers equal one device and sent what was planned; 1: they do not.

    Raises:
        Problem: a network that does not run, options that contradict each other, a failed run.
    """
    if find_spec("torch") is None:  # the processes would all fail
        raise ModuleNotFoundError(name="torch")
    result = _run(arguments)
    if result is None:  # a rank other than 0
        return 0
    return 0 if result.equal and result.as_planned else 1


def _run(arguments: argparse.Namespace) -> Result | None:
    group = _torchrun()
    request = _request(arguments, group[1] if group else None)
    processes = 1 if arguments.in_process else request.gpus
    cores = os.cpu_count() or 1
    threads = max(1, cores // processes)
    if arguments.threads is not None:
        threads = whole_number(arguments.threads, "--threads", cores)
    request = replace(request, threads=threads)
    patience = whole_number(arguments.patience, "--patience", MAX_SECONDS)
    if arguments.trace is not None:
        _write(arguments.trace, "", "a")  # fail before the run if it cannot be written
    if group:
        from alexnet_viz.model_parallel.worker import run_rank

        result = run_rank(replace(request, silence=patience), *group)
    else:
        bar = (
            _progress_bar()
            if sys.stderr is not None and sys.stderr.isatty()
            else (lambda share: None)
        )
        # the launcher, which sees all processes, has to time out before they do
        request = replace(request, silence=max(request.silence, 2 * patience))
        result = launch(request, processes, progress=bar, patience=patience,
                        limit=max(LIMIT, patience))  # fmt: skip
    if result:
        _print(result, arguments)
    return result


def _torchrun() -> tuple[int, int] | None:
    """Return rank and number of processes if torchrun started this one."""
    needed = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
    if not all(name in os.environ for name in needed):
        return None
    return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])


def _request(arguments: argparse.Namespace, processes: int | None) -> Request:
    network = asked_network(arguments)
    result = traced(arguments, network)
    result.complete_rows()
    gpus = None
    if arguments.gpus is not None:
        gpus = whole_number(arguments.gpus, "--gpus", MAX_TOWERS)
    if processes and arguments.in_process:
        raise Problem("run_in_process_of_many", processes=processes)
    if processes and gpus not in (None, processes):
        raise Problem("run_processes", gpus=gpus, processes=processes)
    gpus = gpus or processes or network.towers
    if gpus == 1 and not (arguments.gpus or processes):
        raise Problem("run_one_tower", network=network.id)
    request = Request(
        network=result.network,
        gpus=gpus,
        last=arguments.last,
        batch=whole_number(arguments.batch, "--batch", MAX_BATCH),
        train=arguments.train,
        rounds=whole_number(arguments.rounds, "--rounds", MAX_ROUNDS),
        weights=arguments.weights,
        seed=whole_number(arguments.seed, "--seed", MAX_SEED) if arguments.seed != "0" else 0,
        device=arguments.device,
    )
    request.stages()  # raises a Problem before any process is started
    return request


def _progress_bar() -> Callable[[float], None]:
    """Return a function that draws the share done, 0 to 1, on standard error."""

    def show(share: float) -> None:
        full = round(30 * share)
        print(f"\r{'█' * full}{'░' * (30 - full)}", end="", file=sys.stderr, flush=True)

    return show


def _print(result: Result, arguments: argparse.Namespace) -> None:
    language: Language = arguments.language
    if arguments.trace is not None:
        _write(arguments.trace, json.dumps(chrome_trace(result)), "w")
    if arguments.format == "json":
        print(as_json(report.record(result)))
        return
    print(*report.sentences(result, language), sep="\n")
    for grid in (report.traffic_grid(result, language), report.times_grid(result, language)):
        print("\n" + plain(grid), end="")


def _write(path: str, timeline: str, mode: Literal["a", "w"]) -> None:
    """Write the timeline, or with mode "a" check that it can be written.

    Raises:
        Problem: it cannot be written there.
    """
    try:
        with Path(path).open(mode, encoding="utf-8") as file:
            file.write(timeline)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem("unwritten", reason=f"{shown(path, 255)}: {reason}") from None
