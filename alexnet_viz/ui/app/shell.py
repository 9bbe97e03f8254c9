"""The frame of every page: configuration, menu, language, the link.

Because of the folder ``pages/`` next to the entry point, Streamlit uses its old multipage mode if
the first visit to a new server is a deep link; then ``app.py`` does not run.  So every page begins
with ``require_shell()``, which detects this, declares the menu (which ends the old mode for the
process) and runs the script again.
"""

from copy import copy
from functools import cache
from pathlib import Path
from string import digits
from urllib.parse import parse_qsl

import streamlit as st

from alexnet_viz import scripts
from alexnet_viz.analysis.inputs.case_224 import figures
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.text import Language, has
from alexnet_viz.text import t as phrase
from alexnet_viz.ui.app import (
    document,
    event_log,
    page_runs,
    presenting,
    state,
    streamlit_words,
    uploads,
    warm_up,
)
from alexnet_viz.ui.app.state import IN_SHELL, SUBJECT_PLACE
from alexnet_viz.ui.app.words import language, settle_language, t

PAGES = {
    "start": ":material/home:",
    "architecture": ":material/view_in_ar:",
    "layer": ":material/straighten:",
    "calculator": ":material/calculate:",
    "feature_maps": ":material/grid_view:",
    "channel": ":material/search:",
    "predictions": ":material/leaderboard:",
    "attribution": ":material/filter_center_focus:",
    "weights": ":material/tune:",
    "towers": ":material/account_tree:",
    "compare": ":material/compare_arrows:",
    "family": ":material/family_history:",
    "claims": ":material/fact_check:",
    "open": ":material/file_open:",
    "course": ":material/school:",
    "labs": ":material/science:",
    "experiments": ":material/biotech:",
    "practice": ":material/exercise:",
    "glossary": ":material/menu_book:",
    "classroom": ":material/co_present:",
}
"""Every page and its icon; the first one is the page at /."""

HOME = next(iter(PAGES))

MENU = {
    "": ("start",),
    "explore": ("architecture", "layer", "towers"),
    "run": ("feature_maps", "channel", "predictions", "attribution", "weights"),
    "compare": ("compare", "family"),
    "check": ("calculator", "claims", "open"),
    "learn": ("course", "labs", "experiments", "practice", "glossary", "classroom"),
}
"""The menu by intent, in order; a group without a name has its pages side by side."""
ORDER = tuple(page for pages in MENU.values() for page in pages)
"""The pages as the links at a page's end lead through them."""

MOST_LABS = 5
"""Most labs that a page's end names without choosing among them."""

ICON = Path(__file__).with_name("icon.svg")
"""A file of our own, because Streamlit fetches a named icon from another host."""
GLOSSARY = ("alexnet", "map", "kernel", "quotient", "groups", "lrn")
"""The terms that every page explains at its end; the page Glossary has all."""
TOLD = 5
"""Most skipped parts of a link that are named; more are counted."""


def _menu() -> dict[str, list[st.Page]]:
    """The menu in this run's language.

    Its pages are copies, because Streamlit notes in one that it may be run, and other sessions have
    the same menu.
    """
    return {title: list(map(copy, pages)) for title, pages in _pages(language()).items()}


@cache
def _pages(language: Language) -> dict[str, list[st.Page]]:
    return {
        group and phrase(f"menu.{group}", language): [_page(page, language) for page in pages]
        for group, pages in MENU.items()
    }


def label(page: str, language: Language) -> str:
    """The name of a page in the menu."""
    return phrase("page.start.short" if page == HOME else f"page.{page}.title", language)


def _page(page: str, language: Language) -> st.Page:
    return st.Page(
        scripts() / "pages" / f"{page}.py",
        title=label(page, language),
        icon=PAGES[page],
        url_path="root" if page == HOME else page,
        default=page == HOME,
    )


def run_app() -> None:
    """Draw the frame and run the page of the address."""
    _configure()
    state.pull_first()
    settle_language()
    page = st.navigation(_menu(), position="hidden" if presenting.on() else "top")
    name = page.url_path if page.url_path in PAGES else HOME
    st.html(f"<style>{_marked(name)}{streamlit_words.rules()}</style>")
    state.pull(name)
    presenting.begin()
    st.set_page_config(page_title=f"{page.title} · AlexNet Viz")
    st.session_state[IN_SHELL] = True
    uploads.page_begins()
    try:
        with page_runs.PRESENT, event_log.timed("run", page=name):
            _header(name)
            page.run()
    finally:
        st.session_state[IN_SHELL] = False
    if presenting.on():
        presenting.bar(*_neighbours(name))
    else:
        _footer(name)
    document.update(language(), state.push())
    uploads.page_ends()
    warm_up.after_first_paint()


def _marked(page: str) -> str:
    """A rule that marks the menu's group of the page that is shown.

    Streamlit marks a page but no group, and the groups' buttons have no name of their own; the menu
    has the pages without a group first, then the groups.
    """
    entries = [{page} for page in MENU[""]] + [{*pages} for group, pages in MENU.items() if group]
    place = next(n for n, pages in enumerate(entries, 1) if page in pages)
    return (
        f'[data-testid="stTopNav"] > :nth-child({place}) > [data-testid="stTopNavSection"]'
        "{ box-shadow: inset 0 -2px var(--st-primary-color, currentColor); font-weight: 600; }"
    )


def require_shell() -> None:
    """The first line of every page: start again through ``app.py`` if the page runs without it."""
    if not st.session_state.get(IN_SHELL):
        _configure()
        settle_language()
        st.navigation(_menu(), position="top")
        st.rerun()


def _configure() -> None:
    st.set_page_config(page_title="AlexNet Viz", page_icon=str(ICON), layout="wide")


def _header(page: str) -> None:
    if presenting.on():
        state.use("lang")
    else:
        _languages()
    if page not in MENU["learn"]:  # these leave parts away themselves
        presenting.hide_controls()
    with st.container(horizontal=True, vertical_alignment="center", key="headline"):
        st.title(t(f"page.{page}.title"), anchor=False, width="content")
        st.session_state[SUBJECT_PLACE] = st.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center"
        )
    if has(f"page.{page}.lead"):
        st.markdown(t(f"page.{page}.lead"))
    refused = state.refused()
    lines = [
        t(f"shell.refused_{what}", parameter=_plain(parameter), value=_plain(value))
        for what, parameter, value in refused[:TOLD]
    ]
    if len(refused) > TOLD:
        lines.append(t("shell.refused_more", n=len(refused) - TOLD))
    if lines:
        st.warning("\n\n".join(lines), icon=":material/link_off:")


def _languages() -> None:
    with st.container(key="language"):
        st.segmented_control(
            t("shell.language"),
            state.options("lang"),
            format_func={"en": "English", "zh": "中文"}.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.bound("lang", value=language()),
        )


def _neighbours(page: str) -> tuple[str | None, str | None]:
    """The pages before and after one in the menu."""
    at = ORDER.index(page)
    return (ORDER[at - 1] if at else None, ORDER[at + 1] if at + 1 < len(ORDER) else None)


def _footer(page: str) -> None:
    about = labs_about(page)
    if about:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="labs"):
            st.caption(t("shell.labs"), width="content")
            for lab in about:
                st.page_link(
                    scripts() / "pages" / "labs.py",
                    label=t(f"lab.{lab}.title"),
                    query_params={"lab": lab},
                )
    before, after = _neighbours(page)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="neighbours"):
        if before:
            _way(before, "arrow_back")
        if after:
            _way(after, "arrow_forward")
    with st.expander(t("shell.glossary"), key="glossary", icon=":material/menu_book:"):
        quoted = figures()
        for term in GLOSSARY:
            means = t(f"glossary.{term}.means", **quoted)
            st.markdown(t("glossary.entry", term=t(f"glossary.{term}.term"), means=means))
        if page != "glossary":
            presenting.page_link("glossary", t("glossary.more"), icon=":material/menu_book:")
    st.caption(t("shell.footer"))


def labs_about(page: str) -> list[str]:
    """The labs that lead to this page: what it shows of a real network, they let one change.

    Of more than ``MOST_LABS`` only those that lead to what it shows now, a layer of the same kind.
    """
    links = [(id, *link.partition("?")[::2]) for id, lab in LABS.items() for link in lab.see]
    queries = [(id, query) for id, name, query in links if name == page]
    found = list(dict.fromkeys(id for id, _ in queries))
    if len(found) <= MOST_LABS:
        return found
    return list(dict.fromkeys(id for id, query in queries if _is_shown(query)))


def _is_shown(query: str) -> bool:
    return all(
        value.rstrip(digits) == str(state.get(choice)).rstrip(digits)
        for choice, value in parse_qsl(query)
    )


def _way(page: str, icon: str) -> None:
    st.page_link(
        scripts() / "pages" / f"{page}.py",
        label=label(page, language()),
        icon=f":material/{icon}:",
        icon_position="left" if icon == "arrow_back" else "right",
    )


def _plain(text: str) -> str:
    """At most 60 characters of a foreign text, without what Markdown would interpret."""
    kept = (c for c in text[:60] if c.isalnum() or c in " _-.,:")
    return "".join(kept).replace(":", r"\:") or "?"
