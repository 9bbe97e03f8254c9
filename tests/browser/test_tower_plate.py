"""Pointing at the tower diagram: every block and every arrow tells its own numbers."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import settled


def block(page: Page, layer: str, tower: int) -> Locator:
    """What a tower holds of a layer, in the diagram."""
    return page.locator(f"g.target[data-layer={layer}][data-tower='{tower}']").first


def test_blocks_and_arrows_tell_their_own_numbers(page: Page) -> None:
    page.goto("/towers?lang=en")
    line = settled(page).locator(".plate .line").first
    block(page, "conv2", 1).hover()
    expect(line).to_contain_text("conv2 on GPU 1")
    expect(line).to_contain_text("128 kernels of 5×5×48 · 153,728 parameters")
    expect(block(page, "conv2", 1)).to_have_class(re.compile("hovered"))
    expect(block(page, "conv2", 0)).not_to_have_class(re.compile("hovered"))
    page.locator("g.crossing").first.dispatch_event("mouseenter")
    expect(line).to_contain_text("conv3: GPU 1 → GPU 0 · 21,632 values · 86,528 bytes")


def test_arrow_keys_keep_to_the_tower_or_to_the_layer(page: Page) -> None:
    page.goto("/towers?lang=en")
    block(settled(page), "conv1", 0).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(block(page, "conv2", 1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(block(page, "conv2", 0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(block(page, "conv2", 0)).to_have_class(re.compile("selected"))
    expect(page).to_have_url(re.compile("layer=conv2"))
