"""The words of this session's language."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from alexnet_viz import text
from alexnet_viz.text import Language
from alexnet_viz.ui.app import state


def language() -> Language:
    """The language chosen, or the browser's."""
    chosen: Language | None = state.get("lang")
    if chosen is None:
        locale = st.context.locale or "en"
        chosen = "zh" if locale.lower().startswith("zh") else "en"
    return chosen


def t(key: str, **values: object) -> str:
    """A phrase in this session's language."""
    return text.t(key, language(), **values)


def labels(prefix: str, options: Iterable[str], **values: object) -> Callable[[Any], str]:
    """What to call the options of a widget: the phrases ``<prefix><option>``.

    They are looked up now, because Streamlit may ask for them outside of this session's run.
    """
    return {option: t(f"{prefix}{option}", **values) for option in options}.__getitem__


def escaped(words: str) -> str:
    """Text that Markdown must not read: names and sentences that carry somebody's input."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+!|$<>~:&" else c for c in words)
