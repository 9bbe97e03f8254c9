"""What the frame does for every page: language, zoom, popovers, the way past the menu."""

import pytest
from playwright.sync_api import Page, expect

from alexnet_viz.text import t
from tests.browser.accessible import findings
from tests.browser.conftest import Browse
from tests.browser.watch import settled
from tests.browser.zoom import ZOOMED

PATIENT = 60_000
NEAR = 60
"""Pixels that a place on a page may move by when the words above it get longer or shorter."""

TOP = "document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.mark.parametrize("address", ["/feature_maps", "/predictions", "/weights", "/claims"])
def test_a_change_of_the_language_leaves_the_visitor_where_they_were(
    browse: Browse, address: str
) -> None:
    page = browse(viewport={"width": 1024, "height": 768})
    page.goto(address)
    settled(page).wait_for_timeout(500)  # a chart draws itself after the script has ended
    page.evaluate(f"{TOP} = 300")
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN", timeout=PATIENT)
    settled(page).wait_for_timeout(500)
    assert abs(page.evaluate(TOP) - 300) < NEAR


def test_what_was_opened_stays_open_in_another_language(page: Page) -> None:
    page.goto("/feature_maps")
    opened = settled(page).locator(".st-key-proof details")
    opened.locator("summary").click()
    table = opened.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=PATIENT)
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).click()
    expect(opened.locator("summary")).to_contain_text(t("maps.proof", "zh"), timeout=PATIENT)
    settled(page)
    expect(opened).to_have_attribute("open", "")
    expect(table).to_be_visible(timeout=PATIENT)


def test_the_menu_works_at_a_zoom_of_200_percent(browse: Browse) -> None:
    page = browse(**ZOOMED)
    page.goto("/claims")
    settled(page).get_by_test_id("stExpandSidebarButton").click()
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=t("page.weights.title"))
    link.scroll_into_view_if_needed()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("page.weights.title"))


def test_a_popover_has_the_colours_of_the_dark_theme(browse: Browse) -> None:
    page = browse(color_scheme="dark")
    page.goto("/channel")
    settled(page).locator(".st-key-picture button").click()
    expect(
        page.get_by_test_id("stPopoverBody").get_by_test_id("stCaptionContainer")
    ).to_be_visible()
    page.wait_for_timeout(300)  # it fades in
    assert not (wrong := findings(page)), "\n".join(map(str, wrong))


def test_the_way_past_the_menu_is_named_in_the_page_s_language(browse: Browse) -> None:
    page = browse(locale="zh-CN")
    page.goto("/weights")
    skip = settled(page).get_by_test_id("stSkipToContent")
    words = skip.evaluate("it => getComputedStyle(it, '::after').content")
    assert words == f'"{t("shell.streamlit.skip", "zh")}"'
    skip.focus()
    assert skip.evaluate("it => it.getBoundingClientRect().width") > 50
