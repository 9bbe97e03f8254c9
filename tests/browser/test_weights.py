"""The Weights page in a browser: open a file of one's own, and see where it runs."""

from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Page, expect

from alexnet_viz.text import t
from alexnet_viz.weights.catalogue import DRAWINGS
from tests.browser.conftest import Browse
from tests.browser.first_screen import PROJECTOR, on_first_screen
from tests.browser.watch import settled, unfold

FILE = files("alexnet_viz.weights") / DRAWINGS.file


def test_the_kernels_are_in_the_first_screen_and_every_picture_is_described(
    browse: Browse,
) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto("/weights")
    sheet = settled(page).locator(".st-key-kernel_sheet img")
    expect(sheet).to_have_attribute("alt", t("weights.card.sheet"))
    on_first_screen(page, ".st-key-kernel_sheet img")
    for picture in page.locator("[data-testid=stMain] img").all():
        assert picture.get_attribute("alt")


def test_a_file_of_one_s_own_gets_into_the_menu(page: Page, tmp_path: Path) -> None:
    mine = tmp_path / "mine.safetensors"
    mine.write_bytes(FILE.read_bytes())
    page.goto("/weights")
    settled(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(mine)
    expect(page.get_by_text("mine.safetensors fits", exact=False)).to_be_visible(timeout=60_000)
    settled(page)
    page.get_by_role("button", name=t("weights.use")).last.click()
    expect(page.get_by_role("heading", name="Feature maps", exact=True)).to_be_visible()
    unfold(page)
    expect(page.get_by_text(t("weights.own.trained_on"))).to_be_visible()


def test_a_file_that_is_none_is_explained(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pth"
    broken.write_bytes(b"not a zip")
    page.goto("/weights")
    settled(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(broken)
    expect(page.get_by_test_id("stAlert")).to_contain_text("no PyTorch file", timeout=60_000)


def test_the_weights_that_ship_can_be_taken_away(page: Page, tmp_path: Path) -> None:
    page.goto("/weights")
    settled(page)
    page.get_by_text(t("weights.card.reproduce"), exact=True).first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("weights.card.download")).first.click()
    target = tmp_path / "taken.safetensors"
    download.value.save_as(target)
    assert target.read_bytes() == FILE.read_bytes()
