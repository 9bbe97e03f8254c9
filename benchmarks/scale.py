"""The tables of docs/scale.md from what ``queue_model --check`` and ``cluster`` measured."""

import json
import math
from pathlib import Path
from statistics import mean, median
from typing import Any, NamedTuple

from benchmarks import queue_model
from benchmarks.load import UPLOADING, quantile

CLUSTER = Path(__file__).with_name("measured_cluster.json")
BEGIN, END = "<!-- written by benchmarks.queue_model -->", "<!-- to here -->"
PROCESS_MB, SESSION_MB, PHOTOGRAPH_MB = 639, 1, 15
"""Resident memory by ``benchmarks.memory``: a process that has run a network; a session that
browses, which that table rounds to 0; one with a photograph and its maps."""
STUDENTS = (50, 1_000, 100_000)
THINKS = (5.0, 30.0)
"""Seconds between two pages: a class told what to click, and students who read."""
GOAL = 1.0
"""Seconds below which 95 of 100 page runs are to be."""
MACHINE = {"cores": 16, "memory, GB": 64, "network, Gbit/s": 10}
"""What a machine has, in which the needs of many are counted."""


class Need(NamedTuple):
    """What so many students need at once."""

    processes: int
    gigabytes: float
    runs: float
    """Page runs a second."""
    gigabits: float
    """A second, from the app to the visitors."""

    def machines(self) -> dict[str, int]:
        """Machines, by what would fill them."""
        needs = (self.processes, self.gigabytes, self.gigabits)
        shares = zip(needs, MACHINE.items(), strict=True)
        return {name: math.ceil(need / has) for need, (name, has) in shares}


def need(one: queue_model.Alone, students: int, think: float, each: int) -> Need:
    """The need of students who think so long; ``each`` is how many a process takes."""
    processes = math.ceil(students / each)
    memory = PROCESS_MB * processes + students * (
        SESSION_MB + (PHOTOGRAPH_MB - SESSION_MB) / UPLOADING
    )
    runs = students / (think + mean(one.later))
    return Need(processes, memory / 1000, runs, 8 * runs * one.bytes / 1e9)


def written(document: str) -> str:
    """The document with its tables renewed.

    Raises:
        ValueError: it lacks the marks.
        FileNotFoundError: nothing was measured.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the document needs {BEGIN} and {END}")
    found = json.loads(queue_model.MEASURED.read_text("utf-8"))
    parts = [_cost(found), _needs(queue_model.Alone(**found["alone"])), _check(found)]
    if CLUSTER.exists():
        parts.append(json.loads(CLUSTER.read_text("utf-8"))["table"])
    return "\n\n".join([before + begin, *parts, end + after])


def _cost(found: dict[str, Any]) -> str:
    one = found["alone"]
    lines = [
        f"Measured with {found['cores']} cores; the server's share of a run, in milliseconds:",
        "",
    ]
    lines += ["| | median | mean | 95 in 100 |", "|---|---:|---:|---:|"]
    names = {"first": "first page of a session", "later": "a further page",
             "uploads": "a photograph: upload, decode, pass, 96 maps"}  # fmt: skip
    for kind, name in names.items():
        seconds = one[kind]
        cells = (median(seconds), mean(seconds), quantile(seconds, 0.95))
        lines.append(f"| {name} | {' | '.join(f'{1000 * each:.0f}' for each in cells)} |")
    return "\n".join([*lines, "", f"A page run sends {one['bytes'] / 1000:.0f} kB to the visitor."])


def _needs(one: queue_model.Alone) -> str:
    lines = [
        "| students at once | seconds between pages | page runs a second | processes, a core each "
        "| memory, GB | Gbit/s | machines | bottleneck |",
        "|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    each = {think: queue_model.most_visitors(one, GOAL, think) for think in THINKS}
    for students in STUDENTS:
        for think in THINKS:
            told = need(one, students, think, each[think])
            machines = told.machines()
            most = max(machines.values())
            bottleneck = max(machines, key=lambda name: _exact(told)[name])
            lines.append(
                f"| {students:,} | {think:.0f} | {told.runs:,.0f} | {told.processes:,} "
                f"| {told.gigabytes:,.1f} | {told.gigabits:,.2f} | {most:,} "
                f"| {bottleneck.partition(',')[0]} |"
            )
    so_many = " and ".join(f"{each[think]} who pause {think:.0f} s" for think in THINKS)
    machine = ", ".join(f"{name.partition(',')[0]} {has}" for name, has in MACHINE.items())
    said = (
        f"By the model, one process with a core of its own keeps 95 of 100 page runs below "
        f"{GOAL:.0f} s for {so_many}. A machine below has {machine} (GB, Gbit/s)."
    )
    return "\n".join([said, "", *lines])


def _exact(told: Need) -> dict[str, float]:
    needs = (told.processes, told.gigabytes, told.gigabits)
    return {name: value / has for value, (name, has) in zip(needs, MACHINE.items(), strict=True)}


def _check(found: dict[str, Any]) -> str:
    off = [
        abs(row["predicted"][name] / row["measured"][name] - 1)
        for row in found["crowds"]
        for name in row["measured"]
    ]
    said = (
        f"The model against crowds on one process, the clients on the same machine; "
        f"the largest difference is {max(off):.0%} (goal: {queue_model.WITHIN:.0%}):"
    )
    return f"{said}\n\n{queue_model.comparison(found['crowds'])}"
