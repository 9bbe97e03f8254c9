"""The filters of variants on the Family and the Compare page."""

import streamlit as st

from alexnet_viz.analysis.compare import ancestry
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t

FILTERS = ("family_framework", "family_norms", "family_towers", "family_fits")
ALL, PAPERS = "all", "-"


def filters() -> list[str]:
    """Draw the filters; returns the ids of the variants that pass, in the order of the menu."""
    names = {name: name for name in state.options("family_framework")}
    names |= {ALL: t("family.any"), PAPERS: t("family.papers")}
    norms = {ALL: t("family.any")}
    norms |= {norm: t(f"family.norms_{norm}") for norm in ancestry.NORMS}
    towers = {0: t("family.any"), 1: t("family.towers_1"), 2: t("family.towers_2")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("family.framework"),
            list(names),
            format_func=names.__getitem__,
            width=190,
            **state.bound("family_framework"),
        )
        st.selectbox(
            t("family.norms"),
            list(norms),
            format_func=norms.__getitem__,
            width=150,
            **state.bound("family_norms"),
        )
        st.selectbox(
            t("family.towers"),
            list(towers),
            format_func=towers.__getitem__,
            width=140,
            **state.bound("family_towers"),
        )
        st.number_input(
            t("family.fits"),
            help=t("family.fits_help"),
            width=190,
            **state.number("family_fits"),
        )
        st.toggle(
            t("family.articles"), help=t("family.articles_help"), **state.bound("family_articles")
        )
        st.button(
            t("family.reset"),
            key="family.reset",
            on_click=state.reset,
            args=FILTERS,
            disabled=all(map(state.is_default, FILTERS)),
        )
    found = ancestry.selected(
        articles=state.get("family_articles"),
        framework=state.get("family_framework"),
        norms=state.get("family_norms"),
        towers=state.get("family_towers"),
        fits=state.get("family_fits") or 0,
    )
    if not found:
        st.info(t("family.nobody"), icon=":material/filter_alt_off:")
    return found
