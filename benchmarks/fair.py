"""One visitor's heaviest work against another visitor's pages, over Streamlit's own protocol.

    python -m benchmarks.fair [seconds] [folder …]

One visitor has two tabs and starts, in both, the most expensive request of a kind that a page
allows; another opens a plain page (Architecture) and a live one (Feature maps, every time with
another drawing, so that the network runs) in turns, with a pause between.  A run lasts from the
request until the server says that the script has finished.

Each ``folder`` is a checkout of this project (``git worktree add``), served with this environment;
without one it is this checkout.  The work is stopped and its sessions are closed after ``seconds``;
every kind gets a fresh server, which first serves each page once.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load import LONGEST_SECONDS, ROOT, Visitor, opened, quantile
from tests.browser.server import serving

SECONDS, PAUSE_SECONDS, TABS = 30.0, 0.3, 2
MOST_SECONDS = 60.0
"""Longest wait for a page; the measurement then ends."""
LOOK_SECONDS = 0.5
"""How often the browser of who works asks for a fragment that reruns by itself."""

PLAIN = ("architecture", "lang=en&variant=alexnet_2012_227")
LIVE = "lang=en&source=drawing&drawing=star&drawing_seed={number}"
STAR = "lang=en&source=drawing&drawing=star"
LABELS = ("Compute the map", "Try every channel of", "Grow the picture", "Run")
"""Buttons that start work, by how their labels begin."""


def work(kind: str, tab: int) -> tuple[str, str]:
    """The page and the query of the most expensive request of a kind, another one in every tab."""
    pages = {
        "nothing": PLAIN,
        "occlusion": ("attribution", f"{STAR}&attr_method=occlusion&attr_window={8 + tab}"),
        "channel effects": ("predictions", f"{STAR}&ab_rank=fc{6 + tab}"),
        "maximisation": ("attribution", f"{STAR}&attr_method=saliency&attr_seed={tab}"),
        "sweep": ("compare", f"lang=en&compare_view=inputs&inputs_who=all&own={tab}"),
        "towers": ("towers", f"lang=en&section=run&run_batch=32&run_train=1&gpus={2 + 2 * tab}"),
    }
    return pages[kind]


KINDS = ("nothing", "occlusion", "channel effects", "maximisation", "sweep", "towers")


class Worker(Visitor):
    """A tab that presses the page's button, looks at its work, and asks again when it is done."""

    def __init__(self, socket: Any, url: str) -> None:
        super().__init__(socket, url)
        self.buttons: dict[str, str] = {}
        self.fragment = ""
        self.begun = asyncio.Event()
        """Set when the first page is there and its work is asked for."""
        self.jobs = 0

    async def keep_busy(self, page: str, query: str) -> None:
        """Open the page and work until the task is cancelled."""
        while True:
            self.buttons = {}
            await self._run(page, query)
            button = next((self.buttons[name] for name in LABELS if name in self.buttons), "")
            self.jobs += 1
            self.begun.set()
            if button:
                await self._run(page, query, button)
            while self.fragment:
                await asyncio.sleep(LOOK_SECONDS)
                await self._run(page, query, fragment=self.fragment)
            query = further(query)

    async def _run(self, page: str, query: str, button: str = "", fragment: str = "") -> None:
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        if button:
            asked.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        self.fragment = fragment
        if fragment:
            asked.rerun_script.fragment_id = fragment
            asked.rerun_script.is_auto_rerun = True
        await self.socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self.socket.recv())
            if message.HasField("auto_rerun"):
                self.fragment = message.auto_rerun.fragment_id
            if message.HasField("delta"):
                element = message.delta.new_element
                self._look(element, page)
                for name in LABELS:
                    if element.HasField("button") and element.button.label.startswith(name):
                        self.buttons[name] = element.button.id
            if message.HasField("script_finished"):
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return
                self.fragment = ""  # the whole page runs, without it if there is nothing to watch


def further(query: str) -> str:
    """The query with another drawing: nothing of the last result is of use."""
    head, _, number = query.partition("&drawing_seed=")
    return f"{head}&drawing_seed={int(number or 0) + 1}"


@dataclass
class Found:
    """Seconds of the other visitor's runs, and what went wrong."""

    plain: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    jobs: int = 0


async def against(url: str, kind: str, seconds: float) -> Found:
    """What another visitor sees while ``TABS`` tabs work."""
    found = Found()
    async with AsyncExitStack() as sockets:
        workers = [Worker(await sockets.enter_async_context(opened(url)), url) for _ in range(TABS)]
        other = Visitor(await sockets.enter_async_context(opened(url)), url)
        for page, query in (PLAIN, ("feature_maps", LIVE.format(number=0))):
            await other.open(page, query)
        tasks = [
            asyncio.create_task(each.keep_busy(*work(kind, tab)))
            for tab, each in enumerate(workers)
            if kind != "nothing"
        ]
        if tasks:
            await asyncio.wait_for(asyncio.gather(*(w.begun.wait() for w in workers)), 180)
            await asyncio.sleep(2)
        with suppress(TimeoutError):  # what was not there by then counts with that time
            await _browse(other, found, seconds)
        for task in tasks:
            if task.done():
                found.errors.append(repr(task.exception())[:200])
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        found.jobs = sum(each.jobs for each in workers)
        found.errors += [*other.errors, *(error for each in workers for error in each.errors)]
    return found


async def _browse(other: Visitor, found: Found, seconds: float) -> None:
    ends, number = perf_counter() + seconds, 0
    while perf_counter() < ends:
        number += 1
        live = ("feature_maps", LIVE.format(number=number))
        for (page, query), times in ((PLAIN, found.plain), (live, found.live)):
            began = perf_counter()
            try:
                await asyncio.wait_for(other.open(page, query), MOST_SECONDS)
            finally:
                times.append(perf_counter() - began)
            await asyncio.sleep(PAUSE_SECONDS)


async def warm(url: str) -> None:
    """Open each page once."""
    async with opened(url) as socket:
        first = Visitor(socket, url)
        for kind in KINDS:
            await asyncio.wait_for(first.open(*work(kind, 0)), LONGEST_SECONDS)
        await first.open("feature_maps", LIVE.format(number=999))


def row(folder: Path, kind: str, found: Found) -> str:
    """A line of the table."""
    cells = [
        " / ".join(f"{1000 * quantile(seconds, share):.0f}" for share in (0.5, 0.95, 1))
        for seconds in (found.plain, found.live)
    ]
    count = f"{len(found.plain) + len(found.live)}"
    return f"| {folder.name} | {kind} | {' | '.join([*cells, count, str(found.jobs)])} |"


def measured(folders: Sequence[Path], seconds: float) -> None:
    """Measure every kind of work on every checkout and print the table line by line."""
    print("| milliseconds, p50 / p95 / max | work | plain page | live page | runs | jobs asked |")
    print("|---|---|---:|---:|---:|---:|")
    with TemporaryDirectory() as logs:
        for kind in KINDS:
            for folder in folders:
                with serving(folder / "app.py", Path(logs) / "server.log") as server:
                    asyncio.run(warm(server.url))
                    found = asyncio.run(against(server.url, kind, seconds))
                print(row(folder, kind, found), flush=True)
                for each in sorted(set(found.errors))[:3]:
                    print(each, file=sys.stderr)


def main(seconds: str = "", *folders: str) -> None:
    """Measure and print the table."""
    places = [Path(each).resolve() for each in folders] or [ROOT]
    measured(places, float(seconds or SECONDS))


if __name__ == "__main__":
    main(*sys.argv[1:])
