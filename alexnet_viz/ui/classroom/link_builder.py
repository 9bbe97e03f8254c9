"""The link for students: a page and what it shows, as an address, a QR code and files."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from alexnet_viz.teaching.course import course
from alexnet_viz.teaching.labs.registry import LABS
from alexnet_viz.text.problem import Problem
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.choice import write_list
from alexnet_viz.ui.app.choices import PARTS
from alexnet_viz.ui.app.shell import PAGES, label
from alexnet_viz.ui.app.words import escaped, labels, language, offered, t
from alexnet_viz.ui.classroom import addresses, qr_code
from alexnet_viz.ui.components.downloads import Files, download_menu

WIDTH = 430
"""Pixels of the code: from 3 m its modules are larger than from a printed sheet at 30 cm."""
SERVE = "python -m alexnet_viz serve --address 0.0.0.0"
NAMES = "STREAMLIT_SERVER_ALLOWED_HOSTS"


def link_builder() -> None:
    """Draw what can be chosen on the left, and on the right the code and its address."""
    here = addresses.base_of(st.context.url or "http://localhost:8501", "classroom")
    left, right = st.columns([5, 6], gap="large")
    with left:
        page, choices = _asked(here)
        base = _base(here)
    with right:
        _result(addresses.address(base, page, choices))


def _asked(here: str) -> tuple[str, addresses.Choices]:
    """The page and the choices that the teacher asks for."""
    page, choices = _page(here)
    st.segmented_control(
        t("classroom.language"), required=True, **offered("classroom.spoken.", "give_lang")
    )
    if (spoken := state.get("give_lang")) != "reader":
        choices["lang"] = spoken
    elif "lang" in choices:
        del choices["lang"]
    st.toggle(t("classroom.present"), **state.bound("give_present"))
    choices.pop("present", None)
    if state.get("give_present"):
        choices["present"] = "1"
    st.pills(
        t("classroom.hide"),
        PARTS,
        selection_mode="multi",
        format_func=labels("classroom.part.", PARTS),
        help=t("classroom.hide_help"),
        **state.bound("give_hide", value=list(state.use("give_hide"))),
    )
    choices.pop("hide", None)
    if hidden := state.get("give_hide"):
        choices["hide"] = write_list(hidden)
    return page, choices


def _names() -> dict[str, str]:
    """What a link can be to, by its page and choices: every page, lesson and lab."""
    lessons = {
        f"course?lesson={slug}": f"{label('course', language())}: {lesson.title.of(language())}"
        for slug, lesson in course().lessons.items()
    }
    labs = {
        f"labs?lab={lab}": f"{label('labs', language())}: {t(f'lab.{lab}.title')}" for lab in LABS
    }
    return {page: label(page, language()) for page in PAGES} | lessons | labs


def _page(here: str) -> tuple[str, addresses.Choices]:
    chosen = state.use("give_page")
    names = _names()
    st.selectbox(
        t("classroom.page"), list(names), format_func=names.__getitem__,
        **state.bound("give_page", value=chosen if chosen in names else next(iter(names))),
    )  # fmt: skip
    given = state.get("give_page")
    page, _, query = (given if given in names else next(iter(names))).partition("?")
    choices = addresses.Choices(parse_qsl(query))
    pasted = st.text_input(
        t("classroom.address"), placeholder=f"{here}/towers?section=run", max_chars=4000,
        help=t("classroom.address_help"), **state.bound("give_address"),
    )  # fmt: skip
    if pasted:
        typed = state.get("give_base") or ""
        hosts = {urlsplit(each).netloc.lower() for each in (here, f"//{typed}", typed)} - {""}
        port = urlsplit(here).port
        hosts |= {f"{name}:{port}" if port else name for name in ("localhost", "127.0.0.1")}
        try:
            page, choices = addresses.opened(pasted, hosts)
        except Problem as problem:
            st.error(escaped(problem.explained(language())))
        else:
            said = "  \n".join(f"`{name}` = `{value}`" for name, value in choices.items())
            words = t("classroom.opens", page=label(page, language()))
            st.markdown(f"{words}  \n{said}" if said else words)
    return page, choices


def _base(here: str) -> str:
    """The server's address for the students; a warning where they cannot reach it."""
    mine = addresses.only_here(here)
    typed = st.text_input(
        t("classroom.base"), max_chars=200, help=t("classroom.base_help"), placeholder=here,
        **state.bound("give_base"),
    )  # fmt: skip
    base = here
    if typed:
        try:
            base = addresses.checked_base(typed)
        except Problem as problem:
            st.error(escaped(problem.explained(language())))
    if addresses.only_here(base):
        st.warning(t("classroom.only_here", serve=SERVE, names=NAMES), icon=":material/wifi_off:")
        near = addresses.of_this_machine(urlsplit(here).port) if mine else ""
        if near:
            st.button(
                t("classroom.use_near", address=near), key="classroom.near",
                on_click=partial(state.put, "give_base", near),
            )  # fmt: skip
    return base


def _result(link: str) -> None:
    try:
        made = qr_code.code(link)
    except Problem as problem:
        st.error(escaped(problem.explained(language())))
        st.code(link, language=None, wrap_lines=True)
        return
    drawing = qr_code.svg(made)
    with st.container(horizontal_alignment="center", key="classroom.code"):
        st.image(drawing, width=WIDTH, alt=t("classroom.code_alt", address=link))
    st.code(link, language=None, wrap_lines=True)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.link_button(t("classroom.try"), link, icon=":material/open_in_new:")
        writers: dict[str, Callable[[], str | bytes]] = {
            "svg": lambda: drawing,
            "png": lambda: qr_code.png(made),
        }
        download_menu(Files(t("classroom.code"), "alexnet_link", writers), key="classroom")
