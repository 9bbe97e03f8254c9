"""Tabs that stay open from one test to the next.

Most of what a page costs in a new browser context is Chromium compiling Streamlit's scripts again;
a tab that has shown a page before has them compiled.  What a visitor's first visit would not find
is taken away between two tests: the page and its session, what it stored, cookies, the tab's
history, routes, and how the window is emulated.  Cache and compiled scripts stay.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.server import Server
from tests.browser.watch import Watch

VIEWPORT = {"width": 1400, "height": 1000}
BLANK = "/_stcore/health"
"""A document of the server's own that runs no script: what a tab shows between two tests."""
FORGET = "() => { localStorage.clear(); sessionStorage.clear() }"
AS_IT_IS: Any = "null"
"""Playwright's word for an emulation that is off."""


class Tab(NamedTuple):
    """An open page, alone in its browser context, and what complains of it."""

    page: Page
    watch: Watch
    devtools: CDPSession
    home: Server
    context: str
    """What its browser context was made with."""

    def cleared(self) -> None:
        """Take away what the next visitor would not find; cache and compiled scripts stay."""
        page = self.page
        for other in page.context.pages:
            if other != page:
                other.close()
        page.unroute_all()
        page.goto(self.home.url + BLANK)
        page.evaluate(FORGET)
        page.context.clear_cookies()
        page.context.clear_permissions()
        page.mouse.move(0, 0)
        self.devtools.send("Page.resetNavigationHistory")
        self.watch.forget()

    def dressed(self, viewport: dict[str, int], color_scheme: Any) -> None:
        """Give the window its size and its colour scheme, and no other emulation."""
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        self.page.emulate_media(
            media=AS_IT_IS,
            color_scheme=color_scheme or "light",
            reduced_motion=AS_IT_IS,
            forced_colors=AS_IT_IS,
            contrast=AS_IT_IS,
        )


class Tabs:
    """The tabs of a browser that wait for a test, by server and browser context."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._waiting: dict[str, list[Tab]] = defaultdict(list)

    def warm(
        self, home: Server, viewport: Any = VIEWPORT, color_scheme: Any = None, **options: Any
    ) -> Tab:
        """A tab that has been used before, as a new visitor finds it; a new one if all are out."""
        waiting = self._waiting[_context(home, options)]
        tab = waiting.pop() if waiting else self.cold(home, **options)
        tab.dressed(viewport, color_scheme)
        return tab

    def cold(self, home: Server, **options: Any) -> Tab:
        """A tab in a browser context of its own, with nothing cached."""
        context = self._chromium.new_context(
            **{"base_url": home.url, "viewport": VIEWPORT, "locale": "en-US"} | options
        )
        watch = Watch(context, home)
        page = context.new_page()
        return Tab(page, watch, context.new_cdp_session(page), home, _context(home, options))

    def back(self, tab: Tab) -> None:
        """Clear a tab and keep it for another test."""
        tab.cleared()
        self._waiting[tab.context].append(tab)


def _context(home: Server, options: dict[str, Any]) -> str:
    return repr((home.url, sorted(({"locale": "en-US"} | options).items())))
