"""A tab that another test has used is what a new visitor opens."""

from tests.browser.server import Server
from tests.browser.tabs import BLANK, VIEWPORT, Tabs

LEFT = """() => {
  localStorage.setItem('left', '1'); sessionStorage.setItem('left', '1')
  document.cookie = 'left=1; path=/'
}"""
FOUND = """() => ({
  stored: localStorage.length + sessionStorage.length,
  cookies: document.cookie,
  history: history.length,
  window: [innerWidth, innerHeight, devicePixelRatio],
  dark: matchMedia('(prefers-color-scheme: dark)').matches,
  print: matchMedia('print').matches,
  still: matchMedia('(prefers-reduced-motion)').matches,
})"""


def test_nothing_of_an_earlier_visitor_is_left_in_a_tab(tabs: Tabs, server: Server) -> None:
    tab = tabs.warm(server, viewport={"width": 500, "height": 400}, color_scheme="dark")
    page = tab.page
    try:
        page.goto("/_stcore/health?one")
        page.goto("/_stcore/health?two")
        page.evaluate(LEFT)
        page.evaluate("window.open('/_stcore/health')")
        page.emulate_media(media="print", reduced_motion="reduce")
        page.route("**/health*", lambda route: route.fulfill(body="faked"))
        zoomed = {"width": 250, "height": 200, "deviceScaleFactor": 2, "mobile": False}
        tab.devtools.send("Emulation.setDeviceMetricsOverride", zoomed)
        page.evaluate("console.error('late')")
    finally:
        tabs.back(tab)
    again = tabs.warm(server)
    try:
        assert again.page == page
        assert page.context.pages == [page]
        assert page.url == server.url + BLANK
        assert page.evaluate(FOUND) == {
            "stored": 0,
            "cookies": "",
            "history": 1,
            "window": [*VIEWPORT.values(), 1],
            "dark": False,
            "print": False,
            "still": False,
        }
        assert page.inner_text("body") == "ok"
        assert again.watch.take() == []
    finally:
        tabs.back(again)
