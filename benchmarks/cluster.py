"""Two processes of the app behind nginx, and two Serve replicas, against one process alone.

    python -m benchmarks.cluster [visitors [seconds between pages [rows]]]

The same visitors as ``benchmarks.load`` come to one process with the embedded engine, to two of
them behind nginx with the configuration that ships, and to two whose models are two replicas of Ray
Serve.  Then they come to the last once more, and while they are there a process of the app is
killed, and a replica of Serve.  A visitor whose connection is lost opens another one after a
second, as a browser does, and asks for the same page again; its time goes on meanwhile.

Visitors, nginx, the app and Ray share this machine, so the table says what these parts cost, and a
second process is worth something only where a core is free for it.  It needs nginx and the extra
``cluster``.  The table also goes to ``benchmarks/measured_cluster.json``, for docs/scale.md, unless
``rows`` asks for its first rows only.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from secrets import token_hex
from tempfile import TemporaryDirectory
from time import perf_counter

from websockets.exceptions import WebSocketException

from benchmarks.load import (
    FROM_FILE,
    MAPS,
    ROOT,
    STEPS,
    UPLOADING,
    Found,
    Visitor,
    opened,
    photograph,
    quantile,
    walk,
    warm,
)
from benchmarks.memory import _children, _status
from benchmarks.scale import CLUSTER
from tests.browser.proxy import proxied
from tests.browser.server import Server, _free_port, serving

VISITORS, THINK_SECONDS = 30, 2.5
BACKEND = "ALEXNET_VIZ_BACKEND"
AGAIN_SECONDS, MOST_TRIES = 1.0, 30
START_SECONDS = 120
KILLS = (0.3, 0.6)
"""When a process of the app and a replica are killed, as shares of the time."""
HEAD = """| {visitors} visitors, {think} s between pages | runs a second \
| page p50 / p95 / longest, s | upload p50 / p95, s | memory, MB | lost connections | failed |
|---|---:|---:|---:|---:|---:|---:|"""


@dataclass
class Seen(Found):
    """What the visitors saw, and how often a connection was lost."""

    lost: int = 0
    killed: list[str] = field(default_factory=list)


async def steady(url: str, number: int, seen: Seen, think: float) -> None:
    """A visitor as ``load.visit``, who connects again where the connection is lost."""
    rng, cookies, tries = Random(number), list[str](), 0
    await asyncio.sleep(rng.random() * think)
    pages = walk(rng, STEPS)
    step, began = 0, perf_counter()
    while step < STEPS:
        try:
            async with opened(url, cookies) as socket:
                visitor = Visitor(socket, url)
                visitor.cookies = cookies = visitor.cookies or cookies
                while step < STEPS:
                    if step == 1 and number % UPLOADING == 0:
                        await visitor.open(MAPS, FROM_FILE)
                        began = perf_counter() if not tries else began
                        await visitor.upload(photograph(number))
                        kind = seen.uploads
                    else:
                        await visitor.open(*pages[step])
                        kind = seen.later if step else seen.first
                    kind.append(perf_counter() - began)
                    seen.errors += visitor.errors
                    visitor.errors = []
                    step, tries = step + 1, 0
                    await asyncio.sleep(think * (0.5 + rng.random()))
                    began = perf_counter()
        except (OSError, WebSocketException, TimeoutError) as error:
            seen.lost, tries = seen.lost + 1, tries + 1
            if tries > MOST_TRIES:
                seen.errors.append(f"visitor {number}: {error!r}"[:200])
                return
            await asyncio.sleep(AGAIN_SECONDS)


async def crowd(url: str, visitors: int, think: float, kills: Sequence[object] = ()) -> Seen:
    """What visitors see, while each of ``kills`` is called at its time."""
    seen = Seen()
    for number in range(0, visitors, UPLOADING):
        photograph(number)
    began = perf_counter()
    came = asyncio.gather(*(steady(url, number, seen, think) for number in range(visitors)))
    for share, kill in zip(KILLS, kills, strict=False):
        await asyncio.sleep(max(0.0, began + share * STEPS * think - perf_counter()))
        seen.killed.append(await asyncio.to_thread(kill))  # type: ignore[arg-type]
    await came
    seen.seconds = perf_counter() - began
    return seen


def row(name: str, seen: Seen, megabytes: float) -> str:
    """One line of the table."""
    pages = [*(f"{quantile(seen.later, share):.3f}" for share in (0.5, 0.95, 1))]
    uploads = [f"{quantile(seen.uploads, share):.3f}" for share in (0.5, 0.95)]
    cells = (f"{seen.runs / seen.seconds:.1f}", " / ".join(pages), " / ".join(uploads),
             f"{megabytes:.0f}", str(seen.lost), str(len(seen.errors)))  # fmt: skip
    return f"| {name} | {' | '.join(cells)} |"


def anonymous(pids: Sequence[int]) -> float:
    """Megabytes that no file backs, of processes and all that they started."""
    waiting, found = list(pids), 0.0
    while waiting:
        pid = waiting.pop()
        try:
            waiting += _children(pid)
            found += _status(pid)[1]
        except OSError:  # has ended meanwhile
            continue
    return found


@contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for the processes that start in the block."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


@contextmanager
def head(folder: Path) -> Iterator[tuple[str, int]]:
    """The head of a Ray cluster that two apps share: its address and its process's id."""
    port, log = _free_port(), folder / "ray.log"
    options = {"port": port, "node-ip-address": "127.0.0.1", "temp-dir": folder / "ray",
               "num-cpus": max(4, os.cpu_count() or 1), "object-store-memory": 200_000_000,
               "ray-client-server-port": _free_port(), "include-dashboard": "false"}  # fmt: skip
    words = [f"--{name}={value}" for name, value in options.items()]
    with ExitStack() as stack:
        # stated, because Ray asks for a token where a file of this account has one
        for name, value in (("RAY_AUTH_MODE", "token"), ("RAY_AUTH_TOKEN", token_hex(32))):
            stack.enter_context(environment(name, value))
        sink = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("ray")), "start", "--head", "--block", *words],
            env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + START_SECONDS
            while "Ray runtime started" not in log.read_text("utf-8"):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"no cluster:\n{log.read_text('utf-8')}")
                time.sleep(0.2)
            yield f"127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(timeout=60)


def told_to_serve(address: str, *words: str) -> None:
    """``python -m alexnet_viz.serving`` for this cluster."""
    command = [sys.executable, "-m", "alexnet_viz.serving", "--address", address, *words]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=START_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def end_a_replica(address: str) -> str:
    """Kill one replica of Serve, as a crash would."""
    told_to_serve(address, "--end", "1")
    return "a replica of Serve"


def end_a_process(server: Server) -> str:
    """Kill a process of the app; it is not started again."""
    os.kill(server.pid, signal.SIGKILL)
    return "a process of the app"


def measured(visitors: int, think: float) -> Iterator[str]:
    """The lines of the table, as they are measured."""
    yield HEAD.format(visitors=visitors, think=think)
    with TemporaryDirectory() as folder, ExitStack() as all_of_it:
        place = Path(folder)

        def apps(stack: ExitStack, count: int) -> list[Server]:
            logs = [place / f"{name}.log" for name in range(count)]
            servers = [stack.enter_context(serving(ROOT / "app.py", log)) for log in logs]
            for server in servers:
                asyncio.run(warm(server.url))
            return servers

        def counted(name: str, url: str, pids: Sequence[int], kills: Sequence[object] = ()) -> str:
            seen = asyncio.run(crowd(url, visitors, think, kills))
            for each in sorted({*seen.errors})[:3]:
                print(each, file=sys.stderr)
            return row(name, seen, anonymous(pids))

        with ExitStack() as stack:
            (server,) = apps(stack, 1)
            yield counted("one process", server.url, [server.pid])
        with ExitStack() as stack:
            servers = apps(stack, 2)
            front = stack.enter_context(proxied(servers, place))
            pids = [each.pid for each in servers]
            yield counted("two processes behind nginx", front.url, pids)
        address, cluster = all_of_it.enter_context(head(place))
        told_to_serve(address, "--replicas", "2", "--each", "0.5")
        with ExitStack() as stack:
            stack.enter_context(environment(BACKEND, f"ray://{address}"))
            servers = apps(stack, 2)
            front = stack.enter_context(proxied(servers, place))
            pids = [cluster, *(each.pid for each in servers)]
            yield counted("the same, models in two Serve replicas", front.url, pids)
            kills = [lambda: end_a_process(servers[0]), lambda: end_a_replica(address)]
            name = "the same, a process and a replica killed meanwhile"
            yield counted(name, front.url, [cluster, servers[1].pid], kills)


def main(*words: str) -> None:
    """Measure, print the table and keep it."""
    visitors = int(words[0]) if words else VISITORS
    think = float(words[1]) if words[1:] else THINK_SECONDS
    rows = int(words[2]) if words[2:] else None
    lines = []
    for line in islice(measured(visitors, think), rows and 1 + rows):
        print(line, flush=True)
        lines.append(line)
    if rows:
        return
    CLUSTER.write_text(json.dumps({"table": "\n".join(lines)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
