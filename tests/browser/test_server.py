"""The server answers, the first page loads from it alone, and the watch sees what goes wrong."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.watch import Watch, settled


def test_the_server_is_healthy(server: Server) -> None:
    assert server.health() == "ok"


def test_the_first_page_shows_a_title_and_asks_nobody_else(page: Page) -> None:
    page.goto("/")
    expect(settled(page).get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('lost')", "console: lost"),
        ("setTimeout(() => { throw new Error('thrown') })", "uncaught error: thrown"),
        ("fetch('http://127.0.0.1:1/x').catch(() => 0)", "foreign request: http://127.0.0.1:1/x"),
        ("new WebSocket('ws://127.0.0.1:1/x')", "foreign request: ws://127.0.0.1:1/x"),
        (
            "document.body.innerHTML = '<p data-testid=stException>KeyError: conv9</p>'",
            "exception on the page: KeyError: conv9",
        ),
    ],
)
def test_the_watch_reports(page: Page, watches: list[Watch], script: str, complaint: str) -> None:
    (watch,) = watches
    page.goto("about:blank")  # of the server's own pages the policy would stop the request first
    page.evaluate(f"() => {{ {script} }}")
    seen: list[str] = []
    while complaint not in seen:  # an event that never comes ends in the suite's own timeout
        page.wait_for_timeout(20)
        seen += watch.take()
    page.goto("about:blank")
    watch.take()  # meant, so not this test's failure


def test_a_warning_in_the_log_is_a_complaint(server: Server) -> None:
    with server.log.open("a") as log:
        log.write("2026-01-01 WARNING: this keyword goes away\n")
    (complaint,) = server.complaints()
    assert "this keyword goes away" in complaint
    assert server.complaints() == []
