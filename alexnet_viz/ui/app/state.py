"""What a user has chosen, mirrored in the URL.

``choices.CHOICES`` is the one table of it.  The canonical value lives in the session under the
choice's own name, so that it survives a change of page or language; a widget only edits it
(``bound``).  A run begins with ``pull`` (what the link says, if it says something new) and ends
with ``push`` (the link that shows this view again).  Whatever a link says that makes no sense is
left out and named, never raised.
"""

from typing import Any

import streamlit as st

from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui.app import address
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.library import NotHere

LAST_QUERY, LAST_PAGE, USED, NOTICES = "_query", "_page", "_used", "_notices"
SEEN, ARRIVED = "_seen", "_arrived"
"""The address that this session last completed, None if it was complete; whether this run came
with one."""


def get(choice: str) -> Any:
    """The value of a choice in this session."""
    return st.session_state.get(f"choice.{choice}", CHOICES[choice].default)


def put(choice: str, value: Any) -> None:
    """Set a choice, as a widget's or a drawing's callback does."""
    st.session_state[f"choice.{choice}"] = value


def chosen(choice: str) -> bool:
    """Whether somebody, or a link, has set a choice in this session."""
    return f"choice.{choice}" in st.session_state


def use(choice: str) -> Any:
    """The value of a choice that this page shows, so that its link carries it."""
    st.session_state.setdefault(USED, set()).add(choice)
    return get(choice)


def bound(choice: str, **shown: Any) -> dict[str, Any]:
    """``key`` and ``on_change`` of a widget that edits a choice.

    ``shown`` may give ``value`` where the widget must start from something else than the choice
    itself (a clamped number, say).
    """
    key = f"widget.{choice}"
    st.session_state[key] = shown.get("value", use(choice))
    use(choice)
    return {"key": key, "on_change": _copy, "args": (choice,)}


def _copy(choice: str) -> None:
    value = st.session_state[f"widget.{choice}"]
    put(choice, tuple(value) if isinstance(value, list) else value)


def pull_language() -> None:
    """Take over a link's language before the menu is drawn, which comes before ``pull``."""
    query = st.query_params.to_dict()
    if not _known(query) and query.get("lang") in LANGUAGES:
        put("lang", query["lang"])


def _known(query: dict[str, str]) -> bool:
    """Whether a query says nothing new: the last one, or one that was completed to it.

    The browser goes on sending what it arrived with until it is told something else.
    """
    return query in (st.session_state.get(LAST_QUERY), st.session_state.get(SEEN))


def pull(page: str) -> None:
    """Take over what the link says, if it is new since the last run."""
    query = st.query_params.to_dict()
    last = st.session_state.get(LAST_QUERY)
    moved = st.session_state.get(LAST_PAGE) not in (None, page)
    known = _known(query)
    st.session_state[LAST_PAGE] = page
    st.session_state[USED] = set()
    st.session_state[ARRIVED] = moved or not known
    if known or (moved and not query):
        return
    refused = []
    for choice, spec in CHOICES.items():
        if choice in query:
            try:
                put(choice, spec.parse(query[choice]))
            except ValueError as error:
                what = "own" if isinstance(error, NotHere) else "value"
                refused.append((what, choice, query[choice]))
        elif not moved and choice != "lang" and last is not None:
            put(choice, spec.default)  # the reader went back to a link without it
    refused += [("choice", k, query[k]) for k in query if k not in CHOICES and k != "embed"]
    st.session_state[NOTICES] = refused


def arrived() -> bool:
    """Whether this run came with a new address: a link, Back, or another page."""
    return bool(st.session_state[ARRIVED])


def refused() -> list[tuple[str, str, str]]:
    """What the link said that was left out, told once.

    Each is ("value", parameter, text) for a value that its choice cannot take,
    ("own", parameter, text) for a file that another session opened, and
    ("choice", parameter, text) for a choice that does not exist.
    """
    return list(st.session_state.pop(NOTICES, []))


def push() -> None:
    """Write the link that shows this view again: every used choice that is not its default.

    A change that the reader made gets an entry of its own in the browser's history.  A run that
    came with an address, or with another page, only completes that address: otherwise Back would
    lead to the incomplete one, from which this function would lead forward again.
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
        return
    arrived_with = st.query_params.to_dict()
    # an address that was complete can be come back to; one that was not is in no history any more
    st.session_state[SEEN] = arrived_with if arrived_with != query else None
    address.replace(query)
