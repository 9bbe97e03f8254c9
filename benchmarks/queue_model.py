"""A simulation of many visitors from the measured times of one, and what it says of 100,000.

    python -m benchmarks.queue_model --check [visitors …]     measure, predict, compare
    python -m benchmarks.queue_model --write docs/scale.md    carry the measurement on

Model: every visitor opens a page, waits for it, thinks, and opens the next; one in
``load.UPLOADING`` uploads a photograph.  A process of the app computes for all its visitors at the
same time, each at an equal share of one core, because Python's lock lets one thread run.  Of an
upload, and of the page that waits for one, only as much as another page takes is under the lock:
the photograph is decoded in a child, and the network and the pictures are computed without it, on
as many cores as they keep busy where nobody else is.  Processes on one machine share its cores, and
so do the clients where they are on the same machine.  How long a run computes is drawn from those
of visitors who were alone.

``--check`` lets visitors come one after the other before, between and after crowds on one process,
and writes what they saw, with the prediction, to ``benchmarks/measured.json``.  Every visitor is
new, with pages and a photograph that the process has not shown yet: it keeps for all visitors what
a first look computes, and the first looks are what a crowd waits behind.  As in a crowd, one in
``load.UPLOADING`` uploads: the photograph is then on further pages too, which cost more.
``--write`` reads that file, and that of ``benchmarks.cluster`` where there is one, and writes the
tables between the marks of a document.
"""

import asyncio
import heapq
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from os import cpu_count
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from benchmarks.load import (
    FROM_FILE,
    MAPS,
    ROOT,
    STEPS,
    THINK_SECONDS,
    UPLOADING,
    Found,
    Visitor,
    crowd,
    opened,
    photograph,
    quantile,
    visit,
    warm,
)
from benchmarks.memory import _children
from tests.browser.server import Server, serving

MEASURED = Path(__file__).with_name("measured.json")
USED = 14
"""Visitors who come before anything is measured, as to a process that has run for a while."""
ALONE, ALONE_THINK = 20, 0.05
"""Visitors who come one after the other, each time, and their pause in seconds."""
PHOTOGRAPHS = 4
"""Uploads, each time, whose use of cores is measured."""
APART = 1000 * UPLOADING
"""Between the numbers of the first visitors of two groups."""
CROWDS = (30, 60)
SEEDS = 25
"""Simulations of a crowd, of which the median counts."""
WITHIN = 0.2
"""How far a prediction may be from what was measured, as a share of it."""


@dataclass(frozen=True)
class Alone:
    """What a visitor's runs take while nobody else is there."""

    first: list[float]
    later: list[float]
    uploads: list[float]
    """Seconds that the server computes."""
    client: float
    """Seconds that the client computes for a run."""
    bytes: float
    """Of a run, to the visitor."""
    empty: list[float] = field(default_factory=list)
    """Of the page that waits for an upload; without any it is one of ``later``."""
    cores: float = 1.0
    """Those that an upload keeps busy, of the server and its children."""


@dataclass
class Station:
    """What computes for many at an equal share: a process of the app, or the clients."""

    width: float = 1
    """Cores that it can use."""
    each: float = 1
    """Cores that one job can use."""
    jobs: list[tuple[float, int]] = field(default_factory=list)
    """By when it is done, on this station's own clock; the visitor."""
    clock: float = 0.0
    """Seconds of a core that each of the jobs has got so far."""

    @property
    def wants(self) -> float:
        """Cores that it would use now."""
        return min(self.width, self.each * len(self.jobs))

    def left(self, share: float) -> float:
        """Seconds until its next job is done, if it gets this share of what it wants."""
        return (self.jobs[0][0] - self.clock) * len(self.jobs) / (share * self.wants)

    def add(self, seconds: float, visitor: int) -> None:
        """Take a job that needs so many seconds of a core."""
        heapq.heappush(self.jobs, (self.clock + seconds, visitor))


def simulated(
    alone: Alone,
    visitors: int,
    *,
    processes: int = 1,
    cores: float | None = None,
    clients: bool = True,
    steps: int = STEPS,
    think: float = THINK_SECONDS,
    seed: int = 0,
) -> Found:
    """What ``visitors`` would see of ``processes``; ``clients``: on the same machine."""
    rng, found, now = Random(seed), Found(), 0.0
    cores = cores or cpu_count() or 1
    servers, desk = [Station() for _ in range(processes)], Station()
    unlocked = Station(cores, min(cores, alone.cores))
    stations = [*servers, unlocked, desk]
    beyond = [0.0] * visitors
    """Seconds of a core that each visitor's run needs without the lock."""
    kinds = {"first": alone.first, "later": alone.later, "uploads": alone.uploads,
             "empty page": alone.empty or alone.later}  # fmt: skip
    page = quantile(alone.later, 0.5)
    waiting = [(rng.random() * think, visitor) for visitor in range(visitors)]
    heapq.heapify(waiting)
    plans = [["first", *(["later"] * (steps - 1))] for _ in range(visitors)]
    for plan in plans[::UPLOADING]:
        plan[1:2] = ["empty page", "uploads"]
    began = [0.0] * visitors
    while waiting or any(each.jobs for each in stations):
        busy = [each for each in stations if each.jobs]
        share = min(1.0, cores / sum(each.wants for each in busy)) if busy else 1.0
        station = min(busy, key=lambda each: each.left(share), default=None)
        ends = now + station.left(share) if station else float("inf")
        arrives = waiting[0][0] if waiting else float("inf")
        for each in busy:
            each.clock += (min(ends, arrives) - now) * share * each.wants / len(each.jobs)
        now = min(ends, arrives)
        if arrives < ends:
            visitor = heapq.heappop(waiting)[1]
            began[visitor] = now
            kind = plans[visitor][0]
            whole = locked = rng.choice(kinds[kind])
            if kind in ("empty page", "uploads"):
                locked = min(whole, page)
            beyond[visitor] = unlocked.each * (whole - locked)
            servers[visitor % processes].add(locked, visitor)
            continue
        assert station
        visitor = heapq.heappop(station.jobs)[1]
        if station is not desk and beyond[visitor]:
            unlocked.add(beyond[visitor], visitor)
            beyond[visitor] = 0.0
            continue
        if station is not desk and clients:
            desk.add(alone.client, visitor)
            continue
        kind = plans[visitor].pop(0)
        if kind != "empty page":
            getattr(found, kind).append(now - began[visitor])
        if plans[visitor]:
            pause = 0.0 if kind == "empty page" else think * (0.5 + rng.random())
            heapq.heappush(waiting, (now + pause, visitor))
    found.seconds = now + think * (0.5 + rng.random())  # the last one thinks too
    return found


def figures(found: Found) -> dict[str, float]:
    """What is compared: seconds of a later run at the middle and at 95 in 100, runs a second."""
    return {
        "p50": quantile(found.later, 0.5),
        "p95": quantile(found.later, 0.95),
        "runs a second": found.runs / found.seconds,
    }


async def alone(server: Server, since: int) -> Alone:
    """Measure visitors who come one after the other, the first of them ``since``."""
    numbers = range(since, since + ALONE)
    others = [number + APART // 2 for number in numbers[:PHOTOGRAPHS]]
    for number in (*numbers[::UPLOADING], *others):
        photograph(number)  # drawn before the clock runs
    found, before = Found(), process_time()
    for number in numbers:
        await visit(server.url, number, found, STEPS, ALONE_THINK)
    assert found.errors == [], found.errors
    client = (process_time() - before) / found.runs

    def computed(seconds: list[float]) -> list[float]:
        return [round(max(0.001, each - client), 4) for each in seconds]

    times = (computed(each) for each in (found.first, found.later, found.uploads))
    cores = await busy_cores(server, others)
    return Alone(
        *times, round(client, 4), round(found.bytes / found.runs), computed(found.empty), cores
    )


async def busy_cores(server: Server, numbers: list[int]) -> float:
    """The cores that a server and its children keep busy while photographs are uploaded."""
    spent = waited = 0.0
    for number in numbers:
        async with opened(server.url) as socket:
            visitor = Visitor(socket, server.url)
            await visitor.open(MAPS, FROM_FILE)
            before, began = cpu_seconds(server.pid), perf_counter()
            await visitor.upload(photograph(number))
            waited += perf_counter() - began
            spent += cpu_seconds(server.pid) - before
    return round(max(1.0, spent / waited), 2)


def cpu_seconds(pid: int) -> float:
    """Seconds that a process and its children have computed."""
    ticks = 0
    for each in (pid, *_children(pid)):
        with suppress(OSError):  # a child that ended meanwhile
            fields = Path(f"/proc/{each}/stat").read_text("ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def together(parts: Sequence[Alone]) -> Alone:
    """What several groups of visitors saw, each while nobody else was there."""
    lists = {
        name: [each for part in parts for each in getattr(part, name)]
        for name in ("first", "later", "uploads", "empty")
    }
    means = {
        name: round(mean(getattr(part, name) for part in parts), 4)
        for name in ("client", "bytes", "cores")
    }
    return Alone(**lists, **means)


def checked(visitors: tuple[int, ...]) -> dict[str, Any]:
    """Measure one visitor and crowds; returns both with what the model says of the crowds."""
    groups = count(0, APART)
    with TemporaryDirectory() as logs, serving(ROOT / "app.py", Path(logs) / "log") as server:
        asyncio.run(warm(server.url))
        asyncio.run(crowd(server.url, USED, think=ALONE_THINK, since=next(groups)))
        ones, crowds = [asyncio.run(alone(server, next(groups)))], []
        for number in visitors:
            crowds.append(asyncio.run(crowd(server.url, number, since=next(groups))))
            ones.append(asyncio.run(alone(server, next(groups))))
    one, rows = together(ones), []
    for number, found in zip(visitors, crowds, strict=True):
        said = [figures(simulated(one, number, seed=seed)) for seed in range(SEEDS)]
        predicted = {name: quantile((each[name] for each in said), 0.5) for name in figures(found)}
        rows.append(
            {"visitors": number, "measured": figures(found), "predicted": predicted,
             "errors": len(found.errors)}
        )  # fmt: skip
    return {"cores": cpu_count(), "alone": asdict(one), "crowds": rows}


def most_visitors(one: Alone, seconds: float, think: float = THINK_SECONDS) -> int:
    """The most visitors of one process with a core of its own whose p95 is below ``seconds``."""
    least, most = 1, 4000
    while most - least > 1:
        middle = (least + most) // 2
        found = simulated(one, middle, cores=1, clients=False, think=think, steps=12)
        least, most = (middle, most) if figures(found)["p95"] < seconds else (least, middle)
    return least


def comparison(rows: list[dict[str, Any]]) -> str:
    """The table of predictions and measurements."""
    lines = ["| visitors | figure | measured | predicted | ratio |", "|---:|---|---:|---:|---:|"]
    for row in rows:
        for name, measured in row["measured"].items():
            said = row["predicted"][name]
            lines.append(
                f"| {row['visitors']} | {name} | {measured:.3f} | {said:.3f} "
                f"| {said / measured:.2f} |"
            )
    return "\n".join(lines)


def main(*words: str) -> int:
    """Do what is asked; 1 if a prediction was too far off."""
    from benchmarks.scale import written

    if words[:1] == ("--check",):
        found = checked(tuple(map(int, words[1:])) or CROWDS)
        MEASURED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        print(comparison(found["crowds"]))
        pairs = [(row["predicted"][n], row["measured"][n])
                 for row in found["crowds"] for n in row["measured"]]  # fmt: skip
        return int(any(abs(said / real - 1) > WITHIN for said, real in pairs))
    if words[:1] == ("--write",) and len(words) == 2:
        path = Path(words[1])
        path.write_text(written(path.read_text("utf-8")), "utf-8")
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
