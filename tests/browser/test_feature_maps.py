"""The Feature maps page in a real browser: bring a picture, point, sort, open a channel."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from alexnet_viz.pictures.images import MAX_BYTES
from alexnet_viz.text import LANGUAGES, t
from tests.browser.conftest import Browse
from tests.browser.first_screen import on_first_screen
from tests.browser.watch import chosen, edges, settled

NUMBER = r"-?[\d.]+(?:e[+-]\d+)?"
CLICK_BYTES = 100_000
"""A click sends the one map and its histogram; the sheet alone is more than that."""


def sheet(page: Page) -> Locator:
    return page.locator(".contact img")


def picture_choice(page: Page) -> Page:
    """The page with the choice of a picture open."""
    settled(page).locator(".st-key-picture button").first.click()
    return page


def pointed_at(page: Page, target: Locator, x: float, y: float) -> None:
    """Put the pointer at a share of the width and height of something."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_bring_a_photo_sort_scale_and_open_a_channel(
    browse: Browse, root: Path, language: str
) -> None:
    page = browse(locale="zh-CN" if language == "zh" else "en-US")
    page.goto(f"/feature_maps?source=upload&lang={language}")
    samples = root / "alexnet_viz" / "pictures" / "samples"
    chooser = picture_choice(page).locator("input[type=file]").first
    before = sheet(page).get_attribute("src")
    chooser.set_input_files([samples / "coffee.jpg", samples / "cat.jpg"])
    expect(sheet(page)).not_to_have_attribute("src", before or "", timeout=30_000)
    expect(settled(page).locator(".st-key-picture button").first).to_contain_text("cat.jpg")
    page.keyboard.press("Escape")

    chosen(page, "scale", t("maps.scale_percentile", language, low=1, high=99))
    expect(page).to_have_url(re.compile("scale=percentile"))
    chosen(page, "order", t("maps.order_colour", language))
    expect(page).to_have_url(re.compile("order=colour"))
    pointed_at(page, sheet(page), 0.01, 0.01)
    tip = page.locator(".contact .tip")
    first = re.search(r"\d+", tip.inner_text())
    assert first
    page.mouse.down()
    page.mouse.up()
    if first[0] != "0":
        expect(page).to_have_url(re.compile(rf"channel={first[0]}\b"))
    heading = t("maps.enlarged", language, channel=int(first[0]), layer="conv1")
    expect(settled(page).get_by_role("heading", name=heading)).to_be_visible()


def test_the_pointer_reads_the_same_value_on_the_sheet_and_on_the_map(page: Page) -> None:
    """Once to the precision of the colours, once exactly."""
    page.goto("/feature_maps?source=sample&layer=relu1&channel=0&weights=random")
    settled(page)
    size, columns = 55, 13  # 96 maps on a sheet
    pixels = sheet(page).evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert pixels[0] == columns * (size + 1)
    tip, exact = page.locator(".contact .tip"), page.locator(".overlay .tip")
    limits = page.locator(".contact .scale span").all_inner_texts()
    step = (float(limits[1]) - float(limits[0])) / 252
    for row, column in ((3, 4), (30, 41), (54, 54)):
        x, y = (column + 0.5) / pixels[0], (row + 0.5) / pixels[1]
        pointed_at(page, sheet(page), x, y)
        expect(tip).to_contain_text(f"channel 0 · row {row}, column {column}: ")
        said = re.search(rf"[≈≤≥:] ({NUMBER}) ·", tip.inner_text())
        pointed_at(page, page.locator(".overlay .map"), (column + 0.5) / size, (row + 0.5) / size)
        expect(exact).to_contain_text(f"row {row}, column {column}: ")
        true = re.search(rf": ({NUMBER})$", exact.inner_text())
        assert said
        assert true
        assert float(said[1]) == pytest.approx(float(true[1]), abs=1.1 * step)


def test_pointing_sends_nothing_and_a_click_sends_no_sheet_again(page: Page) -> None:
    sent: list[str | bytes] = []
    received: list[str | bytes] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))
        socket.on("framereceived", lambda frame: received.append(frame))

    page.on("websocket", watch)
    page.goto("/feature_maps?source=sample&channel=40")
    settled(page)
    sent.clear()
    for step in range(20):
        pointed_at(page, sheet(page), 0.02 + step / 25, 0.4)
    page.wait_for_timeout(300)
    assert sent == []
    whole = sum(map(len, received))
    received.clear()
    sheet(page).click(position={"x": 8, "y": 8})
    expect(settled(page).get_by_role("heading", name="Channel 0 of conv1")).to_be_visible()
    click = sum(map(len, received))
    assert click < CLICK_BYTES < whole
    page.get_by_role("spinbutton", name="Channel").fill("41")
    page.keyboard.press("Enter")
    expect(settled(page).get_by_role("heading", name="Channel 41 of conv1")).to_be_visible()
    expect(page.locator(".contact .tip")).to_contain_text("channel 41 ·")
    sheet(page).click(position={"x": 8, "y": 8})  # the same tile as before opens again
    expect(settled(page).get_by_role("heading", name="Channel 0 of conv1")).to_be_visible()


def test_the_keyboard_walks_the_sheet_and_the_map(page: Page) -> None:
    page.goto("/feature_maps?source=sample&layer=pool1&channel=3")
    settled(page).locator(".contact").focus()
    page.keyboard.press("ArrowRight")
    expect(settled(page)).to_have_url(re.compile("channel=4"))
    page.locator(".overlay .map").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".overlay .tip")).to_contain_text("row 1, column 0: ")
    expect(page.locator(".overlay .field")).to_be_visible()


def test_a_cell_is_kept_and_opens_under_the_lens(page: Page) -> None:
    page.goto("/feature_maps?source=sample&layer=conv3&channel=5")
    settled(page)
    pointed_at(page, page.locator(".overlay .map"), (4 + 0.5) / 13, (7 + 0.5) / 13)
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("cell_row=7"))
    settled(page)
    page.mouse.move(0, 0)
    expect(page.locator(".overlay .tip")).to_contain_text("row 7, column 4: ")
    page.get_by_role("link", name=t("maps.lens_cell", row=7, column=4)).click()
    title = settled(page).get_by_role("heading", level=1)
    expect(title).to_have_text(t("page.channel.title"))
    expect(page).to_have_url(re.compile("cell_row=7"))


def test_the_overlay_fades_and_the_link_says_how_far(browse: Browse) -> None:
    page = browse()
    page.goto("/feature_maps?source=sample&layer=conv2")
    slider = settled(page).locator(".opacity input")
    expect(slider).to_have_value("50")
    slider.focus()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("opacity=100"))
    over = page.locator(".picture canvas")
    assert over.evaluate("canvas => getComputedStyle(canvas).opacity") == "1"
    other = browse()
    other.goto(settled(page).url)
    expect(settled(other).locator(".opacity input")).to_have_value("100")


def test_a_map_behind_a_relu_is_another(page: Page) -> None:
    tips = []
    for layer in ("conv1", "relu1"):
        page.goto(f"/feature_maps?source=sample&layer={layer}&channel=1&weights=random")
        tip = settled(page).locator(".contact .tip")
        expect(tip).to_contain_text("min ")
        tips.append(tip.inner_text())
    least = [float(re.search(rf"min ({NUMBER})", tip)[1]) for tip in tips]  # type: ignore[index]
    assert least[0] < 0 == least[1]


def test_pictures_side_by_side(page: Page) -> None:
    page.goto(
        "/feature_maps?layer=relu1&source=sample&sample=cat&beside=coffee,drawing&scale=images"
    )
    maps = settled(page).locator(".overlay")
    expect(maps).to_have_count(4)
    scales = {tuple(each.locator(".scale span").all_inner_texts()) for each in maps.all()}
    assert len(scales) == 1
    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


def test_a_text_file_called_png_is_explained(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "cat.png"
    fake.write_text("only words", "utf-8")
    page.goto("/feature_maps?source=upload")
    before = edges(settled(page), ".contact .frame")
    chooser = picture_choice(page).locator("input[type=file]").first
    chooser.set_input_files(fake)
    expect(page.get_by_test_id("stAlert").filter(has_text="PNG, JPEG")).to_be_visible()
    chooser.set_input_files([fake, fake])
    expect(page.get_by_text(re.compile(r"\d of \d files cannot be read"))).to_be_visible()
    expect(page.get_by_text("96 of 96 channels")).to_be_visible()
    assert edges(settled(page), ".contact .frame") == before


def test_the_numbers_are_proved_on_demand(page: Page) -> None:
    page.goto("/feature_maps")
    settled(page).get_by_text(t("maps.proof")).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="Checked: all")).to_be_visible(
        timeout=30_000
    )


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1440, 900)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_and_what_a_click_enlarges_are_on_the_first_screen(
    browse: Browse, language: str, width: int, height: int
) -> None:
    page = browse(viewport={"width": width, "height": height})
    page.goto(f"/feature_maps?source=sample&layer=conv3&lang={language}")
    on_first_screen(settled(page), ".contact .frame")
    sheet(page).click(position={"x": 8, "y": 8})
    heading = t("maps.enlarged", language, channel=0, layer="conv3")
    expect(settled(page).get_by_role("heading", name=heading)).to_be_in_viewport()
    on_first_screen(page, ".overlay .panes")
    frame, panes = edges(page, ".contact .frame"), edges(page, ".overlay .panes")
    assert panes["left"] > frame["right"]
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_the_uploader_speaks_the_page_s_language(page: Page) -> None:
    page.goto("/feature_maps?source=upload&lang=zh")
    button = picture_choice(page).get_by_test_id("stFileUploaderDropzone").locator("button")
    expect(button).to_have_accessible_name(t("shell.streamlit.upload", "zh"))
    box = page.get_by_test_id("stFileUploader")
    assert not re.search("Upload|per file", box.inner_text())


def test_another_layer_moves_nothing_but_its_sheet(page: Page) -> None:
    page.goto("/feature_maps?source=sample")
    settled(page)
    page.evaluate(SHIFTS)
    chosen(page, "layer", "relu1 · ReLU")
    expect(settled(page)).to_have_url(re.compile("layer=relu1"))
    assert page.evaluate("window.__shift") <= 0.05


SHIFTS = """() => {
  window.__shift = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.__shift += entry.value
  }).observe({ type: "layout-shift" })
}"""


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_picture_over_the_limit_is_refused_by_the_uploader(
    locale: str, browse: Browse, tmp_path: Path
) -> None:
    """It is not sent at all, and a line below the uploader says so in the visitor's language."""
    large, sent = tmp_path / "large.png", []
    large.write_bytes(b"\x89PNG" + bytes(MAX_BYTES))
    page = browse(locale=locale)
    page.on("request", lambda it: sent.append(it.url) if it.method == "PUT" else None)
    page.goto("/feature_maps?source=upload")
    picture_choice(page).locator("input[type=file]").first.set_input_files(large)
    uploader = page.get_by_test_id("stFileUploader")
    expect(uploader.get_by_test_id("stFileChip")).to_have_attribute("aria-invalid", "true")
    said = uploader.evaluate("it => getComputedStyle(it, '::after').content")
    assert t("shell.streamlit.refused", "zh" if locale == "zh-CN" else "en") in said
    assert sent == []
    expect(settled(page).locator(".contact")).to_be_visible()
