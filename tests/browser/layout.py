"""Where a page's main picture stands, and how much moved while the page was built."""

from playwright.sync_api import Locator, Page

TOP, SHARE, TALL = 260, 0.8, 440
"""A picture begins above TOP; SHARE of it, or TALL pixels, are in the first screen."""
SCREENS = ((1024, 768), (1440, 900))
MOST_SHIFT = 0.05

WATCH_SHIFTS = """
window.__shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.__shifts.push([entry.value, entry.sources.map(it => {
      const node = it.node?.nodeType === 1 ? it.node : it.node?.parentElement;
      const key = node?.closest('[class*=st-key-]')?.className.match(/st-key-\\S+/)?.[0];
      const what = node?.dataset.testid ?? node?.tagName;
      return `${key} ${what} ${it.previousRect.y} > ${it.currentRect.y}`;
    })]);
  }
}).observe({type: 'layout-shift', buffered: true});
"""
FRAME = ("st-key-language stVerticalBlock 1", "stMainBlockContainer", "stSidebar", "undefined DIV")
"""What moves when the frame arrives: its style places the language, Streamlit's skeleton goes."""


def watch_shifts(page: Page) -> None:
    """Keep the layout shifts of the pages that this tab opens from now on."""
    page.add_init_script(WATCH_SHIFTS)


def shift(page: Page) -> tuple[float, list[tuple[float, list[str]]]]:
    """The sum of the layout shifts after the frame's own, and what moved."""
    found = page.evaluate("window.__shifts")
    frame = [any(each in what for what in moved for each in FRAME) for _, moved in found]
    since = max((number + 1 for number, its in enumerate(frame) if its), default=0)
    return sum(value for value, _ in found[since:]), found[since:]


def in_first_screen(picture: Locator, height: int) -> tuple[float, bool]:
    """The top of a picture in pixels, and whether enough of it is in a screen so high."""
    box = picture.bounding_box()
    assert box, "it is not drawn"
    seen = max(0.0, min(box["y"] + box["height"], height) - max(box["y"], 0.0))
    return box["y"], seen >= min(SHARE * box["height"], TALL)
