"""Pages that tell on themselves, waiting for Streamlit to have finished, and choosing."""

import contextlib
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.server import Server

INLINE = ("data", "blob", "about")
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""On a deep link Streamlit's own page first looks for its server below the link's path, is told 404
and goes on to the right place; the browser logs that as an error."""
QUIET_MS = 200
"""How long a script must have been idle to count as settled: a click reaches it within this."""

SETTLED = """quiet => {
  const done = document.querySelector(
    '[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]');
  const busy = document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner]');
  const now = performance.now();
  if (!done || busy) { window.__idleSince = undefined; return false; }
  window.__idleSince ??= now;
  return now - window.__idleSince >= quiet;
}"""


class Watch:
    """Everything that should not happen in the pages of one browser context.

    Attributes:
        complaints: console errors, uncaught errors and foreign requests so far.
    """

    def __init__(self, context: BrowserContext, home: Server) -> None:
        self.complaints: list[str] = []
        self._context = context
        self._home = home
        context.on("console", self._console)
        context.on("weberror", lambda it: self._add("uncaught error", str(it.error)))
        context.on("request", lambda it: self._same_host(it.url))
        context.on("page", lambda page: page.on("websocket", lambda it: self._same_host(it.url)))

    def _add(self, what: str, text: str) -> None:
        self.complaints.append(f"{what}: {text}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._probe(message):
            self._add("console", message.text)
            self._add("  from", message.location["url"])

    def _probe(self, message: ConsoleMessage) -> bool:
        url = message.location["url"]
        below = url.removeprefix(self._home.url).endswith(PROBES) and url.count("/") > 4
        return below and "404" in message.text

    def _same_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in INLINE and parts.netloc != urlsplit(self._home.url).netloc:
            self._add("foreign request", url)

    def take(self) -> list[str]:
        """All complaints so far, the server's log and the exceptions on show included."""
        for page in self._context.pages:
            shown = page.get_by_test_id("stException").filter(visible=True)
            self.complaints += [
                f"exception on the page: {text}" for text in shown.all_inner_texts()
            ]
        self.complaints += self._home.complaints()
        taken, self.complaints = self.complaints, []
        return taken

    def forget(self) -> None:
        """Drop what the pages said since; what the server's log says is still to be taken."""
        self.complaints = []


def settled(page: Page, timeout_s: float = 60) -> Page:
    """The page, once it is connected and its script has been idle for a moment.

    Call it after ``goto`` and after every action that makes Streamlit rerun.
    """
    page.evaluate("window.__idleSince = undefined")
    page.wait_for_function(SETTLED, arg=QUIET_MS, timeout=timeout_s * 1000)
    return page


def point_at(
    page: Page, place: Callable[[], tuple[float, float]], hover: Locator, text: str
) -> tuple[float, float]:
    """Rest the pointer on a place of a chart until it says a text, at most ten seconds.

    Plotly takes no notice of a pointer that arrives while it draws, and a chart may move when what
    is above it is there: then the place is looked up and the pointer moved once more.
    """
    for _ in range(10):
        x, y = place()
        page.mouse.move(x - 3, y)
        page.mouse.move(x, y)
        with contextlib.suppress(AssertionError):
            expect(hover).to_contain_text(text, timeout=1_000)
            return x, y
    expect(hover).to_contain_text(text, timeout=1_000)
    return x, y


EDGES = (
    "element => { const { left, top, right, bottom } = element.getBoundingClientRect(); "
    "return { left, top, right, bottom } }"
)


def edges(page: Page, selector: str) -> dict[str, float]:
    """The edges of an element on the screen, in pixels."""
    found: dict[str, float] = page.locator(selector).first.evaluate(EDGES)
    return found


def unfold(page: Page) -> None:
    """Open the chip that says what the page is about."""
    settled(page).locator(".st-key-subject button").click()


def chosen(page: Page, choice: str, option: str) -> None:
    """Choose an option of a select box, as a visitor does, in the page's chip if it is there."""
    settled(page)
    box = page.locator(f".st-key-widget-{choice}")
    folded = box.count() == 0
    if folded:
        unfold(page)
    box.locator("[data-baseweb=select], input").first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)
    if folded:
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
