"""Time from choosing a photo in a browser to the display of all 96 conv1 maps, on this machine.

    python -m benchmarks.upload [uploads]

It starts a server and Chromium, with one visitor.  Every upload is a different photograph of 12
megapixels.  Times are by the browser's clock, from the choice of the file, and from the end of its
upload, to the second frame after the sheet has been decoded.  Bytes are those that the browser
received over HTTP and the websocket from the choice to the end of the script run, for the whole
page; Streamlit's own files are loaded before.  The server's CPU time does not depend on other load
on the machine; the other times do.
"""

import os
import sys
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from alexnet_viz.pictures.samples import SAMPLES
from tests.browser.browser import ensure
from tests.browser.conftest import CHROMIUM
from tests.browser.server import Server, serving
from tests.browser.watch import settled

ROOT = Path(__file__).parents[1]
UPLOADS = 12
SIZE = (4000, 3000)

CLOCK = """image => {
  window.upload = {}
  document.addEventListener('change', () => { upload.chosen = performance.now() }, true)
  image.addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(() => {
    upload.painted = performance.now()
  })))
}"""
SENT = """() => performance.getEntriesByType('resource')
  .filter(entry => entry.name.includes('upload_file')).at(-1).responseEnd"""


class Bytes:
    """Counts the bytes that a page has received."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.on("Network.loadingFinished", lambda it: self._add(it["encodedDataLength"]))
        client.on("Network.webSocketFrameReceived", lambda it: self._frame(it["response"]))

    def _add(self, size: float) -> None:
        self.count += int(size)

    def _frame(self, frame: dict[str, str]) -> None:
        text = frame["payloadData"]  # a binary frame is in base64
        self._add(len(text) * 3 // 4 if frame["opcode"] == 2 else len(text.encode()))


def photographs(count: int, folder: Path) -> list[Path]:
    """Write ``count`` different photographs as JPEG; returns their paths."""
    rng = np.random.default_rng(2012)
    names = ("astronaut", "cat", "coffee")
    paths = []
    for number in range(count):
        image = Image.fromarray(SAMPLES[names[number % 3]].load().rgb).resize(SIZE)
        grain = rng.integers(-6, 7, (SIZE[1], SIZE[0], 1))
        buffer = BytesIO()
        noisy = np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(buffer, format="JPEG", quality=88)
        paths.append(folder / f"{number}.jpg")
        paths[-1].write_bytes(buffer.getvalue())
    return paths


def resident(server: Server, field: str = "VmRSS") -> float:
    """Resident memory of the server's process, in MB; its peak with ``field`` "VmHWM"."""
    status = Path(f"/proc/{server.pid}/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1000


def busy(server: Server) -> float:
    """CPU time of the server's process so far, in ms, summed over its threads."""
    fields = Path(f"/proc/{server.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(
    page: Page, server: Server, photos: list[Path]
) -> list[tuple[float, float, float, int]]:
    """For each photo: ms from its choice, ms from the end of the upload, CPU ms, bytes received."""
    page.goto("/feature_maps?source=upload")
    image = settled(page).locator(".contact img")
    image.evaluate(CLOCK)
    received = Bytes(page)
    found = []
    for photo in photos:
        page.evaluate("upload.painted = undefined")
        bytes_before, busy_before = received.count, busy(server)
        page.locator("input[type=file]").first.set_input_files(photo)
        page.wait_for_function("upload.painted !== undefined", timeout=60_000)
        settled(page)
        chosen, painted = page.evaluate("[upload.chosen, upload.painted]")
        spent, count = busy(server) - busy_before, received.count - bytes_before
        found.append((painted - chosen, painted - page.evaluate(SENT), spent, count))
    return found


def main(uploads: int = UPLOADS) -> None:
    """Measure and print the table."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        photos = photographs(uploads + 1, Path(folder))
        with serving(ROOT / "app.py", Path(folder) / "server.log") as server:
            browser = playwright.chromium.launch(executable_path=ensure(), args=list(CHROMIUM))
            page = browser.new_context(base_url=server.url).new_page()
            _warm, *runs = measured(page, server, photos)
            memory = resident(server)
            browser.close()
    chosen, sent, spent, received = (sorted(column) for column in zip(*runs, strict=True))
    print(f"{uploads} uploads, {SIZE[0]} x {SIZE[1]} pixels\n")
    print("| what | median | largest |")
    print("|---|---:|---:|")
    print(f"| file chosen to 96 maps painted, ms | {median(chosen):.0f} | {chosen[-1]:.0f} |")
    print(f"| upload complete to 96 maps painted, ms | {median(sent):.0f} | {sent[-1]:.0f} |")
    print(
        f"| computed by the server for the whole page, ms | {median(spent):.0f} | {spent[-1]:.0f} |"
    )
    kilobytes = [each / 1e3 for each in received]
    print(f"| received by the browser, kB | {median(kilobytes):.0f} | {kilobytes[-1]:.0f} |")
    print(f"| server's memory afterwards, MB | {memory:.0f} | |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
