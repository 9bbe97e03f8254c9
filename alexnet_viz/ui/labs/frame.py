"""A lab's own page: picture, sentences and drawn controls left, other controls and tasks right."""

from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from alexnet_viz.pictures.preprocessing import cropped
from alexnet_viz.teaching.labs.lab import Lab
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.ui.app import presenting, state
from alexnet_viz.ui.app.words import escaped, t
from alexnet_viz.ui.components import picture_source
from alexnet_viz.ui.components.downloads import download_menu
from alexnet_viz.ui.labs import figure, lab_state
from alexnet_viz.ui.labs.controls import draw_controls
from alexnet_viz.ui.labs.lab_state import Bench
from alexnet_viz.ui.labs.tasks import draw_tasks
from alexnet_viz.ui.labs.two_columns import two_columns

KEPT = "kept_in_view"
"""Key of the place of a picture that stays in view while what stands below it is drawn."""


def lab_page(lab: Lab) -> None:
    """Draw the lab."""
    _neighbours(lab)
    at = lab_state.bench(lab, f"lab.{lab.id}")
    st.header(t(f"lab.{lab.id}.title"), anchor=False)
    st.markdown(t(f"lab.{lab.id}.question"))
    if lab.wide:
        above, columns = st.container(), st.columns(3, gap="medium")
        drawings, sentences, controls, tasks = above, *columns
        drawn, tables = None, columns[0]
    else:
        left, right = two_columns()
        controls, tasks, tables = right, right, left
    controls, below = controls.container(), controls.container()
    # a choice of a picture that comes and goes must not move the controls
    with below if callable(lab.needs_picture) else controls:
        values = chosen(at)
    look = figure.looked_at(lab, values)
    if not lab.wide:
        drawings = left.container(key=KEPT if figure.is_low(look) else None)
        sentences, drawn = left.container(), left.container()
    if not presenting.hidden("controls"):
        with controls:
            draw_controls(at, values, pads_at=drawn)
    with drawings:
        figure.show_drawings(look, at)
    if not presenting.hidden("sentence"):
        with sentences:
            figure.show_sentences(look)
    if not presenting.hidden("tables"):
        with tables:
            figure.show_tables(look, at.place)
    if not presenting.hidden("task"):
        with tasks:
            draw_tasks(at, values)
    with st.container(horizontal=True, vertical_alignment="center"):
        first = {link.partition("?")[0]: link for link in reversed(lab.see)}
        for page, link in reversed(first.items()):  # two links of one name say nothing
            query = link.partition("?")[2]
            st.page_link(
                f"pages/{page}.py",
                label=t(f"labs.see_{_of(page)}", page=t(f"page.{page}.title")),
                icon=":material/visibility:",
                query_params=dict(parse_qsl(query)),
            )
        download_menu(*figure.files(lab, look), key=at.place)
    if not presenting.hidden("sources"):
        st.caption(t(f"lab.{lab.id}.source"))


def _of(page: str) -> str:
    """What a page shows: the real network, or one that is trained there."""
    return "trained" if page == "experiments" else "real"


def chosen(at: Bench) -> dict[str, Any]:
    """The values of the controls, and of the picture where the lab works on one."""
    values, refused = lab_state.values(at)
    if refused:
        names = ", ".join(name for name, _ in refused)
        st.warning(t("labs.refused", names=escaped(names)), icon=":material/link_off:")
    if at.lab.works_on_picture(values):
        values["picture"] = cropped(picture_source.picture(), at.lab.picture_side, 3)
    return values


def _neighbours(lab: Lab) -> None:
    """In the title's row: the gallery, and the labs before and after this one."""
    names = list(LABS)
    at = names.index(lab.id)
    before, after = names[at - 1 : at], names[at + 1 : at + 2]
    presenting.steps(*(f"labs?lab={each[0]}" if each else None for each in (before, after)))
    with st.session_state[state.SUBJECT_PLACE]:
        for each in before:
            _link(each, ":material/arrow_back:")
        st.page_link(
            "pages/labs.py", label=t("labs.all"), icon=":material/apps:", query_params={"lab": ""}
        )
        for each in after:
            _link(each, ":material/arrow_forward:")


def _link(lab: str, icon: str) -> None:
    right = "right" if "forward" in icon else "left"
    st.page_link(
        "pages/labs.py",
        label=t(f"lab.{lab}.title"),
        icon=icon,
        icon_position=right,  # type: ignore[arg-type]
        query_params={"lab": lab},
    )
