"""The files of a sheet: to print, and for a school's system; and the addresses that lead to it."""

from functools import partial
from urllib.parse import urlencode, urlsplit

import streamlit as st

from alexnet_viz.teaching.sheets.exports.registry import EXPORTS
from alexnet_viz.teaching.sheets.printed import printed
from alexnet_viz.teaching.sheets.sheet import Sheet
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import language, t
from alexnet_viz.ui.components.downloads import Files


def sheet_files(sheet: Sheet, letter: str) -> list[Files]:
    """The file to print, which has all versions, and those of a version for other systems."""
    spoken = language()
    html = partial(printed, sheet, spoken, state.use("paper"), address(sheet, letter))
    files = [Files(t("sheet.to_print"), f"alexnet_sheet_{sheet.seed}", {"html": html})]
    for export in EXPORTS.values():
        name = export.file_name(sheet, letter, spoken).removesuffix(f".{export.suffix}")
        write = partial(export.write, sheet, letter, spoken)
        files.append(Files(export.title.of(spoken), name, {export.suffix: write}))
    return files


def address(sheet: Sheet, letter: str, answer: bool = False) -> str:
    """The address of a version, as its teacher sees it or for students to answer it."""
    here = urlsplit(st.context.url or "http://localhost:8501/practice")
    query = {
        "practice_view": "sheet",
        "items": sheet.link,
        "sheet_seed": sheet.seed,
        "versions": sheet.versions,
        "version": letter,
        **({"answer": 1} if answer else {}),
    }
    return f"{here.scheme}://{here.netloc}{here.path}?{urlencode(query, safe=',:')}"
