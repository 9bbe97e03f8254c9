"""The real app in a real browser: a server, a browser, and pages that fail their test.

``page`` is an open tab whose address bar starts at the server: ``page.goto("/layer")``, then
``settled(page)``.  ``browse(locale="zh-CN", color_scheme="dark")`` opens further ones, each a
visitor of its own; ``browse(serve())`` is the first visitor of a fresh server.  Tabs at the shared
server have been used by other tests and are cleared between them (``tabs``);
``browse(cold=True)`` is one whose browser has never seen the app.  A test fails, whatever else it
asserts, if a page logged an error, threw one, showed an exception or asked a foreign host for
something, or if the server logged a traceback or a warning.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browser import ensure
from tests.browser.server import Server, serving
from tests.browser.tabs import Tab, Tabs
from tests.browser.watch import Watch

LEFT_OUT = (
    "WebUIOmniboxPopup",  # pages of the browser's own, drawn anew for every context's window
    "WebUIOmniboxAimPopup",
    # the last flag of this kind counts, so those of Playwright 1.65 are named again
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "AimEnabled"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
CHROMIUM = (
    f"--disable-features={','.join(LEFT_OUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Browse = Callable[..., Page]

FAILED = pytest.StashKey[bool]()
"""Whether a test's own part failed."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Note a failure for the fixtures that end after it; one that is tried again is not counted."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


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


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Tabs:
    """The tabs that tests at the shared server use one after the other."""
    return Tabs(chromium)


@pytest.fixture
def browse(
    tabs: Tabs,
    serve: Callable[[], Server],  # so that its servers outlive the tabs
    request: pytest.FixtureRequest,
    watches: list[Watch],
) -> Iterator[Browse]:
    """Open a tab as a new visitor; keywords are Playwright's (locale, color_scheme, ...).

    ``at`` is the server to visit; without it, the shared one.  ``cold`` is for what depends on how
    a page loads the first time.  A tab of a test that failed is not used again.
    """
    opened: list[tuple[Tab, bool]] = []

    def open_tab(at: Server | None = None, cold: bool = False, **options: Any) -> Page:
        home = at or request.getfixturevalue("server")
        once = cold or at is not None
        tab = tabs.cold(home, **options) if once else tabs.warm(home, **options)
        opened.append((tab, once))
        watches.append(tab.watch)
        return tab.page

    yield open_tab
    complaints = [line for watch in watches for line in watch.take()]
    spoiled = bool(complaints) or request.node.stash.get(FAILED, False)
    for tab, once in opened:
        if once or spoiled:
            tab.page.context.close()
        else:
            tabs.back(tab)
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(browse: Browse) -> Page:
    """A tab at the shared server."""
    return browse()
