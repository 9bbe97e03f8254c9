"""What a teacher's link asks of every page: projector mode, parts to hide, answers to show.

``present=1`` is projector mode: large text and thick lines on a light ground, no menu, and keys
that step.  Left and Page Up go to the previous page of the menu, right and Page Down to the next; a
page with steps of its own calls ``steps``.  ``hide=controls,tables`` leaves parts of pages away and
``reveal=1`` shows answers at once.  The three stay while the visitor goes from page to page.
"""

from collections.abc import Callable
from typing import Any, Literal, get_args

import streamlit as st

from alexnet_viz import scripts
from alexnet_viz.ui.app import state
from alexnet_viz.ui.app.style import style
from alexnet_viz.ui.app.words import t

Part = Literal["controls", "sentence", "tables", "task", "sources"]
Way = Callable[[], None] | str
"""A callback that changes choices, or a link within the app: ``page`` or ``page?choice=value``."""

STEPS = "_steps"
"""Session key of the ways that the page of this run registered: previous, following."""
WIDGETS = (
    "stButtonGroup", "stSelectbox", "stMultiSelect", "stSlider", "stSelectSlider", "stCheckbox",
    "stTextInput", "stNumberInput", "stRadio", "stFileUploader", "stCameraInput",
)  # fmt: skip
"""What Streamlit calls its controls."""


def begin() -> None:
    """Make the three choices part of this page's link; no steps are registered yet."""
    for choice in state.STAYS:
        state.use(choice)
    st.session_state.pop(STEPS, None)


def on() -> bool:
    """Whether the page is shown by a projector."""
    return bool(state.get("present"))


def hidden(part: Part) -> bool:
    """Whether a part of the page is to be left away."""
    assert part in get_args(Part)
    return part in state.get("hide")


def revealed() -> bool:
    """Whether answers are shown before a prediction is made."""
    return bool(state.get("reveal"))


def steps(previous: Way | None, following: Way | None) -> None:
    """Let the keys step through this page; None where there is no step in that direction."""
    st.session_state[STEPS] = (previous, following)


def leave() -> None:
    """Return to the page as it is on a screen."""
    state.put("present", False)


def hide_controls() -> None:
    """Hide the widgets of a page that does not ask for ``hidden("controls")`` itself."""
    if hidden("controls"):
        style(f"[data-testid=stMain] :is({_named(WIDGETS)}) {{ display: none; }}")


def bar(before: str | None, after: str | None) -> None:
    """Draw the ways on, small, in the corner: previous, next and out.

    ``before`` and ``after`` are the neighbours in the menu, for a page without steps of its own.
    """
    previous, following = st.session_state.get(STEPS, (before, after))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="present_bar"):
        _way(previous, "previous", "chevron_left")
        _way(following, "following", "chevron_right")
        words = t("present.leave")
        st.button(words, icon=":material/close:", key="present.leave", on_click=leave)


def _way(way: Way | None, name: str, icon: str) -> None:
    words = t(f"present.{name}")
    if isinstance(way, str):
        with st.container(key=f"present.{name}", width="content"):
            page_link(way, words, icon=f":material/{icon}:")
    elif way:
        st.button(words, icon=f":material/{icon}:", key=f"present.{name}", on_click=way)


def page_link(link: str, words: str, **more: Any) -> None:
    """Draw a link within the app, given as ``page`` or ``page?choice=value&…``."""
    page, _, query = link.partition("?")
    choices = dict(pair.split("=", 1) for pair in query.split("&") if pair)
    script = scripts() / "pages" / f"{page}.py"
    st.page_link(script, label=words, query_params=choices or None, **more)


def _named(widgets: tuple[str, ...]) -> str:
    return ", ".join(f'[data-testid="{widget}"]' for widget in widgets)
