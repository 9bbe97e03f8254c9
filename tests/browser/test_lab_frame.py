"""The frame of a lab in a browser: the picture stays in view while bars below it are drawn."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.first_screen import small_text
from tests.browser.watch import settled


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_stays_in_view_above_the_bars(browse: Browse, scheme: str) -> None:
    """At a small projector's size a bar and the picture that answers to it are seen together."""
    page = browse(viewport={"width": 1024, "height": 768}, color_scheme=scheme)
    page.goto("/labs?lab=lrn")
    picture = page.locator(".st-key-kept_in_view svg[role=img]")
    expect(picture).to_be_visible(timeout=30_000)
    bars = page.locator(".pad.mounted")
    expect(bars).to_be_visible(timeout=30_000)
    settled(page)
    high = page.viewport_size["height"] if page.viewport_size else 0
    page.mouse.move(300, 600)
    page.mouse.wheel(0, 450)
    expect(bars).to_be_in_viewport()
    settled(page)
    at, below = picture.bounding_box(), bars.bounding_box()
    assert at
    assert below
    assert at["y"] >= 0
    assert at["y"] + at["height"] + 200 < high
    assert below["y"] < at["y"] + at["height"], "the bars have scrolled under the picture"
    colours = page.evaluate("""() => [
        document.querySelector('[data-testid="stApp"]'),
        document.querySelector(".st-key-kept_in_view").parentElement,
    ].map(it => getComputedStyle(it).backgroundColor)""")
    assert colours[0] == colours[1]
    assert at["width"] >= 640, "its text is smaller than 14 px, or larger than its places"
    assert small_text(page) == ""
    if scheme == "light":  # of a drawing that is wider than the page the text shrinks less
        page.goto("/labs?lab=towers")
        expect(page.locator(".plate.mounted svg[viewBox]")).to_be_visible(timeout=30_000)
        settled(page)
        assert small_text(page) == ""
