"""A window of 1440×900 at a zoom of 200 %, and what a page cuts off in it."""

from playwright.sync_api import Page

from tests.browser.watch import settled

WIDTH, HEIGHT, FACTOR = 720, 450, 2
ZOOMED = {"viewport": {"width": WIDTH, "height": HEIGHT}, "device_scale_factor": FACTOR}
"""The window, as a tab is opened with it."""

CUT_OFF = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const found = [];
  for (const it of [document.documentElement, main]) {
    const over = it.scrollWidth - it.clientWidth;
    if (over > 0) found.push(`the page is ${over} px too wide`);
  }
  const walk = (root, scrolls) => {
    for (const it of root.children) {
      const style = getComputedStyle(it), box = it.getBoundingClientRect();
      if (style.display === 'none' || it.matches('.katex-mathml, .js-plotly-plot')) continue;
      const words = (it.innerText ?? it.textContent).trim().slice(0, 40);
      const over = it.scrollWidth - it.clientWidth;
      if (words && over > 1 && box.width > 1 && /hidden|clip/.test(style.overflowX))
        found.push(`cut off by ${over} px: ${words}`);
      else if (!scrolls && words && box.width && box.right > innerWidth + 1)
        found.push(`${Math.round(box.right - innerWidth)} px outside: ${words}`);
      const inside = scrolls || /auto|scroll/.test(style.overflowX);
      if (it.shadowRoot) walk(it.shadowRoot, inside);
      walk(it, inside);
    }
  };
  walk(main.querySelector('[data-testid=stMainBlockContainer]'), false);
  return found;
}"""
"""What a page cuts off: drawings and tables may scroll, the page and words may not."""


def cut_off(page: Page) -> list[str]:
    """What an open page cuts off once its window is zoomed to 200 %, as the browser's menu does.

    The window keeps the zoom until it is given another size.
    """
    zoomed = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": FACTOR, "mobile": False}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setDeviceMetricsOverride", zoomed)
    assert page.evaluate("[innerWidth, devicePixelRatio]") == [WIDTH, FACTOR]
    settled(page).wait_for_timeout(300)
    found: list[str] = page.evaluate(CUT_OFF)
    devtools.detach()
    return found
