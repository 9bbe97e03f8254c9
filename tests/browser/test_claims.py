"""The Claims page in a browser: filter, pick a claim, follow it to where it can be seen."""

from playwright.sync_api import Page, expect

from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.selection import select
from alexnet_viz.analysis.claims.wording import explained, said
from alexnet_viz.text import t
from tests.browser.watch import settled


def test_a_claim_is_found_understood_and_followed(page: Page) -> None:
    page.goto("/claims")
    settled(page)
    page.get_by_role("combobox", name=t("claims.verdict")).click()
    page.get_by_role("option", name=t("claims.verdict_of.arithmetic")).click()
    settled(page)
    rows = page.get_by_role("table", name=t("claims.ledger")).locator("tbody tr")
    expect(rows).to_have_count(len(select(verdict="arithmetic")))
    assert "claim_verdict=arithmetic" in page.url

    claim = claims()["s001-03"]
    rows.filter(has_text=said(claim)).click()
    settled(page)
    expect(page.get_by_text(explained(claim))).to_be_visible()
    assert "claim=s001-03" in page.url

    page.get_by_role("link", name="Show it: Calculator").click()
    settled(page)
    expect(page.get_by_role("heading", name=t("page.calculator.title"), exact=True)).to_be_visible()
    expect(page.get_by_label(t("calculator.w"), exact=True).first).to_have_value("224")

    page.go_back()
    settled(page)
    expect(page.get_by_text(explained(claim))).to_be_visible()


def test_the_header_stays_while_the_ledger_scrolls_and_words_are_searched(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto("/claims")
    table = settled(page).get_by_role("table", name=t("claims.ledger"))
    over = "it => it.scrollWidth - it.clientWidth"
    assert page.locator(".rows", has=table).evaluate(over) == 0, "the verdict is cut off"
    page.set_viewport_size({"width": 1440, "height": 900})
    row = table.locator("tbody tr").nth(1)
    expect(row.locator("td").first).to_have_css("white-space", "nowrap")
    page.set_viewport_size({"width": 1024, "height": 768})
    head = table.locator("thead tr").last
    before = head.bounding_box()
    page.locator(".rows", has=table).evaluate("it => it.scrollTop = it.scrollHeight")
    expect(table.locator("tbody tr").last).to_be_in_viewport()
    expect(table.locator("tbody tr").first).not_to_be_in_viewport()
    after = head.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2

    box = page.get_by_role("textbox", name=t("claims.search"))
    box.fill("54.75")
    box.press("Enter")
    settled(page)
    expect(table.locator("tbody tr")).to_have_count(len(select(text="54.75", verdict="disputed")))
    assert "claim_text=54.75" in page.url


def test_a_source_is_picked_from_the_counts(page: Page) -> None:
    page.goto("/claims?lang=zh")
    settled(page)
    counts = page.get_by_role("table", name=t("claims.by_source", "zh"))
    counts.locator("tbody tr", has_text="torchvision").click()
    settled(page)
    rows = page.get_by_role("table", name=t("claims.ledger", "zh")).locator("tbody tr")
    expect(rows).to_have_count(len(select(source="torchvision", verdict="disputed")))
    assert "claim_source=torchvision" in page.url
    page.goto("/claims?lang=zh&claim_source=torchvision&claim_verdict=all")
    settled(page)
    rows.first.focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_text(explained(claims()["torchvision-params"], "zh"))).to_be_visible()
