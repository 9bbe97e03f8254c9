"""Many visitors at once, over Streamlit's own protocol: how long a page run takes for each.

    python -m benchmarks.load [visitors] [folder …]

Every visitor is a websocket session that opens pages with other networks, inputs and languages,
and thinks between them; one in ``UPLOADING`` uploads a photograph at its first step and looks at
its maps.  A run lasts from the request until the server says that the script has finished.  The
first run of a session is counted apart from its later ones, because it also starts the session.

Each ``folder`` is a checkout of this project (``git worktree add``), served with this environment;
without one it is this checkout.  The servers take turns, ``ROUNDS`` times each, every time a fresh
one that first serves each page once.  Visitors of different rounds are the same.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.request import Request, urlopen

from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from websockets.asyncio.client import ClientConnection, connect

from alexnet_viz.pictures.samples import SAMPLES
from benchmarks.upload import busy, resident
from tests.browser.server import serving

ROOT = Path(__file__).parents[1]
VISITORS, STEPS, THINK_SECONDS, ROUNDS = 50, 8, 5.0, 2
UPLOADING = 5
"""One in so many visitors uploads a picture."""
LONGEST_SECONDS = 120
PAGES = ("", "architecture", "layer", "calculator", "towers", "compare", "family", "claims")
NETWORKS = ("alexnet_2012_paper", "torchvision_alexnet", "caffe_bvlc_alexnet", "d2l_alexnet",
            "zfnet_paper", "article_002_keras", "article_001")  # fmt: skip
INPUTS = (224, 227, 231)
MAPS, FROM_FILE = "feature_maps", "lang=en&source=upload"
BOUNDARY = "-- a photograph --"


@dataclass
class Found:
    """What the visitors of one server saw."""

    first: list[float] = field(default_factory=list)
    """Seconds of the first run of every session."""
    later: list[float] = field(default_factory=list)
    """Seconds of all other runs."""
    uploads: list[float] = field(default_factory=list)
    """Seconds from the beginning of an upload to the end of the run that shows its maps."""
    errors: list[str] = field(default_factory=list)
    """Exceptions on a page, refused uploads, lost connections."""
    megabytes: float = 0.0
    """Peak resident memory of the server's process."""
    milliseconds: float = 0.0
    """CPU time of the server's process, which depends least on other work beside it."""
    bytes: int = 0
    """Sent to the visitors over their websockets."""
    seconds: float = 0.0
    """From the first visitor to the last."""
    empty: list[float] = field(default_factory=list)
    """Seconds of the runs that show the page to which a picture is then uploaded."""

    @property
    def runs(self) -> int:
        """How often the script ran; before an upload it ran for the empty page too."""
        return len(self.first) + len(self.later) + 2 * len(self.uploads)


class Visitor:
    """A session over an open websocket."""

    def __init__(self, socket: ClientConnection, url: str) -> None:
        self.socket, self.url = socket, url
        self.session = self.uploader = ""
        self.errors: list[str] = []
        answer = socket and socket.response
        given = answer.headers.get_all("Set-Cookie") if answer else []
        self.cookies = [each.partition(";")[0] for each in given]
        """Such as the name of the replica that a proxy chose."""
        self.bytes = 0
        """Of the messages that the server sent."""

    async def open(self, page: str, query: str, held: Any = None) -> None:
        """Run the script for a page; ``held`` is the file that its uploader holds."""
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        if held is not None:
            state = asked.rerun_script.widget_states.widgets.add(id=self.uploader)
            state.file_uploader_state_value.uploaded_file_info.append(held)
        await self.socket.send(asked.SerializeToString())
        while True:
            message = await self._received()
            if message.HasField("new_session"):
                self.session = message.new_session.initialize.session_id
            if message.HasField("delta"):
                self._look(message.delta.new_element, page)
            if message.HasField("script_finished"):
                return

    async def upload(self, photograph: bytes) -> None:
        """Send a photograph to the uploader of the page that is open, and run the script."""
        asked = BackMsg()
        asked.file_urls_request.request_id = "photograph"
        asked.file_urls_request.file_names.append("photograph.jpg")
        asked.file_urls_request.session_id = self.session
        await self.socket.send(asked.SerializeToString())
        while not (message := await self._received()).HasField("file_urls_response"):
            pass
        (place,) = message.file_urls_response.file_urls
        await asyncio.to_thread(self._put, place.upload_url, photograph)
        held = BackMsg().rerun_script.widget_states.widgets.add()
        info = held.file_uploader_state_value.uploaded_file_info.add(
            name="photograph.jpg", size=len(photograph), file_id=place.file_id
        )
        info.file_urls.CopyFrom(place)
        await self.open(MAPS, FROM_FILE, info)

    def _put(self, place: str, data: bytes, name: str = "photograph.jpg") -> None:
        token = generate_xsrf_token_string()
        begin = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        headers = {
            "Content-Type": f'multipart/form-data; boundary="{BOUNDARY}"',
            "Cookie": "; ".join((f"_streamlit_xsrf={token}", *self.cookies)),
            "X-Xsrftoken": token,
        }
        body = begin.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        address = place if "://" in place else f"{self.url}/{place.lstrip('/')}"
        with urlopen(
            Request(address, data=body, headers=headers, method="PUT"), timeout=LONGEST_SECONDS
        ):
            pass

    def _look(self, element: Any, page: str) -> None:
        if element.HasField("exception"):
            self.errors.append(f"/{page}: {element.exception.type} {element.exception.message}")
        if element.HasField("file_uploader") and page == MAPS:
            self.uploader = element.file_uploader.id

    async def _received(self) -> ForwardMsg:
        sent = await asyncio.wait_for(self.socket.recv(), LONGEST_SECONDS)
        assert isinstance(sent, bytes)
        self.bytes += len(sent)
        return ForwardMsg.FromString(sent)


def opened(url: str, cookies: Sequence[str] = ()) -> Any:
    """A websocket to the server at ``url``, to be entered with ``async with``."""
    stream = url.replace("http", "ws", 1) + "/_stcore/stream"
    sent = {"Cookie": "; ".join(cookies)} if cookies else {}
    return connect(
        stream,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        origin=url,  # type: ignore[arg-type]
        additional_headers=sent,
    )


def walk(rng: Random, steps: int) -> list[tuple[str, str]]:
    """The pages that a visitor opens, each with its query."""
    return [
        (
            rng.choice(PAGES),
            f"variant={rng.choice(NETWORKS)}&input={rng.choice(INPUTS)}&"
            f"lang={rng.choice(('en', 'zh'))}",
        )
        for _ in range(steps)
    ]


async def visit(url: str, number: int, found: Found, steps: int, think: float) -> None:
    """One visitor from the first page to the last; what it saw goes into ``found``."""
    rng = Random(number)
    await asyncio.sleep(rng.random() * think)
    errors = found.errors
    try:
        async with opened(url) as socket:
            visitor = Visitor(socket, url)
            errors = visitor.errors
            for step, (page, query) in enumerate(walk(rng, steps)):
                began = perf_counter()
                if step == 1 and number % UPLOADING == 0:
                    await visitor.open(MAPS, FROM_FILE)
                    found.empty.append(perf_counter() - began)
                    began = perf_counter()
                    await visitor.upload(photograph(number))
                    found.uploads.append(perf_counter() - began)
                else:
                    await visitor.open(page, query)
                    (found.later if step else found.first).append(perf_counter() - began)
                await asyncio.sleep(think * (0.5 + rng.random()))
            found.bytes += visitor.bytes
    except Exception as error:  # a refused upload, a lost connection: counted and shown
        errors.append(f"visitor {number}: {error!r}"[:200])
    if errors is not found.errors:
        found.errors += errors


@cache
def photograph(number: int) -> bytes:
    """A photograph as a JPEG of 1600 x 1200 pixels; every number gives another."""
    name = list(SAMPLES)[number % len(SAMPLES)]
    image = Image.fromarray(SAMPLES[name].load().rgb).convert("RGB").resize((1600, 1200))
    image.putpixel((0, 0), (number % 256, number // 256 % 256, 0))
    buffer = BytesIO()
    image.rotate(number % 4, fillcolor=(number % 256, 0, 0)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


async def warm(url: str) -> None:
    """Open each page once."""
    async with opened(url) as socket:
        first = Visitor(socket, url)
        for page in (*PAGES, MAPS):
            await first.open(page, "lang=en")


async def crowd(
    url: str, visitors: int, steps: int = STEPS, think: float = THINK_SECONDS, since: int = 0
) -> Found:
    """What ``visitors`` at once see of a server; ``since`` is the number of the first of them."""
    found, numbers = Found(), range(since, since + visitors)
    for number in numbers:
        if number % UPLOADING == 0:
            photograph(number)  # drawn before the clock runs
    began = perf_counter()
    await asyncio.gather(*(visit(url, n, found, steps, think) for n in numbers))
    found.seconds = perf_counter() - began
    return found


def quantile(seconds: Iterable[float], share: float) -> float:
    """The value below which ``share`` of the values lie; not a number of none."""
    values = sorted(seconds)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def row(name: str, found: Found) -> str:
    """One server's line of the table."""
    cells = [
        f"{quantile(seconds, 0.5):.3f} / {quantile(seconds, 0.95):.3f}"
        for seconds in (found.first, found.later, found.uploads)
    ]
    computed = found.milliseconds / max(1, found.runs)
    numbers = (f"{computed:.0f}", f"{found.megabytes:.0f}", f"{len(found.errors)}")
    return f"| {name} | {' | '.join([*cells, *numbers])} |"


def measured(folders: Sequence[Path], visitors: int) -> dict[Path, Found]:
    """What the visitors of each checkout's server saw, in all rounds together."""
    found = {folder: Found() for folder in folders}
    with TemporaryDirectory() as logs:
        for turn in range(ROUNDS):
            for folder in folders[turn % len(folders) :] + folders[: turn % len(folders)]:
                with serving(folder / "app.py", Path(logs) / "server.log") as server:
                    asyncio.run(warm(server.url))
                    before = busy(server)
                    seen = asyncio.run(crowd(server.url, visitors))
                    spent, peak = busy(server) - before, resident(server, "VmHWM")
                whole = found[folder]
                whole.first += seen.first
                whole.later += seen.later
                whole.uploads += seen.uploads
                whole.errors += seen.errors
                whole.milliseconds += spent
                whole.megabytes = max(whole.megabytes, peak)
    return found


def main(visitors: str = "", *folders: str) -> None:
    """Measure and print the table."""
    count = int(visitors or VISITORS)
    found = measured([Path(each).resolve() for each in folders] or [ROOT], count)
    print(f"{count} visitors, {STEPS} pages each, {THINK_SECONDS:.0f} s between them\n")
    print("| seconds, p50 / p95 | first run | later runs | upload to maps ", end="")
    print("| CPU a run, ms | peak MB | errors |\n|---|---:|---:|---:|---:|---:|---:|")
    for folder, seen in found.items():
        print(row(folder.name, seen))
    for each in sorted({error for seen in found.values() for error in seen.errors})[:5]:
        print(each, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
