"""The frame of every page: configuration, menu, language, the link.

Because of the folder ``pages/`` next to the entry point, Streamlit uses its old multipage mode if
the first visit to a new server is a deep link; then ``app.py`` does not run.  So every page begins
with ``require_shell()``, which detects this, declares the menu (which ends the old mode for the
process) and runs the script again.
"""

from pathlib import Path
from runpy import run_path

import streamlit as st

from alexnet_viz import scripts
from alexnet_viz.analysis.inputs.case_224 import figures
from alexnet_viz.ui.app import state, warm_up
from alexnet_viz.ui.app.words import language, t

PAGES = {
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
}
"""Every page and its icon; the first one is the page at /."""

HOME = next(iter(PAGES))

MENU = {
    "": ("architecture", "layer", "calculator", "feature_maps", "towers", "compare"),
    "live": ("channel", "predictions", "attribution", "weights"),
    "sources": ("family", "claims", "open"),
}
"""The menu in order: pages in the bar, then the groups with a menu of their own.

All pages in the bar would not fit a projector: Streamlit hides the last ones in "2 more"."""

ICON = Path(__file__).with_name("icon.svg")
"""A file of our own, because Streamlit fetches a named icon from another host."""
STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-top: 4rem; padding-bottom: 3rem; }
@media (max-width: 1300px) {
  [data-testid="stTopNavLink"] { padding-left: 0.35rem; padding-right: 0.35rem; }
  [data-testid="stTopNavLink"] > span:has([data-testid="stIconMaterial"]) { display: none; }
}
</style>"""
"""Streamlit's 6 rem above the title are too much on a projector; and a menu that does not fit hides
pages in "2 more", in English, so narrow windows get it without icons."""
GLOSSARY = ("alexnet", "map", "kernel", "quotient", "groups", "lrn", "params", "macs", "neurons",
            "field")  # fmt: skip
IN_SHELL = "_in_shell"
TOLD = 5
"""Most skipped parts of a link that are named; more are counted."""


def _menu() -> dict[str, list[st.Page]]:
    menu = {
        t(f"menu.{group}") if group else "": [_page(page) for page in pages]
        for group, pages in MENU.items()
    }
    menu[""].append(_named_home())
    return menu


def _page(page: str) -> st.Page:
    return st.Page(
        scripts() / "pages" / f"{page}.py",
        title=t(f"page.{page}.title"),
        icon=PAGES[page],
        url_path="home" if page == HOME else page,
        default=page == HOME,
    )


def _named_home() -> st.Page:
    """The first page under its own name: Streamlit shows the default page only at /."""

    def run() -> None:
        run_path(str(scripts() / "pages" / f"{HOME}.py"))

    return st.Page(
        run,
        title=t(f"page.{HOME}.title"),
        url_path=HOME,
        visibility="hidden",
    )


def run_app() -> None:
    """Draw the frame and run the page of the address."""
    _configure()
    warm_up.start()
    state.pull_language()
    page = st.navigation(_menu(), position="top")
    st.html(STYLE)
    state.pull(page.url_path or HOME)
    st.session_state[IN_SHELL] = True
    try:
        _header(page.title)
        page.run()
    finally:
        st.session_state[IN_SHELL] = False
    _footer()
    state.push()


def require_shell() -> None:
    """The first line of every page: start again through ``app.py`` if the page runs without it."""
    if not st.session_state.get(IN_SHELL):
        _configure()
        st.navigation(_menu(), position="top")
        st.rerun()


def _configure() -> None:
    st.set_page_config(page_title="AlexNet Viz", page_icon=str(ICON), layout="wide")


def _header(title: str) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    page = st.session_state[state.LAST_PAGE]
    with left:
        st.title(title, anchor=False)
        st.markdown(t(f"page.{page}.lead"))
    with right.container(horizontal_alignment="right"):
        st.segmented_control(
            t("shell.language"),
            state.options("lang"),
            format_func={"en": "English", "zh": "中文"}.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.bound("lang", value=language()),
        )
    refused = state.refused()
    lines = [
        t(f"shell.refused_{what}", parameter=_plain(parameter), value=_plain(value))
        for what, parameter, value in refused[:TOLD]
    ]
    if len(refused) > TOLD:
        lines.append(t("shell.refused_more", n=len(refused) - TOLD))
    if lines:
        st.warning("\n\n".join(lines), icon=":material/link_off:")


def _footer() -> None:
    with st.expander(t("shell.glossary"), key="glossary", icon=":material/menu_book:"):
        quoted = figures()
        for term in GLOSSARY:
            means = t(f"glossary.{term}.means", **quoted)
            st.markdown(f"**{t(f'glossary.{term}.term')}** {means}")
    st.caption(t("shell.footer"))


def _plain(text: str) -> str:
    """At most 60 characters of a foreign text, without what Markdown would interpret."""
    return "".join(c for c in text[:60] if c.isalnum() or c in " _-.,") or "?"
