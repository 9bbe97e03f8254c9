"""What holds for every page and every section of one, seen on a projector and on a laptop."""

import pytest
from playwright.sync_api import Page, expect

from alexnet_viz.text import Language, t
from alexnet_viz.ui.app.shell import HOME, MENU, PAGES, label
from tests.browser.accessible import addresses, findings
from tests.browser.conftest import Browse
from tests.browser.first_screen import (
    LAPTOP,
    PROJECTOR,
    SHIFT,
    FirstScreen,
    first_screen,
    now_seen,
    small_text,
)
from tests.browser.watch import settled
from tests.browser.zoom import cut_off

FURTHER = (
    "/layer?layer=fc6",
    "/towers?seen=1&layer=conv5&cross=fc6",
    "/labs?lab=pooling",
    "/labs?lab=convolution",
    "/course?lesson=parameters&step=predict",
    "/course?lesson=input-size&step=try&reveal=1",
    "/practice?practice_view=sheet&items=out1,tower,find&versions=2",
    "/practice?practice_view=sheet&items=out1,tower,find&answer=1",
    "/experiments?experiment=activation&reveal=1",
)
"""Views of a page with another picture, or with controls that could push it down."""
WITHOUT_PICTURE = {
    "/towers?section=run",
    "/glossary",
    "/labs",
    "/practice?practice_view=one",
    "/practice?practice_view=sheet",
    "/practice?practice_view=sheet&items=out1,tower,find&versions=2",
    "/practice?practice_view=sheet&items=out1,tower,find&answer=1",
    "/classroom?class_view=board",
    "/course?lesson=parameters&step=predict",
}
"""Nothing has been run yet; there are words, small pictures or fields only."""


@pytest.mark.parametrize("address", [*addresses(), *FURTHER])
def test_a_page_is_as_the_rules_say_in_either_view(browse: Browse, address: str) -> None:
    """As it opens on a projector; then in Chinese, on a laptop, in the dark theme.

    In both languages also zoomed to 200 %.  The tab is cold: what moves while a page loads is what
    moves for a new visitor, whose browser has to fetch and compile the scripts.
    """
    page = browse(cold=True, viewport=PROJECTOR)
    opened = first_screen(page, address)
    wrong = _wrong(page, address, opened, "en")
    if opened.shift > SHIFT:
        wrong.append(str(opened))
    wrong += [f"en, zoomed: {each}" for each in cut_off(page)]
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    page.get_by_role("radio", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN", timeout=30_000)
    wrong += _wrong(page, address, now_seen(page), "zh")
    wrong += [f"zh, zoomed: {each}" for each in cut_off(page)]
    assert not wrong, "\n".join(wrong)


def _wrong(page: Page, address: str, seen: FirstScreen, language: Language) -> list[str]:
    """What is wrong with an open page: its title, its first screen, its width, what axe finds."""
    name = address.strip("/").partition("?")[0] or HOME
    expect(page.get_by_role("heading", level=1)).to_have_text(t(f"page.{name}.title", language))
    wrong = [f"{language}: {each}" for each in findings(page)]
    if not (seen.enough or address in WITHOUT_PICTURE):
        wrong.append(f"{language}: {seen}")
    if (overflow := page.evaluate(OVERFLOW)) > 0:
        wrong.append(f"{language}: {overflow} px wider than its window")
    if small := small_text(page):
        wrong.append(f"{language}: {small}")
    return wrong


OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_the_menu_leads_to_every_page(browse: Browse) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto("/claims")
    menu = settled(page).get_by_test_id("stTopNav")
    for group, pages in MENU.items():
        for other in pages:
            _open(page, group, "en")
            where, role = (page, "menuitem") if group else (menu, "link")
            where.get_by_role(role, name=label(other, "en")).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(t(f"page.{other}.title"))
            expect(page).to_have_title(f"{label(other, 'en')} · AlexNet Viz")
            settled(page)
    expect(page.get_by_role("dialog")).not_to_be_attached()
    assert {page for pages in MENU.values() for page in pages} == PAGES.keys()


def test_the_menu_names_every_page_in_chinese(browse: Browse) -> None:
    page = browse(viewport=LAPTOP, locale="zh-CN", color_scheme="dark")
    page.goto("/claims")
    settled(page)
    for group, pages in MENU.items():
        _open(page, group, "zh")
        for other in pages if group else ():
            expect(
                page.get_by_role("menuitem", name=label(other, "zh"), exact=True)
            ).to_be_visible()
        page.keyboard.press("Escape")


def _open(page: Page, group: str, language: Language) -> None:
    """Unfold a group of the menu."""
    if group:
        name = t(f"menu.{group}", language)
        page.get_by_test_id("stTopNav").get_by_role("button", name=name).click()
