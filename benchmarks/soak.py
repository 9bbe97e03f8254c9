"""Whether the server's memory stays flat: thousands of page runs in a few minutes.

    python -m benchmarks.soak [runs] [folder]

``SESSIONS`` visitors at a time open pages without a pause; after ``PAGES_EACH`` of them a visitor
leaves and another one comes, so sessions end as well as begin.  One line every ``LINES``-th part of
the runs: runs and sessions so far, and the resident memory of the server's process.  ``folder`` is
a checkout of this project, by default this one.  The last half says what grows: caches are full by
then, and closed sessions are swept after ``disconnectedSessionTTL``.
"""

import asyncio
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.load import ROOT, Visitor, opened, walk, warm
from benchmarks.upload import resident
from tests.browser.server import Server, serving

RUNS, LINES = 4000, 10
SESSIONS, PAGES_EACH = 4, 20


class Numbers:
    """Numbers visitors from 0 on; ``total`` is how many have come."""

    total = 0

    def __next__(self) -> int:
        self.total += 1
        return self.total - 1


async def visits(server: Server, runs: int, numbers: Numbers) -> None:
    """One visitor after the other, until they have opened ``runs`` pages."""
    while runs > 0:
        pages = walk(Random(next(numbers)), min(runs, PAGES_EACH))
        runs -= len(pages)
        async with opened(server.url) as socket:
            visitor = Visitor(socket, server.url)
            for page, query in pages:
                await visitor.open(page, query)
        if visitor.errors:
            raise RuntimeError(visitor.errors[0])


async def soaked(server: Server, runs: int, numbers: Numbers) -> float:
    """Resident memory in MB after ``runs`` more page runs, several sessions at a time."""
    share = -(-runs // SESSIONS)
    await asyncio.gather(*(visits(server, share, numbers) for _ in range(SESSIONS)))
    return resident(server)


def main(runs: str = "", folder: str = "") -> None:
    """Measure and print the table."""
    each = int(runs or RUNS) // LINES
    app = (Path(folder).resolve() if folder else ROOT) / "app.py"
    told, found = Numbers(), []
    with TemporaryDirectory() as logs, serving(app, Path(logs) / "server.log") as server:
        asyncio.run(warm(server.url))
        print("| runs | sessions | resident memory, MB |\n|---:|---:|---:|")
        print(f"| 0 | 0 | {resident(server):.0f} |", flush=True)
        for line in range(1, LINES + 1):
            found.append(asyncio.run(soaked(server, each, told)))
            print(f"| {line * each} | {told.total} | {found[-1]:.0f} |", flush=True)
    half = found[len(found) // 2 :]
    grown = (half[-1] - half[0]) / max(1, each * (len(half) - 1)) * 1000
    print(f"\nin the last half {grown:+.1f} MB per 1,000 runs")


if __name__ == "__main__":
    main(*sys.argv[1:])
