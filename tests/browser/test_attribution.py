"""The Attribution page in a browser: the line moves without the server, and long work stops."""

import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.browser.first_screen import PROJECTOR, on_first_screen
from tests.browser.watch import settled

STAR = "/attribution?source=drawing&drawing=star"
SMALL = "/attribution?variant=tf_models_alexnet_benchmark&weights=random&attr_method=saliency"


def overlays(page: Page) -> Locator:
    return page.locator(".wipe canvas")


def clipped(page: Page) -> list[str]:
    return [
        overlay.evaluate("it => it.style.clipPath + it.style.opacity")
        for overlay in overlays(page).all()
    ]


def drag(page: Page, pane: int, to: float) -> None:
    """Drag across a pane, from its middle to a share of its width."""
    box = page.locator(".wipe .stage").nth(pane).bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to, middle, steps=5)
    page.mouse.up()


def test_line_and_opacity_move_in_the_browser_alone(page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(STAR)
    expect(overlays(settled(page))).to_have_count(2)
    before, quiet = clipped(page), len(sent)
    assert before[0] == before[1]
    page.locator(".wipe .stage").first.scroll_into_view_if_needed()
    drag(page, 1, 0.8)  # in one pane, and both follow
    assert clipped(page) == ["inset(0px 0px 0px 80%)0.75"] * 2 != before
    page.locator(".wipe .opacity input").focus()
    page.keyboard.press("End")
    page.locator(".wipe .line-at input").focus()
    page.keyboard.press("Home")
    assert clipped(page) == ["inset(0px 0px 0px 0%)1"] * 2
    assert len(sent) == quiet, "the server was asked"
    # another choice draws the maps anew, and the line stays where it was put
    page.get_by_role("radio", name="Saliency").or_(
        page.get_by_role("button", name="Saliency")
    ).first.click()
    expect(page.get_by_text("The brighter, the more")).to_be_visible(timeout=60_000)
    assert clipped(settled(page)) == ["inset(0px 0px 0px 0%)1"] * 2


def test_the_pointer_reads_the_values_of_both_maps(page: Page) -> None:
    page.goto(STAR)
    stage = settled(page).locator(".wipe .stage").first
    stage.hover()
    number = r"-?[\d.]+(e-?\d+)?"
    expect(page.locator(".wipe .tip")).to_have_text(
        re.compile(
            rf"row 1\d\d, column 1\d\d: These weights {number} · Random weights in all layers "
        )
    )
    page.mouse.move(5, 5)
    expect(page.locator(".wipe .tip")).to_contain_text("Drag across a picture")


def test_the_maps_and_the_grown_picture_can_be_taken_away(page: Page, tmp_path: Path) -> None:
    page.goto(f"{STAR}&attr_seed=1")  # what others have grown is there at once
    settled(page).get_by_role("button", name="Grow the picture").click()
    page.get_by_role("button", name="Grow from other noise").wait_for(timeout=60_000)
    settled(page).get_by_role("button", name="Download").click()
    names = ("grad_cam.png", "grad_cam.npy", "grad_cam.csv", "fc8_5.png")
    buttons = page.get_by_test_id("stPopoverBody").get_by_role("button")
    expect(buttons).to_have_text(["PNG", "NPY", "CSV", "PNG"])
    for button, name in zip(buttons.all(), names, strict=True):
        with page.expect_download() as download:
            button.click()
        assert download.value.suggested_filename == f"alexnet_2012_paper_{name}"
        download.value.save_as(tmp_path / name)
    with Image.open(tmp_path / names[0]) as image:
        assert image.size == (3 * (3 * 224) + 2 * 12, 3 * 224)
    assert np.load(tmp_path / names[1]).shape == (224, 224)


def test_the_map_is_in_the_first_screen_with_its_words(browse: Browse) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto(STAR)
    expect(overlays(settled(page))).to_have_count(2)
    top = on_first_screen(page, ".wipe .stage")
    words = page.get_by_text(re.compile("Most of what raises it is .* of the evidence"))
    beneath, grow = words.bounding_box(), page.locator(".st-key-excite-ask").bounding_box()
    assert beneath
    assert grow
    assert top < beneath["y"] < PROJECTOR["height"]
    assert grow["y"] < PROJECTOR["height"]
    expect(
        page.get_by_text(re.compile(r"Another map with all layers random \(ρ = "))
    ).to_be_visible()


def test_a_reload_finds_its_map_and_another_visitor_joins(page: Page, browse: Browse) -> None:
    link = f"{STAR}&attr_method=occlusion&attr_window=8"
    page.goto(link)
    settled(page).get_by_role("button", name="Compute the map").click()
    words, stop = page.get_by_text("Computing the map …"), ".st-key-attribute-stop button"
    expect(words).to_be_visible(timeout=60_000)
    page.reload()
    expect(words).to_be_visible(timeout=60_000)
    other = browse(locale="zh-CN", color_scheme="dark")
    other.goto(link)
    expect(other.get_by_text("正在计算……")).to_be_visible(timeout=60_000)
    third = browse()
    third.goto(f"{STAR}&attr_method=occlusion&attr_window=9")
    settled(third).get_by_role("button", name="Compute the map").click()
    expect(third.get_by_text("Waiting: one ahead of you")).to_be_visible(timeout=60_000)
    for each in (page, other):
        each.locator(stop).click()
        expect(each.locator(".st-key-attribute-ask button")).to_be_visible(timeout=60_000)
    expect(third.get_by_text("Computing the map …")).to_be_visible(timeout=60_000)
    third.locator(stop).click()
    expect(third.locator(".st-key-attribute-ask button")).to_be_visible(timeout=60_000)


def test_long_work_stops_and_the_page_goes_on(page: Page) -> None:
    page.goto(f"{STAR}&attr_method=occlusion&attr_window=8")  # over 3,000 images
    compute = settled(page).get_by_role("button", name="Compute the map")
    compute.click()
    stop = page.locator(".st-key-attribute-stop button")
    expect(page.get_by_text("Computing the map …")).to_be_visible(timeout=60_000)
    stop.click()
    expect(stop).not_to_be_visible(timeout=60_000)
    expect(settled(page).get_by_role("button", name="Compute the map")).to_be_visible()
    assert not page.locator(".wipe").count()
    # a larger square is quick, and nothing of the stopped run is in its way
    window = page.get_by_label("Side of the square, pixels")
    window.fill("112")
    window.press("Enter")
    compute = page.get_by_role("button", name="Compute the map")
    expect(page.get_by_text("about 10 times")).to_be_visible(timeout=60_000)
    settled(page)
    compute.click()
    expect(overlays(page)).to_have_count(2, timeout=60_000)
    expect(page.get_by_text("The square is 112 pixels wide and moves by 56")).to_be_visible()


def test_a_picture_grows_and_stops_where_it_is(page: Page) -> None:
    page.goto(f"{STAR}&attr_method=saliency&attr_seed=2")
    settled(page).get_by_role("button", name="Grow the picture").click()
    # looked for at every frame of the browser: all steps may take less than a slower look's pause
    page.wait_for_function("/Step [0-9]+ of 40/.test(document.body.innerText)", timeout=60_000)
    page.locator(".st-key-excite-stop button").click()
    expect(page.get_by_text(re.compile(r"Stopped at step \d+ of 40"))).to_be_visible(timeout=60_000)
    expect(settled(page).get_by_role("button", name="Grow the picture")).to_be_visible()


def test_two_visitors_grow_pictures_at_once(browse: Browse) -> None:
    pages = [browse(), browse(locale="zh-CN", color_scheme="dark")]
    for page, channel in zip(pages, (3, 9), strict=True):
        page.goto(f"{SMALL}&layer=conv1&channel={channel}")
    for page, words in zip(pages, ("Grow the picture", "开始生长"), strict=True):
        settled(page).get_by_role("button", name=words).click()
    ends = []
    for page, words in zip(pages, ("Grow from other noise", "换一份噪声"), strict=True):
        expect(page.get_by_role("button", name=words)).to_be_visible(timeout=60_000)
        ends.append(settled(page).locator("[data-testid=stImage] img").first.get_attribute("src"))
    assert ends[0] != ends[1]
