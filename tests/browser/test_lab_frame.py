"""The frame of a lab in a browser: the picture stays in view while bars below it are drawn."""

import re

import pytest
from playwright.sync_api import Page, expect

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


def test_frames_on_a_drawing_are_moved_by_pointer_and_keys(page: Page) -> None:
    """A patch is dragged over the picture, a cell is pointed at and chosen, a kernel is clicked."""
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto("/labs?lab=features&set=patch.48")
    frames = page.locator(".grip")
    expect(frames).to_have_count(2, timeout=30_000)
    settled(page)
    patch, cells = frames.first, frames.last
    field = page.locator("[data-on] polygon").first
    at, shown = field.bounding_box(), cells.bounding_box()
    assert at
    assert shown
    page.mouse.move(shown["x"] + 0.9 * shown["width"], shown["y"] + 0.5 * shown["height"])
    expect(cells).to_have_attribute("aria-valuetext", "row 13, column 24")
    hovered = field.bounding_box()
    assert hovered
    assert hovered["x"] > at["x"] + 50, "the frame of what the cell reads does not follow"
    assert "column" not in page.url
    page.mouse.move(5, 5)
    expect(cells).to_have_attribute("aria-valuetext", "row 13, column 13")
    held = patch.locator(".held").bounding_box()
    assert held
    x, y = held["x"] + held["width"] / 2, held["y"] + held["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 20, y, steps=3)
    page.mouse.move(x - 44, y - 300, steps=3)
    page.mouse.up()
    place = re.fullmatch(r"row (\d+), column (\d+)", patch.get_attribute("aria-valuetext") or "")
    assert place
    row, left = map(int, place.groups())
    assert row == 0, "a frame leaves its picture"
    assert left == pytest.approx(90 - 44 * 227 / shown["width"], abs=2)
    linked(page, f"patch_column.{left}")
    linked(page, "patch_row.0")
    expect(page.get_by_text("The patch of 48×48 px changes")).to_be_visible()
    page.keyboard.press("Control+ArrowRight")
    linked(page, f"patch_column.{left + 9}")

    page.goto("/labs?lab=convolution&set=preset.learned~stride.4")
    expect(frames).to_have_count(3, timeout=30_000)
    settled(page)
    wall = frames.nth(2)
    wall.click(position={"x": 5.5 * 614 / 16, "y": 1.5 * 231 / 6})
    linked(page, "number.21")
    settled(page)
    page.keyboard.press("ArrowDown")
    linked(page, "number.37")
    expect(wall).to_be_focused()
    expect(wall).to_have_attribute("aria-valuetext", "kernel 37")


def linked(page: Page, text: str) -> None:
    """Wait until the link has this part of a setting, and what it leads to is drawn."""
    page.wait_for_function("text => location.search.split(/[=~&]/).includes(text)", arg=text)
    settled(page)
