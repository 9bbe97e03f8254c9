"""Comparing in a browser: read the sentence, sort the matrix, run a dispute; the family tree."""

import re

from playwright.sync_api import Page, expect

from alexnet_viz.text import t
from alexnet_viz.variants import VARIANTS
from tests.browser.conftest import Browse
from tests.browser.watch import settled


def test_eight_networks_have_their_columns_and_a_legend_beside_the_bars(browse: Browse) -> None:
    page = browse(viewport={"width": 1024, "height": 768})
    page.goto(f"/compare?compare={','.join(list(VARIANTS)[:8])}")
    chart = settled(page).locator(".js-plotly-plot")
    legend, bars = (
        chart.locator(part).bounding_box() for part in (".legend", ".barlayer >> nth=1")
    )
    assert legend
    assert bars
    assert legend["y"] + legend["height"] <= bars["y"]
    expect(chart.locator(".legend .traces")).to_have_count(8)
    expect(page.get_by_text(t("compare.roomy", most=4))).to_be_visible()
    rows = page.locator(".rows", has=page.locator(f"table[aria-label='{t('compare.table')}']"))
    inside = rows.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert inside or rows.evaluate("it => it.classList.contains('more')")


def test_the_sentence_then_the_matrix_then_a_dispute(page: Page) -> None:
    page.goto("/compare?compare=caffe_bvlc_alexnet,caffe_bvlc_reference_caffenet")
    settled(page)
    expect(page.get_by_text("pools before it normalises (stages 1 and 2)")).to_be_visible()

    page.get_by_role("radio", name="All variants").click()
    settled(page)
    table = page.locator("table[aria-label^='All variants']")
    names = table.locator("tbody tr td:first-child")
    expect(names.first).to_have_text("AlexNet, the paper (2012)")
    table.get_by_role("button", name="network").click()
    expect(names.first).to_have_text("AlexNet at 224, 3 zeros at one border")
    # a click makes a network the one that all others are held against
    names.get_by_text("ZFNet, the paper (2013)").click()
    settled(page)
    expect(page).to_have_url(re.compile("reference=zfnet_paper"))
    expect(names.first).to_have_text("ZFNet, the paper (2013)")
    expect(table.locator("tbody tr").first.locator("td.lit")).to_have_count(0)

    page.get_by_role("radio", name="On a picture").click()
    settled(page)
    page.get_by_role("combobox", name="Two networks").click()
    page.get_by_role("option", name="LRN per tower or across").click()
    settled(page)
    expect(page.get_by_text("of 96 channels differ")).to_be_visible()
    expect(page.get_by_text("Their outputs differ from norm1 on.")).to_be_visible()
    expect(page).to_have_url(re.compile("pair=norm_reach"))


def test_a_point_of_the_scatter_joins_the_comparison(page: Page) -> None:
    page.goto("/compare?compare_view=scatter&compare=alexnet_2012_paper,torchvision_alexnet")
    settled(page)
    chart = page.get_by_test_id("stPlotlyChart")
    name = chart.get_by_text("MindSpore: AlexNet")
    expect(name).to_be_visible()
    box = name.bounding_box()
    assert box
    page.mouse.click(box["x"] - 9, box["y"] + box["height"] / 2)
    expect(page).to_have_url(re.compile("mindspore_alexnet"))
    settled(page)


def test_from_a_node_of_the_tree_to_the_comparison_with_its_parent(page: Page) -> None:
    page.goto("/family")
    settled(page)
    tree = page.locator(".picture svg")
    expect(tree.locator("g[data-layer]")).to_have_count(41)
    tree.locator("g[data-layer=caffe_bvlc_reference_caffenet] text").first.click()
    settled(page)
    expect(page).to_have_url(re.compile("variant=caffe_bvlc_reference_caffenet"))
    heading = page.get_by_role("heading", name=re.compile("From the paper to Caffe: CaffeNet"))
    expect(heading).to_be_visible()
    # beside the network that was clicked: its step
    card = page.locator(".card:visible")
    expect(card).to_contain_text("pools before it normalises (stages 1 and 2)")
    page.keyboard.press("Escape")
    # an edge says all that changed
    places = tree.locator(".crossing", has=page.locator("title", has_text="Places365"))
    expect(places.locator("title")).to_have_text(re.compile("fc8: 365 units instead of 1,000"))
    page.get_by_role("button", name="Compare it with AlexNet, the paper (2012)").click()
    expect(page).to_have_url(re.compile("/compare"))
    settled(page)
    expect(page.get_by_text("pools before it normalises (stages 1 and 2)").first).to_be_visible()
