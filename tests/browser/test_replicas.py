"""Two processes behind nginx with the configuration that ships: who goes where, and who is lost."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from benchmarks.load import Visitor, opened, photograph
from tests.browser import proxy
from tests.browser.server import Server
from tests.browser.watch import Watch, settled

LONG = 60_000
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
VIEW = "/layer?variant=zfnet_paper&layer=conv2&lang=zh"
TELLING = "patient_doe"


@pytest.fixture
def nginx() -> str:
    """The program; where tests must not be skipped, a machine without it fails."""
    found = proxy.nginx()
    if not found and not os.environ.get("CI"):
        pytest.skip("nginx is not installed (Debian: apt-get install nginx-light)")
    assert found, "nginx is missing: .ci/run installs it"
    return found


def replica(page: Page) -> str:
    """Which replica a browser's visitor belongs to."""
    cookies = page.context.cookies()
    (cookie,) = (each for each in cookies if each["name"] == "replica")
    assert cookie["httpOnly"]
    return cookie["value"]


def uploads(url: str, count: int) -> set[str]:
    """Visitors at the same time, who each upload a photograph; returns their replicas."""

    async def visit(number: int) -> str:
        async with opened(url) as socket:
            visitor = Visitor(socket, url)
            await visitor.open("", "lang=en")  # the first visit to a fresh server runs a page twice
            await visitor.open("feature_maps", f"lang=en&source=upload&note={TELLING}")
            await visitor.upload(photograph(number))
            assert visitor.errors == []
            return visitor.cookies[0]

    async def visits() -> set[str]:
        return {*await asyncio.gather(*map(visit, range(count)))}

    with ThreadPoolExecutor(1) as aside:  # Playwright has the loop of this thread
        return aside.submit(asyncio.run, visits()).result()


def test_sessions_stick_and_a_killed_replica_loses_only_its_own(
    nginx: str,
    browse: Callable[..., Page],
    serve: Callable[[], Server],
    tmp_path: Path,
    watches: list[Watch],
) -> None:
    servers = [serve(), serve()]
    with proxy.proxied(servers, tmp_path) as front:
        assert "test is successful" in front.tested
        # uploads reach the replica of their websocket, and both replicas have visitors
        assert uploads(front.url, 3) == {"replica=0", "replica=1"}
        with urlopen(f"{front.url}/health", timeout=20) as answer:
            assert json.load(answer)["status"] == "ok"

        first, second = browse(front), browse(front)
        closed: list[str] = []
        second.on("websocket", lambda it: it.on("close", lambda _: closed.append(it.url)))
        for page in (first, second):
            page.goto(VIEW)
            settled(page)
        assert {replica(first), replica(second)} == {"0", "1"}
        title = first.get_by_role("heading", level=1).inner_text()
        page_text = first.get_by_test_id("stMain").inner_text()

        lost = servers[int(replica(first))]
        before = replica(second)
        os.kill(lost.pid, signal.SIGKILL)
        expect(first.locator(CONNECTED)).to_have_count(0, timeout=LONG)
        expect(first.locator(CONNECTED)).to_be_attached(timeout=LONG)
        settled(first)
        assert VIEW.partition("?")[0] in first.url
        assert "variant=zfnet_paper" in first.url
        assert first.get_by_role("heading", level=1).inner_text() == title
        assert first.get_by_test_id("stMain").inner_text() == page_text
        assert replica(first) == replica(second) == before  # the cookie follows, the other's stays
        first.get_by_test_id("stMain").get_by_text("English", exact=True).click()
        expect(first.locator("html")).to_have_attribute("lang", "en", timeout=LONG)
        assert closed == []  # the other's websocket was open all the time
        second.get_by_test_id("stMain").get_by_text("English", exact=True).click()
        expect(second.locator("html")).to_have_attribute("lang", "en", timeout=LONG)
        # who comes now is served, with uploads, and the log tells nothing of the links
        assert uploads(front.url, 2) == {f"replica={before}"}
        assert watches[-1].take() == []
        watches[-2].take()  # the connections that were refused, as meant
        lost.stop()
        lost.start_again()
        # it comes back for new visitors, and those who left it stay where they are now
        first.reload()
        settled(first)
        assert replica(first) == before
        for page in (first, second):
            page.goto("about:blank")
    log = front.log.read_text("utf-8")
    assert TELLING not in log
    assert "zfnet" not in log
    lines = [json.loads(each) for each in log.splitlines() if each.startswith("{")]
    assert {each["route"] for each in lines} >= {"page", "static", "health", "_stcore/stream"}
    assert all(each["milliseconds"] >= 0 for each in lines)
