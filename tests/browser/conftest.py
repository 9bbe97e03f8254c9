"""The real app in a real browser: a server, a browser, and pages that fail their test.

``page`` is an open tab whose address bar starts at the server: ``page.goto("/layer")``, then
``settled(page)``.  ``browse(locale="zh-CN", color_scheme="dark")`` opens further ones, each a
visitor of its own; ``browse(serve())`` is the first visitor of a fresh server.  A test fails,
whatever else it asserts, if a page logged an error, threw one, showed an exception or asked a
foreign host for something, or if the server logged a traceback or a warning.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browser import ensure
from tests.browser.server import Server, serving
from tests.browser.watch import Watch

VIEWPORT = {"width": 1400, "height": 1000}
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Browse = Callable[..., Page]


@pytest.fixture(scope="session")
def app(root: Path) -> Path:
    """The Streamlit script under test."""
    return root / "app.py"


@pytest.fixture(scope="session")
def server(app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not mind earlier visitors."""
    with serving(app, tmp_path_factory.mktemp("server") / "streamlit.log") as server:
        yield server
        assert not (complaints := server.complaints()), "\n".join(complaints)


@pytest.fixture
def serve(app: Path, tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Start a server that nobody has visited; it ends with the test."""
    servers: list[Server] = []
    with ExitStack() as stack:

        def start() -> Server:
            log = tmp_path / f"streamlit-{len(servers)}.log"
            servers.append(stack.enter_context(serving(app, log)))
            return servers[-1]

        yield start
        complaints = [line for server in servers for line in server.complaints()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    path = ensure()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def watches() -> list[Watch]:
    """The watches of the tabs this test opened."""
    return []


@pytest.fixture
def browse(
    chromium: Browser,
    serve: Callable[[], Server],  # so that its servers outlive the tabs
    request: pytest.FixtureRequest,
    watches: list[Watch],
) -> Iterator[Browse]:
    """Open a tab as a new visitor; keywords are Playwright's (locale, color_scheme, ...).

    ``at`` is the server to visit; without it, the shared one.
    """
    with ExitStack() as stack:

        def open_tab(at: Server | None = None, **options: Any) -> Page:
            home = at or request.getfixturevalue("server")
            context = chromium.new_context(
                **{"base_url": home.url, "viewport": VIEWPORT, "locale": "en-US"} | options
            )
            stack.callback(context.close)
            watches.append(Watch(context, home))
            return context.new_page()

        yield open_tab
        complaints = [line for watch in watches for line in watch.take()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(browse: Browse) -> Page:
    """A tab at the shared server."""
    return browse()
