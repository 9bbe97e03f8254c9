"""Which of the registered variants are shown: the filters of the Family and the Compare page."""

import streamlit as st

from alexnet_viz.analysis.compare import ancestry
from alexnet_viz.network.geometry import MAX_INPUT_SIZE
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.words import labels, t

FILTERS = ("family_articles", "family_framework", "family_norms", "family_towers", "family_fits")
ALL, PAPERS = "all", "-"


def filters() -> list[str]:
    """Draw the row of filters; return the variants that pass, in the order of the menu."""
    names = {ALL: t("family.any"), PAPERS: t("family.papers")}
    names |= {name: name for name in ancestry.frameworks()}
    norms = {ALL: t("family.any")} | _named("family.norms_", ancestry.NORMS)
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
            min_value=1,
            max_value=MAX_INPUT_SIZE,
            step=1,
            help=t("family.fits_help"),
            width=190,
            **state.bound("family_fits"),
        )
        st.toggle(
            t("family.articles"), help=t("family.articles_help"), **state.bound("family_articles")
        )
        filtered = any(state.get(choice) != CHOICES[choice].default for choice in FILTERS[1:])
        st.button(t("family.reset"), key="family.reset", on_click=_reset, disabled=not filtered)
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


def _reset() -> None:
    for choice in FILTERS[1:]:
        state.put(choice, CHOICES[choice].default)


def _named(prefix: str, options: tuple[str, ...]) -> dict[str, str]:
    name = labels(prefix, options)
    return {option: name(option) for option in options}
