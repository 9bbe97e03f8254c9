"""``python -m alexnet_viz.towers_run VARIANT``: runs a network in towers and prints the result.

Without torchrun it starts the processes itself, one per GPU, or one for all with ``--in-process``.
Under ``torchrun --nproc-per-node 2 -m alexnet_viz.towers_run VARIANT`` it is one of the processes,
and rank 0 prints.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, NoReturn

from alexnet_viz.analysis.towers.placements import LASTS
from alexnet_viz.analysis.towers.split import MAX_TOWERS
from alexnet_viz.commands.arguments import (
    Parser,
    add_network,
    add_reading,
    language_of,
    whole_number,
)
from alexnet_viz.commands.cli import asked_network, complain, traced
from alexnet_viz.model_parallel import report
from alexnet_viz.model_parallel.launcher import LIMIT, PATIENCE, launch
from alexnet_viz.model_parallel.request import MAX_BATCH, MAX_ROUNDS, Request
from alexnet_viz.model_parallel.result import Result
from alexnet_viz.model_parallel.timeline import chrome_trace
from alexnet_viz.render.tables.grid import as_json, plain
from alexnet_viz.text import LANGUAGES, Language, t
from alexnet_viz.text.problem import Problem, shown

MAX_SECONDS, MAX_SEED = 86_400, 10**9


class RunParser(Parser):
    """A parser whose errors refer to this command's ``--help``."""

    def error(self, message: str) -> NoReturn:
        try:
            super().error(message)
        except Problem as problem:
            raise Problem("run_arguments", reason=problem.values["reason"]) from None


def parser(language: Language) -> RunParser:
    """Return the parser of the command, its help in one language."""

    def word(key: str) -> str:
        return t(f"run.{key}", language)

    def cli_word(key: str) -> str:
        return t(f"cli.{key}", language)

    made = RunParser(
        prog="python -m alexnet_viz.towers_run", description=word("about"), allow_abbrev=False
    )
    add_network(made, cli_word)
    add_reading(made, cli_word)
    made.add_argument("--last", choices=LASTS, default=LASTS[0],
                      help=cli_word("last"))  # fmt: skip
    made.add_argument("--gpus", metavar="N", help=word("help_gpus"))
    made.add_argument("--batch", metavar="N", default="8", help=word("help_batch"))
    made.add_argument("--train", action="store_true", help=word("help_train"))
    made.add_argument("--rounds", metavar="N", default="3", help=word("help_rounds"))
    made.add_argument("--weights", metavar="WEIGHTS", default="random", help=word("help_weights"))
    made.add_argument("--seed", metavar="N", default="0", help=word("help_seed"))
    made.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help=word("help_device"))
    made.add_argument("--threads", metavar="N", help=word("help_threads"))
    made.add_argument("--in-process", action="store_true", help=word("help_in_process"))
    made.add_argument("--patience", metavar="SECONDS", default=str(int(PATIENCE)),
                      help=word("help_patience"))  # fmt: skip
    made.add_argument("--trace", metavar="FILE", help=word("help_trace"))
    made.add_argument("--format", choices=("table", "json"), default="table",
                      help=cli_word("format"))  # fmt: skip
    made.add_argument("--language", choices=LANGUAGES, default="en",
                      help=cli_word("language"))  # fmt: skip
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: the towers equal one device and sent what was planned; 1: they do not; 2: no run.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    language = language_of(words)
    try:
        result = _run(parser(language).parse_args(words))
    except Problem as problem:
        complain(problem, language)
        return 2
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
