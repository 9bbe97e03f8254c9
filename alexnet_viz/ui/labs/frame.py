"""A lab's own page: picture and sentences left, controls and tasks right, then where it is seen."""

from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.teaching.labs.lab import Lab
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.labs import figure, lab_state
from alexnet_viz.ui.labs.controls import draw_controls
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.tasks import draw_tasks


def lab_page(lab: Lab) -> None:
    """Draw the lab."""
    _neighbours(lab)
    at = lab_state.bench(lab, f"lab.{lab.id}")
    st.header(t(f"lab.{lab.id}.title"), anchor=False)
    st.markdown(t(f"lab.{lab.id}.question"))
    if lab.wide:
        above, columns = st.container(), st.columns(3, gap="medium")
        drawings, sentences, controls, tasks = above, *columns
    else:
        left, right = st.columns([62, 38], gap="medium")
        drawings, sentences, controls, tasks = left, left, right, right
    with controls:
        values = chosen(at)
        draw_controls(at, values)
    look = figure.looked_at(lab, values)
    with drawings:
        figure.show_drawings(look, at.place)
    with sentences:
        figure.show_sentences(look)
        figure.show_tables(look, at.place)
    with tasks:
        draw_tasks(at, values)
    with st.container(horizontal=True, vertical_alignment="center"):
        for link in lab.see:
            page, _, query = link.partition("?")
            st.page_link(
                f"pages/{page}.py",
                label=t("labs.see", page=t(f"page.{page}.title")),
                icon=":material/visibility:",
                query_params=dict(parse_qsl(query)),
            )
        download_menu(*figure.files(lab, look), key=at.place)
    st.caption(t(f"lab.{lab.id}.source"))


def chosen(at: Bench) -> dict[str, Any]:
    """The values of the controls, and of the picture where the lab works on one."""
    values, refused = lab_state.values(at)
    if refused:
        names = ", ".join(name for name, _ in refused)
        st.warning(t("labs.refused", names=escaped(names)), icon=":material/link_off:")
    if at.lab.needs_picture:
        values["picture"] = cropped(picture_source.picture(), at.lab.picture_side, 3)
    return values


def _neighbours(lab: Lab) -> None:
    """In the title's row: the gallery, and the labs before and after this one."""
    names = list(LABS)
    at = names.index(lab.id)
    with st.session_state[state.SUBJECT_PLACE]:
        if at:
            _link(names[at - 1], ":material/arrow_back:")
        st.page_link(
            "pages/labs.py", label=t("labs.all"), icon=":material/apps:", query_params={"lab": ""}
        )
        if at + 1 < len(names):
            _link(names[at + 1], ":material/arrow_forward:")


def _link(lab: str, icon: str) -> None:
    right = "right" if "forward" in icon else "left"
    st.page_link(
        "pages/labs.py",
        label=t(f"lab.{lab}.title"),
        icon=icon,
        icon_position=right,  # type: ignore[arg-type]
        query_params={"lab": lab},
    )
