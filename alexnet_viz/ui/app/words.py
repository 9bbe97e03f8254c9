"""Phrases in this session's language."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import streamlit as st

from alexnet_viz import text
from alexnet_viz.text import Language
from alexnet_viz.ui.app import state

_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)
"""The language of the run in progress; every run has a thread of its own at a time."""


def settle_language() -> None:
    """Look the language up for this run; later changes count from the next run on."""
    _SPOKEN.set(_looked_up())


def language() -> Language:
    """The language of this run: the chosen one, else the browser's.

    A page asks thousands of times, so it is looked up once, when the run begins.
    """
    return _SPOKEN.get() or _looked_up()


def _looked_up() -> Language:
    chosen: Language | None = state.get("lang")
    if chosen is None:
        locale = st.context.locale or "en"
        chosen = "zh" if locale.lower().startswith("zh") else "en"
    return chosen


def t(key: str, **values: object) -> str:
    """A phrase in this session's language."""
    return text.t(key, language(), **values)


def offered(
    prefix: str,
    choice: str,
    *,
    options: Sequence[Any] | None = None,
    shown: Mapping[str, Any] | None = None,
    **values: object,
) -> dict[str, Any]:
    """The arguments of a widget that offers a choice's options, named ``<prefix><option>``.

    ``options`` are those that are possible here, ``shown`` what else ``state.bound`` takes, and
    ``values`` are for the phrases.
    """
    possible = state.options(choice) if options is None else options
    names = labels(prefix, state.options(choice), **values)
    return {"options": possible, "format_func": names, **state.bound(choice, **(shown or {}))}


def labels(prefix: str, options: Iterable[str], **values: object) -> Callable[[Any], str]:
    """The names of a widget's options, the phrases ``<prefix><option>``, as a function.

    They are looked up at once, because Streamlit may call it outside of this session's run.
    """
    return {option: t(f"{prefix}{option}", **values) for option in options}.__getitem__


def running(*sentences: str) -> str:
    """Sentences one after the other, without the empty ones; Chinese puts no space between them."""
    return text.running(sentences, language())


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence: ``17, 203 and 5``."""
    first, *others = parts
    if not others:
        return first
    key = "shell.listed" if len(others) == 1 else "shell.listed_more"
    words = t(key, first=first, rest=listed(others))
    # a space stands between Chinese and digits or Latin letters only
    return re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", words)


def escaped(words: str) -> str:
    """Text with all Markdown escaped, for names and sentences with somebody's input."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+!|$<>~:&" else c for c in words)
