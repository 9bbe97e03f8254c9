"""What a user has chosen, mirrored in the URL.

``choices.CHOICES`` lists all choices.  The value is in the session under the choice's name, so that
it survives a change of page or language; a widget only edits it (``bound``).  A run begins with
``pull``, which reads the link if it is new, and ends with ``push``, which writes the link that
shows this view again.  Parts of a link that cannot be understood are skipped and named, never
raised.
"""

from typing import Any

import streamlit as st

from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.library import NotHere

LAST_QUERY, LAST_PAGE, USED, NOTICES = "_query", "_page", "_used", "_notices"
IN_SHELL, TOUCHED = "_in_shell", "_touched"
"""Session keys of: whether the script runs, not a callback before it; whether a callback of this
run has set a choice."""
SUBJECT_PLACE = "_subject_place"
"""Where the header of this run shows what the page is about: a container beside the title."""
STAYS = ("present", "hide", "reveal")
"""Choices that stay on every page until they are changed there, as the language does."""
SEEN, ARRIVED = "_seen", "_arrived"
"""Keys of: the address that this session last completed, None if it was complete; whether this run
came with an address."""


def get(choice: str) -> Any:
    """The value of a choice in this session."""
    return st.session_state.get(f"choice.{choice}", CHOICES[choice].default)


def put(choice: str, value: Any) -> None:
    """Set a choice, as the callback of a widget or a component does."""
    if not st.session_state.get(IN_SHELL):
        st.session_state[TOUCHED] = True
    _set(choice, value)


def _set(choice: str, value: Any) -> None:
    st.session_state[f"choice.{choice}"] = value


def chosen(choice: str) -> bool:
    """Whether the user or a link has set a choice in this session."""
    return f"choice.{choice}" in st.session_state


def use(choice: str) -> Any:
    """The value of a choice, which then becomes part of this page's link."""
    st.session_state.setdefault(USED, set()).add(choice)
    return get(choice)


def bound(choice: str, **shown: Any) -> dict[str, Any]:
    """The arguments ``key`` and ``on_change`` of a widget that edits a choice.

    ``shown`` may have ``value``, if the widget must show something else than the choice itself (a
    clamped number, for example).
    """
    key = f"widget.{choice}"
    st.session_state[key] = shown.get("value", use(choice))
    use(choice)
    return {"key": key, "on_change": _copy, "args": (choice,)}


def options(choice: str) -> tuple[Any, ...]:
    """The values that a widget offers for a choice."""
    return CHOICES[choice].options


def number(choice: str, **shown: Any) -> dict[str, Any]:
    """The arguments of a number input that edits a choice, its limits included; see ``bound``."""
    limits = CHOICES[choice].limits
    assert limits
    return {"min_value": limits[0], "max_value": limits[1], "step": 1, **bound(choice, **shown)}


def reset(*choices: str) -> None:
    """Set choices to their defaults."""
    for choice in choices:
        put(choice, CHOICES[choice].default)


def is_default(choice: str) -> bool:
    """Whether a choice has its default value."""
    return bool(get(choice) == CHOICES[choice].default)


def _copy(choice: str) -> None:
    value = st.session_state[f"widget.{choice}"]
    put(choice, tuple(value) if isinstance(value, list) else value)


def pull_first() -> None:
    """Read what the menu depends on, before it is drawn and ``pull`` reads the rest of a link."""
    query = st.query_params.to_dict()
    if _known(query) or st.session_state.get(TOUCHED):
        return
    if query.get("lang") in LANGUAGES:
        _set("lang", query["lang"])
    if query.get("present") in ("0", "1"):
        _set("present", query["present"] == "1")


def _known(query: dict[str, str]) -> bool:
    """Whether a query is not new: the last one, or one that was completed to it.

    The browser sends the query it arrived with until it is told another one.
    """
    return query in (st.session_state.get(LAST_QUERY), st.session_state.get(SEEN))


def pull(page: str) -> None:
    """Read the link into the choices, if it has changed since the last run."""
    query = st.query_params.to_dict()
    last = st.session_state.get(LAST_QUERY)
    moved = st.session_state.get(LAST_PAGE) not in (None, page)
    # with a widget's event comes the address that the browser last heard of, which may be an
    # earlier one: whoever moves a slider quickly did not go back
    touched = st.session_state.pop(TOUCHED, False) and last is not None and not moved
    known = touched or _known(query)
    st.session_state[LAST_PAGE] = page
    st.session_state[USED] = set()
    st.session_state[ARRIVED] = moved or not known
    if known or (moved and not query):
        return
    refused = []
    for choice, spec in CHOICES.items():
        if choice in query:
            try:
                _set(choice, spec.parse(query[choice]))
            except ValueError as error:
                what = "own" if isinstance(error, NotHere) else "value"
                refused.append((what, choice, query[choice]))
        elif not moved and choice not in ("lang", *STAYS) and last is not None:
            _set(choice, spec.default)  # Back led to a link without it
    refused += [("choice", k, query[k]) for k in query if k not in CHOICES and k != "embed"]
    st.session_state[NOTICES] = refused


def arrived() -> bool:
    """Whether this run began with a new address: a link, Back, or another page."""
    return bool(st.session_state[ARRIVED])


def refused() -> list[tuple[str, str, str]]:
    """The parts of the link that were skipped; returned once.

    Each is ("value", parameter, text) for a value that its choice cannot take,
    ("own", parameter, text) for a file that another session opened, and
    ("choice", parameter, text) for a choice that does not exist.
    """
    return list(st.session_state.pop(NOTICES, []))


def push() -> dict[str, str] | None:
    """Write the link that shows this view again: every used choice that is not its default.

    A change by the user gets its own entry in the browser's history.  A run that came with an
    address, or with another page, only completes that address; otherwise Back would lead to the
    incomplete one, from which this function would lead forward again.  Returns the query that
    completes the address, None where there is nothing to complete.
    """
    chosen = {
        choice: spec.write(get(choice))
        for choice, spec in CHOICES.items()
        if choice in st.session_state[USED] and get(choice) not in (spec.default, None)
    }
    query = {choice: text for choice, text in chosen.items() if text}
    st.session_state[LAST_QUERY] = query
    if not st.session_state[ARRIVED]:
        if query != st.query_params.to_dict():
            st.query_params.from_dict(query)
        return None
    arrived_with = st.query_params.to_dict()
    # Back can return to a complete address; an incomplete one was replaced in the history
    st.session_state[SEEN] = arrived_with if arrived_with != query else None
    return query
