"""Waiting as a visitor feels it: a fresh server, the switch 224/227, the change of page.

    python -m benchmarks.cold [rounds] [folder …]

Each ``folder`` is a checkout of this project (``git worktree add``), served with this environment;
without one it is this checkout.  The servers take turns; every round begins with a fresh server
and a browser without a cache.  Starts are counted from the start of the server's process, the
switch and the change of page from the click by the browser's clock.  The switch has ended at the
second frame with the other number of multiply-accumulates, a change of page at the second frame
with the page's title after its script has finished.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

from alexnet_viz.network.trace import trace
from alexnet_viz.text import t
from alexnet_viz.variants import VARIANTS
from benchmarks.upload import busy
from tests.browser.browser import ensure
from tests.browser.conftest import CHROMIUM
from tests.browser.server import serving
from tests.browser.watch import settled

ROOT = Path(__file__).parents[1]
ROUNDS = 5
SWITCHES = 6
"""Changes of the input, and changes of page, in each round."""
SIZE = {"width": 1440, "height": 900}
WAIT_MS = 60_000
NETWORK = VARIANTS["torchvision_alexnet"]
ADDRESS = f"/architecture?lang=en&variant={NETWORK.id}"
PAGES = ("architecture", "layer")
"""The pages to change between, neighbours in the menu."""

CLICKED = """([selector, words, arrived]) => new Promise((done, fail) => {
  const all = [...document.querySelectorAll(selector)];
  const target = all.find(each => each.innerText.includes(words));
  if (!target) { fail(new Error(`no ${words} at ${selector}`)); return; }
  const there = new Function(`return ${arrived}`), began = performance.now();
  target.click();
  const look = () => {
    const spent = () => performance.now() - began;
    if (there()) requestAnimationFrame(() => requestAnimationFrame(() => done(spent())));
    else if (spent() > 30000) fail(new Error(`never ${arrived}`));
    else requestAnimationFrame(look);
  };
  look();
})"""
"""Milliseconds from a click on the element with these words until ``arrived`` is true."""
BUTTON = "button[role=radio]"
SHOWS = "document.body.innerText.includes('{words}')"
TITLED = """document.querySelector('h1')?.innerText.trim() === "{words}" &&
  !!document.querySelector('[data-test-script-state=notRunning]')"""

Times = dict[str, list[float]]


def started(browser: Browser, app: Path, log: Path, address: str, selector: str) -> Times:
    """Milliseconds from the start of a fresh server to its health and to ``selector`` on a page.

    ``busy`` is the server's CPU time until then, which depends least on other work.
    """
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    began = perf_counter()
    with serving(app, log) as server:
        health = perf_counter() - began
        page.goto(server.url + address, wait_until="commit")
        page.locator(selector).first.wait_for(timeout=WAIT_MS)
        shown, computed = perf_counter() - began, busy(server)
        context.close()
    return {"health": [1e3 * health], "shown": [1e3 * shown], "busy": [computed]}


def clicked(browser: Browser, app: Path, log: Path) -> Times:
    """Milliseconds of the switches between 224 and 227, and of the changes of page."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    with serving(app, log) as server:
        page.goto(server.url + ADDRESS)
        settled(page).wait_for_timeout(5000)  # the libraries of other pages arrive
        found: Times = {"switch": [], "page": []}
        for turn in range(SWITCHES):
            size = (227, 224)[turn % 2]
            macs = f"{trace(NETWORK, size).macs:,}"
            spent = page.evaluate(CLICKED, [BUTTON, str(size), SHOWS.format(words=macs)])
            found["switch"].append(spent)
            settled(page).wait_for_timeout(500)
        for turn in range(SWITCHES):
            there = PAGES[(turn + 1) % 2]
            link = f".st-key-neighbours a[href*='{there}']"
            title = t(f"page.{there}.title")
            found["page"].append(page.evaluate(CLICKED, [link, "", TITLED.format(words=title)]))
            settled(page).wait_for_timeout(500)
        context.close()
    return found


def measured(browser: Browser, app: Path, log: Path) -> Times:
    """All times of one round of one checkout, by their name in the table."""
    paper = f"{trace(VARIANTS['alexnet_2012_paper']).params:,}"
    first = started(browser, app, log, "/?lang=en", ".picture svg")
    totals = started(browser, app, log, "/architecture?lang=en", f"text={paper}")
    later = clicked(browser, app, log)
    return {
        "server started": first["health"] + totals["health"],
        "server started, first page drawn": first["shown"],
        "the same, CPU time of the server": first["busy"],
        "server started, totals of Architecture": totals["shown"],
        "the same once more, CPU time of the server": totals["busy"],
        "switch between 224 and 227": later["switch"],
        "change of page": later["page"],
    }


def table(found: dict[str, Times]) -> str:
    """The medians of each checkout's times, and their ratio to the first one's."""
    names = list(found)
    first = found[names[0]]
    lines = [
        f"| median, ms | {' | '.join(names)} |" + " ratio |" * (len(names) - 1),
        "|---|" + "---:|" * (2 * len(names) - 1),
    ]
    for what in first:
        medians = [median(found[name][what]) for name in names]
        ratios = [f"{each / medians[0]:.2f}" for each in medians[1:]]
        lines.append(f"| {' | '.join([what, *(f'{each:.0f}' for each in medians), *ratios])} |")
    return "\n".join(lines)


def main(rounds: str = "", *folders: str) -> None:
    """Measure and print the table."""
    places: Sequence[Path] = [Path(each).resolve() for each in folders] or [ROOT]
    found: dict[str, Times] = {}
    with TemporaryDirectory() as logs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(CHROMIUM))
        for turn in range(int(rounds or ROUNDS)):
            first = turn % len(places)
            for folder in (*places[first:], *places[:first]):
                times = measured(browser, folder / "app.py", Path(logs) / "server.log")
                known = found.setdefault(folder.name, {})
                for what, each in times.items():
                    known.setdefault(what, []).extend(each)
        browser.close()
    print(table({folder.name: found[folder.name] for folder in places}))


if __name__ == "__main__":
    main(*sys.argv[1:])
