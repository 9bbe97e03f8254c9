"""What a visitor sees when the server goes away and comes back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from alexnet_viz.text import t
from tests.browser.server import Server
from tests.browser.watch import Watch, settled

CFG = b"[net]\nwidth=227\nheight=227\nchannels=3\n[convolutional]\nfilters=9\nsize=11\nstride=4\n"
LONG = 90_000
"""Milliseconds that a busy machine may take to connect again."""
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"


def test_after_a_restart_the_page_goes_on_by_itself(
    browse: Callable[..., Page], serve: Callable[[], Server], watches: list[Watch]
) -> None:
    server = serve()
    page = browse(server)
    page.goto("/open?lang=zh")
    settled(page)
    chips = page.get_by_test_id("stFileChip")
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.cfg", "mimeType": "text/plain", "buffer": CFG}
    )
    expect(chips).to_have_count(1, timeout=LONG)
    settled(page)

    server.stop()
    dialog = page.get_by_test_id("stDialog")
    expect(dialog).to_contain_text(t("shell.fault.no_answer", "zh"), timeout=LONG)
    expect(dialog).to_contain_text(t("shell.fault.connection", "zh"))
    assert "Streamlit" not in dialog.inner_text()

    server.start_again()
    expect(page.locator(CONNECTED)).to_be_attached(timeout=LONG)
    expect(chips).to_have_count(0, timeout=LONG)  # what it named is gone, as the network is
    settled(page)
    page.get_by_test_id("stMain").get_by_text("English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=LONG)
    watches[-1].take()  # refused connections, as meant


def test_an_upload_that_is_refused_is_explained_in_the_visitor_s_language(
    page: Page, watches: list[Watch]
) -> None:
    page.route("**/_stcore/upload_file/**", lambda route: route.fulfill(status=507, body="full"))
    page.goto("/open?lang=zh")
    settled(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.cfg", "mimeType": "text/plain", "buffer": CFG}
    )
    said = page.get_by_test_id("stFileChip").get_by_role("alert")
    expect(said).to_contain_text(t("problem.no_room_for_upload", "zh"), timeout=LONG)
    assert "status" not in said.inner_text()
    watches[-1].take()  # the refused upload, as meant
