"""What a visitor does, in a real browser: look, click, switch, upload, share a link."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from alexnet_viz.text import t
from alexnet_viz.ui.app.shell import MENU
from tests.browser.conftest import Browse
from tests.browser.server import Server
from tests.browser.watch import chosen, settled

LOCALES = {"en": "en-US", "zh": "zh-CN"}


def block(page: Page, layer: str) -> Locator:
    """A layer in the drawing."""
    return page.locator(f"svg [data-layer={layer}]")


def row(page: Page, layer: str) -> Locator:
    """A layer in the table below it."""
    return page.locator(f"tr[data-layer={layer}]")


def through_the_menu(page: Page, name: str) -> None:
    """Open a page from the menu, as a visitor does."""
    (group,) = (group for group, pages in MENU.items() if name in pages)
    settled(page).get_by_test_id("stTopNav").get_by_role("button", name=t(f"menu.{group}")).click()
    page.get_by_role("menuitem", name=t(f"page.{name}.title")).click()


def test_a_deep_link_on_a_server_nobody_has_visited(
    browse: Browse, serve: Callable[[], Server]
) -> None:
    page = browse(serve())
    page.goto("/layer?variant=torchvision_alexnet&layer=conv2&lang=zh")
    expect(settled(page).get_by_role("heading", level=1)).to_have_text("逐层细看")
    expect(page.get_by_role("heading", name="conv2 · 卷积 · 64×27×27 → 192×27×27")).to_be_visible()


def test_drawing_and_table_light_each_other(page: Page) -> None:
    page.goto("/architecture")
    block(settled(page), "conv3").click()
    expect(row(page, "conv3")).to_have_class(re.compile("selected"))
    expect(page).to_have_url(re.compile("layer=conv3"))
    row(settled(page), "fc6").click()
    expect(block(page, "fc6")).to_have_class(re.compile("selected"))
    expect(block(page, "conv3")).not_to_have_class(re.compile("selected"))
    row(page, "pool5").hover()
    expect(block(page, "pool5")).to_have_class(re.compile("hovered"))


def test_the_keyboard_reaches_every_layer(page: Page) -> None:
    page.goto("/architecture")
    block(settled(page), "conv1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(block(page, "pool1")).to_have_class(re.compile("selected"))


def test_224_and_227_change_everything_at_once(page: Page) -> None:
    page.goto("/architecture?variant=alexnet_2012_227")
    expect(row(settled(page), "conv1")).to_contain_text("96×55×55")
    page.get_by_role("radio", name="224", exact=True).or_(
        page.get_by_role("button", name="224", exact=True)
    ).first.click()
    expect(row(page, "conv1")).to_contain_text("96×54×54")
    expect(page.get_by_text("49,430,888").first).to_be_visible()
    expect(block(page, "conv1")).to_contain_text("96×54×54")
    expect(page).to_have_url(re.compile("input=224"))


def test_a_column_sorts(page: Page) -> None:
    page.goto("/architecture")
    header = settled(page).locator("th button", has_text="MACs")
    header.click()
    expect(page.locator("tbody tr").first).to_contain_text("conv2")
    header.click()
    expect(page.locator("tbody tr").first).not_to_contain_text("conv2")


def test_the_drawing_and_the_table_can_be_taken_away(page: Page, tmp_path: Path) -> None:
    page.goto("/architecture")
    settled(page).get_by_role("button", name="Download").click()
    for button, name, content in (
        ("SVG", "alexnet_2012_paper_224.svg", b"96\xc3\x9755\xc3\x9755"),
        ("PNG", "alexnet_2012_paper_224.png", b"\x89PNG"),
        ("CSV", "alexnet_2012_paper_224.csv", b"conv1,"),
        ("LaTeX", "alexnet_2012_paper_224.tex", rb"\toprule"),
        ("JSON", "alexnet_2012_paper_224.json", b'"params": 60965224'),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        assert download.value.suggested_filename == name
        target = tmp_path / name
        download.value.save_as(target)
        assert content in target.read_bytes()


def test_a_link_shows_another_visitor_the_same_view(browse: Browse) -> None:
    page = browse()
    page.goto("/architecture")
    chosen(page, "rounding", "floor (PyTorch)")
    expect(page.get_by_text("it was built for 9,216 inputs and gets 6,400")).to_be_visible()
    block(page, "conv4").click()
    expect(page).to_have_url(re.compile("layer=conv4"))
    other = browse(locale="zh-CN", color_scheme="dark")
    other.goto(settled(page).url)
    expect(row(settled(other), "conv4")).to_have_class(re.compile("selected"))
    expect(other.get_by_text("它是为 9,216 个输入建的，却收到 6,400 个")).to_be_visible()


def test_choices_survive_a_walk_through_all_pages(page: Page) -> None:
    page.goto("/?variant=caffe_bvlc_alexnet&input=224")
    for name in ("layer", "towers", "feature_maps", "architecture"):
        through_the_menu(page, name)
        title = settled(page).get_by_role("heading", level=1)
        expect(title).to_have_text(t(f"page.{name}.title"))
        expect(page).to_have_url(re.compile("variant=caffe_bvlc_alexnet"))
        expect(page).to_have_url(re.compile("input=224"))
    expect(row(page, "pool1")).to_contain_text("96×27×27")


def test_the_back_button_goes_back(page: Page) -> None:
    page.goto("/architecture?variant=torchvision_alexnet")
    through_the_menu(page, "layer")
    expect(settled(page).get_by_role("heading", level=1)).to_have_text("Layer")
    page.go_back()
    expect(settled(page).get_by_role("heading", level=1)).to_have_text("Architecture")
    expect(row(page, "conv1")).to_contain_text("64×55×55")


def test_the_back_button_undoes_the_first_choice(page: Page) -> None:
    page.goto("/towers?lang=en")
    settled(page).get_by_text("Memory", exact=True).click()
    expect(settled(page).get_by_role("heading", level=2).first).to_contain_text("What is counted")
    page.go_back()
    expect(settled(page).get_by_role("heading", level=2).first).to_contain_text("Per GPU")


def test_two_visitors_do_not_mix(browse: Browse) -> None:
    one, two = browse(), browse(locale="zh-CN")
    one.goto("/architecture?variant=zfnet_paper")
    two.goto("/architecture?variant=tf_slim_alexnet_v2")
    expect(row(settled(one), "conv1")).to_contain_text("96×110×110")
    expect(row(settled(two), "conv1")).to_contain_text("64×54×54")
    one.reload()
    expect(row(settled(one), "conv1")).to_contain_text("96×110×110")
