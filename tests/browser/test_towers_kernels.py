"""The kernels of the towers in a browser: point at one, click it, and be at its channel."""

import re

import numpy as np
from playwright.sync_api import Page, expect

from alexnet_viz.interpretability.kernels import colour_selectivity, kernels
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.loader import load
from tests.browser.watch import point_at, settled


def test_a_kernel_says_who_it_is_and_opens_its_channel(page: Page) -> None:
    colour = colour_selectivity(kernels(load(DRAWINGS).get_submodule("conv1")))
    second = 48 + int(np.argsort(-colour[48:], kind="stable")[1])
    page.goto("/towers?section=kernels")
    settled(page)
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.scroll_into_view_if_needed()

    def place() -> tuple[float, float]:
        tile = chart.locator("image").nth(1).bounding_box()
        assert tile is not None
        return tile["x"] + tile["width"] * 1.5 / 12, tile["y"] + tile["height"] / 8

    x, y = point_at(page, place, chart.locator(".hoverlayer"), f"kernel {second}")
    expect(chart.locator(".hoverlayer")).to_contain_text("place 2 of 48")
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile(rf"/channel\?.*channel={second}\b"), timeout=30_000)
    settled(page)
    expect(page.get_by_role("heading", name=f"Channel {second} of conv1")).to_be_visible()
    page.go_back()
    settled(page)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/towers\?.*section=kernels"))
