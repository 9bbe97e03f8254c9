"""Projector mode and the teacher's page in a real browser."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from alexnet_viz.text import t
from alexnet_viz.ui.app.shell import ORDER
from tests.browser.accessible import addresses, findings
from tests.browser.conftest import Browse
from tests.browser.first_screen import PROJECTOR
from tests.browser.test_every_page import OVERFLOW
from tests.browser.watch import settled

LEAST = 19.5
"""Pixels of the smallest text, with room for rounding."""
SMALL_TEXT = """least => {
  const small = [];
  const walk = root => {
    const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode, element = node.parentElement;
      if (!node.data.trim() || !element) continue;
      if (element.closest('style, script, title, noscript')) continue;
      const style = getComputedStyle(element), range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue;
      if (element.localName === 'tspan') continue;  // powers of ten
      const svg = element.closest('svg'), across = svg?.viewBox?.baseVal?.width;
      const scale = across ? svg.getBoundingClientRect().width / across : 1;
      const size = parseFloat(style.fontSize) * scale;
      if (size < least) small.push(`${size.toFixed(1)} px: ${node.data.trim().slice(0, 40)}`);
    }
    for (const each of root.querySelectorAll('*')) if (each.shadowRoot) walk(each.shadowRoot);
  };
  walk(document.body);
  return small;
}"""
SCHEME = "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"
MAIN_OVERFLOW = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  return main.scrollWidth - main.clientWidth;
}"""


@pytest.fixture
def projector(browse: Browse) -> Page:
    """A projector at a machine whose system is dark."""
    return browse(viewport=PROJECTOR, color_scheme="dark")


@pytest.mark.parametrize("address", addresses())
def test_a_projected_page_is_large_light_and_no_wider_than_its_window(
    projector: Page, address: str
) -> None:
    projector.goto(f"{address}{'&' if '?' in address else '?'}present=1")
    settled(projector)
    projector.wait_for_timeout(700)
    assert projector.evaluate(SMALL_TEXT, LEAST) == []
    assert projector.evaluate(SCHEME) == "light"
    assert projector.evaluate(OVERFLOW) <= 0
    assert projector.evaluate(MAIN_OVERFLOW) <= 0
    assert findings(projector) == []


def titled(page: Page, name: str) -> None:
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(t(f"page.{name}.title"), timeout=30_000)
    settled(page)


def test_keys_step_through_the_pages_and_out(projector: Page) -> None:
    projector.goto("/architecture?present=1")
    titled(projector, "architecture")
    expect(projector.get_by_test_id("stTopNav")).to_have_count(0)
    at = ORDER.index("architecture")
    projector.keyboard.press("PageDown")
    titled(projector, ORDER[at + 1])
    assert "present=1" in projector.url
    projector.keyboard.press("ArrowRight")
    titled(projector, ORDER[at + 2])
    projector.keyboard.press("ArrowLeft")
    titled(projector, ORDER[at + 1])
    projector.keyboard.press("PageUp")
    titled(projector, "architecture")
    projector.keyboard.press("Escape")
    expect(projector.get_by_test_id("stTopNav")).to_be_visible()
    settled(projector)
    assert "present" not in projector.url
    assert projector.evaluate(SCHEME) == "dark"


def test_keys_are_left_to_what_has_the_focus(projector: Page) -> None:
    projector.goto("/calculator?present=1")
    titled(projector, "calculator")
    field = projector.get_by_test_id("stNumberInput").locator("input").first
    field.focus()
    for key in ("ArrowLeft", "ArrowRight", "PageDown", "Escape"):
        projector.keyboard.press(key)
    titled(projector, "calculator")
    projector.goto("/attribution?present=1")
    titled(projector, "attribution")
    slider = projector.locator("input[type=range]").last
    slider.focus()
    before = slider.input_value()
    projector.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_value(before)
    titled(projector, "attribution")
    projector.goto("/architecture?present=1")
    titled(projector, "architecture")
    projector.locator("[data-layer=conv2]").first.focus()
    projector.keyboard.press("ArrowRight")
    titled(projector, "architecture")
    expect(projector.locator(".target[data-layer=conv2].hovered")).to_have_count(0)


def test_the_way_out_can_be_reached_by_the_keyboard(projector: Page) -> None:
    projector.goto("/glossary?present=1&term=stride")
    titled(projector, "glossary")
    leave = projector.get_by_role("button", name=t("present.leave"))
    for _ in range(12):
        projector.keyboard.press("Tab")
        if leave.evaluate("it => it === document.activeElement"):
            break
    projector.keyboard.press("Enter")
    expect(projector.get_by_test_id("stTopNav")).to_be_visible()


def test_a_scheme_that_the_visitor_chose_is_kept_for_later(browse: Browse) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto("/layer")
    settled(page)
    page.evaluate("localStorage.setItem('stActiveTheme-/layer-v2', '\"Dark\"')")
    page.goto("/layer?present=1")
    settled(page)
    assert page.evaluate(SCHEME) == "light"
    page.goto("/layer")
    settled(page)
    assert page.evaluate(SCHEME) == "dark"


def test_the_code_on_the_page_leads_students_to_what_the_teacher_chose(page: Page) -> None:
    page.goto("/classroom?give_page=towers&give_lang=zh&give_present=1&give_hide=tables")
    settled(page)
    picture = page.locator(".st-key-classroom-code img")
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture.screenshot())).convert("L"))
    said = page.get_by_test_id("stCode").inner_text().strip()
    assert read.text == said
    assert re.fullmatch(r"http://[\w.]+:\d+/towers\?lang=zh&present=1&hide=tables", said)
    page.goto(read.text)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(t("page.towers.title", "zh"))
    expect(page.get_by_test_id("stTopNav")).to_have_count(0)
    assert page.url == read.text


def test_the_server_is_checked_line_by_line(page: Page) -> None:
    page.goto("/classroom?lang=en")
    settled(page)
    page.get_by_role("button", name=t("classroom.check_now")).click()
    expect(page.get_by_text("Works offline: yes.")).to_be_visible(timeout=60_000)
    settled(page)
    assert findings(page) == []
