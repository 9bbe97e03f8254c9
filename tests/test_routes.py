"""What the server answers at a page's address, before any script runs."""

import asyncio
from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from alexnet_viz.text import LANGUAGES, t
from alexnet_viz.ui.app.routes import HOME_PATHS, ONCE_AT_HOME, STYLE, negotiated, routes
from alexnet_viz.ui.app.shell import HOME, PAGES, label

Answer = tuple[int, dict[str, str], str]


def get(path: str, query: str = "", headers: Mapping[str, str] | None = None) -> Answer:
    """Status, headers and body of an answer, without a server."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    asyncio.run(Starlette(routes=routes())(scope, receive, send))
    start, *rest = sent
    named = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], named, b"".join(each["body"] for each in rest).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_s_document_has_its_language_its_title_and_the_style(language: str) -> None:
    for page in PAGES:
        path = "/" if page == HOME else f"/{page}"
        status, headers, html = get(path, f"lang={language}")
        assert status == 200
        assert f'<html lang="{ {"en": "en", "zh": "zh-CN"}[language] }">' in html
        assert f"<title>{label(page, language)} · AlexNet Viz</title>" in html
        assert STYLE in html
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "SAMEORIGIN"
    assert t("page.claims.title", language) == label("claims", language)


def test_the_language_is_the_link_s_else_the_browser_s_first() -> None:
    assert negotiated("zh", "en-US,en;q=0.9") == "zh"
    assert negotiated("", "zh-CN,zh;q=0.9,en;q=0.8") == "zh"
    assert negotiated("", "fr,zh-TW;q=0.9,en;q=0.8") == "zh"
    assert negotiated("xx", "fr") == "en"
    assert '<html lang="zh-CN">' in get("/layer", headers={"accept-language": "zh-CN"})[2]


@pytest.mark.parametrize("choice", sorted(ONCE_AT_HOME))
def test_an_old_link_to_the_architecture_leads_there(choice: str) -> None:
    status, headers, _ = get("/", f"variant=zfnet_paper&{choice}=a,b")
    assert (status, headers["location"]) == (307, f"/architecture?variant=zfnet_paper&{choice}=a,b")


@pytest.mark.parametrize("path", HOME_PATHS)
def test_the_first_page_s_names_lead_to_its_address(path: str) -> None:
    assert get(f"/{path}", "input=227")[1]["location"] == "/?input=227"
    assert get(f"/{path}")[1]["location"] == "/"


def test_a_link_cannot_lead_to_another_host() -> None:
    assert get("/", "columns=//evil.example/")[1]["location"].startswith("/architecture?columns=")
