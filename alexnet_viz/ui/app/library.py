"""The networks that menus offer: the registered variants, and the files that this session opened.

The id of a file is ``own_`` and a digest of the network read from it, so that a cache that all
visitors share never mixes two networks.  A link cannot carry a file; a link with the id of one
works in the session that opened it, and elsewhere a message says what is missing.
"""

from dataclasses import replace
from hashlib import sha256

import streamlit as st

from alexnet_viz.network import spec_file
from alexnet_viz.network.spec import About, Network
from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS

OPENED = "_opened_networks"
OWN = "own_"
DIGITS = 12


class NotHere(ValueError):
    """A link names a file that this session did not open."""


def networks() -> dict[str, Network]:
    """Every network by id, in the order of the menu: the files first."""
    return {**own(), **VARIANTS}


def own() -> dict[str, Network]:
    """The files this session opened, the last one first."""
    opened: dict[str, Network] = st.session_state.get(OPENED, {})
    return dict(reversed(opened.items()))


def parse(text: str) -> str:
    """Parse the id of a network.

    Raises:
        NotHere: the id of a file that this session has not opened.
        ValueError: not an id of a network.
    """
    if text not in networks():
        raise NotHere(text) if text.startswith(OWN) else ValueError(text)
    return text


def add(network: Network) -> str:
    """Keep a network that was read from a file; returns its id in the menus."""
    id = OWN + sha256(spec_file.dumps(network).encode()).hexdigest()[:DIGITS]
    opened: dict[str, Network] = st.session_state.setdefault(OPENED, {})
    opened.pop(id, None)
    opened[id] = replace(network, id=id, about=network.about and _tame(network.about))
    return id


def remove(id: str) -> None:
    """Close a file of this session."""
    st.session_state.get(OPENED, {}).pop(id, None)


def _tame(about: About) -> About:
    """A file's description of itself without Markdown and without links."""
    return replace(
        about,
        title=Text(*map(_plain, about.title)),
        summary=Text(*map(_plain, about.summary)),
        source=replace(about.source, url=""),
    )


def _plain(words: str) -> str:
    return "".join(c if c.isalnum() or c in " ._-,()（），。" else " " for c in words)
