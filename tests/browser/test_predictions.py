"""Taking parts of the network away, in a real browser: buttons, bars, links, files, and a stop."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.first_screen import PROJECTOR, on_first_screen
from tests.browser.watch import settled

PATIENT = 60_000
"""Milliseconds: every channel of a layer is run on whatever machine this is."""
RING = "/predictions?variant=alexnet_2012_227&source=drawing&drawing=ring&drawing_seed=3"


def test_lrn_is_taken_away_and_a_link_shows_it_to_another_visitor(browse: Browse) -> None:
    page = browse()
    page.goto(RING)
    expect(settled(page).get_by_text("It says ring")).to_be_visible(timeout=PATIENT)
    panels = page.locator(".st-key-answers .subplot")
    expect(panels).to_have_count(1, timeout=PATIENT)
    page.get_by_role("button", name="Take away").click()
    expect(page.get_by_text(re.compile("^Without LRN the answer"))).to_be_visible(timeout=PATIENT)
    expect(panels).to_have_count(2)
    expect(page).to_have_url(re.compile("ab_off=lrn"))
    other = browse(locale="zh-CN", color_scheme="dark")
    other.goto(settled(page).url)
    expect(settled(other).get_by_text(re.compile("^去掉“LRN”之后，答案"))).to_be_visible(
        timeout=PATIENT
    )


def test_a_bar_is_clicked_and_its_channel_goes(page: Page) -> None:
    page.goto(f"{RING}&ab_rank=pool5")
    settled(page).get_by_role("button", name="Try every channel").click()
    expect(settled(page).get_by_text(re.compile("matters most: without it"))).to_be_visible(
        timeout=PATIENT
    )
    bars = page.locator(".st-key-effects-bars .barlayer .point path")
    expect(bars).to_have_count(24)
    bars.nth(1).scroll_into_view_if_needed()
    box = bars.nth(1).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text(re.compile("^Without channel .* of pool5 the answer"))).to_be_visible(
        timeout=PATIENT
    )
    expect(page).to_have_url(re.compile(r"ab_off=channel\.pool5\.\d+"))
    expect(settled(page).get_by_role("button", name="Take channel")).to_be_visible(timeout=PATIENT)


def test_a_long_trial_can_be_stopped_and_goes_on(page: Page) -> None:
    page.goto("/predictions?weights=random&ab_rank=flatten")
    settled(page).get_by_role("button", name="Try every channel").click()
    page.locator(".st-key-effects-stop button").click(timeout=PATIENT)
    stopped = page.get_by_text(re.compile("Stopped after [0-9]+ of 9216 channels"))
    expect(stopped).to_be_visible(timeout=PATIENT)
    page.get_by_role("button", name="Go on").click()
    expect(stopped).to_have_count(0)


def test_the_answers_can_be_taken_home(page: Page, tmp_path: Path) -> None:
    page.goto(f"{RING}&ab_off=lrn")
    settled(page).get_by_text("The same in numbers").click()
    page.get_by_role("button", name="Download").click()
    for button, name in (("CSV", "csv"), ("JSON", "json")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        assert download.value.suggested_filename == f"alexnet_2012_227_predictions.{name}"
        download.value.save_as(tmp_path / name)
    rows = list(csv.reader((tmp_path / "csv").read_text("utf-8-sig").splitlines()))
    data = json.loads((tmp_path / "json").read_text("utf-8"))
    assert len(rows) == 1 + len(data["classes"]) == 17
    assert data["taken_away"] == ["lrn"]
    for row, logit in zip(rows[1:], data["after"]["logits"], strict=True):
        assert float(row[3]) == pytest.approx(logit, abs=1e-4)


def test_bars_and_picture_are_in_the_first_screen(browse: Browse) -> None:
    page = browse(viewport=PROJECTOR)
    page.goto(RING)
    expect(settled(page).locator(".st-key-answers .barlayer")).to_be_visible(timeout=PATIENT)
    for picture in (".st-key-answers", ".st-key-seen img"):
        on_first_screen(page, picture)


def test_a_photo_is_answered_by_what_is_like_it_and_by_where_to_go(browse: Browse) -> None:
    page = browse(viewport={"width": 1024, "height": 768})
    page.goto("/predictions?source=sample&sample=cat")
    drawings = settled(page).locator(".st-key-nearest img")
    expect(drawings).to_have_count(5, timeout=PATIENT)
    words = page.get_by_text("These weights know 16 kinds of drawings and nothing else")
    top = on_first_screen(page, ".st-key-nearest img")
    above, bars = words.bounding_box(), page.locator(".st-key-answers").bounding_box()
    assert above
    assert bars
    assert above["y"] < top < bars["y"]
    for picture in page.locator("[data-testid=stMain] img").all():
        assert picture.get_attribute("alt")
    page.get_by_role("link", name="Weights that know photographs").click()
    expect(page.get_by_role("heading", name="Weights", exact=True)).to_be_visible(timeout=PATIENT)
    page.go_back()
    link = settled(page).get_by_role("link", name=re.compile("Map of kernel"))
    link.first.click()
    expect(page).to_have_url(re.compile(r"/feature_maps\?.*layer=relu1"), timeout=PATIENT)


def test_a_reload_finds_the_trial_again(page: Page) -> None:
    page.goto("/predictions?weights=random&drawing_seed=7&ab_rank=flatten")
    settled(page).get_by_role("button", name="Try every channel").click()
    stop = page.locator(".st-key-effects-stop button")
    stop.wait_for(timeout=PATIENT)
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden()
    page.reload()
    stop.wait_for(timeout=PATIENT)
    expect(page.get_by_text(re.compile("of 9216 channels tried"))).to_be_visible(timeout=PATIENT)
    stop.click()
    expect(page.get_by_text(re.compile("Stopped after [0-9]+ of 9216"))).to_be_visible(
        timeout=PATIENT
    )


@pytest.mark.parametrize(("width", "layer"), [(1440, "relu4"), (1024, "relu5")])
def test_nothing_is_wider_than_the_window_when_everything_is_shown(
    browse: Browse, width: int, layer: str
) -> None:
    page = browse(viewport={"width": width, "height": 768})
    page.goto(f"{RING}&ab_off=tower.0,shuffle.pool5&ab_rank={layer}&ab_kind=tower&ab_values=logits")
    settled(page).get_by_role("button", name="Try every channel").click()
    expect(settled(page).get_by_text("matters most:")).to_be_visible(timeout=PATIENT)
    overflow = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
