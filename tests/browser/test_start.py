"""The Start page on a classroom's projector, and the frame that all pages have."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from alexnet_viz.text import t
from alexnet_viz.ui.app.shell import MENU
from tests.browser.conftest import Browse
from tests.browser.watch import settled

PROJECTOR = {"width": 1024, "height": 768}
HIGHEST = 260
"""Pixels above the picture that a page is about, at most."""


class Edges(NamedTuple):
    """Where something begins and ends in the window, in pixels."""

    top: float
    bottom: float


def edges(place: Locator) -> Edges:
    box = place.bounding_box()
    assert box
    return Edges(box["y"], box["y"] + box["height"])


def face(page: Page, layer: str) -> str:
    """The map on the face of a block."""
    return page.locator(f"svg [data-layer={layer}] image").get_attribute("href") or ""


@pytest.fixture
def projector(browse: Browse) -> Page:
    page = browse(viewport=PROJECTOR)
    page.goto("/")
    return settled(page)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_everything_named_stands_in_the_first_screen(browse: Browse, locale: str) -> None:
    page = browse(
        viewport=PROJECTOR, locale=locale, color_scheme="dark" if "zh" in locale else None
    )
    page.goto("/")
    drawing = edges(settled(page).locator(".picture svg"))
    assert drawing.top <= HIGHEST
    chain = edges(page.get_by_text("54.25").first)
    strip = edges(page.locator(".st-key-strip"))
    cards = page.locator("[class*=st-key-question_]")
    expect(cards).to_have_count(4)
    titles = [edges(card.locator("strong").first) for card in cards.all()]
    assert drawing.bottom <= chain.top < chain.bottom <= strip.top
    assert all(strip.bottom <= title.top < title.bottom <= PROJECTOR["height"] for title in titles)
    assert page.evaluate("document.documentElement.lang") == locale.removesuffix("-US")


def test_a_click_on_a_block_explains_it_and_leads_on(projector: Page) -> None:
    projector.locator("svg [data-layer=conv2]").click()
    card = projector.locator(".card")
    expect(card).to_contain_text("5×5×48")
    expect(card).to_contain_text("(27 − 5 + 2·2)/1 + 1 = 27")
    expect(projector).to_have_url(re.compile("layer=conv2"))
    answer = projector.get_by_text("54.25").first
    settled(projector)
    assert edges(card).bottom <= edges(answer).top  # it hides no sentence
    assert edges(answer).bottom <= PROJECTOR["height"]
    expect(card).to_be_visible()  # through the run that the click began
    projector.keyboard.press("Escape")
    expect(card).to_be_hidden()
    projector.locator("svg [data-layer=conv2]").click()
    card.get_by_role("button", name="Layer", exact=True).click()
    heading = projector.get_by_role("heading", name=re.compile("^conv2 · convolution"))
    expect(heading).to_be_visible()
    assert "/layer?" in settled(projector).url
    projector.go_back()
    expect(settled(projector).locator(".picture image").first).to_be_visible()


def test_the_maps_of_a_block_are_of_the_picture_shown(projector: Page) -> None:
    projector.locator("svg [data-layer=conv3]").click()
    projector.locator(".card").get_by_role("button", name="Maps", exact=True).click()
    expect(projector.get_by_role("heading", name="Feature maps", exact=True)).to_be_visible()
    expect(settled(projector)).to_have_url(re.compile("sample=cat"))


def test_another_thumbnail_changes_the_faces_and_the_link(browse: Browse, projector: Page) -> None:
    before = [face(projector, layer) for layer in ("input", "conv1", "fc6")]
    thumbnails = projector.locator(".thumbnails button")
    expect(thumbnails.nth(1)).to_have_attribute("aria-checked", "true")
    thumbnails.nth(2).click()
    expect(projector).to_have_url(re.compile("sample=coffee"))
    settled(projector)
    expect(thumbnails.nth(2)).to_have_attribute("aria-checked", "true")
    after = [face(projector, layer) for layer in ("input", "conv1", "fc6")]
    assert all(old != new for old, new in zip(before, after, strict=True))
    thumbnails.nth(2).press("ArrowRight")
    expect(projector).not_to_have_url(re.compile("sample=coffee"))
    projector.go_back()
    expect(projector).to_have_url(re.compile("sample=coffee"))
    settled(projector)
    assert [face(projector, layer) for layer in ("input", "conv1", "fc6")] == after
    other = browse()
    other.goto(projector.url)
    assert face(settled(other), "conv1") == after[1]


def test_a_fresh_drawing_is_run_at_once(projector: Page) -> None:
    before = face(projector, "conv1")
    projector.get_by_role("button", name=t("start.drawing")).click()
    # the first forward pass of a server loads the model
    expect(projector).to_have_url(re.compile("source=drawing"), timeout=30_000)
    settled(projector)
    drawn = face(projector, "conv1")
    assert drawn not in ("", before)
    projector.reload()
    assert face(settled(projector), "conv1") == drawn


def test_224_and_227_change_the_chain_and_the_maps(projector: Page) -> None:
    before = face(projector, "conv1")
    for size, says in (("227", "(227 − 11)/4 + 1 = 55"), ("224", "= 54.25, rounded up to 55")):
        projector.get_by_role("radio", name=size, exact=True).or_(
            projector.get_by_role("button", name=size, exact=True)
        ).first.click()
        expect(projector.get_by_text(says)).to_be_visible()
        settled(projector)
        assert (face(projector, "conv1") == before) == (size == "224")


def test_the_document_s_language_and_title_follow(projector: Page) -> None:
    expect(projector).to_have_title("Start · AlexNet Viz")
    assert projector.evaluate("document.documentElement.lang") == "en"
    projector.get_by_text("中文", exact=True).click()
    expect(projector.get_by_role("heading", level=1)).to_have_text(t("page.start.title", "zh"))
    settled(projector)
    assert projector.evaluate("document.documentElement.lang") == "zh-CN"
    expect(projector).to_have_title("开始 · AlexNet Viz")


def test_the_group_of_the_page_is_marked_in_the_menu(page: Page) -> None:
    groups = [group for group in MENU if group]
    for path, marked in (("/towers", "explore"), ("/", None), ("/claims", "check")):
        page.goto(path)
        sections = settled(page).get_by_test_id("stTopNavSection")
        expect(sections).to_have_text([t(f"menu.{group}") for group in groups])
        for group, section in zip(groups, sections.all(), strict=True):
            shadow = section.evaluate("it => getComputedStyle(it).boxShadow")
            assert (shadow != "none") == (group == marked), (path, group)


def test_an_old_link_at_the_root_shows_the_architecture(page: Page) -> None:
    page.goto("/?variant=torchvision_alexnet&columns=layer,cost&export=html")
    expect(settled(page).get_by_role("heading", level=1)).to_have_text("Architecture")
    assert re.search(
        r"/architecture\?.*variant=torchvision_alexnet.*columns=.*export=html", page.url
    )
    page.get_by_test_id("stTopNavLink").first.click()
    expect(settled(page).get_by_role("heading", level=1)).to_have_text(t("page.start.title"))


def test_back_from_an_old_link_leaves_the_site(page: Page) -> None:
    page.goto("/claims")
    settled(page)
    page.goto("/?columns=layer,cost")
    expect(settled(page).get_by_role("heading", level=1)).to_have_text("Architecture")
    page.go_back()
    expect(settled(page).get_by_role("heading", level=1)).to_have_text(t("page.claims.title"))


def test_weights_that_do_not_fit_are_said_below_the_drawing(browse: Browse) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto("/?variant=torchvision_alexnet&lang=en")
    drawing = edges(settled(page).locator(".picture svg"))
    note = edges(page.get_by_text("does not fit this network"))
    assert drawing.top <= HIGHEST
    assert drawing.bottom <= note.top


@pytest.mark.parametrize(("locale", "word"), [("en-US", "Menu"), ("zh-CN", "菜单")])
def test_a_narrow_window_names_its_menu(browse: Browse, locale: str, word: str) -> None:
    page = browse(viewport={"width": 400, "height": 800}, locale=locale)
    page.goto("/claims")
    menu = settled(page).get_by_test_id("stExpandSidebarButton")
    assert menu.evaluate("it => getComputedStyle(it, '::after').content") == f'"{word}"'
    menu.click()
    expect(page.get_by_role("link", name=t("page.towers.title", locale[:2])).first).to_be_visible()


def test_every_thumbnail_is_on_a_phone(browse: Browse) -> None:
    page = browse(viewport={"width": 400, "height": 800})
    page.goto("/")
    for button in settled(page).locator(".thumbnails button").all():
        box = button.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 400
        assert box["width"] >= 40
        strip = page.locator(".thumbnails").bounding_box()
        assert strip
        assert box["y"] + box["height"] <= strip["y"] + strip["height"] + 1


@pytest.mark.parametrize("path", ["start", "home"])
def test_the_first_page_has_names_too(page: Page, path: str) -> None:
    page.goto(f"/{path}")
    expect(settled(page).get_by_role("heading", level=1)).to_have_text(t("page.start.title"))
    expect(page.get_by_role("dialog")).not_to_be_attached()
    page.get_by_role("button", name="227", exact=True).or_(
        page.get_by_role("radio", name="227", exact=True)
    ).first.click()
    expect(page).to_have_url(re.compile(r":\d+/\?input=227"))


def test_a_page_s_end_leads_to_the_next(page: Page) -> None:
    page.goto("/layer")
    ways = settled(page).locator(".st-key-neighbours a")
    expect(ways).to_have_count(2)
    expect(ways.nth(0)).to_contain_text("Architecture")
    ways.nth(1).click()
    expect(settled(page).get_by_role("heading", level=1)).to_have_text("Two towers")
