"""Taking a network away: open the panel, see what is in the file, save it, open the report."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.browser.watch import settled


def panel(page: Page, button: str = "Download") -> Locator:
    """The panel, opened."""
    settled(page).get_by_role("button", name=button, exact=True).click()
    opened = page.get_by_test_id("stPopoverBody")
    expect(opened).to_be_visible()
    return opened


def saved(page: Page, button: Locator, folder: Path) -> Path:
    """The file that a button hands out."""
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_network_is_taken_away_as_source_and_as_a_report(page: Page, tmp_path: Path) -> None:
    page.goto("/architecture?variant=torchvision_alexnet")
    place = panel(page)
    expect(place.locator("code")).to_contain_text("nn.Conv2d(3, 64, kernel_size=11, stride=4")
    button = place.get_by_role("button", name="Download torchvision_alexnet_224.torch.py")
    source = saved(page, button, tmp_path)
    assert source.name == "torchvision_alexnet_224.torch.py"
    text = source.read_text("utf-8")
    compile(text, source.name, "exec")
    assert '("fc8", nn.Linear(4096, 1000)),' in text

    place.get_by_text("HTML report").click()
    button = place.get_by_role("button", name="Download torchvision_alexnet_224.html")
    report = saved(page, button, tmp_path)
    assert "61,100,840" in report.read_text("utf-8")
    expect(page).to_have_url(re.compile("export=html"))

    page.goto("about:blank")
    page.set_content(report.read_text("utf-8"))  # the tab fails the test if it loads anything
    expect(page.get_by_role("heading", level=1)).to_have_text("torchvision: alexnet")
    expect(page.locator("svg [data-layer=conv1]")).to_be_visible()
    fraction = page.locator("mfrac").first.bounding_box()
    assert fraction
    assert fraction["height"] > 20  # drawn as a fraction, not as a line of text
    page.set_viewport_size({"width": 1000, "height": 700})
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_what_caffe_cannot_say_is_said_in_chinese(browse: Browse) -> None:
    page = browse(locale="zh-CN", color_scheme="dark")
    page.goto("/architecture?export=prototxt")
    place = panel(page, "下载")
    expect(place.get_by_role("listitem").first).to_contain_text(
        "conv1：窗口超出特征图上下 0 + 3 格"
    )
    expect(place.get_by_role("listitem")).to_have_count(3)


def test_a_comparison_is_handed_out_as_one_page(page: Page, tmp_path: Path) -> None:
    page.goto("/compare?compare=alexnet_2012_paper,zfnet_paper")
    button = panel(page).get_by_role("button", name="HTML")
    report = saved(page, button, tmp_path)
    assert report.name == "alexnet_2012_paper_vs_zfnet_paper.html"
    assert "2 networks compared" in report.read_text("utf-8")


def test_the_cross_check_unfolds(page: Page) -> None:
    page.goto("/architecture?variant=torchvision_alexnet")
    settled(page).get_by_text("Our totals beside torchinfo and torch's flop counter").click()
    row = page.get_by_role("row", name="torchinfo, total_mult_adds")
    expect(row).to_contain_text("714,682,664", timeout=30_000)  # torch counts first
