"""The towers in a real browser: cut a crossing, see the maps go dark, take the drawing away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.browser.watch import settled


def test_without_the_crossing_half_the_maps_go_dark(page: Page, tmp_path: Path) -> None:
    page.goto("/towers?lang=en&seen=1&layer=conv5")
    expect(settled(page).get_by_text("sees 96 of 96 maps of conv1")).to_be_visible()
    page.locator(".st-key-widget-cross button", has_text="conv3").click()
    expect(settled(page).get_by_text("sees 48 of 96 maps of conv1")).to_be_visible()
    expect(page).to_have_url(re.compile("cross=fc6"))
    expect(page.get_by_text("What if: cut conv3")).to_be_visible()
    expect(page.locator("text", has_text="48 of 96")).to_be_visible()  # the strip of conv1

    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).first.click()
    target = tmp_path / "towers.svg"
    download.value.save_as(target)
    text = target.read_text("utf-8")
    for words in ("conv2", "5×5×48", "48×55×55", "3×3×128", "GPU 1"):
        assert f">{words}" in text
    assert "3×3×256" not in text  # conv3 reads its own half now

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Back to the published split").click()
    expect(settled(page).get_by_text("sees 96 of 96 maps of conv1")).to_be_visible()


def test_a_block_of_the_other_gpu_is_a_unit_of_the_other_gpu(page: Page) -> None:
    page.goto("/towers?lang=en&seen=1&layer=conv2")
    expect(settled(page).get_by_text("Unit conv2 · 0 on GPU 0")).to_be_visible()
    page.locator("g.target[data-layer=conv5][data-tower='1']").first.click()
    expect(settled(page).get_by_text("Unit conv5 · 128 on GPU 1")).to_be_visible()


def test_a_cut_is_a_link(browse: Browse) -> None:
    page = browse(locale="zh-CN", color_scheme="dark", viewport={"width": 1024, "height": 768})
    page.goto("/towers?cross=-&gpus=2&last=halves")
    expect(settled(page).get_by_text("没有任何跨越")).to_be_visible()
    page.locator(".st-key-towers-published-released button").click()
    expect(settled(page).get_by_text("32,531,112 + 28,434,112").first).to_be_visible()


def place_on_page(element: Locator) -> float:
    """Where an element begins, in pixels from the page's top, however far it is scrolled."""
    return float(element.evaluate(
        "element => element.getBoundingClientRect().y"
        " + document.querySelector('[data-testid=stMain]').scrollTop"
    ))  # fmt: skip


def test_a_card_cuts_a_crossing_and_lights_what_is_left(browse: Browse) -> None:
    page = browse(viewport={"width": 1024, "height": 768})
    page.goto("/towers?lang=en")
    drawing = settled(page).locator(".picture svg").first
    before = place_on_page(drawing)
    page.locator("g.target[data-layer=conv3][data-tower='0']").first.click()
    card = page.locator(".card").first
    expect(card).to_contain_text("384 kernels of 3×3×256")
    expect(card).to_contain_text("43,264 values cross into it")
    answer = settled(page).get_by_text("values cross between the GPUs for one image").bounding_box()
    place = card.bounding_box()
    assert answer
    assert place
    assert place["y"] + place["height"] <= answer["y"]  # it hides no sentence
    card.get_by_role("button", name="Cut conv3: read the own GPU only").click()
    expect(page).to_have_url(re.compile("cross=fc6"))
    expect(settled(page).get_by_text("What if: cut conv3")).to_be_visible()
    expect(card).to_contain_text("384 kernels of 3×3×128")  # the card stays, and follows
    card.get_by_role("button", name="Light up what it sees").click()
    expect(settled(page).get_by_text("sees 48 of 96 maps of conv1")).to_be_visible()
    # what was chosen did not push the drawing
    assert place_on_page(drawing) == pytest.approx(before, abs=1)
    card.get_by_role("button", name="Join conv3: read all GPUs").click()
    expect(settled(page).get_by_text("sees 96 of 96 maps of conv1")).to_be_visible()
