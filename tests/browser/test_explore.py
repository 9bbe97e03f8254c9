"""Architecture, Layer and Towers: the picture stands first, and the answer under it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.first_screen import PROJECTOR
from tests.browser.watch import settled

QUESTIONS = {
    "/architecture": "58.6 of 60.97 million parameters are in fc6–fc8",
    "/layer?layer=conv2": "96 / 2 = 48",
    "/layer?layer=fc6": "256·6·6 = 9,216",
    "/layer?layer=conv1": "(224 − 11)/4 + 1 = 54.25, rounded up to 55",
    "/towers": "58,624 values cross between the GPUs",
}


SHOWN_AS = "it => getComputedStyle(it).display"


@pytest.mark.parametrize("path", QUESTIONS)
def test_the_answer_is_in_the_first_screen(browse: Browse, path: str) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto(path)
    box = settled(page).get_by_text(QUESTIONS[path]).first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= PROJECTOR["height"]


def test_a_click_on_a_block_of_the_architecture_explains_it_beside_it(browse: Browse) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto("/architecture")
    block = settled(page).locator("svg [data-layer=conv2]")
    block.click()
    card = page.locator(".card").first
    expect(card).to_contain_text("256 kernels of 5×5×48")
    expect(card).to_contain_text("(27 − 5 + 2·2)/1 + 1 = 27")
    boxes = [each.bounding_box() for each in (block, card)]
    assert all(boxes)
    (_, top), (_, below) = ((box["x"], box["y"]) for box in boxes if box)
    assert top < below <= PROJECTOR["height"] - 100
    answer = page.get_by_text("58.6 of 60.97 million").bounding_box()
    assert answer
    assert boxes[1]
    assert boxes[1]["y"] + boxes[1]["height"] <= answer["y"]  # it hides no sentence
    for way in ("Layer", "Maps", "Lens", "Towers"):
        expect(card.get_by_role("button", name=way, exact=True)).to_be_visible()
    card.get_by_role("button", name="Layer", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^conv2 · convolution"))).to_be_visible()


def test_blocks_are_named_buttons_and_no_picture_hides_them(page: Page) -> None:
    page.goto("/architecture?lang=en")
    drawing = settled(page).locator(".picture svg").first
    expect(drawing).to_have_attribute("role", "group")
    expect(page.get_by_role("button", name=re.compile("^conv1 · convolution"))).to_be_visible()
    assert drawing.locator("[data-layer][aria-label]").count() == 0
    page.goto("/layer?layer=conv2&lang=en")
    expect(settled(page).locator(".picture svg").first).to_have_attribute("role", "img")


def test_formulas_are_not_clipped(page: Page) -> None:
    page.goto("/layer?layer=conv1&lang=en")
    formulas = settled(page).locator(".katex-display")
    expect(formulas).to_have_count(3)
    clipped = formulas.evaluate_all(
        """all => all.map(each => {
          const frame = each.getBoundingClientRect()
          const glyphs = [...each.querySelectorAll('.mord, .mopen, .mclose')]
            .filter(it => !it.children.length).map(it => it.getBoundingClientRect())
          return Math.min(...glyphs.map(it => it.top)) - frame.top
        })"""
    )
    assert min(clipped) >= 0


def test_switches_stand_on_the_middle_of_their_row(page: Page) -> None:
    page.goto("/towers?lang=en&seen=1&layer=conv5")
    places = (".st-key-widget-seen", ".st-key-widget-layer", ".st-key-widget-channel")
    boxes = [settled(page).locator(place).first.bounding_box() for place in places]
    bottoms = [box["y"] + box["height"] for box in boxes if box]
    switch = page.locator(".st-key-widget-seen label").bounding_box()
    assert switch
    assert len(bottoms) == len(places)
    assert max(bottoms) - min(bottoms) <= 1
    assert abs(switch["y"] + switch["height"] / 2 - (bottoms[0] - 20)) <= 2


def test_a_page_prints_without_controls_and_with_the_whole_drawing(page: Page) -> None:
    page.goto("/architecture?lang=en")
    settled(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 at 96 dpi, within its margins
    for gone in ("stHeader", "stButtonGroup", "stPopover", "stPageLink"):
        expect(page.get_by_test_id(gone).filter(visible=True)).to_have_count(0)
    drawing = page.locator(".picture svg").first.bounding_box()
    assert drawing
    assert drawing["x"] + drawing["width"] <= 700
    rows = page.locator(".rows", has=page.locator("tr[data-layer=fc8]"))
    assert rows.evaluate("it => it.scrollHeight <= it.clientHeight + 1")
    assert rows.evaluate("it => getComputedStyle(it).overflow") == "visible"
    # the header on every sheet, the totals at the end of the last one
    assert rows.locator("thead").evaluate("it => getComputedStyle(it).position") == "static"
    assert rows.locator("tfoot").evaluate(SHOWN_AS) == "table-row-group"
    room = page.locator(".st-key-plate_layers")
    assert room.evaluate("it => it.scrollHeight") <= rows.evaluate("it => it.scrollHeight") + 40


@pytest.mark.parametrize("wide", [1024, 1920])
def test_a_chart_prints_within_the_sheet(browse: Browse, wide: int) -> None:
    page = browse(viewport={"width": wide, "height": 900})
    page.goto("/architecture?lang=en")
    drawn = settled(page).get_by_test_id("stPlotlyChart")
    expect(drawn.locator(".main-svg").first).to_be_visible()
    chart = page.get_by_test_id("stElementContainer").filter(has=drawn)
    on_screen = chart.evaluate("it => it.offsetWidth")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    zoom = float(chart.evaluate("it => getComputedStyle(it).zoom"))
    assert zoom * on_screen <= 1000  # A4 across, within its margins, at 96 dpi
    assert zoom * on_screen >= 600


@pytest.mark.parametrize("path", ["/towers?section=memory", "/compare?compare_view=matrix"])
def test_labels_of_a_row_are_in_one_line(browse: Browse, path: str) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto(path)
    field = settled(page).locator("[data-testid=stNumberInput], [data-testid=stSelectbox]").first
    row = page.locator("[data-testid=stHorizontalBlock]", has=field).last
    tops = row.locator("[data-testid=stWidgetLabel]").evaluate_all(
        "all => all.map(it => it.getBoundingClientRect().top)"
    )
    assert len(tops) > 1
    assert max(tops) - min(tops) <= 2
