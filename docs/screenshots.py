"""Write ``docs/images/*.png``, the pictures of the app in the README: ``make screenshots``.

A fresh server and a headless Chromium show each link of ``VIEWS`` in English on a light ground.
The app must not complain while it is photographed, as in ``tests/browser``.
"""

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.browser import ensure
from tests.browser.conftest import CHROMIUM
from tests.browser.server import serving
from tests.browser.watch import Watch, settled

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "images"
VIEWPORT = {"width": 1440, "height": 900}
LARGEST = 300_000
"""Most bytes of one picture."""

VIEWS = {
    "architecture": "/architecture?",
    "feature_maps": "/feature_maps?layer=conv1&",
    "channel": "/channel?variant=alexnet_2012_227&source=sample&",
    "towers": "/towers?",
    "course": "/course?lesson=input-size&step=try&reveal=1&",
    "labs": "/labs?lab=pooling&",
    "compare": "/compare?compare=alexnet_2012_paper,torchvision_alexnet&",
}
"""The link of each picture, by the name of its page."""

SCROLL = {"channel": 370}
"""Pixels by which a page is scrolled first, so that the picture holds what the page is about."""


def main() -> int:
    """Write every picture; 1 if the app complained."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(CHROMIUM))
        with serving(ROOT / "app.py", Path(folder) / "server.log") as server:
            context = browser.new_context(
                base_url=server.url, viewport=VIEWPORT, locale="en-US", color_scheme="light"
            )
            watch = Watch(context, server)
            for name, link in VIEWS.items():
                page = context.new_page()
                page.goto(f"{link}lang=en")
                settled(page).mouse.move(VIEWPORT["width"] / 2, VIEWPORT["height"] - 1)
                page.mouse.wheel(0, SCROLL.get(name, 0))
                page.wait_for_timeout(500)  # the wheel is smooth
                shown = page.screenshot(animations="disabled")
                path = FOLDER / f"{name}.png"
                path.write_bytes(small(shown))
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
            complaints = watch.take() + server.complaints()
        browser.close()
    print("\n".join(complaints), file=sys.stderr)
    return bool(complaints)


def small(shot: bytes) -> bytes:
    """The PNG in at most 256 colours and ``LARGEST`` bytes.

    Raises:
        ValueError: it is larger than that.
    """
    written = BytesIO()
    colours = Image.open(BytesIO(shot)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    colours.save(written, "PNG", optimize=True)
    if written.tell() > LARGEST:
        raise ValueError(f"{written.tell():,} bytes: choose a view with less in it")
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
