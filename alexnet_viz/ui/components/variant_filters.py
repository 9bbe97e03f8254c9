"""The filters of variants on the Family and the Compare page."""

from typing import Any

import streamlit as st

from alexnet_viz.analysis.compare import ancestry
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import t
from alexnet_viz.variants import VARIANTS

FILTERS = ("family_framework", "family_norms", "family_towers", "family_fits")
ALL, PAPERS = "all", "-"
WIDTH = 260
"""Width of a filter in pixels."""


def filters() -> list[str]:
    """Draw the filters behind a chip beside the page's title, which says how many variants pass.

    Returns their ids, in the order of the menu.
    """
    found = ancestry.selected(
        articles=state.use("family_articles"),
        framework=state.use("family_framework"),
        norms=state.use("family_norms"),
        towers=state.use("family_towers"),
        fits=state.use("family_fits") or 0,
    )
    label = t("family.chip", shown=len(found), all=len(VARIANTS))
    with (
        st.session_state[state.SUBJECT_PLACE],
        st.popover(label, key="filters", icon=":material/filter_alt:", width="content"),
    ):
        _widgets()
    if not found:
        st.info(t("family.nobody"), icon=":material/filter_alt_off:")
    return found


def _widgets() -> None:
    names = {name: name for name in state.options("family_framework")}
    names |= {ALL: t("family.any"), PAPERS: t("family.papers")}
    norms = {ALL: t("family.any")}
    norms |= {norm: t(f"family.norms_{norm}") for norm in ancestry.NORMS}
    towers = {0: t("family.any"), 1: t("family.towers_1"), 2: t("family.towers_2")}
    offered: dict[Any, str]
    for choice, offered in (("framework", names), ("norms", norms), ("towers", towers)):
        st.selectbox(
            t(f"family.{choice}"),
            list(offered),
            format_func=offered.__getitem__,
            width=WIDTH,
            **state.bound(f"family_{choice}"),
        )
    st.number_input(
        t("family.fits"),
        help=t("family.fits_help"),
        width=WIDTH,
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
