"""The list of terms: both names, the meaning, other words for it, and where it can be seen."""

import streamlit as st

from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui.app import presenting, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.glossary.terms import TERMS, also, lab_of, listed, means, name

WIDTHS = (3, 3, 8, 3)
"""Shares of the page: the name, the name in the other language, the meaning, the links."""


def entries() -> None:
    """Show the terms that are looked for, or the one that the link names."""
    chosen = state.use("term")
    if chosen in TERMS:
        _entry(chosen)
        presenting.page_link("glossary", t("glossary.all"), icon=":material/list:")
        return
    if chosen:
        st.warning(t("glossary.missing", term=escaped(chosen)))
    search = st.text_input(
        t("glossary.search"), **state.bound("term_text"), icon=":material/search:", width=420,
        label_visibility="collapsed", placeholder=t("glossary.search"), max_chars=60,
    )  # fmt: skip
    found = listed(search, language())
    st.caption(t("glossary.count", n=len(found), all=len(TERMS)))
    if not found:
        st.markdown(t("glossary.none"))
    for term in found:
        _entry(term)


def _entry(term: str) -> None:
    spoken = language()
    (other,) = (each for each in LANGUAGES if each != spoken)
    own, foreign, meaning, ways = st.columns(WIDTHS, gap="small")
    with own.container(key=f"term.{term}"):
        presenting.page_link(f"glossary?term={term}", name(term, spoken))
    foreign.markdown(f'<span lang="{other}">{name(term, other)}</span>', unsafe_allow_html=True)
    with meaning.container(gap=None):
        st.markdown(means(term, spoken))
        if words := also(term, spoken):
            st.caption(t("glossary.also", words=words))
    with ways:
        _seen(term)


def _seen(term: str) -> None:
    concept, seen = TERMS[term]
    page = seen.partition("?")[0]
    presenting.page_link(seen, t(f"page.{page}.title"), icon=":material/arrow_forward:")
    if lab := lab_of(concept):
        presenting.page_link(lab, t("glossary.lab"), icon=":material/science:")
