"""What the server answers at a page's address, before any script runs.

Streamlit sends one document for all pages: in English, titled "Streamlit", and without the frame's
style sheet, which then arrives with the first elements and moves everything that is painted.
``routes`` (for ``st.App``) answer with that document in the visitor's language, titled and styled,
with headers that keep foreign scripts out and other sites from framing the app.
"""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alexnet_viz.text import LANGUAGES, Language
from alexnet_viz.ui.app.document import LANGUAGE_TAGS
from alexnet_viz.ui.app.health import HEALTH, health
from alexnet_viz.ui.app.shell import HOME, PAGES, label

STATIC = Path(st.__file__).parent / "static"
DOCUMENT = (STATIC / "index.html").read_text("utf-8")
FIRST = ("Html", "BidiComponent", "StreamlitMarkdown", "ButtonGroup", "Button")
"""Streamlit's scripts that every page needs, and which it would fetch only when it meets what they
draw: style sheets would come after what they style."""
STYLE = Path(__file__).with_name("frame.css").read_text("utf-8")
"""What Streamlit's theme options cannot say: space, the language in the header, the menu."""
FIRST_SCRIPT = Path(__file__).with_name("presenting.js").read_text("utf-8")
"""Runs before Streamlit's, which ask for the colour scheme when they start."""

HOME_PATHS = ("start", "home")
"""Names of the first page, whose address is /."""
ONCE_AT_HOME = {"columns", "detail", "export"}
"""Choices of the page Architecture, which was the page at /: a link there that has one means it."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # components; Plotly compiles
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob: mediastream:",
        "connect-src 'self' data: blob: ws: wss:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
PROTECTION = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}
"""Headers of every answer of the server (``request_guard``)."""
HEADERS = {"cache-control": "no-cache", "vary": "accept-language", **PROTECTION}


def document(page: str, language: Language) -> str:
    """Streamlit's HTML document for a page: its language, its title and the frame's style sheet."""
    html = DOCUMENT.replace('<html lang="en">', f'<html lang="{LANGUAGE_TAGS[language]}">', 1)
    title = f"<title>{escape(label(page, language))} · AlexNet Viz</title>"
    html = html.replace("<head>", f"<head><script>{{{FIRST_SCRIPT}}}</script>", 1)
    html = html.replace("</head>", f"{_preloads()}</head>", 1)
    html = re.sub("<title>.*?</title>", title, html, count=1)
    # in the body, because Streamlit adds its own rules to the head and the later rule holds
    return html.replace("<body>", f"<body><style>{STYLE}</style>", 1)


def _preloads() -> str:
    scripts = sorted(
        path.name for name in FIRST for path in (STATIC / "static" / "js").glob(f"{name}.*.js")
    )
    return "".join(f'<link rel="modulepreload" href="./static/js/{name}">' for name in scripts)


def negotiated(asked: str, accepted: str) -> Language:
    """The language that a link asks for, else the first that the browser accepts, else English.

    ``accepted`` is the header ``Accept-Language``, which browsers send in order of preference.
    """
    for tag in (asked, *accepted.split(",")):
        for language in LANGUAGES:
            if tag.strip().lower().startswith(language):
                return language
    return LANGUAGES[0]


def _page(name: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        query = request.query_params
        if name == HOME and query.keys() & ONCE_AT_HOME:
            return _redirect("architecture", request)
        accepted = request.headers.get("accept-language", "")
        language = negotiated(query.get("lang", ""), accepted)
        return HTMLResponse(document(name, language), headers=HEADERS)

    return answer


def _home(request: Request) -> Response:
    return _redirect("", request)


def _redirect(path: str, request: Request) -> Response:
    query = urlencode(request.query_params.multi_items(), safe=",~")
    return RedirectResponse(f"{_root()}/{path}" + (f"?{query}" if query else ""))


def _root() -> str:
    """What every address of this server begins with: nothing, or a path with its slash."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def routes() -> list[BaseRoute]:
    """The addresses of all pages, and the one for probes."""
    pages = {"" if page == HOME else page: _page(page) for page in PAGES}
    answers = pages | dict.fromkeys(HOME_PATHS, _home)
    found = [Route(f"{_root()}/{path}", answer) for path, answer in answers.items()]
    return [*found, Route(f"{_root()}{HEALTH}", health)]
