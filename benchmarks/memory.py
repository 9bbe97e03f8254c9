"""Memory of the server by what visitors bring, while they are there and after they have left.

    python -m benchmarks.memory [sessions] [folder …]

Every line of the first table is a fresh server.  ``sessions`` visitors open a page over Streamlit's
protocol, and each brings the same thing: nothing, a photograph, or a file of weights of 244 MB that
this script writes (AlexNet's parameters, drawn at random), the same one or each its own.  They look
at the maps of what they brought.  The memory is that of the server's process and its children:
resident, and of that the part that no file backs, so that the system cannot drop it.  It is read
when all have come, and again when all have left, the server's time for them to come back is over
and nobody else has come.

The second table is of six visitors, each with another network, who change their picture again and
again: the seconds of a page run, and the server's memory at the end.  A run is counted from the
request to the end of the script.

Each ``folder`` is a checkout of this project (``git worktree add``), served with this environment;
without one it is this checkout.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import torch
from streamlit.proto.BackMsg_pb2 import BackMsg

from alexnet_viz.model.build import build
from alexnet_viz.variants import VARIANTS
from benchmarks.load import MAPS, ROOT, Visitor, opened, photograph, quantile
from tests.browser.server import Server, serving

SESSIONS = 12
NETWORK = "torchvision_alexnet"
SIX = ("alexnet_2012_paper", "alexnet_2012_227", "torchvision_alexnet", "caffe_bvlc_alexnet",
       "d2l_alexnet", "zfnet_paper")  # fmt: skip
PICTURES = 12
"""Pictures that each of the six visitors looks at."""
RETURN_SECONDS, LEFT_SECONDS = 5, 45
"""For how long the server keeps who has left, and how long afterwards its memory is read."""


class Memory(NamedTuple):
    """Megabytes of a process and its children."""

    resident: float
    anonymous: float
    """The part that no file backs."""


class Kind(NamedTuple):
    """What each visitor brings."""

    title: str
    page: str
    name: str
    data: Callable[[int], bytes]
    """By the visitor's number; empty for nothing."""


class Bringer(Visitor):
    """A session that brings a file of any name to the uploader of any page."""

    def _look(self, element: Any, page: str) -> None:
        super()._look(element, MAPS)

    async def bring(self, page: str, query: str, name: str, data: bytes) -> None:
        """Open a page, send the file to its uploader and run the page with it."""
        await self.open(page, query)
        asked = BackMsg()
        asked.file_urls_request.request_id = name
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session
        await self.socket.send(asked.SerializeToString())
        while not (message := await self._received()).HasField("file_urls_response"):
            pass
        (place,) = message.file_urls_response.file_urls
        await asyncio.to_thread(self._put, place.upload_url, data, name)
        info = BackMsg().rerun_script.widget_states.widgets.add()
        held = info.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(data), file_id=place.file_id
        )
        held.file_urls.CopyFrom(place)
        await self.open(page, query, held)


def weights_file(form: str) -> bytes:
    """A file of AlexNet's weights in float32, random: ``pth`` or ``safetensors``."""
    from safetensors.torch import save

    model = build(VARIANTS[NETWORK], seed=2012)
    if form == "safetensors":
        return save(dict(model.state_dict()))
    buffer = BytesIO()
    torch.save(dict(model.state_dict()), buffer)
    return buffer.getvalue()


def another(data: bytes, number: int) -> bytes:
    """The safetensors file with another last number: another digest, the same size."""
    return data[:-4] + number.to_bytes(3, "little") + b"\x3c"


def kinds() -> list[Kind]:
    """The lines of the first table."""
    pth, safetensors = weights_file("pth"), weights_file("safetensors")
    return [
        Kind("nothing", MAPS, "", lambda number: b""),
        Kind("a photograph", MAPS, "photograph.jpg", photograph),
        Kind("one .pth for all", "weights", "alexnet.pth", lambda number: pth),
        Kind("one .safetensors for all", "weights", "a.safetensors", lambda number: safetensors),
        Kind("a .safetensors each", "weights", "a.safetensors",
             lambda number: another(safetensors, number)),
    ]  # fmt: skip


def used(server: Server) -> Memory:
    """The memory of the server's process and its children."""
    found = [_status(pid) for pid in (server.pid, *_children(server.pid))]
    return Memory(*(sum(column) for column in zip(*found, strict=True)))


def _children(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text("ascii").split()]


def _status(pid: int) -> tuple[float, float]:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    # a child that is just ending has no memory any more
    kilobytes = [int(fields.get(name, "0 kB").split()[0]) for name in ("VmRSS", "RssAnon")]
    return kilobytes[0] / 1000, kilobytes[1] / 1000


async def brought(server: Server, kind: Kind, sessions: int) -> Memory:
    """The memory when so many visitors have brought a file and look at their maps.

    They come one after the other.
    """
    query = "lang=en&source=upload" if kind.page == MAPS else "lang=en"
    async with AsyncExitStack() as stack:
        for number in range(sessions):
            visitor = Bringer(await stack.enter_async_context(opened(server.url)), server.url)
            if data := kind.data(number):
                await visitor.bring(kind.page, query, kind.name, data)
            if kind.page != MAPS or not data:
                chosen = f"&weights=own&variant={NETWORK}" if data else ""
                await visitor.open(MAPS, f"lang=en{chosen}")
            del data
            if visitor.errors:
                raise RuntimeError(visitor.errors[0])
        return used(server)


async def six(server: Server) -> list[float]:
    """Seconds of the page runs of visitors with other networks, without each one's first."""

    async def visit(number: int, network: str) -> list[float]:
        seconds = []
        async with opened(server.url) as socket:
            visitor = Visitor(socket, server.url)
            for step in range(PICTURES + 1):
                seed = 1000 * number + step
                began = perf_counter()
                await visitor.open(MAPS, f"lang=en&variant={network}&drawing_seed={seed}")
                seconds.append(perf_counter() - began)
                await asyncio.sleep(0.2)
            if visitor.errors:
                raise RuntimeError(visitor.errors[0])
        return seconds[1:]

    found = await asyncio.gather(*(visit(number, each) for number, each in enumerate(SIX)))
    return [seconds for each in found for seconds in each]


async def warm(server: Server) -> None:
    """Open both pages once."""
    async with opened(server.url) as socket:
        first = Visitor(socket, server.url)
        for page in (MAPS, "weights", MAPS):
            await first.open(page, "lang=en")
        await asyncio.sleep(3)  # the warm-up's imports


async def line(server: Server, kind: Kind, sessions: int) -> list[Memory]:
    """The memory before the visitors, with them, and after they have left."""
    await warm(server)
    await asyncio.sleep(RETURN_SECONDS)
    before = used(server)
    there = await brought(server, kind, sessions)
    await asyncio.sleep(RETURN_SECONDS + LEFT_SECONDS)
    return [before, there, used(server)]


def row(name: str, kind: str, sessions: int, found: Sequence[Memory]) -> str:
    """One line of the first table."""
    before, there, _ = found
    each = [(b - a) / sessions for a, b in zip(before, there, strict=True)]
    cells = [f"{each.resident:.0f} ({each.anonymous:.0f})" for each in found]
    return f"| {name} | {kind} | {' | '.join(cells)} | {each[0]:.0f} ({each[1]:.0f}) |"


def main(sessions: str = "", *folders: str) -> None:
    """Measure and print the tables."""
    count = int(sessions or SESSIONS)
    os.environ["STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"] = str(RETURN_SECONDS)
    roots = [Path(each).resolve() for each in folders] or [ROOT]
    print(f"{count} sessions; MB resident, in brackets what no file backs\n")
    print("| checkout | each brings | before | with them | after they left | a session |")
    print("|---|---|---:|---:|---:|---:|")
    with TemporaryDirectory() as logs:
        log = Path(logs) / "server.log"
        for kind in kinds():
            for root in roots:
                with serving(root / "app.py", log) as server:
                    found = asyncio.run(line(server, kind, count))
                print(row(root.name, kind.title, count, found), flush=True)
        print(f"\n{len(SIX)} visitors, a network each\n")
        print("| checkout | p50, s | p95, s | resident, MB |\n|---|---:|---:|---:|")
        for root in roots:
            with serving(root / "app.py", log) as server:
                asyncio.run(warm(server))
                seconds = asyncio.run(six(server))
                memory = used(server).resident
            cells = [f"{quantile(seconds, share):.2f}" for share in (0.5, 0.95)]
            print(f"| {root.name} | {' | '.join(cells)} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
