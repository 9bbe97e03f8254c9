"""A sheet of exercises: its teacher chooses and sees them, or a student answers them.

The link fixes the set: ``items``, ``sheet_seed``, ``versions`` and ``version``; with ``answer=1``
it is the student's.
"""

import streamlit as st

from alexnet_viz.teaching.sheets.sheet import Sheet, parsed
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import presenting, state
from alexnet_viz.ui.app.words import escaped, language, t
from alexnet_viz.ui.practice.answering import answering
from alexnet_viz.ui.practice.sheet_choices import sheet_choices
from alexnet_viz.ui.practice.sheet_entries import sheet_entries


def sheet_section() -> None:
    """Draw the exercises left and the choices right; for a student the exercises to answer."""
    sheet = _sheet()
    letter = _letter(sheet)
    if state.use("answer") and sheet.entries:
        answering(sheet, letter)
    elif presenting.hidden("controls"):
        sheet_entries(sheet, letter)
    else:
        with st.container(key="sheet.page"):
            left, right = st.columns([62, 38], gap="large")
            with right, st.container(key="sheet.choices"):
                sheet_choices(sheet, letter)
            with left:
                sheet_entries(sheet, letter)


def _sheet() -> Sheet:
    """The sheet of the link; an empty one, and a sentence, where the link makes no sense."""
    seed, versions = state.use("sheet_seed"), state.use("versions")
    try:
        return parsed(state.use("items"), seed, versions)
    except Problem as problem:
        st.error(escaped(problem.explained(language())))
        return Sheet((), seed, versions)


def _letter(sheet: Sheet) -> str:
    letter = str(state.use("version"))
    if letter in sheet.letters:
        return letter
    st.info(t("sheet.no_version", letter=letter, last=sheet.letters[-1]))
    return sheet.letters[-1]
