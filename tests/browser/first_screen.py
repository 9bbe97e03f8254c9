"""Where the picture stands that a page is about, and how far a page moves while it loads."""

from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.watch import edges, settled

PROJECTOR = {"width": 1024, "height": 768}
LAPTOP = {"width": 1440, "height": 900}

HIGHEST = 260
"""Pixels above the picture that a page is about, at most."""
SEEN = 0.8
"""Share of the picture that the first screen shows, at least, or of a tall one ``TALL`` pixels."""
TALL = 440
SHIFT = 0.05
"""Cumulative layout shift while a page loads, at most."""

SHIFTS = """() => {
  if (window.__shift !== undefined) return;  // the script of an earlier test in this tab
  window.__shift = 0;
  new PerformanceObserver(list => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) window.__shift += each.value;
  }).observe({type: 'layout-shift', buffered: true});
}"""

FIRST_PICTURE = """() => {
  const found = [];
  const walk = root => {
    for (const each of root.querySelectorAll(
        'svg, canvas, img, .js-plotly-plot, .rows, [data-testid=stFileUploaderDropzone]')) {
      const box = each.getBoundingClientRect();
      const dropped = each.dataset.testid === 'stFileUploaderDropzone' && box.width > 400;
      const large = box.width * box.height > 30000;
      if (box.top >= 0 && (large || dropped)) found.push([box.top, box.bottom]);
    }
    for (const each of root.querySelectorAll('*')) if (each.shadowRoot) walk(each.shadowRoot);
  };
  walk(document);
  found.sort((one, other) => one[0] - other[0]);
  return found[0] ?? null;
}"""
"""Top and bottom of the first large picture or table, or of the field that a file is dropped on."""


SMALL_TEXT = """() => {
  const found = [];
  const walk = root => {
    for (const svg of root.querySelectorAll("svg[viewBox]")) {
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      for (const text of svg.querySelectorAll("text")) {
        found.push([parseFloat(getComputedStyle(text).fontSize) * scale, text.textContent]);
      }
    }
    for (const each of root.querySelectorAll("*")) if (each.shadowRoot) walk(each.shadowRoot);
  };
  document.querySelectorAll(".st-key-picture_column, [class*=st-key-plate_lab]").forEach(walk);
  return found.find(([size]) => size < 13.95) ?? null;
}"""
"""Size in pixels and words of a text below 14 px in a drawing of a lab or of a lesson."""


def small_text(page: Page) -> str:
    """Which text of a lab's or a lesson's drawing is smaller than 14 px, or nothing."""
    found = page.evaluate(SMALL_TEXT)
    return f"text of {found[0]:.1f} px in a drawing: {found[1]}" if found else ""


class FirstScreen(NamedTuple):
    """A page as it opens: the edges of its picture and the window's height, in pixels."""

    top: float
    bottom: float
    height: float
    shift: float
    """Cumulative layout shift, as web-vitals counts it without its windows."""

    @property
    def seen(self) -> float:
        """The pixels of the picture that the first screen shows."""
        return max(0.0, min(self.bottom, self.height) - max(self.top, 0.0))

    @property
    def enough(self) -> bool:
        """Whether the picture begins high enough and enough of it is seen."""
        size = self.bottom - self.top
        return self.top <= HIGHEST and self.seen >= min(SEEN * size, TALL)

    def __str__(self) -> str:
        size = self.bottom - self.top
        return (
            f"picture's top {self.top:.0f} px, {self.seen:.0f} of {size:.0f} px seen, "
            f"layout shift {self.shift:.3f}"
        )


def first_screen(page: Page, address: str) -> FirstScreen:
    """Open an address and measure what is seen of its first picture once it has settled.

    A page without a picture has one of height 0 at the end of the window.
    """
    page.add_init_script(f"({SHIFTS})()")
    page.goto(address)
    return now_seen(page)._replace(shift=page.evaluate("window.__shift"))


def now_seen(page: Page) -> FirstScreen:
    """What is seen of the first picture of an open page, once it has settled."""
    settled(page)
    page.wait_for_timeout(500)  # a chart draws itself after the script has ended
    assert page.viewport_size
    height = page.viewport_size["height"]
    top, bottom = page.evaluate(FIRST_PICTURE) or (height, height)
    return FirstScreen(top, bottom, height, 0)


def on_first_screen(page: Page, selector: str) -> float:
    """The top of a picture, in pixels; it begins high enough and enough of it is seen.

    Raises:
        AssertionError: it does not.
    """
    place, height = edges(page, selector), page.evaluate("window.innerHeight")
    found = FirstScreen(place["top"], place["bottom"], height, 0)
    assert found.enough, f"{selector}: {found}"
    return found.top
