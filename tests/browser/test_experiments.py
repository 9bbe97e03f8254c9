"""A student in the training lab: a prediction, what is ready-made, a run of one's own."""

import re
import time

from playwright.sync_api import Page, expect

from alexnet_viz.teaching.experiments.registry import EXPERIMENTS
from alexnet_viz.text import t
from tests.browser.conftest import Browse
from tests.browser.watch import settled

ACTIVATION = EXPERIMENTS["activation"]
HEARD_SECONDS = 5
"""Until a button's answer is on the page of a busy machine; the queue itself hears within one."""


def button(page: Page, key: str) -> None:
    """Press a button, and see within ``HEARD_SECONDS`` what it leads to."""
    after = {"pause": "resume", "resume": "pause", "stop": "go_on"}[key]
    words = {"pause": "jobs.pause", "resume": "jobs.resume", "stop": "jobs.stop"}
    wanted = t("experiments.go_on" if after == "go_on" else f"jobs.{after}")
    page.get_by_role("button", name=t(words[key])).click()
    began = time.monotonic()
    expect(page.get_by_role("button", name=wanted)).to_be_visible(timeout=30_000)
    assert time.monotonic() - began < HEARD_SECONDS, key


def test_a_student_predicts_sees_what_is_ready_made_and_runs_it(browse: Browse) -> None:
    page = browse(viewport={"width": 1024, "height": 768})
    page.goto("/experiments?experiment=activation&seeds=1")
    settled(page)
    expect(page.get_by_text(t("experiments.hidden"))).to_be_visible()
    expect(page.get_by_text("95 % band")).to_have_count(0)
    page.get_by_role(
        "button", name=ACTIVATION.predicted(ACTIVATION.arms[0].id, "en"), exact=True
    ).click()
    expect(page.get_by_text("95 % band").first).to_be_visible()
    expect(page.get_by_text("Ready-made on")).to_be_visible()
    settled(page)
    page.get_by_role("slider", name=t("experiments.moment")).focus()
    page.keyboard.press("Home")
    expect(page.get_by_alt_text("at step 0").first).to_be_visible()

    page.get_by_role("radio", name=t("experiments.kinds.standard")).click()
    page.get_by_role("button", name=t("experiments.run")).click()
    expect(page.get_by_text(re.compile(r"^Step [\d,]+ of"))).to_be_visible(timeout=90_000)
    button(page, "pause")
    page.reload()  # from here on the page looks at its job again and again, and never settles
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text(t("experiments.hidden"))).to_be_visible()
    page.get_by_role(
        "button", name=ACTIVATION.predicted(ACTIVATION.arms[0].id, "en"), exact=True
    ).click()
    expect(page.get_by_text(t("jobs.paused", minutes=10))).to_be_visible()
    button(page, "resume")
    button(page, "stop")
    expect(page.get_by_text("an incomplete run has no verdict")).to_be_visible()
    assert "budget=standard" in page.url
