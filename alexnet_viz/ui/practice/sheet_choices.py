"""What is on a sheet: kinds, difficulty and number, seed and versions, and the files of it."""

import streamlit as st

from alexnet_viz.teaching.exercises.generators import GENERATORS, TIERS
from alexnet_viz.teaching.sheets.sheet import MOST_ENTRIES, Sheet
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import labels, offered, t
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.practice.sheet_files import address, sheet_files


def sheet_choices(sheet: Sheet, letter: str) -> None:
    """Draw what can be chosen, the files, and the link for students."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.segmented_control(
            t("sheet.version"), list(sheet.letters), required=True,
            **state.bound("version", value=letter),
        )  # fmt: skip
        if sheet.entries:
            download_menu(*sheet_files(sheet, letter), key="sheet")
    names = labels("exercise.title.", GENERATORS)
    st.selectbox(t("practice.kind"), list(GENERATORS), format_func=names, **state.bound("gen"))
    tiers = labels("practice.tier.", map(str, TIERS))
    st.selectbox(
        t("practice.difficulty"), TIERS, format_func=lambda tier: tiers(str(tier)),
        **state.bound("tier"),
    )  # fmt: skip
    room = MOST_ENTRIES - len(sheet.entries)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(t("sheet.how_many"), width=110, **state.number("how_many"))
        st.button(
            t("sheet.add"), key="sheet.add", icon=":material/add:", type="primary",
            disabled=room < 1, on_click=_add, args=(sheet,),
        )  # fmt: skip
        st.button(
            t("sheet.one_each"), key="sheet.one_each", disabled=room < len(GENERATORS),
            on_click=_one_each, args=(sheet,),
        )  # fmt: skip
    with st.container(horizontal=True):
        seed, versions = state.number("sheet_seed"), state.number("versions")
        st.number_input(t("sheet.seed"), width=150, help=t("sheet.seed_help"), **seed)
        st.number_input(t("sheet.versions"), width=130, help=t("sheet.versions_help"), **versions)
    st.segmented_control(t("sheet.paper"), required=True, **offered("sheet.paper_", "paper"))
    st.toggle(t("sheet.covered"), **state.bound("covered"))
    if sheet.entries:
        st.markdown(t("sheet.for_students", letter=letter))
        st.code(address(sheet, letter, answer=True), language=None, wrap_lines=True)


def _add(sheet: Sheet) -> None:
    for _ in range(min(state.get("how_many"), MOST_ENTRIES - len(sheet.entries))):
        sheet = sheet.added(state.get("gen"), state.get("tier"))
    state.put("items", sheet.link)


def _one_each(sheet: Sheet) -> None:
    for generator in GENERATORS:
        sheet = sheet.added(generator, state.get("tier"))
    state.put("items", sheet.link)
