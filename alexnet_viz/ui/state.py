"""One table of everything a user can choose, mirrored in the URL.

Each choice has a default, a parser for what a link says and a spelling for what a link gets.  The
canonical value lives in the session under the choice's own name, so that it survives a change of
page or language; a widget only edits it (``bound``).  A run begins with ``pull`` (what the link
says, if it says something new) and ends with ``push`` (the link that shows this view again).
Whatever a link says that makes no sense is left out and named, never raised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from alexnet_viz.geometry import MAX_INPUT_SIZE, ROUNDINGS
from alexnet_viz.samples import SAMPLES
from alexnet_viz.text import LANGUAGES
from alexnet_viz.ui import address, chains
from alexnet_viz.variants import VARIANTS

LAST_QUERY, LAST_PAGE, USED, NOTICES = "_query", "_page", "_used", "_notices"
SEEN, ARRIVED = "_seen", "_arrived"
"""The query this session saw when it last completed an address; whether this run came with one."""


@dataclass(frozen=True)
class Choice:
    """Something a user can choose.

    ``parse`` turns a link's text into a value and raises ValueError on anything else; ``write``
    spells a value, and gives nothing for one that no link can carry.
    """

    default: Any
    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str


def one_of(*options: str) -> Callable[[str], str]:
    """A parser that accepts these words."""

    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser for an integer from ``low`` to ``high``."""

    def parse(text: str) -> int:
        value = int(text) if len(text) < 10 else high + 1
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def several(parse: Callable[[str], Any], low: int, high: int) -> Callable[[str], tuple[Any, ...]]:
    """A parser for ``low`` to ``high`` values separated by commas."""

    def parse_all(text: str) -> tuple[Any, ...]:
        values = tuple(parse(part) for part in text.split(","))
        if not low <= len(values) <= high or len(set(values)) < len(values):
            raise ValueError(text)
        return values

    return parse_all


def name(text: str) -> str:
    """A parser for a layer's name: a short identifier; pages check that the layer exists."""
    if not text.isidentifier() or len(text) > 40:
        raise ValueError(text)
    return text


def _flag(text: str) -> bool:
    return one_of("0", "1")(text) == "1"


def _write_flag(value: bool) -> str:
    return str(int(value))


def _write_list(values: tuple[Any, ...]) -> str:
    return ",".join(map(str, values))


_SIDE = whole(1, MAX_INPUT_SIZE)
_RULE = one_of(*ROUNDINGS)

CHOICES: dict[str, Choice] = {
    "lang": Choice(None, one_of(*LANGUAGES)),
    # the network, on every page
    "variant": Choice("alexnet_2012_paper", one_of(*VARIANTS)),
    "input": Choice(None, _SIDE),
    "rounding": Choice("declared", one_of("declared", *ROUNDINGS)),
    "refit": Choice(False, _flag, _write_flag),
    "layer": Choice("conv1", name),
    # Architecture
    "detail": Choice(False, _flag, _write_flag),
    "columns": Choice(
        ("layer", "shape", "window", "cost"),
        several(name, 1, 12),
        _write_list,
    ),
    # Layer
    "row": Choice(None, whole(0, MAX_INPUT_SIZE)),
    "column": Choice(None, whole(0, MAX_INPUT_SIZE)),
    # Calculator
    "w": Choice(224, _SIDE),
    "f": Choice(11, whole(1, 1000)),
    "s": Choice(4, whole(1, 1000)),
    "before": Choice(0, whole(0, 1000)),
    "after": Choice(0, whole(0, 1000)),
    "d": Choice(1, whole(1, 100)),
    "rule": Choice("floor", _RULE),
    "want": Choice(55, _SIDE),
    "features": Choice(9216, whole(1, 10**8)),
    "chain": Choice(None, chains.parse, chains.link),
    # Feature maps
    "source": Choice("sample", one_of("sample", "upload", "camera")),
    "sample": Choice(next(iter(SAMPLES)), one_of(*SAMPLES)),
    "scale": Choice("layer", one_of("map", "layer", "shared")),
    "channel": Choice(0, whole(0, 100_000)),
    "order": Choice("number", one_of("number", "mean", "max", "zeros")),
    # Towers
    "last": Choice("first", one_of("first", "halves")),
    "unit": Choice("values", one_of("values", "bytes")),
    # Compare
    "compare": Choice(
        ("alexnet_2012_paper", "torchvision_alexnet"),
        several(one_of(*VARIANTS), 1, 4),
        _write_list,
    ),
    "own": Choice(False, _flag, _write_flag),
    "differing": Choice(False, _flag, _write_flag),
}


def get(choice: str) -> Any:
    """The value of a choice in this session."""
    return st.session_state.get(f"choice.{choice}", CHOICES[choice].default)


def put(choice: str, value: Any) -> None:
    """Set a choice, as a widget's or a drawing's callback does."""
    st.session_state[f"choice.{choice}"] = value


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
    if query != st.session_state.get(LAST_QUERY) and query.get("lang") in LANGUAGES:
        put("lang", query["lang"])


def pull(page: str) -> None:
    """Take over what the link says, if it is new since the last run."""
    query = st.query_params.to_dict()
    last = st.session_state.get(LAST_QUERY)
    moved = st.session_state.get(LAST_PAGE) not in (None, page)
    known = query in (last, st.session_state.get(SEEN))
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
            except ValueError:
                refused.append(("value", choice, query[choice]))
        elif not moved and choice != "lang" and last is not None:
            put(choice, spec.default)  # the reader went back to a link without it
    refused += [("choice", k, query[k]) for k in query if k not in CHOICES and k != "embed"]
    st.session_state[NOTICES] = refused


def arrived() -> bool:
    """Whether this run came with a new address: a link, Back, or another page."""
    return bool(st.session_state[ARRIVED])


def refused() -> list[tuple[str, str, str]]:
    """What the link said that was left out, told once.

    Each is ("value", parameter, text) for a value that its choice cannot take, and
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
    st.session_state[SEEN] = st.query_params.to_dict()
    address.replace(query)
