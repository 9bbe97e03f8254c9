"""Labs of structure and of code as a student uses them."""

from playwright.sync_api import Page, expect

from tests.browser.watch import settled
from tests.test_labs_structure import rewritten


def test_the_paper_is_rebuilt_by_seven_clicks(page: Page) -> None:
    page.goto("/labs?lab=structure&lang=en")
    settled(page)
    for edit in ("LRN after relu1", "LRN after relu2", "conv5: 256 kernels", "conv2: padding 2",
                 "conv3–5: padding 1", "conv4, conv5: 2 groups", "softmax at the end"):  # fmt: skip
        page.get_by_role("button", name=edit, exact=True).click()
        settled(page)
    expect(page.get_by_text("No difference")).to_be_visible()
    checks = page.get_by_test_id("stMain").get_by_role("button", name="Check")
    checks.first.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Rebuilt with 7 edits")
    assert "norm1,norm2" in page.url.replace("%2C", ",")
    _put_first(page, "conv1", "norm1")
    checks.last.click()
    expect(page.get_by_test_id("stAlert").last).to_contain_text("After conv1 comes another layer")


def _put_first(page: Page, name: str, first: str) -> None:
    """Drag a layer of the task to the place of the first one."""
    item, place = (page.get_by_role("slider", name=each, exact=True) for each in (name, first))
    place.scroll_into_view_if_needed()
    settled(page)
    start, end = item.bounding_box(), place.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + 8, steps=4)
    page.mouse.up()
    expect(item).to_have_attribute("aria-valuetext", "place 1 of 8")
    settled(page)


def test_code_is_rewritten_into_the_papers_network(page: Page) -> None:
    page.goto("/labs?lab=keras_code&lang=en")
    settled(page)
    code = page.get_by_role("textbox", name="Code")
    code.fill("model.add(LSTM(3))")
    code.press("Control+Enter")
    expect(page.get_by_text("Line 1: the layer")).to_be_visible()
    code.fill(rewritten())
    code.press("Control+Enter")
    expect(page.get_by_text("This is the paper's network")).to_be_visible()
    settled(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Check").last.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("60,965,224")
